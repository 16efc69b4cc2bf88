"""Which connection each relationship leads to: names resolved, and every way that goes nowhere reported."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from flowrun.back_pressure import BackPressure
from flowrun.connection import Connection
from flowrun.errors import Place, Problem, Severity
from flowrun.flow.definition import ConnectionDefinition, ProcessorDefinition, Text
from flowrun.flow.settings import ConnectionSettings

DEAD_LETTERS = "dead letters"


class Wiring:
    """Resolves the relationships of one processor; mistakes are collected in `problems`."""

    def __init__(self, definition: ProcessorDefinition, relationships: Iterable[str], problems: list[Problem]) -> None:
        self.definition = definition
        self.problems = problems
        self._names = list(relationships)
        self._connections: dict[str, list[Connection]] = {name: [] for name in self._names}
        self.dead_letters: Connection | None = None
        self._ended: dict[str, Place] = {}
        self._is_uncertain = False

    def connect(self, written: ConnectionDefinition, settings: ConnectionSettings) -> Connection:
        """The connection that leaves by these relationships, as far as they are known."""
        names = self._resolve_all(written)
        identity = f"{self.definition.name} -- {', '.join(sorted(names))} --> {written.destination.value}"
        connection = Connection(
            identity,
            self.definition.name,
            written.destination.value,
            back_pressure=BackPressure(settings.object_threshold, settings.data_size_threshold),
            expiration=settings.expiration,
            prioritizers=settings.prioritizers,
        )
        for name in names:
            self._connections[name].append(connection)
        return connection

    def end(self) -> bool:
        """Apply `auto_terminate` and `dead_letter`, and report what goes nowhere; gives whether nothing does."""
        for text in self.definition.auto_terminate:
            self._end_one(text, "auto_terminate")
        for text in self.definition.dead_letter:
            name = self._end_one(text, "dead_letter")
            if name is not None:
                if self.dead_letters is None:
                    identity = f"{self.definition.name} -- {DEAD_LETTERS}"
                    pressure = BackPressure(0, 0)
                    self.dead_letters = Connection(identity, self.definition.name, None, back_pressure=pressure)
                self._connections[name].append(self.dead_letters)
        loose = [name for name in self._names if not self._connections[name] and name not in self._ended]
        for name in loose if not self._is_uncertain else ():
            self._blame(
                f"relationship '{name}' of '{self.definition.name}' goes nowhere: connect it, or add it to "
                "auto_terminate or dead_letter",
                self.definition.place,
            )
        return not loose

    def tell(self, processor: str) -> Connection | None:
        """Have a processor get a copy of each dead letter; None if there can be none. It never holds anybody back."""
        if self.dead_letters is None:
            return None
        identity = f"{self.dead_letters.id} --> {processor}"
        notice = Connection(identity, self.definition.name, processor, back_pressure=BackPressure(0, 0))
        notice.is_notice = True
        for connections in self._connections.values():
            if self.dead_letters in connections:
                connections.append(notice)
        return notice

    @property
    def routes(self) -> Mapping[str, tuple[Connection, ...]]:
        """The connections of each relationship."""
        return {name: tuple(connections) for name, connections in self._connections.items()}

    def resolve(self, text: Text) -> str | None:
        """The relationship that a spelling means: an exact match, else the only one in another case.

        A mistake is reported once: what was probably meant counts from then on, and if nobody knows what was meant,
        relationships that seem to go nowhere are not reported.
        """
        if text.value in self._connections:
            return text.value
        same = [name for name in self._names if name.lower() == text.value.lower()]
        if len(same) == 1:
            return same[0]
        near = get_close_matches(text.value, self._names, n=1)
        known = f"; it has {', '.join(self._names)}" if self._names else "; it has none in this configuration"
        guess = f"; did you mean '{near[0]}'?" if near else known
        self._blame(f"'{self.definition.name}' has no relationship '{text.value}'{guess}", text.place)
        self._is_uncertain = self._is_uncertain or not near
        return near[0] if near else None

    def _resolve_all(self, written: ConnectionDefinition) -> list[str]:
        if written.relationships:
            resolved = [self.resolve(text) for text in written.relationships]
            return list(dict.fromkeys(name for name in resolved if name is not None))
        if len(self._names) == 1:
            return self._names
        self._is_uncertain = True
        self._blame(
            f"say which relationship of '{self.definition.name}' leads to '{written.destination.value}': it has "
            f"{', '.join(self._names) or 'none'}",
            written.place,
        )
        return []

    def _end_one(self, text: Text, key: str) -> str | None:
        name = self.resolve(text)
        if name is None:
            return None
        if key == "auto_terminate" and self._connections[name]:
            self._blame(f"relationship '{name}' is connected, so it can't be in auto_terminate as well", text.place)
            return None
        if name in self._ended:
            self._blame(f"relationship '{name}' is ended twice: keep one of auto_terminate and dead_letter", text.place)
            return None
        self._ended[name] = text.place
        return name

    def _blame(self, message: str, place: Place) -> None:
        self.problems.append(Problem(message, place, Severity.ERROR))
