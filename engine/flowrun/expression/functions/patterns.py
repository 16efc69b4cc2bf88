"""Replacing what a regular expression matches."""

from functools import lru_cache
from typing import TYPE_CHECKING

from flowrun.dialect.numbers import trim
from flowrun.errors import ExpressionError
from flowrun.expression.functions.declaration import Argument, Example, Function, NullArgument
from flowrun.expression.functions.java_text import check_length, shown, united
from flowrun.expression.functions.searching import java_pattern
from flowrun.expression.types import ResultType

if TYPE_CHECKING:
    from flowrun.dialect.regex import JavaPattern

_STRING = ResultType.STRING


def _replace_first(subject: str, pattern: "JavaPattern", replacement: str) -> str:
    from flowrun.dialect.regex import compile_replacement

    for match in pattern.finditer(subject):
        text = compile_replacement(replacement, pattern)(match)
        return united(subject[: match.start()] + text + subject[match.end() :])
    return subject


def _replace_all(subject: str, pattern: "JavaPattern", replacement: str) -> str:
    from flowrun.dialect.regex import compile_replacement

    replace = compile_replacement(replacement, pattern)
    parts: list[str] = []
    end = made = 0
    for match in pattern.finditer(subject):
        text = replace(match)
        made += len(text)
        check_length(made, "replaceAll")
        parts += (subject[end : match.start()], text)
        end = match.end()
    return united("".join((*parts, subject[end:]))) if parts else subject


@lru_cache(maxsize=256)
def _mapping(text: str) -> "tuple[tuple[JavaPattern, str], ...]":
    """`regex:text,regex:text`; a regular expression that is none is left out, as in NiFi."""
    pairs = []
    for written in _split(text, ",") if trim(text) else ():
        parts = _split(trim(written), ":")
        if len(parts) < 2:
            raise ExpressionError(f"expected pairs of the form regex:text,regex:text, found {shown(written)}")
        try:
            if trim(parts[0]) and trim(parts[1]):
                pairs.append((java_pattern(parts[0]), parts[1]))
        except ExpressionError:
            continue
    return tuple(pairs)


def _split(text: str, delimiter: str) -> list[str]:
    """As Java splits: without empty parts at the end."""
    return text.rstrip(delimiter).split(delimiter)


def _replace_by_pattern(subject: str, mapping: "tuple[tuple[JavaPattern, str], ...]") -> str:
    for pattern, text in mapping:
        if pattern.fullmatch(subject):
            return text
    return subject


_ARGUMENTS = (
    Argument("regular expression", null=NullArgument.ERROR, prepare=java_pattern, is_checked=False),
    Argument("replacement", null=NullArgument.ERROR),
)

FUNCTIONS = (
    Function(
        "replaceFirst",
        _STRING,
        _ARGUMENTS,
        _STRING,
        "The subject with the first match replaced: `$1` or `$${name}` in the replacement is a group, `\\$` a dollar "
        "sign.",
        Example("${filename:replaceFirst('[br]', 'g')}", "a grand file", {"filename": "a brand file"}),
        _replace_first,
    ),
    Function(
        "replaceAll",
        _STRING,
        _ARGUMENTS,
        _STRING,
        "The subject with every match replaced: `$1` or `$${name}` in the replacement is a group, `\\$` a dollar sign.",
        Example("${filename:replaceAll('(\\d+)', '<$1>')}", "a<1>b<22>", {"filename": "a1b22"}),
        _replace_all,
    ),
    Function(
        "replaceByPattern",
        _STRING,
        (Argument("mapping", null=NullArgument.SUBJECT, prepare=_mapping),),
        _STRING,
        "The text of the first pair in `regex:text,regex:text` whose regular expression matches the whole subject; the "
        "subject, if none does. The text is taken as it is.",
        Example("${key:replaceByPattern('a[0-4]:low,a[5-9]:high,.*:other')}", "high", {"key": "a7"}),
        _replace_by_pattern,
    ),
)
