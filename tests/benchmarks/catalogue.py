"""Which benchmarks there are, in the order of the page."""

from collections.abc import Iterable
from importlib import import_module

from tests.benchmarks.figure import Figure

TITLES = {
    "hops": "Flowfiles through five processors",
    "latency": "Latency of an idle engine",
    "growth": "Growth: cost per hop",
    "recovery": "Recovery of 1 M queued flowfiles",
    "history": "History",
    "start": "Start, and rest",
    "expressions": "Expressions",
    "steps": "Processors that look at each flowfile",
    "large_files": "Large files",
    "http_requests": "HTTP requests, 8 at a time",
}


def measure(name: str) -> Iterable[Figure]:
    """Run one benchmark; figures come as they are measured."""
    figures: Iterable[Figure] = import_module(f"tests.benchmarks.{name}").measure()
    return figures
