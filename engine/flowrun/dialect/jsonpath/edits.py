"""Changing a document at the places to which a path leads, as Jayway does: set, add, put, delete.

Jayway source: `PathRef`; `JsonPath.set`, `add`, `put`, `delete`.
"""

from dataclasses import dataclass

from jsonpath_ng.jsonpath import DatumInContext, Index

from flowrun.dialect.json_text import JsonValue
from flowrun.dialect.jsonpath.nodes import Absence, Call, Member, Selection
from flowrun.dialect.jsonpath.path import SelectorPath


class NotEditableError(Exception):
    """What stands at a place cannot be changed in this way."""


class Place:
    """Where a path leads. Raises NotEditableError for what cannot be done there."""

    @property
    def order(self) -> int:
        """The lower, the sooner it is changed."""
        return 0

    def set(self, value: JsonValue) -> None:
        """Replace what is here."""
        raise NotEditableError

    def delete(self) -> None:
        """Take away what is here."""
        raise NotEditableError

    def add(self, value: JsonValue) -> None:
        """Append to the list that is here; nothing happens to a null."""
        here = self.here()
        if here is not None:
            if not isinstance(here, list):
                raise NotEditableError
            here.append(value)

    def put(self, name: str, value: JsonValue) -> None:
        """Set a member of the object that is here; nothing happens to a null."""
        here = self.here()
        if here is not None:
            if not isinstance(here, dict) or not name:
                raise NotEditableError
            here[name] = value

    def here(self) -> JsonValue:
        """What is here."""
        raise NotEditableError


@dataclass(frozen=True, slots=True)
class DocumentPlace(Place):
    """The document itself, which can only be added to."""

    document: JsonValue

    def here(self) -> JsonValue:
        """The document."""
        return self.document


@dataclass(frozen=True, slots=True)
class MemberPlace(Place):
    """One member of an object, or several."""

    holder: dict[str, JsonValue]
    names: tuple[str, ...]

    def set(self, value: JsonValue) -> None:
        """Replace the members, also those that were not there."""
        self.holder.update(dict.fromkeys(self.names, value))

    def delete(self) -> None:
        """Take the members away."""
        for name in self.names:
            self.holder.pop(name, None)

    def here(self) -> JsonValue:
        """The member's value; None if it is gone."""
        if len(self.names) > 1:
            raise NotEditableError
        return self.holder.get(self.names[0])


@dataclass(frozen=True, slots=True)
class ItemPlace(Place):
    """An item of a list. As in Jayway, one that is counted from the end cannot be changed."""

    holder: list[JsonValue]
    index: int

    @property
    def order(self) -> int:
        """Later items come first, so that the numbers of the others stay true."""
        return -self.index

    def set(self, value: JsonValue) -> None:
        """Replace the item."""
        self._check()
        self.holder[self.index] = value

    def delete(self) -> None:
        """Take the item away."""
        self._check()
        del self.holder[self.index]

    def add(self, value: JsonValue) -> None:
        """Refused, as in Jayway, which appends to a member of an object only."""
        if self.here() is not None:
            raise NotEditableError

    def here(self) -> JsonValue:
        """The item."""
        self._check()
        return self.holder[self.index]

    def _check(self) -> None:
        if not 0 <= self.index < len(self.holder):
            raise NotEditableError


def places(path: SelectorPath, document: JsonValue) -> list[Place] | Absence:
    """Where a path leads in a document, in the order in which to change it; NOT_FOUND if nowhere."""
    matches = path.matches(document, document)
    if not isinstance(matches, list) or not matches:
        return Absence.NOT_FOUND
    return sorted((_place(match) for match in matches), key=lambda place: place.order)


def _place(match: DatumInContext) -> Place:
    while isinstance(match.path, Call) and match.context is not None:
        match = match.context
    holder = match.context.value if match.context else None
    if isinstance(match.path, (Member, Selection)) and isinstance(holder, dict):
        names = match.path.names if isinstance(match.path, Selection) else (match.path.name,)
        return MemberPlace(holder, names)
    if isinstance(match.path, Index) and isinstance(holder, list):
        return ItemPlace(holder, match.path.indices[0])
    return DocumentPlace(match.value)


def copy_of(document: JsonValue) -> JsonValue:
    """The document again, so that changing it leaves the first one alone."""
    if isinstance(document, dict):
        return {name: copy_of(value) for name, value in document.items()}
    if isinstance(document, list):
        return [copy_of(item) for item in document]
    return document
