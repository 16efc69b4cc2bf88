import pytest
from tests.expression.kit import failure, mistake, value


@pytest.mark.parametrize(
    ("text", "subject", "result"),
    [
        ("format('yyyy-MM-dd HH:mm:ss.SSS', 'Asia/Tokyo')", "1403620278642", "2014-06-24 23:31:18.642"),
        ("format('yyyy', ${zone})", "1403620278642", "2014"),
        ("format(${missing}, 'UTC')", "1403620278642", ""),
        ("toDate('yyyy-MM-dd', 'UTC'):toNumber()", "2024-1-5", "1704412800000"),
        ("toDate('dd MMM yyyy', 'UTC'):format('yyyy-MM-dd', 'UTC')", "31 FEB 2024", "2024-02-29"),
        ("toDate(${missing})", "2024-01-01", ""),
        ("toDate():toNumber()", "12", "12"),
        ("toDate()", "abc", ""),
        ("toNumber():toDate('yyyy'):toNumber()", "12", "12"),
        (
            "toInstant('yyyy-MM-dd HH:mm:ss.SSSSSSSSS', 'UTC')",
            "2024-02-29 10:15:30.000000001",
            "2024-02-29T10:15:30.000000001Z",
        ),
        ("toInstant(${missing}, 'UTC')", "2024-02-29 10:15:30", ""),
        ("toInstant():toMicros()", "5", "5000"),
        ("toInstant():toNanos()", "-5", "-5000000"),
        ("formatInstant('HH:mm', 'Asia/Tokyo')", "2024-02-29T10:15:30+01:00", "18:15"),
        ("plusDuration('1 month', 'UTC'):format('yyyy-MM-dd', 'UTC')", "1706659200000", "2024-02-29"),
        ("minusDuration('1 NANOSECOND'):toNumber()", "5", "4"),
        ("plusDuration(' 2   weeks '):toNumber()", "0", "1209600000"),
        ("plusDuration('1 day', ${missing}):toNumber()", "0", "86400000"),
        ("plusInstantDuration('1 year')", "2024-02-29T00:00:00Z", "2025-02-28T00:00:00Z"),
        ("minusInstantDuration('1 nanosecond')", "2024-01-01T00:00:00Z", "2023-12-31T23:59:59.999999999Z"),
        ("isValidDate('dd-MM-yyyy')", " 4-8-2026 ", "true"),
        ("isValidDate('dd-MM-yyyy')", "31-02-2026", "false"),
        ("isValidDate('dd-MM-yyyy', ${bogus})", "04-08-2026", "false"),
        ("isValidDate(${bogus})", "04-08-2026", "false"),
        ("isValidDate('yyyy-MM-dd HH:mm:ss', 'Australia/Sydney')", "2024-10-06 02:30:00", "false"),
        ("isValidInstant()", " 2026-08-04T10:15:30Z ", "true"),
        ("isValidInstant()", "Tue, 04 Aug 2026 10:15:30 GMT", "true"),
        ("isValidInstant()", "1403620278642", "false"),
        ("isValidInstant()", "2026-08-04", "false"),
    ],
)
def test_date_functions(text: str, subject: str, result: str) -> None:
    assert value(f"${{a:{text}}}", a=subject, zone="Europe/Paris", bogus="bogus") == result


@pytest.mark.parametrize(
    "function",
    [
        "format('yyyy', 'UTC')",
        "toDate('yyyy')",
        "toInstant('yyyy', 'UTC')",
        "formatInstant('yyyy', 'UTC')",
        "plusDuration('1 day')",
        "minusInstantDuration('1 day')",
    ],
)
def test_null_is_no_date(function: str) -> None:
    assert value(f"${{missing:{function}:isNull()}}") == "true"


def test_a_null_date_is_no_valid_one() -> None:
    assert value("${missing:isValidDate('dd-MM-yyyy')}${missing:isValidInstant()}") == "falsefalse"


@pytest.mark.parametrize(
    "function",
    [
        "format('bogus{')",
        "format('yyyy', 'Nope')",
        "toDate('yyyy-bogus')",
        "toDate('yyyy', 'Nope')",
        "toDate(null)",
        "plusDuration('1 fortnight')",
        "plusDuration('1day')",
        "minusDuration('-1 day')",
        "plusDuration(null)",
        "plusInstantDuration('1.5 days')",
        "isValidDate('bogus')",
        "isValidDate('dd', 'Nope')",
        "toInstant('yyyy')",
    ],
)
def test_patterns_zones_and_amounts_written_out_are_checked_before_the_run(function: str) -> None:
    assert mistake(f"${{a:{function}}}").column is not None


@pytest.mark.parametrize(
    "function",
    [
        "format(${bogus})",
        "format('yyyy', ${bogus})",
        "toDate('yyyy-MM-dd')",
        "toInstant('bogus', 'UTC')",
        "toInstant('yyyy-MM-dd HH:mm', 'Nope')",
        "formatInstant('bogus', 'UTC')",
        "formatInstant('yyyy', 'Nope')",
        "plusDuration(${bogus})",
        "plusDuration(${missing})",
        "plusDuration('1 day', ${bogus})",
    ],
)
def test_what_is_none_only_in_the_data_is_an_error_then(function: str) -> None:
    assert failure(f"${{a:{function}}}", a="0", bogus="bogus")


def test_an_instant_far_away_has_no_nanoseconds_of_64_bits() -> None:
    assert "toNanos()" in failure("${a:toInstant():toNanos()}", a="9223372036854775807")


def test_days_are_added_by_the_clocks_of_the_zone() -> None:
    added = "${a:toDate('yyyy-MM-dd HH:mm', ${z}):plusDuration('1 day', ${z}):format('yyyy-MM-dd HH:mm', ${z})}"

    assert value(added, a="2024-03-09 12:00", z="America/New_York") == "2024-03-10 12:00"
