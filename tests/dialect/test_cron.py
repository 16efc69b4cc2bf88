import json
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowrun.dialect.cron import CronExpression
from flowrun.errors import ExpressionError

# Each row: expression, zone, moment, the fire times that Quartz 2.3.2 or Spring 6.2 gives after that moment.
GOLDEN = json.loads(Path(__file__).with_name("cron_golden.json").read_text("utf-8"))
UTC = ZoneInfo("UTC")


def fire_times(text: str, after: str, *, count: int = 1, zone: str = "UTC", dialect: str = "quartz") -> list[str]:
    expression = CronExpression.parse(text, dialect=dialect, zone=ZoneInfo(zone))
    moment = datetime.fromisoformat(after).replace(tzinfo=ZoneInfo(zone)).timestamp()
    times = []
    for _ in range(count):
        moment = expression.next_after(moment)
        times.append(datetime.fromtimestamp(moment, ZoneInfo(zone)).isoformat(sep=" "))
    return times


@pytest.mark.parametrize("dialect", ["quartz", "spring"])
def test_fire_times_are_those_of_the_real_scheduler(dialect):
    different = []
    for text, zone, moment, expected in GOLDEN[dialect]:
        expression = CronExpression.parse(text, dialect=dialect, zone=ZoneInfo(zone))
        times = []
        for _ in expected:
            moment = expression.next_after(moment)
            times.append(moment)
        if times != expected:
            different.append((text, zone, times, expected))

    assert not different


def test_every_ten_minutes_fires_on_the_tens():
    assert fire_times("0 0/10 * * * ?", "2026-11-24 09:31", count=2) == [
        "2026-11-24 09:40:00+00:00",
        "2026-11-24 09:50:00+00:00",
    ]


def test_the_moment_itself_is_not_after_it():
    assert fire_times("0 0 12 * * ?", "2026-11-24 12:00") == ["2026-11-25 12:00:00+00:00"]


def test_part_of_a_second_counts_for_nothing():
    assert CronExpression.parse("* * * * * ?", zone=UTC).next_after(10.7) == 11.0


def test_a_bare_weekday_number_means_another_day_in_each_dialect():
    assert fire_times("0 0 12 ? * 6", "2026-11-24") == ["2026-11-27 12:00:00+00:00"]
    assert fire_times("0 0 12 ? * 6", "2026-11-24", dialect="spring") == ["2026-11-28 12:00:00+00:00"]


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("0 0 12 ? * 6", "day of week 6: 6 is Friday here; write FRI"),
        ("0 0 12 ? * 6L", "day of week 6L: 6 is Friday here; write FRI"),
        ("0 0 12 ? * 1#3", "day of week 1#3: 1 is Sunday here; write SUN"),
        ("0 0 12 ? * MON-6/2", "day of week MON-6/2: 6 is Friday here; write FRI"),
    ],
)
def test_a_bare_weekday_number_draws_a_warning_that_names_the_day(text, warning):
    assert CronExpression.parse(text, zone=UTC).warnings == (warning,)


@pytest.mark.parametrize("text", ["0 0 12 ? * MON-FRI", "0 0 12 ? * MON#3", "0 0 12 ? * */2", "0 0 12 6 * ?"])
def test_names_and_steps_draw_no_warning(text):
    assert CronExpression.parse(text, zone=UTC).warnings == ()


def test_a_list_of_nearest_weekdays_means_each_of_them_and_says_so():
    assert fire_times("0 0 12 7W,22W * ?", "2026-11-01", count=3) == [
        "2026-11-06 12:00:00+00:00",
        "2026-11-23 12:00:00+00:00",
        "2026-12-07 12:00:00+00:00",
    ]
    assert "Quartz takes only the first" in CronExpression.parse("0 0 12 7W,22W * ?", zone=UTC).warnings[0]


def test_a_step_of_zero_does_not_repeat_and_says_so():
    expression = CronExpression.parse("0 5/0 * * * ?", zone=UTC)

    assert [expression.next_after(0.0), expression.next_after(300.0)] == [300.0, 3900.0]
    assert "does not repeat" in expression.warnings[0]


def test_the_hour_that_spring_leaves_out_is_not_made_up_for():
    assert fire_times("0 30 2 * * ?", "2026-03-08", zone="America/New_York") == ["2026-03-09 02:30:00-04:00"]


def test_a_schedule_of_every_second_passes_the_missing_hour_at_once():
    expression = CronExpression.parse("* * * * * ?", zone=ZoneInfo("America/New_York"))
    last = datetime(2026, 3, 8, 1, 59, 59, tzinfo=ZoneInfo("America/New_York")).timestamp()

    assert expression.next_after(last) == last + 1


def test_the_hour_that_autumn_repeats_fires_at_its_second_coming():
    assert fire_times("0 30 1 * * ?", "2026-11-01", count=2, zone="America/New_York") == [
        "2026-11-01 01:30:00-05:00",
        "2026-11-02 01:30:00-05:00",
    ]


def test_the_hour_that_autumn_repeats_fires_twice_for_spring():
    assert fire_times("0 30 1 * * ?", "2026-11-01", count=2, zone="America/New_York", dialect="spring") == [
        "2026-11-01 01:30:00-04:00",
        "2026-11-01 01:30:00-05:00",
    ]


def test_both_days_must_match_in_spring():
    assert fire_times("0 0 12 13 * FRI", "2026-03-14", dialect="spring") == ["2026-11-13 12:00:00+00:00"]


@pytest.mark.parametrize(
    "text", ["0 0 12 30 2 ?", "0 0 12 1 1 ? 2020", "0 0 12 L-30 2 ?", "0 0 12 31W 6 ?", "* * * ? FEB 1#5 2027"]
)
def test_a_schedule_that_never_fires_says_so_in_bounded_time(text):
    expression = CronExpression.parse(text, zone=UTC)
    began = time.perf_counter()

    assert expression.next_after(1_795_514_400.0) is None
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize("moment", [float("inf"), float("-inf"), float("nan"), 1e300, -1e300, 1e13])
def test_a_moment_outside_the_calendar_has_no_next(moment):
    assert CronExpression.parse("* * * * * ?", zone=UTC).next_after(moment) is None


def test_without_a_zone_local_time_counts():
    noon = CronExpression.parse("0 0 12 * * ?").next_after(0.0)

    assert datetime.fromtimestamp(noon).hour == 12


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("*/5 * * * *", 1, "found five; with seconds first it is '0 */5 * * * ?'"),
        ("30 5 * * 1-5", 1, "found five; with seconds first it is '0 30 5 ? * MON-FRI'"),
        ("@hourly", 1, "which would be '0 0 * * * ?'"),
        ("", None, "expected six fields"),
        ("0 0 12 * * ? 2027 x", 19, "found 8"),
        ("0 0 12 * * *", 12, "; it is '0 0 12 * * ?'"),
        ("0 0 12 * * MON", 12, "; it is '0 0 12 ? * MON'"),
        ("0 0 12 1 * MON", 12, "found both given"),
        ("0 0 12 ? * ?", 12, "found it in both"),
        ("R 0 0 * * ?", 1, "expected second 0-59"),
        ("0 0 12 5,32 * ?", 10, "expected day of month 1-31"),
        ("0 0 12 ? * FOO", 12, "expected day of week 1-7 or SUN-SAT"),
        ("0 0 12 ? JAN-13 MON", 10, "expected month 1-12 or JAN-DEC"),
        ("0 0 12 L,15 * ?", 8, "expected L alone"),
        ("0 0 12 L-31 * ?", 8, "at most 30 days before the last"),
        ("0 0 12 ? * MON#6", 12, "a number 1-5 after #"),
        ("0/90 * * * * ?", 1, "a step of at most 59"),
        ("0 0 12 1 1 ? 2030-2028", 14, "a year range that runs upwards"),
        ("0 0 12 1 1 ? 2100", 14, "expected year 1970-2099"),
    ],
)
def test_a_wrong_schedule_is_refused_with_column_and_mend(text, column, said):
    with pytest.raises(ExpressionError) as refused:
        CronExpression.parse(text, zone=UTC)

    assert refused.value.column == column
    assert said in refused.value.message


def test_what_only_quartz_has_is_refused_by_spring():
    for text in ["0 0 12 ? * FRI-MON", "0 0 12 L-3W * ?", "0 0 12 * * ? 2027", "0 0/0 * * * ?"]:
        with pytest.raises(ExpressionError):
            CronExpression.parse(text, dialect="spring", zone=UTC)


FIELD_TEXT = st.text(alphabet="0123456789*?/-,LW#MONFRISUT", min_size=1, max_size=8)


@given(st.text() | st.lists(FIELD_TEXT, min_size=5, max_size=7).map(" ".join), st.sampled_from(["quartz", "spring"]))
def test_any_text_is_a_schedule_or_an_expression_error(text, dialect):
    try:
        expression = CronExpression.parse(text, dialect=dialect, zone=UTC)
    except ExpressionError:
        return
    following = expression.next_after(1_795_514_400.0)

    assert following is None or following > 1_795_514_400.0
