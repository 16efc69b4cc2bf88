"""`cbrt` and `hypot` to the last digit of Java, whose results are not always the nearest numbers."""

import math


def cube_root(value: float) -> float:
    """Java's `Math.cbrt`: one step of Halley's method from a root of 21 bits, rounded upwards."""
    if not value or not math.isfinite(value):
        return value
    size = abs(value)
    fraction, exponent = math.frexp(math.cbrt(size))
    start = math.ldexp(math.floor(math.ldexp(fraction, 21)) + 1, exponent - 21)
    quotient = size / (start * start)
    root = start + start * ((quotient - start) / (start + start + quotient))
    return math.copysign(root, value)


def hypotenuse(one: float, other: float) -> float:
    """Java's `Math.hypot`: the squares are summed from halves of the numbers, so that each product is exact."""
    if not math.isfinite(one) or not math.isfinite(other):
        return math.hypot(one, other)
    short, long = sorted((abs(one), abs(other)))
    if short * _NEGLIGIBLE <= long:
        return long + short
    exponent = math.frexp(long)[1]
    root = math.sqrt(_sum_of_squares(math.ldexp(short, -exponent), math.ldexp(long, -exponent)))
    try:
        return math.ldexp(root, exponent)
    except OverflowError:
        return math.inf


_NEGLIGIBLE = 2.0**60


def _sum_of_squares(short: float, long: float) -> float:
    difference = long - short
    if difference > short:
        upper, lower = _halves(long)
        return upper * upper + (short * short + lower * (long + upper))
    upper, lower = _halves(long + long)
    short_upper, short_lower = _halves(short)
    return upper * short_upper + (difference * difference + (upper * short_lower + lower * short))


def _halves(value: float) -> tuple[float, float]:
    """The leading 21 bits of a number, and the rest of it."""
    fraction, exponent = math.frexp(value)
    upper = math.ldexp(math.floor(math.ldexp(fraction, 21)), exponent - 21)
    return upper, value - upper
