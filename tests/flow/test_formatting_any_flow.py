"""Formatting any flow: it means the same, keeps all comments, and is in order once and for all."""

import re
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from flowrun.flow.formatting import format_flow
from flowrun.flow.formatting.meaning import meaning
from flowrun.flow.loader import load_flow_text
from tests.flow.vocabulary import VOCABULARY
from tests.flow.written_flow import written_flow

PATH = Path("flow.yaml")


@given(st.integers(min_value=0))
@settings(max_examples=200, deadline=None)
def test_formatting_changes_neither_meaning_nor_comments_and_only_once(seed: int) -> None:
    text = written_flow(Random(seed))
    before = load_flow_text(text, PATH)
    assert before.problems == (), text
    assert before.definition is not None

    formatted = format_flow(text, PATH, VOCABULARY)

    after = load_flow_text(formatted.text, PATH)
    assert after.definition is not None, formatted.text
    assert meaning(after.definition, VOCABULARY) == meaning(before.definition, VOCABULARY)
    assert comments(formatted.text) == comments(text)
    assert bool(formatted.changes) == (formatted.text != text)
    assert format_flow(formatted.text, PATH, VOCABULARY).changes == ()


@given(st.integers(min_value=0))
@settings(max_examples=50, deadline=None)
def test_a_comment_at_the_end_of_a_line_stays_in_its_line(seed: int) -> None:
    text = written_flow(Random(seed))

    lines = {line.strip(" -\r") for line in format_flow(text, PATH, VOCABULARY).text.split("\n")}

    for line in text.split("\n"):
        if re.search(r"[^ ] +# c\d+", line) and "{" not in line and not re.search("[Ff]ormer|KNOWN", line):
            assert line.strip(" -\r") in lines


def comments(text: str) -> list[str]:
    return sorted(re.findall(r"# c\d+", text))
