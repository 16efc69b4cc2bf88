"""The words of the language, and the way from a function's name to its declaration.

A family's module is loaded with the first function of it that an expression uses: most flows use few.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module

from flowrun.expression.functions.declaration import Function

_BEHIND_A_COLON = {
    "boolean": "isNull notNull isEmpty equals equalsIgnoreCase and or not ifElse isJson",
    "comparisons": "gt ge lt le",
    "strings": "toUpper toLower trim length append prepend replace replaceNull replaceEmpty evaluateELString",
    "padding": "padLeft padRight repeat",
    "substrings": "substring substringBefore substringBeforeLast substringAfter substringAfterLast getDelimitedField",
    "lists": "compactDelimitedList trimDelimitedList unique",
    "patterns": "replaceFirst replaceAll replaceByPattern",
    "encoding": "urlEncode urlDecode base64Encode base64Decode hash UUID3 UUID5",
    "escaping": "escapeJson unescapeJson escapeXml unescapeXml escapeCsv unescapeCsv escapeHtml3 unescapeHtml3"
    " escapeHtml4 unescapeHtml4",
    "searching": "startsWith endsWith contains in find matches indexOf lastIndexOf",
    "json": "jsonPath jsonPathDelete jsonPathSet jsonPathAdd jsonPathPut",
    "numbers": "plus minus multiply divide mod toRadix fromRadix",
    "mathematics": "math",
    "dates": "toDate format toInstant formatInstant toMicros toNanos",
    "date_checks": "isValidDate isValidInstant",
    "durations": "plusDuration minusDuration plusInstantDuration minusInstantDuration",
    "conversions": "toString toNumber toDecimal",
    "multiple": "count join",
}
_AT_THE_START = {
    "machine": "now random nextInt UUID ip hostname thread",
    "mathematics": "math",
    "starters": "literal getStateValue getUri",
    "multiple": "anyAttribute allAttributes anyMatchingAttribute allMatchingAttributes anyDelineatedValue"
    " allDelineatedValues",
}

FAMILIES: Mapping[str, tuple[str, ...]] = {
    "Boolean logic": ("boolean", "comparisons", "date_checks"),
    "Strings": ("strings", "padding", "substrings", "lists", "patterns"),
    "Encoding": ("encoding", "escaping"),
    "Searching": ("searching",),
    "JSON": ("json",),
    "Numbers": ("numbers", "mathematics"),
    "Dates": ("dates", "durations"),
    "Conversion": ("conversions",),
    "Without a subject": ("machine", "starters"),
    "Several attributes": ("multiple",),
}
"""The modules of each family, in the order of the reference page."""


def _modules(words: Mapping[str, str]) -> Mapping[str, str]:
    return {name: module for module, names in words.items() for name in names.split()}


WITH_SUBJECT = _modules(_BEHIND_A_COLON)
"""The names of the functions that stand behind a colon, and the module of each."""

WITHOUT_SUBJECT = _modules(_AT_THE_START)
"""The names of the functions that start an expression, and the module of each."""

SOURCES = frozenset(_AT_THE_START["multiple"].split())
"""Those of them that select several values."""

RESERVED = frozenset((*WITH_SUBJECT, *WITHOUT_SUBJECT, "true", "false", "null"))
"""The words that are no attribute's name unless in quotes."""


def function(name: str, *, has_subject: bool) -> Function | None:
    """The function of that name, behind a colon or at the start of an expression."""
    module = (WITH_SUBJECT if has_subject else WITHOUT_SUBJECT).get(name)
    return None if module is None else _table(module)[name, has_subject]


def functions(family: str) -> Iterator[Function]:
    """The functions of a family, in the order of the reference page."""
    for module in FAMILIES[family]:
        yield from _table(module).values()


@cache
def _table(module: str) -> Mapping[tuple[str, bool], Function]:
    declared: tuple[Function, ...] = import_module(f"flowrun.expression.functions.{module}").FUNCTIONS
    return {(each.name, each.has_subject): each for each in declared}
