"""Elements of a pattern that are numbers."""

from dataclasses import dataclass
from typing import Final, Literal

from flowrun.dialect.dates.fields import Field, Moment
from flowrun.dialect.dates.parsing import FAILED, Parsing
from flowrun.errors import EvaluationError

Sign = Literal["normal", "never", "when too wide"]
"""`normal`: a minus where there is one; `when too wide`: a plus too where there are more digits than asked for."""

_LENIENT_WIDTH: Final = 9
_LONG_LIMIT: Final = 1 << 63
_CENTURY: Final = 2000


@dataclass(frozen=True, slots=True)
class Number:
    """A field in digits.

    `following` is the width of the numbers of fixed width that stand right after it; -1 marks such a number itself.
    """

    field: Field
    least: int
    most: int
    sign: Sign = "never"
    following: int = 0

    @property
    def is_fixed(self) -> bool:
        """Whether it always has the same width, so that the number before it knows where to end."""
        return self.least == self.most and self.sign == "never"

    def format(self, moment: Moment) -> str:
        """The digits."""
        return self._digits(moment.value(self.field))

    def _digits(self, value: int) -> str:
        digits = str(abs(value))
        if len(digits) > self.most:
            raise EvaluationError(f"the {self.field} {value} has more than {self.most} digits")
        if value < 0:
            if self.sign == "never":
                raise EvaluationError(f"the {self.field} {value} is negative, which the pattern has no place for")
            return "-" + digits.zfill(self.least)
        if self.sign == "when too wide" and len(digits) > self.least:
            return "+" + digits
        return digits.zfill(self.least)

    def parse(self, parsing: Parsing, place: int) -> int:
        """Read the digits."""
        text = parsing.text
        sign = text[place : place + 1]
        if sign in ("+", "-") and sign:
            if not self._takes(sign, strict=parsing.strict):
                return FAILED
            place += 1
        as_wide = parsing.strict or self._is_fixed_when_lenient()
        least = self.least if as_wide else 1
        end = _end_of_digits(text, place, (self.most if as_wide else _LENIENT_WIDTH) + max(self.following, 0))
        if end - place < least:
            return FAILED
        if self.following > 0:
            end = place + max(least, end - place - self.following)
        value = int(text[place:end])
        if value >= _LONG_LIMIT:
            value, end = value // 10, end - 1
        if parsing.strict and not self._may_be(sign, value, end - place):
            return FAILED
        return self._put(parsing, -value if sign == "-" else value, place, end)

    def _takes(self, sign: str, *, strict: bool) -> bool:
        if self.sign == "when too wide":
            return True
        if self.sign == "normal":
            return sign == "-" or not strict
        return not strict and self.least != self.most

    def _may_be(self, sign: str, value: int, width: int) -> bool:
        """Java's strict reading: no minus zero, and a plus exactly where the digits exceed the width."""
        if sign == "-":
            return value != 0
        return self.sign != "when too wide" or (width > self.least) == (sign == "+")

    def _is_fixed_when_lenient(self) -> bool:
        return self.following == -1 or (self.following > 0 and self.is_fixed)

    def _put(self, parsing: Parsing, value: int, place: int, end: int) -> int:
        return parsing.put(self.field, value, end)


@dataclass(frozen=True, slots=True)
class TwoDigitYear(Number):
    """The last two digits of a year from 2000 to 2099."""

    def format(self, moment: Moment) -> str:
        """Two digits."""
        return f"{abs(moment.value(self.field)) % 100:02}"

    def _is_fixed_when_lenient(self) -> bool:
        return False

    def _put(self, parsing: Parsing, value: int, place: int, end: int) -> int:
        if end - place == self.least and value >= 0:
            value += _CENTURY
        return parsing.put(self.field, value, end)


@dataclass(frozen=True, slots=True)
class Fraction(Number):
    """The first digits of the fraction of a second: `SSS` of half a second is `500`."""

    def format(self, moment: Moment) -> str:
        """So many digits, cut off."""
        return f"{moment.nano:09}"[: self.least]

    def parse(self, parsing: Parsing, place: int) -> int:
        """Read the digits; none at all fit too unless strict."""
        end = _end_of_digits(parsing.text, place, self.most if parsing.strict else _LENIENT_WIDTH)
        if parsing.strict and end - place < self.least:
            return FAILED
        if not parsing.strict and place == len(parsing.text):
            return place
        return parsing.put(self.field, int(parsing.text[place:end].ljust(9, "0")), end)


def _end_of_digits(text: str, place: int, most: int) -> int:
    end = place
    limit = min(len(text), place + most)
    while end < limit and "0" <= text[end] <= "9":
        end += 1
    return end
