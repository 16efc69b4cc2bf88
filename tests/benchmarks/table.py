"""Figures as a table: for a terminal, and in a page between two markers."""

import re
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.figure import Figure, number

_TITLES = ("measured", "flowrun", "beside it", "target")


def text(title: str, figures: Sequence[Figure]) -> str:
    """The figures for a terminal, columns lined up."""
    rows = [_TITLES, *map(_cells, figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_TITLES))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    rule = "  ".join("─" * width for width in widths)
    return "\n".join([title, "", lines[0], rule, *lines[1:], ""])


def markdown(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table."""
    rows = [_TITLES, ("---", "---:", "---", "---"), *map(_cells, figures)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def write(page: Path, name: str, figures: Sequence[Figure]) -> None:
    """Replace the table between `<!-- benchmark: NAME -->` and `<!-- end -->`. Raises ValueError without markers."""
    old = page.read_text("utf-8")
    between = re.compile(rf"(<!-- benchmark: {re.escape(name)} -->\n).*?(<!-- end -->)", re.DOTALL)
    table = f"{markdown(figures)}\n"
    new, count = between.subn(lambda found: found[1] + table + found[2], old)
    if count != 1:
        raise ValueError(f"{page} must have the markers of '{name}' once, found them {count} times")
    page.write_text(new, "utf-8")


def _cells(figure: Figure) -> tuple[str, ...]:
    peers = ", ".join(f"{peer.name} {number(peer.value)}" for peer in figure.peers)
    missed = figure.target is not None and not figure.target.is_reached(figure.value)
    target = f"{figure.target or ''}{' (missed)' if missed else ''}"
    return (figure.what, f"{number(figure.value)} {figure.unit}".strip(), peers, target)
