"""`--metrics`: where the metrics of a run go, a file that is written every few seconds, or a port on loopback."""

import re
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flowrun.runner import FlowRunner

_PORT = re.compile(r"(?:(?P<host>127\.\d+\.\d+\.\d+|localhost|\[::1\]):)?(?P<port>\d{1,5})")
_OTHER_HOST = re.compile(r"[^/]*:\d{1,5}")
_HIGHEST_PORT = 65535


@dataclass(frozen=True, slots=True)
class MetricsTarget:
    """Where metrics go: `path` is a file, or a folder in which each flow has a file of its name; else `port`."""

    text: str
    path: Path | None = None
    host: str = "127.0.0.1"
    port: int = 0

    @classmethod
    def parse(cls, text: str) -> "MetricsTarget":
        """From a file's name, a port, or `127.0.0.1:PORT`. Raises ValueError."""
        found = _PORT.fullmatch(text)
        if found is not None and int(found["port"]) <= _HIGHEST_PORT:
            return cls(text, host=(found["host"] or "127.0.0.1").strip("[]"), port=int(found["port"]))
        if not text or found is not None or _OTHER_HOST.fullmatch(text):
            raise ValueError(f"expected a file, or a port on loopback such as 127.0.0.1:9464, found {text!r}")
        return cls(text, Path(text))

    @property
    def serves_several(self) -> bool:
        """Whether several flows find room there."""
        return self.path is not None and self.path.is_dir()

    def __str__(self) -> str:
        return self.text


def metrics_of(runner: "FlowRunner", target: MetricsTarget, *, since: float) -> AbstractContextManager[Any]:
    """What makes the metrics of a run known while its `with` block lasts. Raises FlowError if it can't begin."""
    from flowrun.metrics import FlowMetrics

    metrics = FlowMetrics(runner, since=since)
    if target.path is None:
        from flowrun.cli.metrics_port import MetricsPort  # a server costs a start 30 ms that most need not pay

        return MetricsPort(metrics, target.host, target.port)
    from flowrun.cli.metrics_file import MetricsFile

    name = f"{runner.graph.definition.name}.prom"
    return MetricsFile(metrics, target.path / name if target.path.is_dir() else target.path)
