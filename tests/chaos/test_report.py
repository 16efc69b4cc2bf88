"""What a reviewer reads."""

from pathlib import Path

import pytest

from flowrun.chaos.campaign import Options
from flowrun.chaos.findings import Findings, Outcome, Row, VariantFindings, Verdict
from flowrun.chaos.points import Moment, Place, Step
from flowrun.cli.chaos_report import print_findings
from flowrun.sandbox.module import Window

WINDOW = Window("ask", "between answer and commit")


def row(number: int, by: str, **verdicts: Verdict) -> Row:
    step = Step(Place(number, "journal", 1), "record in the journal", by, tuple(Moment), is_record=True)
    problems = {Verdict.FAILED: ("lost: a flowfile",), Verdict.IN_WINDOW: ("the access is lost",)}
    outcomes = {Moment(name): Outcome(verdict, problems.get(verdict, ())) for name, verdict in verdicts.items()}
    return Row(step, outcomes=outcomes)


def printed(capsys: pytest.CaptureFixture[str], *rows: Row, options: Options | None = None) -> str:
    variant = VariantFindings("strict", WINDOW, 6, list(rows), 2, 2, 1, 1, 0.0042)
    print_findings(Findings("orders", 3, [variant], 12.0), options or Options())
    return capsys.readouterr().out


def test_a_table_shows_each_step_and_moment_and_what_a_window_costs(capsys: pytest.CaptureFixture[str]) -> None:
    ask = row(1, "ask", before=Verdict.IN_WINDOW, inside=Verdict.IN_WINDOW, after=Verdict.SURVIVED)
    save = row(2, "save", before=Verdict.SURVIVED, after=Verdict.NOT_REACHED)

    lines = [line.split() for line in printed(capsys, ask, save).splitlines()]

    assert ["1", "ask", "record", "in", "the", "journal", "window", "window", "ok"] in lines
    assert ["2", "save", "record", "in", "the", "journal", "ok", "not", "reached"] in lines
    text = " ".join(word for line in lines for word in line)
    assert "5 of 6 kills: 2 survived, 2 fell into the window, 1 came too late, for the run had ended." in text
    assert "lies between answer and commit: in the commit of 'ask', until its record is whole" in text
    assert "the access is lost" in text
    assert "'orders' survived every point outside of the window: 5 kills in 12 seconds, seed 3." in text


def test_what_was_not_survived_is_told_below_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, row(1, "save", after=Verdict.FAILED), options=Options(keep=Path("kept")))

    assert "FAILED 1: lost: a flowfile" in text
    assert "'orders' did not survive 1 point" in text
    assert "are in kept." in text
