"""The processor: one step of a flow. What an author subclasses, and what the engine asks of it.

A class declares its properties and relationships as class attributes; from them come the values on the instance, the
validation, the manual and the JSON Schema. One instance serves all threads: state belongs in the session.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Any, ClassVar

from flowrun.configurable import NOTHING, Configurable, DeclarationError
from flowrun.declarations import PropertyProblem, RulePart
from flowrun.flowfile import FlowFile
from flowrun.parameter_reference import NO_PARAMETERS, Parameters
from flowrun.relationship import Relationship
from flowrun.rules import Rule, RuleReader
from flowrun.session import ProcessSession

_NOTHING: Mapping[str, str] = MappingProxyType({})


class Input(StrEnum):
    """Whether a processor has connections coming in."""

    REQUIRED = "required"
    ALLOWED = "allowed"
    FORBIDDEN = "forbidden"


class Processor(Configurable):
    """One step of a flow.

    Override `process` to handle one flowfile at a time, or `on_trigger` for full control (sources, batches).

    `input` says whether connections may come in. `blocking` processors run on worker threads, and commit after each
    flowfile unless `batch` says that doing one twice does no harm; others run on the engine thread, many flowfiles to
    a commit, and must not wait for anything. `default_schedule` is how often a source is triggered unless the flow
    says otherwise. `tags` help to find it; `reads` and `writes` name the attributes it reads and writes, for the
    manual, which also shows `example`, a piece of a flow file. `takes_rules` says what the rules of a flow do under
    this type, which finds them in `self.configured_rules`; without it, rules are refused.
    """

    input: ClassVar[Input] = Input.REQUIRED
    blocking: ClassVar[bool] = True
    batch: ClassVar[bool] = False
    default_schedule: ClassVar[str] = "0 sec"
    reads: ClassVar[Mapping[str, str]] = _NOTHING
    writes: ClassVar[Mapping[str, str]] = _NOTHING
    takes_rules: ClassVar[str] = ""

    def __init__(
        self,
        properties: Mapping[str, str] = NOTHING,
        *,
        dynamic: Mapping[str, str] = NOTHING,
        parameters: Parameters = NO_PARAMETERS,
        services: Mapping[str, Any] = NOTHING,
        rules: Sequence[Rule] = (),
    ) -> None:
        """Configure it; starts nothing. Mistakes are collected in `problems`, and raised by `check`."""
        reader = RuleReader(parameters)
        self.configured_rules = reader.read(rules)
        super().__init__(properties, dynamic=dynamic, parameters=parameters, services=services)
        self.problems += tuple(reader.problems)
        if rules and not self.takes_rules:
            self.problems += (PropertyProblem(f"{type(self).__name__} takes no rules: remove them", rule=RulePart(0)),)

    def on_scheduled(self) -> None:
        """Called once before the first trigger, when the processor starts."""

    def on_stopped(self) -> None:
        """Called once after the last trigger, when the processor stops: close what `on_scheduled` opened."""

    def on_trigger(self, session: ProcessSession) -> None:
        """Do the work there is. Called when flowfiles wait, or for a source when it is due.

        What it raises undoes the whole session and penalizes what it had taken.
        """
        for flowfile in session.units():
            try:
                self.process(session, flowfile)
            except (Exception, SystemExit) as error:  # noqa: BLE001 whatever is raised ends only this unit of work
                session.fail(error)

    def process(self, session: ProcessSession, flowfile: FlowFile) -> None:
        """Handle one flowfile; each must be transferred or removed. What it raises undoes this flowfile's work only."""
        raise DeclarationError(f"{type(self).__name__} overrides neither 'process' nor 'on_trigger'")

    def has_pending(self) -> bool:
        """Whether a source has found more than it has handed over, so that the poll is not over yet."""
        return False

    def explain(self, before: FlowFile, after: FlowFile, relationship: str) -> Iterable[str]:
        """What decided that a flowfile went by this relationship, in words for a person, for `flowrun why`.

        Called long after it happened, maybe in another process, with the flowfile as it came and as it left (contents
        may be gone). Expressions in properties and rules are told without it, and so are attributes that changed.
        """
        return ()

    def yield_resources(self) -> None:
        """Ask not to be triggered for the yield duration: there is nothing to do now."""
        self.yield_requested = True

    def _configured(self) -> None:
        self.yield_requested = False
        self.relationships: Mapping[str, Relationship] = self._relationships()

    def _relationships(self) -> Mapping[str, Relationship]:
        meets = self.configuration.meets
        static = {r.name: r for r in self.declared_relationships if meets(r.only_with)}
        dynamic = self.declarations.dynamic
        if dynamic is None or dynamic.relationships is None or not meets(dynamic.relationships):
            return static
        made = {name: Relationship(name, "Made by the property.") for name in self.configuration.dynamic_names}
        return made | static
