"""What the command line says about a run."""

from collections.abc import Iterator
from dataclasses import dataclass

from flowrun.bulletin import Level
from flowrun.cli.metrics_target import MetricsTarget
from flowrun.orphans import REFUSE, OrphanRule


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What the command line says about a run; times in seconds."""

    once: bool = False
    seconds: float | None = None
    drain: float = 10.0
    sandbox: bool = False
    watch: bool = False
    state: str | None = None
    orphans: OrphanRule = REFUSE
    trace: bool = False
    as_json: bool = False
    log_level: Level = Level.INFO
    log_format: str = "text"
    metrics: MetricsTarget | None = None

    def arguments(self) -> Iterator[str]:
        """The words of a command line that say the same."""
        for flag in ("once", "sandbox", "watch", "trace"):
            if getattr(self, flag):
                yield f"--{flag}"
        if self.as_json:
            yield "--json"
        if self.seconds is not None:
            yield from ("--for", f"{self.seconds:f} sec")
        if self.state is not None:
            yield from ("--state", self.state)
        if self.orphans != REFUSE:
            yield from ("--orphans", str(self.orphans))
        if self.metrics is not None:
            yield from ("--metrics", str(self.metrics))
        yield from ("--log-format", self.log_format)
        yield from ("--drain", f"{self.drain:f} sec", "--log-level", self.log_level.name)
