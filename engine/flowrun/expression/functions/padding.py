"""Strings made longer: filled up, and repeated."""

from flowrun.errors import EvaluationError
from flowrun.expression.conversion import int_value
from flowrun.expression.functions.declaration import Argument, Example, Function, NullArgument, NullSubject
from flowrun.expression.functions.java_text import check_length, length, slice_units
from flowrun.expression.types import ResultType

_STRING, _WHOLE = ResultType.STRING, ResultType.WHOLE_NUMBER

_INT_MAX = (1 << 31) - 1
_DEFAULT_PAD = "_"


def _padding(subject: str, wanted: int | None, pad: str | None) -> str:
    missing = wanted - length(subject) if wanted is not None and wanted <= _INT_MAX else 0
    if missing <= 0:
        return ""
    check_length(missing, "padLeft() or padRight")
    pad = pad or _DEFAULT_PAD
    return slice_units(pad * (missing // length(pad) + 1), 0, missing)


def _pad_left(subject: str, wanted: int | None, pad: str | None = None) -> str:
    return _padding(subject, wanted, pad) + subject


def _pad_right(subject: str, wanted: int | None, pad: str | None = None) -> str:
    return subject + _padding(subject, wanted, pad)


def _repeat(subject: str, fewest: int, most: int | None = None) -> str:
    fewest = int_value(fewest)
    most = fewest if most is None else int_value(most)
    if fewest < 1:
        raise EvaluationError(f"repeat(): expected a number of at least 1, found {fewest}")
    if fewest > most:
        raise EvaluationError(f"repeat(): the fewest, {fewest}, is more than the most, {most}")
    check_length(most * len(subject), "repeat")
    if most == fewest:
        return subject * fewest
    from random import randint  # costs an import, for a rare form

    return subject * randint(fewest, most)


_PAD_ARGUMENTS = (Argument("length", _WHOLE), Argument("pad", is_optional=True))
_PADDING = (
    "; the pad (`_` where it is missing, null or empty) is repeated and cut to fit. A length that is no number, not "
    "above 0, over 2147483647 or not above the subject's changes nothing."
)

FUNCTIONS = (
    Function(
        "padLeft",
        _STRING,
        _PAD_ARGUMENTS,
        _STRING,
        "The subject filled up on the left to the length" + _PADDING,
        Example("${number:padLeft(6, '0')}", "000042", {"number": "42"}),
        _pad_left,
    ),
    Function(
        "padRight",
        _STRING,
        _PAD_ARGUMENTS,
        _STRING,
        "The subject filled up on the right to the length" + _PADDING,
        Example("${greeting:padRight(8, '.')}", "hello...", {"greeting": "hello"}),
        _pad_right,
    ),
    Function(
        "repeat",
        _STRING,
        (
            Argument("fewest", _WHOLE, NullArgument.ERROR),
            Argument("most", _WHOLE, NullArgument.ERROR, is_optional=True),
        ),
        _STRING,
        "The subject so many times, or with two numbers a random number of times between them, both included. A number "
        "below 1, or a first above the second, is an error.",
        Example("${text:repeat(3)}", "ababab", {"text": "ab"}),
        _repeat,
        NullSubject.EMPTY,
        is_pure=False,
    ),
)
