"""What a property's text may mean: functions from text to a value, which raise ValueError with what was expected.

A processor's author may use any such function; these are the common ones. `units.duration` and `units.data_size`
belong to them.
"""

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flowrun.dialect.regex import JavaPattern

_WHOLE_NUMBER = re.compile("[+-]?[0-9]+")
_INTEGERS = 1 << 31
_INTEGER_DIGITS = 10


def boolean(text: str) -> bool:
    """`true` or `false`, in any case."""
    lowered = text.strip().lower()
    if lowered not in ("true", "false"):
        raise ValueError(f"expected true or false, found {text!r}")
    return lowered == "true"


def integer(text: str) -> int:
    """A whole number in decimal digits, of 32 bits as in NiFi, without blanks."""
    if not _WHOLE_NUMBER.fullmatch(text):
        raise ValueError(f"expected a whole number, found {text!r}")
    digits = text.lstrip("+-0")[: _INTEGER_DIGITS + 1]  # one more is too large in any case
    value = int(digits or "0") * (-1 if text.startswith("-") else 1)
    if not -_INTEGERS <= value < _INTEGERS:
        raise ValueError(f"expected a whole number below {_INTEGERS:,}, found {text[:20]!r}")
    return value


def positive_integer(text: str) -> int:
    """A whole number above zero."""
    value = integer(text)
    if value <= 0:
        raise ValueError(f"expected a whole number above 0, found {text!r}")
    return value


def natural_number(text: str) -> int:
    """A whole number, zero or above."""
    value = integer(text)
    if value < 0:
        raise ValueError(f"expected a whole number of 0 or more, found {text!r}")
    return value


def non_empty(text: str) -> str:
    """Any text but the empty one."""
    if not text:
        raise ValueError("expected a value that is not empty")
    return text


def non_blank(text: str) -> str:
    """Text with at least one character that is not white space."""
    if not text.strip():
        raise ValueError("expected a value that is not blank")
    return text


def character_set(text: str) -> str:
    """The name of a character set that Python knows."""
    try:
        "".encode(text)  # refuses codecs that are no text encoding, such as rot13
    except (LookupError, ValueError):
        raise ValueError(f"expected a character set such as UTF-8 or ISO-8859-1, found {text!r}") from None
    return text


def path(text: str) -> Path:
    """A path in the file system; relative ones are relative to the working directory."""
    if "\0" in text:
        raise ValueError("expected a path without a NUL character")
    return Path(non_blank(text))


def regular_expression(text: str) -> "JavaPattern":
    """A Java regular expression."""
    from flowrun.dialect.regex import compile_regex  # costs 20 ms, which most flows need not pay

    return compile_regex(text)
