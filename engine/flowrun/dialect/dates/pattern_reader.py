"""The letters of `java.time.format.DateTimeFormatter`, read into elements."""

import re
from dataclasses import replace
from typing import Final

from flowrun.dialect.dates.elements import Element, Optional, Padded
from flowrun.dialect.dates.fields import Field
from flowrun.dialect.dates.names import Style
from flowrun.dialect.dates.numerals import Fraction, Number, TwoDigitYear
from flowrun.dialect.dates.offsets import LocalizedOffset, Offset
from flowrun.dialect.dates.texts import DayPeriodName, Literal, Name
from flowrun.dialect.dates.zone_texts import ZoneId, ZoneName
from flowrun.errors import ExpressionError

_WIDEST: Final = 19
_WIDEST_FRACTION: Final = 9
_LETTERS = re.compile(r"([A-Za-z])\1*")
_QUOTED = re.compile(r"'((?:[^']|'')*)'", re.DOTALL)
_DEEPEST: Final = 100

_YEARS: Final = {"y": Field.YEAR_OF_ERA, "u": Field.YEAR, "Y": Field.WEEK_YEAR}
_NAMED: Final = {
    "M": Field.MONTH,
    "L": Field.MONTH,
    "E": Field.WEEKDAY,
    "e": Field.WEEKDAY,
    "c": Field.WEEKDAY,
    "Q": Field.QUARTER,
    "q": Field.QUARTER,
}
_STYLES: Final[dict[int, Style]] = {3: "short", 4: "full", 5: "narrow"}
_TWO_DIGITS: Final = {
    "d": Field.DAY_OF_MONTH,
    "h": Field.CLOCK_HOUR_OF_HALF_DAY,
    "H": Field.HOUR,
    "k": Field.CLOCK_HOUR,
    "K": Field.HOUR_OF_HALF_DAY,
    "m": Field.MINUTE,
    "s": Field.SECOND,
}
_LONG: Final = {"A": Field.MILLI_OF_DAY, "n": Field.NANO, "N": Field.NANO_OF_DAY, "g": Field.JULIAN_DAY}
_OFFSETS: Final = {
    1: (False, False, False),
    2: (False, True, False),
    3: (True, True, False),
    4: (False, True, True),
    5: (True, True, True),
}
_KNOWN: Final = frozenset("yuYMLEecQqdhHkKmsAnNgXxZOzvVGaBDFWwS")


class PatternReader:
    """One reading of a pattern; raises ExpressionError with the column."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._place = 0
        self._levels: list[list[Element]] = [[]]
        self._adjacent: int | None = None  # the number on this level that takes what the ones after it leave
        self._padding = 0

    def elements(self) -> tuple[Element, ...]:
        """The elements of the whole pattern. Brackets that are never closed end with it, as in Java."""
        while self._place < len(self._text):
            self._read()
        while len(self._levels) > 1:
            self._close()
        return tuple(self._levels[0])

    def _read(self) -> None:
        character = self._text[self._place]
        letters = _LETTERS.match(self._text, self._place)
        if letters is not None:
            self._read_letters(letters[1], len(letters[0]))
        elif character == "'":
            self._read_quoted()
        elif character == "[":
            self._open()
        elif character == "]":
            if len(self._levels) == 1:
                raise self._error("there is no [ before this ]")
            self._close()
            self._place += 1
        elif character in "{}#":
            raise self._error(f"{character} is reserved; write '{character}' in quotes for the character")
        else:
            self._add(Literal(character))
            self._place += 1

    def _open(self) -> None:
        if len(self._levels) > _DEEPEST:
            raise self._error(f"brackets are nested more than {_DEEPEST} deep")
        self._levels.append([])
        self._adjacent = None
        self._place += 1

    def _close(self) -> None:
        elements = self._levels.pop()
        self._adjacent = None
        if elements:
            self._add(Optional(tuple(elements)))

    def _read_quoted(self) -> None:
        quoted = _QUOTED.match(self._text, self._place)
        if quoted is None:
            raise self._error("the quote is never closed; write '' for an apostrophe")
        self._add(Literal(quoted[1].replace("''", "'") or "'"))
        self._place = quoted.end()

    def _read_letters(self, letter: str, count: int) -> None:
        if letter == "p":
            letters = _LETTERS.match(self._text, self._place + count)
            if letters is None:
                raise self._error("p pads the letters after it, but none follow")
            self._place += count
            self._padding = count
            letter, count = letters[1], len(letters[0])
        element = self._element(letter, count)
        if isinstance(element, Number):
            self._add_number(element)
        else:
            self._add(element)
        self._place += count

    def _add(self, element: Element) -> None:
        self._levels[-1].append(self._padded(element))
        self._adjacent = None

    def _add_number(self, number: Number) -> None:
        """Numbers without anything between: the first one of no fixed width leaves to the others what is theirs."""
        level = self._levels[-1]
        first = None if self._adjacent is None else level[self._adjacent]
        if isinstance(first, Padded):
            raise self._error("a padded number must not stand right before another number")
        if not isinstance(first, Number) or self._adjacent is None:
            self._adjacent = len(level)
        elif number.is_fixed:
            level[self._adjacent] = replace(first, following=first.following + number.most)
            number = replace(number, following=-1)
        else:
            level[self._adjacent] = replace(first, following=-1)
            self._adjacent = len(level)
        level.append(self._padded(number))

    def _padded(self, element: Element) -> Element:
        width, self._padding = self._padding, 0
        return Padded(element, width) if width else element

    def _element(self, letter: str, count: int) -> Element:
        found: Element | None
        if letter in _YEARS:
            found = _year(_YEARS[letter], count)
        elif letter in _NAMED:
            found = _named(letter, count)
        elif letter in _TWO_DIGITS:
            field = _TWO_DIGITS[letter]
            found = {1: Number(field, 1, _WIDEST, "normal"), 2: Number(field, 2, 2)}.get(count)
        elif letter in _LONG and count <= _WIDEST:
            found = Number(_LONG[letter], count, _WIDEST, "normal" if letter == "g" else "never")
        elif letter in "XxZOzvV":
            found = _zoned(letter, count)
        else:
            found = _other(letter, count)
        if found is None:
            raise self._error(_mistake(letter, count))
        return found

    def _error(self, message: str) -> ExpressionError:
        return ExpressionError(f"date pattern {self._text!r}: {message}", column=self._place + 1)


def _year(field: Field, count: int) -> Element | None:
    if count == 2:
        return TwoDigitYear(field, 2, 2)
    if count > _WIDEST and field is not Field.WEEK_YEAR:
        return None
    return Number(field, count, _WIDEST, "normal" if count < 4 else "when too wide")


def _named(letter: str, count: int) -> Element | None:
    field = _NAMED[letter]
    if count in _STYLES:
        return Name(field, _STYLES[count])
    if count > 2 or (letter, count) == ("c", 2):
        return None
    if letter == "E":
        return Name(field, "short")
    if letter in "ec":
        return Number(Field.LOCALIZED_WEEKDAY, count, count)
    return Number(field, 1, _WIDEST, "normal") if count == 1 else Number(field, 2, 2)


def _other(letter: str, count: int) -> Element | None:
    match letter, count:
        case "G", 1 | 2 | 3 | 4 | 5:
            return Name(Field.ERA, _STYLES.get(count, "short"))
        case "a", 1:
            return Name(Field.HALF_DAY, "short")
        case "B", 1 | 4 | 5:
            return DayPeriodName(narrow=count == 5)
        case "D", 1:
            return Number(Field.DAY_OF_YEAR, 1, _WIDEST, "normal")
        case "D", 2 | 3:
            return Number(Field.DAY_OF_YEAR, count, 3)
        case "F", 1:
            return Number(Field.WEEK_OF_SEVEN, 1, _WIDEST, "normal")
        case "W", 1:
            return Number(Field.WEEK_OF_MONTH, 1, 1)
        case "w", 1 | 2:
            return Number(Field.WEEK_OF_YEAR, count, 2)
        case "S", _ if count <= _WIDEST_FRACTION:
            return Fraction(Field.NANO, count, count)
    return None


def _zoned(letter: str, count: int) -> Element | None:
    match letter, count:
        case "X" | "x", 1 | 2 | 3 | 4 | 5:
            colon, minutes, seconds = _OFFSETS[count]
            zero = "Z" if letter == "X" else "+00" if count == 1 else "+00:00" if colon else "+0000"
            return Offset(colon=colon, minutes_needed=minutes, seconds=seconds, zero=zero)
        case "Z", 1 | 2 | 3:
            return Offset(colon=False, minutes_needed=True, seconds=False, zero="+0000")
        case "Z", 5:
            return Offset(colon=True, minutes_needed=True, seconds=True, zero="Z")
        case "Z" | "O", 4:
            return LocalizedOffset(full=True)
        case "O", 1:
            return LocalizedOffset(full=False)
        case "z", 1 | 2 | 3 | 4:
            return ZoneName("long" if count == 4 else "short", generic=False)
        case "v", 1 | 4:
            return ZoneName("long" if count == 4 else "short", generic=True)
        case "V", 2:
            return ZoneId()
    return None


def _mistake(letter: str, count: int) -> str:
    if letter in _KNOWN:
        return f"there is no {letter * min(count, 30)}; the letter {letter} does not come {count} times"
    return f"unknown letter {letter}; write '{letter}' in quotes for the character"
