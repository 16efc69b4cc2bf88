import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.expression.kit import failure, mistake, value

from flowrun.dialect.numbers import LONG_MAX, LONG_MIN

_LONGS = st.integers(LONG_MIN, LONG_MAX)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("${i:plus(1)}", "8"),
        ("${i:plus(1.0)}", "8.0"),
        ("${i:plus('3')}", "10"),
        ("${i:plus('x')}", ""),
        ("${i:plus(${missing})}", ""),
        ("${big:plus(1)}", "-9223372036854775808"),
        ("${big:multiply(2)}", "-2"),
        ("${i:minus(10)}", "-3"),
        ("${below:divide(2)}", "-3"),
        ("${below:mod(3)}", "-1"),
        ("${i:mod(-3)}", "1"),
        ("${i:divide(0.0)}", "Infinity"),
        ("${below:divide(0.0)}", "-Infinity"),
        ("${i:divide(-0.0)}", "-Infinity"),
        ("${zero:divide(0.0)}", "NaN"),
        ("${i:mod(0.0)}", "NaN"),
        ("${i:mod(2.5)}", "2.0"),
        ("${least:divide(-1)}", "-9223372036854775808"),
        ("${i:toRadix(2, 8)}", "00000111"),
        ("${below:toRadix(16, 4)}", "00-7"),
        ("${i:toRadix(99)}", "7"),
        ("${i:toRadix(${missing})}", ""),
        ("${hex:fromRadix(16)}", "-255"),
    ],
)
def test_number_functions(text: str, result: str) -> None:
    assert value(text, i="7", below="-7", big=str(LONG_MAX), least=str(LONG_MIN), zero="0", hex="-fF") == result


@pytest.mark.parametrize("function", ["divide(0)", "mod(0)", "fromRadix(99)", "fromRadix(7)", "math('sqrt')"])
def test_what_has_no_result_is_an_error(function: str) -> None:
    assert f"{function.partition('(')[0]}()" in failure(f"${{i:{function}}}", i="7")


@pytest.mark.parametrize("text", ["", "+", "2.5", "0xFF", "9223372036854775808", "1" * 100, "٣"])
def test_only_digits_of_the_base_are_a_number_in_it(text: str) -> None:
    assert "fromRadix()" in failure("${a:fromRadix(10)}", a=text)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("${i:math('abs')}", "7"),
        ("${d:math('abs')}", "2.5"),
        ("${d:math('round')}", "-2"),
        ("${d:math('rint')}", "-2.0"),
        ("${d:math('ceil')}", "-2.0"),
        ("${d:math('floor')}", "-3.0"),
        ("${d:math('sqrt')}", "NaN"),
        ("${d:math('signum')}", "-1.0"),
        ("${d:math('pow', 2.0)}", "6.25"),
        ("${d:math('pow', 0.5)}", "NaN"),
        ("${d:math('scalb', 2)}", "-10.0"),
        ("${d:math('max', -3.0)}", "-2.5"),
        ("${d:math('getExponent')}", "1"),
        ("${o:math('log')}", "-Infinity"),
        ("${o:math('ceil')}", "0.0"),
        ("${o:math('pow', -1.0)}", "Infinity"),
        ("${i:math('max', 9)}", "9"),
        ("${i:math('floorMod', -4)}", "-1"),
        ("${i:math('floorDiv', -4)}", "-2"),
        ("${i:math(${missing})}", ""),
        ("${i:math('max', ${missing})}", ""),
        ("${missing:math('nonsense')}", ""),
    ],
)
def test_math_is_java_s(text: str, result: str) -> None:
    assert value(text, i="7", d="-2.5", o="0.0") == result


@pytest.mark.parametrize(
    ("subject", "arguments"),
    [
        ("7", "'pow', 2"),
        ("2.5", "'pow', 2"),
        ("7", "'max', 9.0"),
        ("7", "'floorDiv', 0"),
        ("7", "'class'"),
        (str(LONG_MAX), "'addExact', 1"),
        (str(LONG_MIN), "'absExact'"),
        ("2147483648", "'toIntExact'"),
    ],
)
def test_a_method_that_java_has_not_or_that_overflows_is_an_error(subject: str, arguments: str) -> None:
    assert "math()" in failure(f"${{a:math({arguments})}}", a=subject)


@pytest.mark.parametrize(
    ("subject", "root"),
    [
        ("27.0", "3.0"),
        ("7.0", "1.9129311827723892"),
        ("20.0", "2.7144176165949063"),
        ("-64.1", "-4.002082249204809"),
        ("-0.0", "-0.0"),
        ("Infinity", "Infinity"),
    ],
)
def test_cube_roots_are_java_s_to_the_last_digit(subject: str, root: str) -> None:
    assert value("${a:toDecimal():math('cbrt')}", a=subject) == root


@pytest.mark.parametrize(
    ("one", "other", "length"),
    [
        ("3.0", "-4.0", "5.0"),
        ("10.1", "7.3", "12.461942063739503"),
        ("1.5", "2.2", "2.6627053911388696"),
        ("1.0E200", "1.0E200", "1.414213562373095E200"),
        ("1.0E308", "1.7E308", "Infinity"),
        ("0.0", "-0.0", "0.0"),
        ("NaN", "-Infinity", "Infinity"),
    ],
)
def test_lengths_of_hypotenuses_are_java_s_to_the_last_digit(one: str, other: str, length: str) -> None:
    assert value("${a:toDecimal():math('hypot', ${b:toDecimal()})}", a=one, b=other) == length


@pytest.mark.parametrize(
    ("method", "subject", "result"),
    [
        ("atan", "-9.99", "-1.471028566276309"),
        ("atan", "17.52", "1.5137805638943922"),
        ("atan", "0.5", "0.4636476090008061"),
        ("cosh", "-9.6", "7382.390816653003"),
        ("cosh", "0.2", "1.020066755619076"),
        ("cosh", "1.0E300", "Infinity"),
        ("log10", "0.17", "-0.769551078621726"),
        ("log10", "-2.51", "NaN"),
        ("log10", "0.0", "-Infinity"),
    ],
)
def test_curves_are_java_s_to_the_last_digit(method: str, subject: str, result: str) -> None:
    assert value(f"${{a:toDecimal():math('{method}')}}", a=subject) == result


@pytest.mark.parametrize(
    ("y", "x", "result"),
    [
        ("-30.0", "-28.9", "-2.337520939431535"),
        ("12.7", "11.8", "0.8221163469134035"),
        ("-0.0", "-1.0", "-3.141592653589793"),
        ("1.0E300", "-1.0E-300", "1.5707963267948968"),
    ],
)
def test_angles_are_java_s_to_the_last_digit(y: str, x: str, result: str) -> None:
    assert value("${a:toDecimal():math('atan2', ${b:toDecimal()})}", a=y, b=x) == result


def test_math_without_a_subject_knows_random_only() -> None:
    assert 0 <= float(value("${math('random')}")) < 1
    assert "no method abs()" in failure("${math('abs')}")
    assert mistake("${math('random', 1)}").message == "math() takes 1 argument, found 2"


@given(left=_LONGS, right=_LONGS)
def test_whole_numbers_stay_within_64_bits(left: int, right: int) -> None:
    for function in ("plus", "minus", "multiply"):
        result = int(value(f"${{a:{function}(${{b}})}}", a=str(left), b=str(right)))

        assert LONG_MIN <= result <= LONG_MAX


@given(dividend=_LONGS, divisor=_LONGS.filter(bool))
def test_quotient_and_remainder_belong_together(dividend: int, divisor: int) -> None:
    quotient = int(value("${a:divide(${b})}", a=str(dividend), b=str(divisor)))
    remainder = int(value("${a:mod(${b})}", a=str(dividend), b=str(divisor)))

    assert (quotient * divisor + remainder - dividend) % 2**64 == 0
    assert remainder == int(math.copysign(1, dividend)) * (abs(dividend) % abs(divisor))


@given(number=_LONGS, base=st.integers(2, 36))
def test_a_number_comes_back_from_its_base(number: int, base: int) -> None:
    assert value(f"${{a:toRadix({base}):fromRadix({base})}}", a=str(number)) == str(number)
