"""Figures as a picture for the page, drawn with matplotlib where it is installed (`make bench` installs it)."""

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.benchmarks.figure import Figure, number

LOGARITHMIC = {"hops": True}
"""The benchmarks that have a picture, and whether its axis is logarithmic."""
_BAR, _MISSED, _PEER, _TARGET = "#2f6f9f", "#a8c4d8", "#666666", "#b5480f"


def write(folder: Path, name: str, title: str, figures: Sequence[Figure]) -> bool:
    """Draw `NAME.svg` into the folder, those of the first figure's unit; whether that could be done."""
    if name not in LOGARITHMIC or find_spec("matplotlib") is None:
        return False
    matplotlib: Any = import_module("matplotlib")
    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.hashsalt": name, "font.size": 9, "svg.fonttype": "none"})
    pyplot: Any = import_module("matplotlib.pyplot")
    shown = [figure for figure in figures if figure.unit == figures[0].unit]
    canvas, axes = pyplot.subplots(figsize=(9, 0.9 + 0.42 * len(shown)), layout="constrained")
    _draw_bars(axes, shown)
    _draw_peers(axes, shown)
    axes.set_title(f"{title} ({shown[0].unit})", loc="left")
    if LOGARITHMIC[name]:
        axes.set_xscale("log")
    axes.xaxis.set_major_formatter(lambda value, _: number(value))
    axes.spines[["top", "right", "left"]].set_visible(False)
    canvas.savefig(folder / f"{name}.svg", metadata={"Date": None})
    pyplot.close(canvas)
    return True


def _draw_bars(axes: Any, figures: Sequence[Figure]) -> None:
    """A bar a figure, pale where its target was missed; the target as a tick across it."""
    for row, figure in enumerate(reversed(figures)):
        reached = figure.target is None or figure.target.is_reached(figure.value)
        [bar] = axes.barh(row, figure.value, color=_BAR if reached else _MISSED, height=0.6)
        axes.annotate(number(figure.value), (bar.get_width(), row), (3, 0), textcoords="offset points", va="center")
        if figure.target is not None:
            wanted = figure.target.least or figure.target.most
            axes.plot([wanted, wanted], [row - 0.42, row + 0.42], color=_TARGET, linewidth=2)
    axes.set_yticks(range(len(figures)), [figure.what for figure in reversed(figures)])


def _draw_peers(axes: Any, figures: Sequence[Figure]) -> None:
    """A line for each peer that all figures share."""
    shared = [peer for peer in figures[0].peers if all(peer in figure.peers for figure in figures)]
    for peer in shared:
        axes.axvline(peer.value, color=_PEER, linestyle=":", linewidth=1)
        axes.annotate(peer.name, (peer.value, len(figures) - 0.5), (2, 0), textcoords="offset points", color=_PEER)
