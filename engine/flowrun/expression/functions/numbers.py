"""Numbers: arithmetic as Java has it, and other bases."""

import math
from collections.abc import Callable

from flowrun.dialect.numbers import LONG_MAX, LONG_MIN, wrap_long
from flowrun.errors import EvaluationError
from flowrun.expression.conversion import int_value
from flowrun.expression.functions.declaration import Argument, Example, Function, NullArgument
from flowrun.expression.functions.java_text import check_length, shown
from flowrun.expression.types import ResultType

_STRING, _WHOLE, _NUMBER = ResultType.STRING, ResultType.WHOLE_NUMBER, ResultType.NUMBER

Number = int | float

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def quotient(dividend: int, divisor: int) -> int:
    """Java's `/` for whole numbers: toward zero."""
    whole = abs(dividend) // abs(divisor)
    return whole if (dividend < 0) == (divisor < 0) else -whole


def _plus(subject: Number, operand: Number) -> Number:
    total = subject + operand
    return total if isinstance(total, float) else wrap_long(total)


def _minus(subject: Number, operand: Number) -> Number:
    difference = subject - operand
    return difference if isinstance(difference, float) else wrap_long(difference)


def _multiply(subject: Number, operand: Number) -> Number:
    product = subject * operand
    return product if isinstance(product, float) else wrap_long(product)


def _divide(subject: Number, operand: Number) -> Number:
    if isinstance(subject, float) or isinstance(operand, float):
        return _divided(float(subject), float(operand))
    if operand == 0:
        raise EvaluationError(f"divide(): {subject} can't be divided by zero")
    return wrap_long(quotient(subject, operand))


def _divided(subject: float, operand: float) -> float:
    if operand:
        return subject / operand
    if subject == 0 or math.isnan(subject):
        return math.nan
    return math.copysign(math.inf, subject) * math.copysign(1, operand)


def _mod(subject: Number, operand: Number) -> Number:
    if isinstance(subject, float) or isinstance(operand, float):
        subject, operand = float(subject), float(operand)
        return math.nan if operand == 0 or math.isinf(subject) else math.fmod(subject, operand)
    if operand == 0:
        raise EvaluationError(f"mod(): {subject} can't be divided by zero")
    return subject - quotient(subject, operand) * operand


def _to_radix(subject: int, radix: int, width: int | None = None) -> str:
    radix = int_value(radix)
    radix = radix if 2 <= radix <= len(_DIGITS) else 10
    digits = ""
    rest = abs(subject)
    while rest or not digits:
        rest, digit = divmod(rest, radix)
        digits = _DIGITS[digit] + digits
    text = f"-{digits}" if subject < 0 else digits
    missing = int_value(width) - len(text) if width is not None else 0
    check_length(missing, "toRadix")
    return "0" * missing + text


def _from_radix(subject: str, radix: int) -> int:
    radix = int_value(radix)
    sign, digits = (subject[:1], subject[1:]) if subject[:1] in ("+", "-") else ("", subject)
    allowed = _DIGITS[:radix] if 2 <= radix <= len(_DIGITS) else ""
    if not digits or not set(digits.lower()) <= set(allowed) or not digits.isascii():
        raise EvaluationError(f"fromRadix(): expected a whole number in base {radix}, found {shown(subject)}")
    value = int(digits, radix) if len(digits) <= 64 else LONG_MAX + 2
    value = -value if sign == "-" else value
    if not LONG_MIN <= value <= LONG_MAX:
        raise EvaluationError(f"fromRadix(): expected a number of at most 64 bits, found {shown(subject)}")
    return value


def _arithmetic(
    name: str, compute: Callable[[Number, Number], Number], meaning: str, operand: str, result: str
) -> Function:
    return Function(
        name,
        _NUMBER,
        (Argument("number", _NUMBER, NullArgument.NULL),),
        _NUMBER,
        f"{meaning} Two whole numbers give a whole number of 64 bits, which wraps around; with a decimal on either "
        "side the result is a decimal. What is no number gives null.",
        Example(f"${{amount:{name}({operand})}}", result, {"amount": "17"}),
        compute,
    )


FUNCTIONS = (
    _arithmetic("plus", _plus, "The sum.", "5", "22"),
    _arithmetic("minus", _minus, "The difference.", "20", "-3"),
    _arithmetic("multiply", _multiply, "The product.", "1.5", "25.5"),
    _arithmetic("divide", _divide, "The quotient, toward zero; a whole number divided by 0 is an error.", "5", "3"),
    _arithmetic(
        "mod", _mod, "The remainder, with the subject's sign; a whole number divided by 0 is an error.", "5", "2"
    ),
    Function(
        "toRadix",
        _WHOLE,
        (Argument("base", _WHOLE, NullArgument.NULL), Argument("width", _WHOLE, is_optional=True)),
        _STRING,
        "The whole number in the base, in lower case, zeros put in front up to the width. A base outside of 2 to 36 "
        "acts as 10.",
        Example("${amount:toRadix(16, 4)}", "00ff", {"amount": "255"}),
        _to_radix,
    ),
    Function(
        "fromRadix",
        _STRING,
        (Argument("base", _WHOLE, NullArgument.NULL),),
        _WHOLE,
        "The whole number that the text is in the base: digits, a sign if need be, no prefix. Anything else is an "
        "error.",
        Example("${colour:fromRadix(16)}", "255", {"colour": "FF"}),
        _from_radix,
    ),
)
