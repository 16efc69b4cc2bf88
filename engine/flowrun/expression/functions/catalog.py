"""Every function of the language, by name."""

from collections.abc import Mapping

from flowrun.expression.functions import (
    boolean,
    conversions,
    dates,
    durations,
    encoding,
    escaping,
    json,
    lists,
    multiple,
    numbers,
    patterns,
    searching,
    strings,
    subjectless,
    substrings,
)
from flowrun.expression.functions.declaration import Function

FAMILIES: Mapping[str, tuple[Function, ...]] = {
    "Boolean logic": boolean.FUNCTIONS,
    "Strings": strings.FUNCTIONS + substrings.FUNCTIONS + lists.FUNCTIONS + patterns.FUNCTIONS,
    "Encoding": encoding.FUNCTIONS + escaping.FUNCTIONS,
    "Searching": searching.FUNCTIONS,
    "JSON": json.FUNCTIONS,
    "Numbers": numbers.FUNCTIONS,
    "Dates": dates.FUNCTIONS + durations.FUNCTIONS,
    "Conversion": conversions.FUNCTIONS,
    "Without a subject": subjectless.FUNCTIONS,
    "Several attributes": multiple.SOURCES + multiple.FUNCTIONS,
}
"""The functions by family, in the order of the reference page."""

_ALL = [function for family in FAMILIES.values() for function in family]

WITH_SUBJECT: Mapping[str, Function] = {function.name: function for function in _ALL if function.has_subject}
"""The functions that stand behind a colon."""

WITHOUT_SUBJECT: Mapping[str, Function] = {function.name: function for function in _ALL if not function.has_subject}
"""The functions that start an expression."""

SOURCES = frozenset(function.name for function in multiple.SOURCES)
"""Those of them that select several values."""

RESERVED = frozenset(function.name for function in _ALL) | {"true", "false", "null"}
"""The words that are no attribute's name unless in quotes."""
