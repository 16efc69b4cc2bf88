"""JsonPath as Jayway reads it, which is what NiFi's EvaluateJsonPath and Expression Language use.

Our own reader of the syntax builds jsonpath-ng's nodes, which do the evaluating.
Jayway source: version 2.10, with its Jackson provider.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from flowrun.dialect.json_text import JsonValue
from flowrun.dialect.jsonpath.edits import NotEditableError, Place, copy_of, places
from flowrun.dialect.jsonpath.nodes import NOT_FOUND, Absence, Found
from flowrun.dialect.jsonpath.path import SelectorPath
from flowrun.dialect.jsonpath.pattern_search import begin_reading
from flowrun.dialect.jsonpath.reader import read_path
from flowrun.errors import EvaluationError

__all__ = ["NOT_EDITABLE", "NOT_FOUND", "Absence", "Found", "JsonPath"]

NOT_EDITABLE = Absence.NOT_EDITABLE
"""A place that cannot be changed as asked, such as a text that is added to."""


@dataclass(frozen=True, slots=True)
class JsonPath:
    """A path into JSON documents; `definite` if it leads to one place at most."""

    text: str
    definite: bool
    path: SelectorPath

    @classmethod
    def compile(cls, text: str) -> "JsonPath":
        """Read a path; `$.` may be left out. Raises ExpressionError with the column."""
        return _compile(text)

    def read(self, document: JsonValue) -> Found:
        """The value of a definite path or the list of values of any other; NOT_FOUND if it leads nowhere.

        A path that is not definite is NOT_FOUND only where a member before its first wildcard is missing.
        Raises EvaluationError, for example for the sum of a list without numbers.
        """
        begin_reading()
        return self.path.read(document, document)

    def find(self, document: JsonValue) -> list[JsonValue]:
        """Every value to which the path leads. Raises EvaluationError as `read` does."""
        found = self.read(document)
        if isinstance(found, Absence):
            return []
        return [found] if self.definite else found  # type: ignore[return-value]

    def set(self, document: JsonValue, value: JsonValue) -> Found:
        """A new document in which all that the path leads to is this value; NOT_FOUND or NOT_EDITABLE ($ itself)."""
        return self._edited(document, lambda place: place.set(value))

    def add(self, document: JsonValue, value: JsonValue) -> Found:
        """A new document in which lists have one more item; NOT_FOUND, or NOT_EDITABLE if there is no list."""
        return self._edited(document, lambda place: place.add(value))

    def put(self, document: JsonValue, key: str, value: JsonValue) -> Found:
        """A new document in which objects have this member; NOT_FOUND, or NOT_EDITABLE if there is no object."""
        return self._edited(document, lambda place: place.put(key, value))

    def delete(self, document: JsonValue) -> Found:
        """A new document without what the path leads to; NOT_FOUND or NOT_EDITABLE ($ itself)."""
        return self._edited(document, lambda place: place.delete())

    def _edited(self, document: JsonValue, edit: Callable[[Place], None]) -> Found:
        try:
            document = copy_of(document)
        except RecursionError:
            raise EvaluationError("the lists and objects of this JSON are nested too deeply to be changed") from None
        begin_reading()
        try:
            found = places(self.path, document)
            if isinstance(found, Absence):
                return found
            for place in found:
                edit(place)
        except (NotEditableError, EvaluationError):
            return NOT_EDITABLE
        return document


@lru_cache(maxsize=1024)
def _compile(text: str) -> JsonPath:
    path = read_path(text)
    return JsonPath(text, path.definite, path)
