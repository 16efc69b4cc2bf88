"""The elements of a date pattern."""

from dataclasses import dataclass
from typing import Protocol

from flowrun.dialect.dates.fields import Moment
from flowrun.dialect.dates.parsing import FAILED, Parsing
from flowrun.errors import EvaluationError


class Element(Protocol):
    """A part of a date pattern."""

    def format(self, moment: Moment, /) -> str:
        """The moment's text; raises EvaluationError where it has none."""

    def parse(self, parsing: Parsing, place: int, /) -> int:
        """Read the text from a place on; the place after it, or FAILED."""


@dataclass(frozen=True, slots=True)
class Optional:
    """What stands between brackets: always printed, and read if it fits."""

    elements: tuple[Element, ...]

    def format(self, moment: Moment) -> str:
        """The text of the elements."""
        return "".join([element.format(moment) for element in self.elements])

    def parse(self, parsing: Parsing, place: int) -> int:
        """Read all of the elements, or nothing."""
        before = parsing.copy()
        end = place
        for element in self.elements:
            end = element.parse(parsing, end)
            if end == FAILED:
                parsing.restore(before)
                return place
        return end


@dataclass(frozen=True, slots=True)
class Padded:
    """An element that blanks on the left bring to a width."""

    element: Element
    width: int

    def format(self, moment: Moment) -> str:
        """The element's text; one that is too wide is an error."""
        text = self.element.format(moment)
        if len(text) > self.width:
            raise EvaluationError(f"{text!r} has more than the {self.width} characters that the pattern gives it")
        return text.rjust(self.width)

    def parse(self, parsing: Parsing, place: int) -> int:
        """Read blanks and the element, together of the width; unless strict, they may be less."""
        whole = parsing.text
        end = place + self.width
        if place == len(whole) or (parsing.strict and end > len(whole)):
            return FAILED
        start = place
        while start < min(end, len(whole)) and whole[start] == " ":
            start += 1
        parsing.text = whole[:end]
        try:
            after = self.element.parse(parsing, start)
        finally:
            parsing.text = whole
        return FAILED if parsing.strict and after != end else after
