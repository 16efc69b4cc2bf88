"""Java's dates: patterns of `DateTimeFormatter`, zones, and text that stands for a Date or an Instant."""

from flowrun.dialect.dates.date_pattern import DatePattern
from flowrun.dialect.dates.durations import add_duration
from flowrun.dialect.dates.instants import format_instant, instant_from_text
from flowrun.dialect.dates.java_dates import date_from_text, format_java_date
from flowrun.dialect.dates.zones import system_zone, zone

__all__ = [
    "DatePattern",
    "add_duration",
    "date_from_text",
    "format_instant",
    "format_java_date",
    "instant_from_text",
    "system_zone",
    "zone",
]
