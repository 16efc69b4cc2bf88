"""One field of a CRON expression: its text becomes the set of numbers it stands for.

Quartz source: `CronExpression.storeExpressionVals` and `addToSet`. Spring source: `BitsCronField`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from flowrun.errors import ExpressionError

CronDialect: TypeAlias = Literal["quartz", "spring"]

WEEKDAY_NAMES = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
WEEKDAYS = {name[:3].upper(): number for number, name in enumerate(WEEKDAY_NAMES)}
_MONTH_NAMES = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, start=1)}

_ITEM = re.compile(
    r"(?:\*|(?=/)|(?P<first>[0-9]{1,9}|[A-Z]{3})(?:-(?P<last>[0-9]{1,9}|[A-Z]{3}))?)(?:/(?P<step>[0-9]{1,9}))?"
)


@dataclass(frozen=True, slots=True)
class FieldKind:
    """What a field counts: its name for people, its lowest and highest number, and names that stand for numbers."""

    name: str
    lowest: int
    highest: int
    names: Mapping[str, int] = field(default_factory=dict)
    wraps: bool = True

    @property
    def expectation(self) -> str:
        """What may stand in the field, for messages."""
        names = f" or {'-'.join((*self.names,)[:: len(self.names) - 1])}" if self.names else ""
        return f"{self.name} {self.lowest}-{self.highest}{names}, *, a range a-b, a step a/n or a list of them"


SECOND = FieldKind("second", 0, 59)
MINUTE = FieldKind("minute", 0, 59)
HOUR = FieldKind("hour", 0, 23)
DAY_OF_MONTH = FieldKind("day of month", 1, 31)
MONTH = FieldKind("month", 1, 12, _MONTHS)
YEAR = FieldKind("year", 1970, 2099, wraps=False)


@dataclass(frozen=True, slots=True)
class FieldText:
    """A piece of a CRON expression in upper case, and the column at which it stands."""

    text: str
    column: int

    def items(self) -> Iterator["FieldText"]:
        """The pieces between commas."""
        column = self.column
        for item in self.text.split(","):
            yield FieldText(item, column)
            column += len(item) + 1

    def error(self, expected: str) -> ExpressionError:
        """The error of this piece: expected this, found that."""
        found = self.text if len(self.text) <= 40 else self.text[:37] + "…"
        return ExpressionError(f"expected {expected}, found {found!r}", column=self.column)


@dataclass(slots=True)
class FieldReader:
    """Reads fields in one dialect, and gathers what an author should be warned of."""

    dialect: CronDialect
    warnings: list[str] = field(default_factory=list)

    def warn(self, warning: str) -> None:
        """Keep a warning, once."""
        if warning not in self.warnings:
            self.warnings.append(warning)

    def read_field(self, text: FieldText, kind: FieldKind) -> set[int]:
        """The numbers that a whole field stands for. Raises ExpressionError with the column."""
        values: set[int] = set()
        for item in text.items():
            values.update(self.read_item(item, kind))
        return values

    def read_item(self, item: FieldText, kind: FieldKind) -> set[int]:
        """The numbers of `*`, `a`, `a-b`, `a/n` or `a-b/n`. Raises ExpressionError with the column."""
        found = _ITEM.fullmatch(item.text)
        if found is None:
            raise item.error(kind.expectation)
        step = self._read_step(item, kind, found)
        if found["first"] is None:
            return set(range(kind.lowest, kind.highest + 1, step or 1))
        first = self._read_number(item, kind, found["first"])
        if step == 0 or (found["last"] is None and found["step"] is None):
            return {first}
        last = kind.highest if found["last"] is None else self._read_number(item, kind, found["last"])
        if last >= first:
            return set(range(first, last + 1, step))
        if not kind.wraps or self.dialect == "spring":
            raise item.error(f"a {kind.name} range that runs upwards")
        count = kind.highest - kind.lowest + 1
        return {(number - kind.lowest) % count + kind.lowest for number in range(first, last + count + 1, step)}

    def _read_step(self, item: FieldText, kind: FieldKind, found: re.Match[str]) -> int:
        if found["step"] is None:
            return 1
        step = int(found["step"])
        if self.dialect == "spring":
            if step == 0:
                raise item.error("a step of at least 1")
            return step
        limit = kind.highest if kind.lowest < 2 else step
        if step > limit and found["last"] is None:
            raise item.error(f"a step of at most {limit} for the {kind.name}")
        if step == 0:
            self.warn(f"{kind.name} {item.text}: a step of 0 does not repeat; Quartz takes the first value alone")
        return step

    def _read_number(self, item: FieldText, kind: FieldKind, text: str) -> int:
        number = int(text) if text.isdigit() else kind.names.get(text)
        if number is None or not kind.lowest <= number <= kind.highest:
            raise item.error(kind.expectation)
        return number
