"""The live view on a terminal: processors, queues, rates and the last bulletins, four times a second."""

import logging
import threading
import time
from types import TracebackType
from typing import Self

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from flowrun.bulletin import Level
from flowrun.runner import FlowRunner
from flowrun.status import FlowStatus, ProcessorStatus, status_of

_INTERVAL = 0.25
_BULLETINS = 5
_RATE_SPAN = 5.0


class LiveView:
    """Draws while the `with` block lasts; log lines scroll above the table."""

    def __init__(self, runner: FlowRunner, log_level: Level) -> None:
        self._runner = runner
        self._log_level = log_level
        self._console = Console()
        self._live = Live(console=self._console, auto_refresh=False, transient=True, vertical_overflow="crop")
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._draw_until_ended, name="flowrun-live-view", daemon=True)
        self._started = time.monotonic()
        self._samples: list[tuple[float, dict[str, int]]] = []

    def __enter__(self) -> Self:
        log = logging.getLogger("flowrun")
        log.handlers[:] = [_AboveTable(self._console)]
        log.setLevel(self._log_level.value)
        log.propagate = False
        self._live.start()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()
        self._live.stop()

    def _draw_until_ended(self) -> None:
        while not self._ended.wait(_INTERVAL):
            self._live.update(self.render(), refresh=True)

    def render(self) -> Group:
        """The picture of this moment."""
        status = status_of(self._runner.graph)
        rates = self._rates(status)
        table = Table(box=None, pad_edge=False, header_style="bold", expand=False)
        for column in ("processor", "type", "state"):
            table.add_column(column, no_wrap=True, max_width=32)
        for column in ("queued", "in", "out", "ended", "retried", "failed", "out/s"):
            table.add_column(column, justify="right", no_wrap=True)
        for processor in status.processors:
            table.add_row(*_cells(processor, rates.get(processor.name, 0.0)))
        return Group(self._headline(status), table, *self._bulletins())

    def _headline(self, status: FlowStatus) -> Text:
        elapsed = int(time.monotonic() - self._started)
        line = Text.assemble(
            (status.flow, "bold cyan"),
            f"  {elapsed // 3600:02d}:{elapsed // 60 % 60:02d}:{elapsed % 60:02d}",
            f"  {status.queued:,} queued",
        )
        if status.dead_letters:
            line.append(f"  {status.dead_letters:,} dead letters", "bold red")
        line.append("  Ctrl-C stops", "dim")
        return line

    def _bulletins(self) -> list[Text]:
        latest = list(self._runner.bulletins)[-_BULLETINS:]
        lines = [Text("")] if latest else []
        for bulletin in latest:
            moment = time.strftime("%H:%M:%S", time.localtime(bulletin.moment))
            color = "red" if bulletin.level >= Level.ERROR else "yellow" if bulletin.level >= Level.WARNING else "dim"
            lines.append(Text(f"{moment} {bulletin}", style=color, no_wrap=True, overflow="ellipsis"))
        return lines

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


def _cells(processor: ProcessorStatus, rate: float) -> tuple[Text, ...]:
    state_style = "green" if processor.state == "working" else "red" if processor.state == "stopped" else "dim"
    return (
        Text(processor.name, "bold"),
        Text(processor.type, "dim"),
        Text(processor.state, state_style),
        Text(f"{processor.queued:,}", "yellow" if processor.queued else "dim"),
        Text(f"{processor.taken:,}"),
        Text(f"{processor.placed:,}"),
        Text(f"{processor.dropped:,}", "dim"),
        Text(f"{processor.retries:,}", "yellow" if processor.retries else "dim"),
        Text(f"{processor.failures:,}", "red" if processor.failures else "dim"),
        Text(f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}", "cyan" if rate else "dim"),
    )


class _AboveTable(logging.Handler):
    """Prints log lines above the live table, but for bulletins, which the table shows."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(message)s", "%H:%M:%S"))

    def emit(self, record: logging.LogRecord) -> None:
        self._console.print(Text(self.format(record)), soft_wrap=True)
