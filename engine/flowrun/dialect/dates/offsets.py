"""Elements of a pattern that are the offset from UTC: `+0530`, `Z`, `GMT+05:30`."""

import re
from dataclasses import dataclass
from functools import cache

from flowrun.dialect.dates.fields import Field, Moment
from flowrun.dialect.dates.parsing import FAILED, Parsing

_FULL = re.compile(r"([+-])(\d\d):(\d\d)(?::(\d\d))?", re.ASCII)
_SHORT = re.compile(r"([+-])(\d\d?)(?::(\d\d)(?::(\d\d))?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Offset:
    """`+05`, `+0530`, `+05:30`, `+05:30:15`.

    Minutes that are zero are left out unless `minutes_needed`; seconds that are not are printed if `seconds`. `zero` is
    printed for no offset.
    """

    colon: bool
    minutes_needed: bool
    seconds: bool
    zero: str

    def format(self, moment: Moment) -> str:
        """Sign and digits."""
        minutes, seconds = divmod(abs(moment.offset), 60)
        hours, minutes = divmod(minutes, 60)
        seconds = seconds if self.seconds else 0
        if not hours and not minutes and not seconds:
            return self.zero
        mark = ":" if self.colon else ""
        text = ("-" if moment.offset < 0 else "+") + f"{hours:02}"
        if minutes or self.minutes_needed:
            text += f"{mark}{minutes:02}"
        return text + f"{mark}{seconds:02}" if seconds else text

    def parse(self, parsing: Parsing, place: int) -> int:
        """Read it; unless strict, with or without minutes and seconds."""
        if parsing.has(self.zero, place):
            return parsing.put(Field.OFFSET, 0, place + len(self.zero))
        needed, seconds = (self.minutes_needed, self.seconds) if parsing.strict else (False, True)
        return _put(parsing, _form(self.colon, needed, seconds).match(parsing.text, place))


@dataclass(frozen=True, slots=True)
class LocalizedOffset:
    """`GMT+5:30`, or in full `GMT+05:30`; `GMT` for no offset."""

    full: bool

    def format(self, moment: Moment) -> str:
        """GMT, sign and digits."""
        if not moment.offset:
            return "GMT"
        minutes, seconds = divmod(abs(moment.offset), 60)
        hours, minutes = divmod(minutes, 60)
        text = ("GMT-" if moment.offset < 0 else "GMT+") + (f"{hours:02}" if self.full else str(hours))
        if self.full or minutes or seconds:
            text += f":{minutes:02}"
        return text + f":{seconds:02}" if seconds else text

    def parse(self, parsing: Parsing, place: int) -> int:
        """Read it."""
        if not parsing.has("GMT", place):
            return FAILED
        place += 3
        if parsing.text[place : place + 1] not in ("+", "-"):
            return parsing.put(Field.OFFSET, 0, place)
        return _put(parsing, (_FULL if self.full else _SHORT).match(parsing.text, place), longest_hour=99)


def _put(parsing: Parsing, found: re.Match[str] | None, *, longest_hour: int = 23) -> int:
    """Note the offset of sign, hours, minutes and seconds."""
    if found is None:
        return FAILED
    sign, *digits = found.groups(default="0")
    hours, minutes, seconds = (*map(int, digits), 0)[:3]
    if hours > longest_hour:
        return FAILED
    offset = hours * 3600 + minutes * 60 + seconds
    return parsing.put(Field.OFFSET, -offset if sign == "-" else offset, found.end())


@cache
def _form(colon: bool, minutes_needed: bool, seconds: bool) -> re.Pattern[str]:
    mark = ":" if colon else ""
    end = f"(?:{mark}([0-5][0-9]))?" if seconds else ""
    minutes = f"{mark}([0-5][0-9]){end}"
    return re.compile(f"([+-])([0-5][0-9]){minutes if minutes_needed else f'(?:{minutes})?'}")
