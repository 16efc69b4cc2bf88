"""`atan` and `atan2` to the last digit of Java, which computes them as FDLIBM does (`s_atan.c`, `e_atan2.c`)."""

import math

_LIMITS = (7 / 16, 11 / 16, 19 / 16, 39 / 16)
_BASES = (
    (0.0, 0.0),
    (4.63647609000806093515e-01, 2.26987774529616870924e-17),
    (7.85398163397448278999e-01, 3.06161699786838301793e-17),
    (9.82793723247329054082e-01, 1.39033110312309984516e-17),
    (1.57079632679489655800e00, 6.12323399573676603587e-17),
)
"""The arc tangents of 0, 1/2, 1, 3/2 and infinity, each in two parts."""
_EVEN = (
    3.33333333333329318027e-01,
    1.42857142725034663711e-01,
    9.09088713343650656196e-02,
    6.66107313738753120669e-02,
    4.97687799461593236017e-02,
    1.62858201153657823623e-02,
)
_ODD = (
    -1.99999999998764832476e-01,
    -1.11111104054623557880e-01,
    -7.69187620504482999495e-02,
    -5.83357013379057348645e-02,
    -3.65315727442169155270e-02,
)
_PI_REST = 1.2246467991473531772e-16
_TINY, _HUGE = 2.0**-29, 2.0**66


def arc_tangent(value: float) -> float:
    """Java's `Math.atan`."""
    size = abs(value)
    if value != value or size < _TINY:
        return value
    if size >= _HUGE:
        return math.copysign(sum(_BASES[-1]), value)
    number = next((n for n, limit in enumerate(_LIMITS) if size < limit), len(_LIMITS))
    if number == 0:
        return value - value * _series(value)
    reduced = (
        (2.0 * size - 1.0) / (2.0 + size),
        (size - 1.0) / (size + 1.0),
        (size - 1.5) / (1.0 + 1.5 * size),
        -1.0 / size,
    )[number - 1]
    upper, lower = _BASES[number]
    return math.copysign(upper - ((reduced * _series(reduced) - lower) - reduced), value)


def angle(y: float, x: float) -> float:
    """Java's `Math.atan2`."""
    if x == 1.0:
        return arc_tangent(y)
    if not x or not y or not math.isfinite(x) or not math.isfinite(y):
        return math.atan2(y, x)
    apart = math.frexp(y)[1] - math.frexp(x)[1]
    if apart > 60:
        result = math.pi / 2 + 0.5 * _PI_REST
    elif x < 0 and apart < -60:
        result = 0.0
    else:
        result = arc_tangent(abs(y / x))
    if x < 0:
        result = math.pi - (result - _PI_REST)
    return math.copysign(result, y)


def _series(value: float) -> float:
    square = value * value
    fourth = square * square
    return square * _polynomial(_EVEN, fourth) + fourth * _polynomial(_ODD, fourth)


def _polynomial(coefficients: tuple[float, ...], value: float) -> float:
    result = 0.0
    for coefficient in reversed(coefficients):
        result = coefficient + value * result
    return result
