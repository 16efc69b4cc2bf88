"""What `flowrun chaos` prints at its end: a table of steps and moments, and sentences."""

from collections.abc import Mapping, Sequence

import click

from flowrun.chaos.campaign import Options
from flowrun.chaos.findings import Findings, Row, VariantFindings, Verdict
from flowrun.chaos.points import Moment
from flowrun.cli.columns import Column
from flowrun.cli.report import counted, styled
from flowrun.cli.table import print_table

Failures = Mapping[tuple[str, ...], int]
"""What went wrong, and the number under which it is told."""

_MOST_TOLD = 10
_SAME_AS_ANOTHER, _NOT_TRIED = "·", ""
_WORDS = {Verdict.SURVIVED: "ok", Verdict.IN_WINDOW: "window", Verdict.NOT_REACHED: "not reached"}


def print_findings(findings: Findings, options: Options) -> None:
    """Print all of it to standard output."""
    for variant in findings.variants:
        _print_variant(variant)
    _print_verdict(findings, options)


def _print_variant(variant: VariantFindings) -> None:
    if variant.name:
        click.echo(styled(f"With the world's variant '{variant.name}'", bold=True))
        click.echo()
    failures = _numbered(variant)
    print_table(_columns(variant.rows, failures))
    click.echo()
    for sentence in _sentences(variant):
        click.echo(sentence)
    for problems, number in list(failures.items())[:_MOST_TOLD]:
        click.echo(f"  FAILED {number}: " + "; ".join(problems))
    if len(failures) > _MOST_TOLD:
        click.echo(f"  … and {len(failures) - _MOST_TOLD} more; --json tells all")
    click.echo()


def _columns(rows: Sequence[Row], failures: Failures) -> list[Column]:
    number = [str(n) for n in range(1, len(rows) + 1)]
    whose = [row.step.by or "–" for row in rows]
    what = [f"after another kill: {row.step.what}" if row.in_recovery else row.step.what for row in rows]
    moments = [Column(moment.value, [_cell(row, moment, failures) for row in rows]) for moment in Moment]
    columns = [Column("#", number, is_number=True, importance=1), Column("commit of", whose, importance=2)]
    return [*columns, Column("step", what, importance=3), *moments]


def _cell(row: Row, moment: Moment, failures: Failures) -> str:
    outcome = row.outcomes.get(moment)
    if outcome is None:
        return _NOT_TRIED if moment in row.step.moments else _SAME_AS_ANOTHER
    return _WORDS.get(outcome.verdict) or f"FAILED {failures[outcome.problems]}"


def _numbered(variant: VariantFindings) -> Failures:
    failed = [outcome.problems for outcome in variant.outcomes if outcome.verdict is Verdict.FAILED]
    return {problems: number for number, problems in enumerate(dict.fromkeys(failed), start=1)}


def _sentences(variant: VariantFindings) -> list[str]:
    kills = len(variant.outcomes)
    sampled = f" of {variant.points:,}" if kills < variant.points else ""
    lines = [f"{kills:,}{sampled} kills: {variant.count(Verdict.SURVIVED):,} survived" + _others(variant) + "."]
    if variant.window is not None and variant.count(Verdict.IN_WINDOW):
        lines.append(
            f"The window that no client can close lies {variant.window.name}: in the commit of "
            f"'{variant.window.processor}', until its record is whole. What happens there:"
        )
        lines += [f"  {problem}" for problem in _in_window(variant)]
    lines.append(
        f"{counted(variant.created, 'flowfile')} came to be in two undisturbed runs, {variant.ended:,} ended; "
        f"{counted(variant.files, 'file')} compared, {variant.same:,} of them byte by byte; the longest recovery took "
        f"{variant.recovery_seconds * 1000:.0f} ms."
    )
    return lines


def _others(variant: VariantFindings) -> str:
    counts = {
        "did not": variant.count(Verdict.FAILED),
        "fell into the window": variant.count(Verdict.IN_WINDOW),
        "came too late, for the run had ended": variant.count(Verdict.NOT_REACHED),
    }
    return "".join(f", {number:,} {words}" for words, number in counts.items() if number)


def _in_window(variant: VariantFindings) -> list[str]:
    outcomes = [outcome for outcome in variant.outcomes if outcome.verdict is Verdict.IN_WINDOW]
    return list(dict.fromkeys(problem for outcome in outcomes for problem in outcome.problems))


def _print_verdict(findings: Findings, options: Options) -> None:
    kills = sum(len(variant.outcomes) for variant in findings.variants)
    windows = sum(variant.count(Verdict.IN_WINDOW) for variant in findings.variants)
    failed = sum(variant.count(Verdict.FAILED) for variant in findings.variants)
    took = f"{counted(kills, 'kill')} in {findings.seconds:.0f} seconds, seed {findings.seed}"
    if failed:
        word = styled(f"'{findings.flow}' did not survive {counted(failed, 'point')}", color="red", bold=True)
    else:
        beyond = " outside of the window" if windows else ""
        word = styled(f"'{findings.flow}' survived every point{beyond}", color="green", bold=True)
    click.echo(f"{word}: {took}.")
    if failed:
        where = f"are in {options.keep}" if options.keep else "stay if you say --keep DIR"
        click.echo(f"The scratch folders of the runs that failed {where}.")
