"""Java's dates: patterns of `DateTimeFormatter`, zones, and text that stands for a Date or an Instant."""

from .date_pattern import DatePattern
from .durations import add_duration
from .instants import format_instant, instant_from_text
from .java_dates import date_from_text, format_java_date
from .zones import system_zone, zone

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
