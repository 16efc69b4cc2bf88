"""Java's dates: patterns that print and read, zones, and texts that stand for a Date or an Instant."""

import re
from collections.abc import Callable, Iterable
from datetime import tzinfo

from flowrun.dialect.dates import (
    DatePattern,
    add_duration,
    date_from_text,
    format_instant,
    format_java_date,
    instant_from_text,
    zone,
)
from tests.conformance.tables import HERE, Tables
from tests.fuzz.golden import golden
from tests.fuzz.grammar import Grammar
from tests.fuzz.target import Input, Target, attempt, check_column, kind

_CALL = re.compile(r""":(?:toDate|format|toInstant|formatInstant|isValidDate)\(\s*(['"])((?:(?!\1)[^\\]|\\.)*)\1""")
_FURTHEST = (1 << 63) * 1_000_000
_UNITS = ("nanosecond", "seconds", "Minute", "hours", "day", "weeks", "month", "years", "fortnight")


def _seeds() -> Iterable[Input]:
    for case in Tables(HERE).expressions:
        for found in _CALL.finditer(case["expression"]):
            text = next(iter(case["attributes"].values()), "2024-02-29")
            yield {
                "pattern": found[2],
                "text": text,
                "zone": case.get("timezone", "UTC"),
                "moment": "1403620278642000000",
            }
    for answer in golden("date"):
        yield {
            "pattern": answer["pattern"],
            "text": answer.get("text") or "2024-02-29",
            "zone": answer.get("zone") or "UTC",
            "moment": str(answer.get("nanos", 0)),
        }
    for pattern in ("yyyy-MM-dd", "EEE MMM dd HH:mm:ss zzz yyyy", "uuuu-MM-dd'T'HH:mm[:ss[.SSS]]XXX'['VV']'"):
        yield from (
            {"pattern": pattern, "text": "2024-02-29", "zone": "Europe/Paris", "moment": "0"} for _ in range(100)
        )


def _check(made: Input) -> str:
    text, where = made["text"], attempt(lambda: zone(made["zone"]))
    here = where if isinstance(where, tzinfo) else zone("UTC")
    digits = re.fullmatch("-?[0-9]{1,40}", made["moment"], re.ASCII)
    moment = int(made["moment"]) if digits else 0
    moment = max(-_FURTHEST + 1, min(_FURTHEST - 1, moment))
    outcomes = [attempt(work) for work in _without_pattern(text, moment, here)]
    pattern = attempt(lambda: DatePattern.parse(made["pattern"]))
    if not isinstance(pattern, DatePattern):
        check_column(pattern, made["pattern"])
        return kind(pattern)
    outcomes += [attempt(work) for work in _with_pattern(pattern, text, here)]
    printed = attempt(lambda: pattern.format(moment, here))
    if isinstance(printed, str):
        outcomes += [attempt(work) for work in _with_pattern(pattern, printed, here)]
    return " ".join(map(kind, (*outcomes, printed)))


def _without_pattern(text: str, moment: int, here: tzinfo) -> list[Callable[[], object]]:
    unit = _UNITS[moment % len(_UNITS)]
    return [
        lambda: instant_from_text(text),
        lambda: date_from_text(text, here),
        lambda: format_java_date(moment, here),
        lambda: format_instant(moment),
        lambda: add_duration(moment, len(text) ** 9 * (-1) ** len(text), unit, here),
        lambda: add_duration(moment, 5, unit, here),
    ]


def _with_pattern(pattern: DatePattern, text: str, here: tzinfo) -> list[Callable[[], object]]:
    return [
        lambda: pattern.parse_lenient(text, here),
        lambda: pattern.parse_strict(text, here),
        lambda: pattern.is_valid(text, here),
        lambda: pattern.is_valid(text, None),
    ]


TARGET = Target("dates", _seeds, Grammar.read("dates"), _check)
