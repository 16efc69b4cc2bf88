"""`cosh` and `log10` to the last digit of Java, for which Python's `math` is now and then one digit off."""

import math
from decimal import Context, Decimal

_LN2_UPPER, _LN2_LOWER = 6.93147180369123816490e-01, 1.90821492927058770002e-10
_PER_LN2 = 1.44269504088896338700e00
_COEFFICIENTS = (
    1.66666666666666019037e-01,
    -2.77777777770155933842e-03,
    6.61375632143793436117e-05,
    -1.65339022054652515390e-06,
    4.13813679705723846039e-08,
)
_LN2_HALF = 0.34657359027997264
_LARGE, _OVERFLOWING = 22.0, 709.782712893384
_DIGITS = Context(prec=40)


def decimal_logarithm(value: float) -> float:
    """Java's `Math.log10` of a number above zero: the nearest number."""
    return float(Decimal(value).log10(_DIGITS)) if math.isfinite(value) else value


def hyperbolic_cosine(value: float) -> float:
    """Java's `Math.cosh`, as FDLIBM computes it (`e_cosh.c`)."""
    size = abs(value)
    if not math.isfinite(size):
        return size
    if size < _LN2_HALF:
        beyond = math.expm1(size)
        return 1.0 + (beyond * beyond) / (2.0 * (1.0 + beyond))
    if size < _LARGE:
        power = _exponential(size)
        return 0.5 * power + 0.5 / power
    if size <= _OVERFLOWING:
        return 0.5 * _exponential(size)
    if size > 2 * _OVERFLOWING:
        return math.inf
    root = _exponential(0.5 * size)
    return 0.5 * root * root


def _exponential(value: float) -> float:
    """FDLIBM's `e_exp.c`, for numbers above 0.34."""
    times = 1 if value < 3 * _LN2_HALF else int(_PER_LN2 * value + 0.5)
    upper, lower = value - times * _LN2_UPPER, times * _LN2_LOWER
    rest = upper - lower
    square = rest * rest
    series = 0.0
    for coefficient in reversed(_COEFFICIENTS):
        series = coefficient + square * series
    correction = rest - square * series
    return math.ldexp(1.0 - ((lower - (rest * correction) / (2.0 - correction)) - upper), times)
