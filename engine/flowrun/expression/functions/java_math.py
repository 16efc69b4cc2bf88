"""`math`: the methods of Java's `Math`, by name and by the exact types that they take."""

import math
import random
from collections.abc import Callable, Mapping

from flowrun.dialect.numbers import LONG_MAX, LONG_MIN, saturate_long, wrap_long
from flowrun.errors import EvaluationError
from flowrun.expression.conversion import int_value
from flowrun.expression.functions.java_angles import angle, arc_tangent
from flowrun.expression.functions.java_powers import decimal_logarithm, hyperbolic_cosine
from flowrun.expression.functions.java_roots import cube_root, hypotenuse
from flowrun.expression.functions.numbers import Number, quotient

_INT_MAX = (1 << 31) - 1


def call_method(name: str, *values: Number) -> Number:
    """What `Math.name` gives for the values. Raises EvaluationError where it has no such method for their types."""
    kinds = ["double" if isinstance(value, float) else "long" for value in values]
    method = _METHODS.get((name, *kinds))
    if method is None and kinds == ["double", "long"]:
        method = _METHODS.get((name, "double", "int"))
    if method is None:
        taken = ", ".join(kinds)
        raise EvaluationError(f"math(): Java's Math has no method {name}({taken})")
    try:
        return method(*values)
    except ZeroDivisionError:
        raise EvaluationError(f"math(): {name} can't divide {values[0]} by zero") from None


def _exact(compute: Callable[..., int], least: int = LONG_MIN, most: int = LONG_MAX) -> Callable[..., int]:
    def method(*values: int) -> int:
        result = compute(*values)
        if not least <= result <= most:
            raise EvaluationError(f"math(): the result {result} is out of range")
        return result

    return method


def _wrapping(compute: Callable[..., int]) -> Callable[..., int]:
    return lambda *values: wrap_long(compute(*values))


def _decimal(compute: Callable[..., float]) -> Callable[..., float]:
    """A function of Python's `math` that gives NaN where Java does, and infinity where it overflows."""

    def method(*values: float) -> float:
        try:
            return compute(*values)
        except ValueError:
            return math.nan
        except OverflowError:
            return math.copysign(math.inf, values[0])

    return method


def _logarithm(compute: Callable[[float], float], pole: float) -> Callable[[float], float]:
    return lambda value: -math.inf if value == pole else math.nan if value < pole else _decimal(compute)(value)


def _whole(compute: Callable[[float], int]) -> Callable[[float], float]:
    """Rounding that leaves a decimal, with its sign even at zero."""
    return lambda value: math.copysign(float(compute(value)), value) if math.isfinite(value) else value


def _round(value: float) -> int:
    if not math.isfinite(value):
        return saturate_long(value)
    below = math.floor(value)
    return saturate_long(float(below)) if value - below < 0.5 else wrap_long(below + 1)


def _power(base: float, exponent: float) -> float:
    if exponent != exponent or (abs(base) == 1 and math.isinf(exponent)):
        return math.nan
    try:
        return math.pow(base, exponent)
    except (ValueError, OverflowError):
        if base < 0 and not exponent.is_integer():
            return math.nan
        is_negative = math.copysign(1, base) < 0 and exponent % 2 == 1
        return -math.inf if is_negative else math.inf


def _greater(left: float, right: float) -> float:
    if left != left or right != right:
        return math.nan
    if left == right:
        return left if math.copysign(1, left) > 0 else right
    return max(left, right)


def _exponent(value: float) -> int:
    if not math.isfinite(value):
        return 1024
    return max(math.frexp(value)[1] - 1, -1023) if value else -1023


def _scale(value: float, exponent: int) -> float:
    return _decimal(math.ldexp)(value, int_value(exponent))


def _ceiling_quotient(dividend: int, divisor: int) -> int:
    return -(-dividend // divisor)


_METHODS: Mapping[tuple[str, ...], Callable[..., Number]] = {
    ("random",): random.random,
    **{
        (name, "double"): _decimal(getattr(math, name))
        for name in [
            "sin",
            "cos",
            "tan",
            "asin",
            "acos",
            "sinh",
            "tanh",
            "exp",
            "expm1",
            "sqrt",
            "ulp",
        ]
    },
    ("atan", "double"): arc_tangent,
    ("cosh", "double"): hyperbolic_cosine,
    ("cbrt", "double"): cube_root,
    ("toRadians", "double"): math.radians,
    ("toDegrees", "double"): math.degrees,
    ("log", "double"): _logarithm(math.log, 0),
    ("log10", "double"): _logarithm(decimal_logarithm, 0),
    ("log1p", "double"): _logarithm(math.log1p, -1),
    ("ceil", "double"): _whole(math.ceil),
    ("floor", "double"): _whole(math.floor),
    ("rint", "double"): _whole(round),
    ("round", "double"): _round,
    ("abs", "double"): math.fabs,
    ("signum", "double"): lambda value: math.copysign(1.0, value) if value > 0 or value < 0 else value,
    ("getExponent", "double"): _exponent,
    ("nextUp", "double"): lambda value: math.nextafter(value, math.inf),
    ("nextDown", "double"): lambda value: math.nextafter(value, -math.inf),
    ("atan2", "double", "double"): angle,
    ("pow", "double", "double"): _power,
    ("hypot", "double", "double"): hypotenuse,
    ("copySign", "double", "double"): math.copysign,
    ("nextAfter", "double", "double"): math.nextafter,
    ("IEEEremainder", "double", "double"): _decimal(math.remainder),
    ("max", "double", "double"): _greater,
    ("min", "double", "double"): lambda left, right: -_greater(-left, -right),
    ("scalb", "double", "int"): _scale,
    ("abs", "long"): _wrapping(abs),
    ("absExact", "long"): _exact(abs),
    ("negateExact", "long"): _exact(lambda value: -value),
    ("incrementExact", "long"): _exact(lambda value: value + 1),
    ("decrementExact", "long"): _exact(lambda value: value - 1),
    ("toIntExact", "long"): _exact(lambda value: value, -_INT_MAX - 1, _INT_MAX),
    ("max", "long", "long"): max,
    ("min", "long", "long"): min,
    ("addExact", "long", "long"): _exact(lambda left, right: left + right),
    ("subtractExact", "long", "long"): _exact(lambda left, right: left - right),
    ("multiplyExact", "long", "long"): _exact(lambda left, right: left * right),
    ("divideExact", "long", "long"): _exact(quotient),
    ("floorDiv", "long", "long"): _wrapping(lambda left, right: left // right),
    ("floorMod", "long", "long"): lambda left, right: left % right,
    ("floorDivExact", "long", "long"): _exact(lambda left, right: left // right),
    ("ceilDiv", "long", "long"): _wrapping(_ceiling_quotient),
    ("ceilMod", "long", "long"): lambda left, right: left - _ceiling_quotient(left, right) * right,
    ("ceilDivExact", "long", "long"): _exact(_ceiling_quotient),
    ("multiplyHigh", "long", "long"): lambda left, right: (left * right) >> 64,
    ("unsignedMultiplyHigh", "long", "long"): _wrapping(lambda left, right: (left % 2**64) * (right % 2**64) >> 64),
}
