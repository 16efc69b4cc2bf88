"""A measurement: our figure, what stands beside it, and the number it should reach."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Peer:
    """Something else, measured in the same run and in the same unit: a library, or the least that is possible."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Target:
    """The number to reach: `least` or `most`, in the figure's unit."""

    least: float | None = None
    most: float | None = None

    def is_reached(self, value: float) -> bool:
        """Whether the figure is good enough."""
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)

    def __str__(self) -> str:
        return f"≥ {number(self.least)}" if self.least is not None else f"≤ {number(self.most or 0.0)}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of a table."""

    what: str
    value: float
    unit: str
    peers: tuple[Peer, ...] = ()
    target: Target | None = None


def number(value: float) -> str:
    """A number as people read it, with three digits that count: `1.47 M`, `340 k`, `17.2`, `0.046`."""
    for factor, suffix in ((1e6, " M"), (1e3, " k")):
        if abs(value) >= factor * (10 if suffix == " k" else 1):
            return _digits(value / factor) + suffix
    return _digits(value)


def _digits(value: float) -> str:
    if abs(value) >= 100 or value == 0:
        return f"{value:.0f}"
    if abs(value) >= 10:
        return f"{value:.1f}".removesuffix(".0")
    return f"{value:.2f}" if abs(value) >= 1 else f"{value:.3f}"
