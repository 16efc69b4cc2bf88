from contextlib import suppress
from datetime import tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowrun.dialect.dates import DatePattern, format_java_date, system_zone, zone
from flowrun.errors import ExpressionError


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("UTC", 0),
        ("Z", 0),
        ("+05:30", 19_800),
        ("-3", -10_800),
        ("+053015", 19_815),
        ("GMT+2", 7200),
        ("UTC-11:30", -41_400),
        ("Asia/Kolkata", 19_800),
        ("EST5EDT", -18_000),
        ("Etc/GMT+5", -18_000),
    ],
)
def test_zone_is_found(text: str, offset: int) -> None:
    found = zone(text)

    assert DatePattern.parse("xxxxx").format(0, found) == DatePattern.parse("xxxxx").format(0, zone_of(offset))


def zone_of(seconds: int) -> tzinfo:
    sign = "-" if seconds < 0 else "+"
    return zone(f"{sign}{abs(seconds) // 3600:02}{abs(seconds) // 60 % 60:02}{abs(seconds) % 60:02}")


@pytest.mark.parametrize(
    "text", ["EST", "PST", "MST", "utc", "Nope/Zone", "", "+19", "+5:3", "UTC+", "+05:60", "../etc", "posix/UTC"]
)
def test_unknown_zone_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError, match="expected"):
        zone(text)


def test_system_zone_follows_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert system_zone() == ZoneInfo("Asia/Tokyo")
    monkeypatch.setenv("TZ", ":America/New_York")
    assert system_zone() == ZoneInfo("America/New_York")
    monkeypatch.setenv("TZ", "EST")
    assert format_java_date(0, system_zone()) == "Wed Dec 31 19:00:00 EST 1969"


def test_system_zone_is_that_of_the_machine_without_an_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TZ", raising=False)

    assert format_java_date(0, system_zone())


@given(st.text(max_size=20) | st.text(alphabet="UTCGM+-:0123456789/EuropeParis", max_size=14))
def test_any_text_is_a_zone_or_an_expression_error(text: str) -> None:
    with suppress(ExpressionError):
        assert isinstance(zone(text), tzinfo)
