"""CRON expressions: reading one, and the times that it means."""

import re
from collections.abc import Iterable
from datetime import tzinfo
from typing import get_args

from flowrun.dialect.cron import CronExpression
from flowrun.dialect.cron_fields import CronDialect
from flowrun.dialect.dates import zone
from tests.fuzz.golden import golden
from tests.fuzz.grammar import Grammar
from tests.fuzz.target import Input, Target, attempt, check_column, kind

_WRITTEN = (
    *("0 0/10 * * * ?", "0 0 12 ? * MON-FRI", "*/5 * * * * ?", "0 15 10 L * ?", "0 15 10 ? * 6L", "0 15 10 ? * 6#3"),
    *(
        "0 0 0 LW * ?",
        "0 0 0 15W * ?",
        "0 0 0 L-3 * ?",
        "0 0 22-2 * * ?",
        "0 30 2 * * ?",
        "0 0 0 29 2 ? 2096",
        "0 0 0 31 2 ?",
    ),
    *(
        "0 0 0 1/5 * ? 2024-2030/2",
        "* * * * * *",
        "0 0 * * *",
        "@daily",
        "0 0 0 ? JAN,MAR SUN#5",
        "0 0 0 L-3W * ?",
        "0 0 0 1W * *",
    ),
)


def _seeds() -> Iterable[Input]:
    for dialect, answers in golden("cron").items():
        for text, place, moment, *_ in answers:
            yield {"text": text, "zone": place, "moment": str(moment), "dialect": dialect}
    for text in _WRITTEN:
        for dialect in get_args(CronDialect):
            for place in ("UTC", "Europe/Paris"):
                yield {"text": text, "zone": place, "moment": "1711846799.5", "dialect": dialect}


def _check(made: Input) -> str:
    where = attempt(lambda: zone(made["zone"]))
    here = where if isinstance(where, tzinfo) else None
    dialect: CronDialect = "spring" if made["dialect"] == "spring" else "quartz"
    schedule = attempt(lambda: CronExpression.parse(made["text"], dialect=dialect, zone=here))
    if not isinstance(schedule, CronExpression):
        check_column(schedule, made["text"])
        return kind(schedule)
    number = re.fullmatch(r"-?[0-9]{1,20}(\.[0-9]{1,9})?(e[0-9]{1,2})?|nan", made["moment"], re.ASCII)
    moment = float(made["moment"]) if number else 0.0
    times = 0
    while times < 3 and (following := schedule.next_after(moment)) is not None:
        assert following > moment, f"{following} does not come after {moment}"
        moment = following
        times += 1
    return f"{times} times, {len(schedule.warnings)} warnings"


TARGET = Target("crons", _seeds, Grammar.read("crons"), _check)
