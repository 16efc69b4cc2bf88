"""The `history:` of a flow: how much of it is kept."""

from collections.abc import Callable
from typing import TypeVar

from flowrun.flow.fields import Fields
from flowrun.flow.keys import HISTORY_KEYS
from flowrun.flow.problem_list import ProblemList
from flowrun.flow.setting_values import bounded_data_size, bounded_duration
from flowrun.flow.wording import quoted
from flowrun.flow.yaml_nodes import MappingNode
from flowrun.repository.history_limit import HistoryLimit

_Value = TypeVar("_Value")


def read_history(fields: Fields, problems: ProblemList) -> HistoryLimit | None:
    """The limit; None: nothing is kept."""
    word = fields.text("history")
    if word is not None:
        if word.value.strip().lower() not in ("off", "false", "no"):
            expected = "expected off, or how much is kept, such as {size: 1 GB, age: 30 days}"
            problems.report(f"history: {expected}, found {quoted(word.value)}", word.place)
        return None
    default, node = HistoryLimit(), fields.mapping("history")
    if not isinstance(node, MappingNode):
        return default
    limits = Fields(node, HISTORY_KEYS, problems)
    size = _value(limits, "size", bounded_data_size, problems)
    age = _value(limits, "age", bounded_duration, problems)
    return HistoryLimit(default.size if size is None else size, default.age if age is None else age)


def _value(fields: Fields, key: str, parse: Callable[[str], _Value], problems: ProblemList) -> _Value | None:
    text = fields.text(key)
    if text is None:
        return None
    try:
        return parse(text.value)
    except ValueError as error:
        problems.report(f"history, {key}: {error}", text.place)
        return None
