"""From the fields of a time that a text holds to the time of day, as Java's smart resolver does."""

from flowrun.dialect.dates.civil import NANOS_PER_DAY, NANOS_PER_SECOND
from flowrun.dialect.dates.fields import Field
from flowrun.dialect.dates.parsing import DayPeriod
from flowrun.dialect.dates.values import Values
from flowrun.errors import EvaluationError

_HOUR = 3600 * NANOS_PER_SECOND
_MINUTE = 60 * NANOS_PER_SECOND
_CLOCK = (Field.HOUR, Field.MINUTE, Field.SECOND, Field.NANO)


def resolve_time(values: Values, day_period: DayPeriod | None) -> int | None:
    """Nanoseconds of the day, a whole day for 24:00; None where the text holds no time, or minutes without an hour.

    Takes the fields that it uses out of the values; raises EvaluationError where they are out of range or contradict.
    """
    has_nano = Field.NANO in values or Field.NANO_OF_DAY in values
    _use_clock_hours(values)
    _use_counts_of_day(values)
    if day_period is not None and Field.HOUR_OF_HALF_DAY in values:
        _use_day_period(values, day_period)
        day_period = None
    if not any(field in values for field in _CLOCK):
        return _middle(values, day_period)
    hour, minute, second, nano = (values.get(field) for field in _CLOCK)
    has_gap = (minute is None and not (second is None and nano is None)) or (second is None and nano is not None)
    if hour is None or has_gap:
        values.check(*_CLOCK, Field.HALF_DAY, Field.HOUR_OF_HALF_DAY)
        return None
    is_whole = has_nano and None not in (minute, second)
    if day_period is not None and not is_whole and not day_period.includes(hour * 60 + (minute or 0)):
        raise EvaluationError(f"the time {hour:02}:{minute or 0:02} is not {day_period.short}")
    for field in _CLOCK:
        values.pop(field, None)
    return _time(hour, minute or 0, second or 0, nano or 0)


def time_of_clock(values: Values) -> int:
    """Nanoseconds of the day of what the text holds of a time, with zeros for the rest."""
    values.check(*_CLOCK)
    hour, minute, second, nano = (values.get(field, 0) for field in _CLOCK)
    return hour * _HOUR + minute * _MINUTE + second * NANOS_PER_SECOND + nano


def _use_clock_hours(values: Values) -> None:
    for clock, hour, last in (
        (Field.CLOCK_HOUR, Field.HOUR, 24),
        (Field.CLOCK_HOUR_OF_HALF_DAY, Field.HOUR_OF_HALF_DAY, 12),
    ):
        if clock in values:
            if values[clock]:
                values.check(clock)
            values.put(hour, values.pop(clock) % last)
    if Field.HALF_DAY in values and Field.HOUR_OF_HALF_DAY in values:
        values.check(Field.HALF_DAY, Field.HOUR_OF_HALF_DAY)
        values.put(Field.HOUR, values.pop(Field.HALF_DAY) * 12 + values.pop(Field.HOUR_OF_HALF_DAY))


def _use_counts_of_day(values: Values) -> None:
    if Field.NANO_OF_DAY in values:
        values.check(Field.NANO_OF_DAY)
        nanos = values.pop(Field.NANO_OF_DAY)
        _put_clock(values, nanos)
        values.put(Field.NANO, nanos % NANOS_PER_SECOND)
    if Field.NANO in values:
        values.check(Field.NANO)
    if Field.MILLI_OF_DAY in values:
        values.check(Field.MILLI_OF_DAY)
        milliseconds = values.pop(Field.MILLI_OF_DAY)
        _put_clock(values, milliseconds * 1_000_000)
        values.put(Field.NANO, milliseconds % 1000 * 1_000_000 + values.get(Field.NANO, 0) % 1_000_000)


def _put_clock(values: Values, nanos: int) -> None:
    values.put(Field.HOUR, nanos // _HOUR)
    values.put(Field.MINUTE, nanos // _MINUTE % 60)
    values.put(Field.SECOND, nanos // NANOS_PER_SECOND % 60)


def _use_day_period(values: Values, period: DayPeriod) -> None:
    values.check(Field.HOUR_OF_HALF_DAY)
    hour = values.pop(Field.HOUR_OF_HALF_DAY)
    afternoon = period.includes((hour + 12) * 60 + values.get(Field.MINUTE, 0) % 60)
    values.put(Field.HOUR, hour + 12 if afternoon else hour)


def _middle(values: Values, period: DayPeriod | None) -> int | None:
    """The middle of a part of the day that comes without a time."""
    if period is not None:
        return period.middle * _MINUTE
    if Field.HALF_DAY in values:
        values.check(Field.HALF_DAY)
        return (values.pop(Field.HALF_DAY) * 12 + 6) * _HOUR
    values.check(Field.HOUR_OF_HALF_DAY)
    return None


def _time(hour: int, minute: int, second: int, nano: int) -> int:
    if (hour, minute, second, nano) == (24, 0, 0, 0):
        return NANOS_PER_DAY
    checked = Values({Field.HOUR: hour, Field.MINUTE: minute, Field.SECOND: second, Field.NANO: nano})
    return time_of_clock(checked)
