"""The English names of fields, as Java has them for the locale en-US."""

from functools import cache
from typing import Final, Literal

from flowrun.dialect.dates.fields import Field

Style = Literal["short", "full", "narrow"]

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _numbered(*names: str, first: int = 1) -> dict[int, str]:
    return dict(enumerate(names, first))


NAMES: Final[dict[Field, dict[Style, dict[int, str]]]] = {
    Field.MONTH: {
        "short": _numbered(*(name[:3] for name in _MONTHS)),
        "full": _numbered(*_MONTHS),
        "narrow": _numbered(*(name[0] for name in _MONTHS)),
    },
    Field.WEEKDAY: {
        "short": _numbered(*(name[:3] for name in _WEEKDAYS)),
        "full": _numbered(*_WEEKDAYS),
        "narrow": _numbered(*(name[0] for name in _WEEKDAYS)),
    },
    Field.QUARTER: {
        "short": _numbered("Q1", "Q2", "Q3", "Q4"),
        "full": _numbered("1st quarter", "2nd quarter", "3rd quarter", "4th quarter"),
        "narrow": _numbered("1", "2", "3", "4"),
    },
    Field.ERA: {
        "short": _numbered("BC", "AD", first=0),
        "full": _numbered("Before Christ", "Anno Domini", first=0),
        "narrow": _numbered("B", "A", first=0),
    },
    Field.HALF_DAY: {
        "short": _numbered("AM", "PM", first=0),
        "full": _numbered("AM", "PM", first=0),
        "narrow": _numbered("a", "p", first=0),
    },
}
_ERA_NAMES: Final = (("BCE", 0), ("CE", 1))


@cache
def readable_names(field: Field, style: Style | None) -> tuple[tuple[str, int], ...]:
    """The names that are read for a field, and their values, the longest first; of all styles if None.

    Of several values with one name, such as the `J` of January, June and July, Java reads the last.
    """
    styles = NAMES[field]
    found = {
        name: value
        for names in (styles.values() if style is None else (styles[style],))
        for value, name in names.items()
    }
    longest_first = sorted(found.items(), key=lambda item: -len(item[0]))
    return (*longest_first, *_ERA_NAMES) if field is Field.ERA and style is None else tuple(longest_first)
