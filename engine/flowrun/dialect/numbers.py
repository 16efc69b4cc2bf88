"""Java's numbers: 64-bit wrap-around, double to long, how a double prints, what text is a number.

Source: `Double.toString` of JDK 19 and later, and the Expression Language's `NumberParsing`.
"""

import math
import re

from flowrun.errors import EvaluationError

LONG_MIN = -(1 << 63)
LONG_MAX = (1 << 63) - 1

_LONG_RANGE = 1 << 64
_LONG_DIGITS = 19
_JAVA_BLANKS = "".join(map(chr, range(0x21)))

_WHOLE = re.compile(r"[-+]?(?:[0-9]+|0[xX][0-9a-fA-F]+)")
_DECIMAL = re.compile(
    r"""[-+]? (?: Infinity | NaN
        | [0-9]* \. [0-9]+ (?: [eE] [-+]? [0-9]+ )?
        | 0[xX] (?: [0-9a-fA-F]+ \.? | [0-9a-fA-F]* \. [0-9a-fA-F]+ ) (?P<exponent> [pP] [-+]? [0-9]+ )
        | 0[xX] (?P<no_exponent> \. [0-9a-fA-F]+ ) )""",
    re.VERBOSE,
)


def format_double(value: float) -> str:
    """A double as Java prints it: `1.0`, `1.0E-4`, `1.23456789E7`, `Infinity`, `NaN`, `-0.0`."""
    size = abs(value)
    if 1e-3 <= size < 1e7 or size == 0.0:
        return repr(value)
    if value != value:
        return "NaN"
    sign = "-" if value < 0 else ""
    if size == math.inf:
        return sign + "Infinity"
    return sign + _scientific(size)


def _scientific(size: float) -> str:
    mantissa, _, power = repr(size).partition("e")
    whole, _, fraction = mantissa.partition(".")
    exponent = int(power or 0) + len(whole) - 1
    digits = (whole + fraction).rstrip("0")
    significant = digits.lstrip("0")
    exponent -= len(digits) - len(significant)
    if len(significant) == 1:
        # Java never prints fewer than two digits, and takes the nearest such decimal: 4.9E-324, not 5.0E-324.
        mantissa, _, power = f"{size:.1e}".partition("e")
        return f"{mantissa}E{int(power)}"
    return f"{significant[0]}.{significant[1:]}E{exponent}"


def wrap_long(value: int) -> int:
    """The value that is left in 64 bits of two's complement: what Java's `long` arithmetic overflows to."""
    if LONG_MIN <= value <= LONG_MAX:
        return value
    return (value - LONG_MIN) % _LONG_RANGE + LONG_MIN


def saturate_long(value: float) -> int:
    """Java's cast of a double to a long: toward zero, at most the largest long, NaN is 0."""
    if value != value:
        return 0
    if value >= LONG_MAX:
        return LONG_MAX
    if value <= LONG_MIN:
        return LONG_MIN
    return int(value)


def trim(text: str) -> str:
    """Java's `String.trim()`: drops characters up to U+0020 at both ends, so neither no-break nor em space."""
    return text.strip(_JAVA_BLANKS)


def parse_long_text(text: str) -> int | None:
    """`[+-]?digits` or `[+-]?0x` hexadecimal digits, without blanks; None if it is neither.

    Raises EvaluationError beyond 64 bits, as Java's `Long.valueOf`.
    """
    if len(text) < _LONG_DIGITS and text.isdigit() and text.isascii():
        return int(text)
    if _WHOLE.fullmatch(text) is None:
        return None
    digits = text.lstrip("+-").lstrip("0")
    if digits[:1] in ("x", "X"):
        value = int(digits[1:], 16)
    elif len(digits) > _LONG_DIGITS:
        value = LONG_MAX + 2
    else:
        value = int(digits or "0")
    if text.startswith("-"):
        value = -value
    if not LONG_MIN <= value <= LONG_MAX:
        raise EvaluationError(f"expected a whole number of at most 64 bits, found {_shortened(text)}")
    return value


def parse_decimal_text(text: str) -> float | None:
    """A decimal without blanks: `1.5`, `.5E-2`, `Infinity`, `NaN`, `0x1.8p1`; None if it is none.

    The point with digits after it is required: `5.` and `1e3` are no decimals. Not so in hexadecimal, which must have
    its exponent instead: `0x.8` raises EvaluationError, as in NiFi.
    """
    found = _DECIMAL.fullmatch(text)
    if found is None:
        return None
    if found["no_exponent"]:
        raise EvaluationError(f"expected an exponent such as p0 after the hexadecimal decimal {_shortened(text)}")
    return _float_from_hexadecimal(text) if found["exponent"] else float(text)


def _float_from_hexadecimal(text: str) -> float:
    try:
        return float.fromhex(text)
    except OverflowError:  # where Java saturates
        return -math.inf if text.startswith("-") else math.inf


def number_from_text(text: str) -> int | float | None:
    """The number that the Expression Language sees in a text, blanks around it dropped; None if it is no number.

    Whole numbers come as int, decimals as float. Raises EvaluationError beyond 64 bits.
    """
    trimmed = trim(text)
    whole = parse_long_text(trimmed)
    return parse_decimal_text(trimmed) if whole is None else whole


def _shortened(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")
