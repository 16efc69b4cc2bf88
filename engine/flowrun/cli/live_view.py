"""The live view on a terminal: processors, queues and rates, four times a second, below the log lines."""

import sys
import threading
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from flowrun.bulletin import Level
from flowrun.cli.columns import Column, fitted
from flowrun.cli.log_lines import KeptLines, log_to, log_to_stderr
from flowrun.cli.processor_columns import NOTHING, name_column, queued_column, total_columns, type_column
from flowrun.cli.processor_state import short_state
from flowrun.cli.terminal import QuietTerminal
from flowrun.graph import FlowGraph
from flowrun.runner import FlowRunner
from flowrun.status import FlowStatus, ProcessorStatus, status_of

_INTERVAL = 0.25
_RATE_SPAN = 5.0
_LINES_BESIDE_ROWS = 4


class LiveView:
    """Draws while the `with` block lasts. Log lines scroll away above, and stay when the table is gone."""

    def __init__(self, runner: FlowRunner, log_level: Level) -> None:
        self.is_stopping = False
        self._runner = runner
        self._console = Console()
        self._terminal = QuietTerminal()
        self._lines = KeptLines()
        shows_errors = sys.stderr.isatty()
        if shows_errors:
            log_to(self._lines, log_level)
        else:
            log_to_stderr(log_level)
        self._live = Live(
            console=self._console,
            auto_refresh=False,
            transient=True,
            vertical_overflow="crop",
            redirect_stderr=shows_errors,
        )
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._draw_until_ended, name="flowrun-live-view", daemon=True)
        self._started = time.monotonic()
        self._samples: list[tuple[float, dict[str, int]]] = []

    def __enter__(self) -> Self:
        self._terminal.__enter__()
        self._live.start()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()
        self._draw()
        self._live.stop()
        self._terminal.__exit__(kind, error, trace)

    def leave_at_once(self) -> None:
        """Give the terminal back, for a process that ends without leaving the `with` block."""
        self._terminal.leave_at_once()

    def render(self) -> Group:
        """The picture of this moment, no larger than the terminal."""
        graph = self._runner.graph
        status = status_of(graph)
        width, height = self._console.size
        rates = self._rates(status)
        shown = _most_telling(status.processors, max(1, height - _LINES_BESIDE_ROWS))
        lines = [self._headline(status), *_table(_columns(graph, shown, rates), width)]
        left_out = len(status.processors) - len(shown)
        if left_out:
            lines.append(Text(f"… and {left_out} more with less to tell", "dim"))
        return Group(*lines)

    def _draw_until_ended(self) -> None:
        while not self._ended.wait(_INTERVAL):
            self._draw()

    def _draw(self) -> None:
        lines = self._lines.take()
        if lines:
            texts = [Text(line, _line_style(level)) for level, line in lines]
            self._console.print(*texts, sep="\n", soft_wrap=True)
        self._live.update(self.render(), refresh=True)

    def _headline(self, status: FlowStatus) -> Text:
        elapsed = int(time.monotonic() - self._started)
        line = Text(no_wrap=True, overflow="ellipsis")
        line.append(status.flow, "bold cyan")
        line.append(f"  {elapsed // 3600:02d}:{elapsed // 60 % 60:02d}:{elapsed % 60:02d}")
        line.append(f"  {status.queued:,} queued")
        if status.dead_letters:
            line.append(f"  {status.dead_letters:,} dead letters", "bold red")
        if self._runner.generation > 1:
            line.append(f"  generation {self._runner.generation}")
        if self._runner.refused:
            line.append("  an edit was refused", "bold yellow")
        if self.is_stopping:
            line.append("  stopping; Ctrl-C again stops at once", "yellow")
        else:
            line.append("  Ctrl-C stops", "dim")
        return line

    def _rates(self, status: FlowStatus) -> dict[str, float]:
        now = time.monotonic()
        self._samples.append((now, {processor.name: processor.placed for processor in status.processors}))
        while len(self._samples) > 2 and now - self._samples[0][0] > _RATE_SPAN:
            self._samples.pop(0)
        since, before = self._samples[0]
        span = now - since
        if span <= 0:
            return {}
        return {p.name: (p.placed - before.get(p.name, 0)) / span for p in status.processors}


def _columns(graph: FlowGraph, processors: Sequence[ProcessorStatus], rates: dict[str, float]) -> list[Column]:
    states = [short_state(graph.nodes[p.name], p.state) for p in processors]
    per_second = [rates.get(processor.name, 0.0) for processor in processors]
    return [
        name_column(processors),
        type_column(processors),
        Column("state", [text for text, _ in states], [style for _, style in states]),
        queued_column(processors),
        *total_columns(processors),
        Column(
            "out/s",
            [_rate(rate) for rate in per_second],
            ["cyan" if rate else "dim" for rate in per_second],
            is_number=True,
            importance=4,
        ),
    ]


def _most_telling(processors: Sequence[ProcessorStatus], room: int) -> list[ProcessorStatus]:
    """As many as there is room for, in the flow's order: those that fail, then those that work, then the rest."""
    if len(processors) <= room:
        return list(processors)
    ranked = sorted(
        range(len(processors)),
        key=lambda n: (
            not (processors[n].failures or processors[n].dead_letters),
            not (processors[n].queued or processors[n].active),
            n,
        ),
    )
    return [processors[n] for n in sorted(ranked[:room])]


def _table(columns: Sequence[Column], width: int) -> list[Text]:
    fitting = fitted(columns, width)
    lines = [Text("  ".join(column.padded(None, room) for column, room in fitting), "bold", no_wrap=True)]
    for row in range(len(columns[0].cells)):
        line = Text(no_wrap=True, overflow="crop")
        for number, (column, room) in enumerate(fitting):
            line.append("  " if number else "")
            line.append(column.padded(row, room), column.styles[row])
        lines.append(line)
    return lines


def _rate(rate: float) -> str:
    if not rate:
        return NOTHING
    return f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"


def _line_style(level: int) -> str:
    if level >= Level.ERROR:
        return "red"
    return "yellow" if level >= Level.WARNING else ""
