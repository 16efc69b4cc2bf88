"""What a running flow counts, as text for Prometheus (exposition format 0.0.4).

The names are documented in `docs/running_as_a_service.md`; `METRICS` declares them. Taken on any thread: each number is
right by itself, and a moment old.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from flowrun.connection import Connection
from flowrun.node import ProcessorNode
from flowrun.runner import FlowRunner
from flowrun.status import connection_status

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Metric:
    """One family: its kind, what it means, and which labels its samples have beside `flow`."""

    kind: Literal["counter", "gauge"]
    help: str
    labels: tuple[str, ...] = ()


_PROCESSOR = ("processor", "type")
_CONNECTION = ("connection",)

METRICS: Mapping[str, Metric] = {
    "flowrun_running": Metric("gauge", "1 while the flow runs, 0 in the last text of a run."),
    "flowrun_start_time_seconds": Metric("gauge", "When the run began, since the epoch."),
    "flowrun_written_time_seconds": Metric("gauge", "When this text was made, since the epoch."),
    "flowrun_generation": Metric("gauge", "How many versions of its file the run has taken over, from 1 on."),
    "flowrun_edit_refused": Metric("gauge", "1 while the latest edit of the flow file is not taken over."),
    "flowrun_bulletins_total": Metric("counter", "Bulletins by level.", ("level",)),
    "flowrun_processor_running": Metric(
        "gauge", "1 if it may be triggered, 0 if it is stopped or disabled.", _PROCESSOR
    ),
    "flowrun_processor_failing": Metric("gauge", "1 if its last trigger was rolled back.", _PROCESSOR),
    "flowrun_processor_active_tasks": Metric("gauge", "Sessions at work.", _PROCESSOR),
    "flowrun_processor_triggers_total": Metric("counter", "Sessions that came true.", _PROCESSOR),
    "flowrun_processor_trigger_seconds_total": Metric("counter", "Time spent in triggers.", _PROCESSOR),
    "flowrun_processor_taken_flowfiles_total": Metric("counter", "Flowfiles taken from queues.", _PROCESSOR),
    "flowrun_processor_taken_bytes_total": Metric("counter", "Their contents' size.", _PROCESSOR),
    "flowrun_processor_placed_flowfiles_total": Metric("counter", "Flowfiles sent on.", _PROCESSOR),
    "flowrun_processor_placed_bytes_total": Metric("counter", "Their contents' size.", _PROCESSOR),
    "flowrun_processor_ended_flowfiles_total": Metric("counter", "Flowfiles that ended there.", _PROCESSOR),
    "flowrun_processor_failures_total": Metric("counter", "Units of work that were rolled back.", _PROCESSOR),
    "flowrun_processor_retries_total": Metric("counter", "Attempts that were made again.", _PROCESSOR),
    "flowrun_processor_routed_flowfiles_total": Metric(
        "counter", "Flowfiles sent on, by relationship.", (*_PROCESSOR, "relationship")
    ),
    "flowrun_dead_letters": Metric("gauge", "Flowfiles that wait for a person, of earlier runs too.", _PROCESSOR),
    "flowrun_connection_queued_flowfiles": Metric("gauge", "Flowfiles in the queue, those at work too.", _CONNECTION),
    "flowrun_connection_queued_bytes": Metric("gauge", "Their contents' size.", _CONNECTION),
    "flowrun_connection_penalized_flowfiles": Metric("gauge", "Of these, how many wait for a penalty.", _CONNECTION),
    "flowrun_connection_fullness_ratio": Metric("gauge", "1 and more: back pressure holds the source.", _CONNECTION),
}
"""Every metric there is, by name."""

Sample = tuple[str, tuple[str, ...], float]


class FlowMetrics:
    """The metrics of one run, whatever graph it runs. `since` is when it began, in seconds since the epoch."""

    def __init__(self, runner: FlowRunner, *, since: float) -> None:
        self._runner = runner
        self._since = since

    def text(self, now: float, *, is_running: bool = True) -> str:
        """All of them, as they are now."""
        by_name: dict[str, list[tuple[tuple[str, ...], float]]] = {name: [] for name in METRICS}
        for name, values, number in self._samples(now, is_running=is_running):
            by_name[name].append((values, number))
        flow = self._runner.graph.definition.name
        return "".join(f"{line}\n" for name, samples in by_name.items() for line in _family(name, samples, flow))

    def _samples(self, now: float, *, is_running: bool) -> Iterator[Sample]:
        runner = self._runner
        graph = runner.graph
        yield "flowrun_running", (), float(is_running)
        yield "flowrun_start_time_seconds", (), self._since
        yield "flowrun_written_time_seconds", (), now
        yield "flowrun_generation", (), runner.generation
        yield "flowrun_edit_refused", (), float(bool(runner.refused))
        for level, count in list(runner.bulletins.counts.items()):
            yield "flowrun_bulletins_total", (level.name,), count
        for node in graph.nodes.values():
            yield from _processor(node)
        for connection in graph.connections.values():
            yield from _connection(connection)


def _processor(node: ProcessorNode) -> Iterator[Sample]:
    labels = (node.name, type(node.processor).__name__)
    statistics = node.statistics
    for name, number in (
        ("running", node.is_running),
        ("failing", node.is_failing),
        ("active_tasks", node.active),
        ("triggers_total", statistics.triggers),
        ("trigger_seconds_total", statistics.seconds),
        ("taken_flowfiles_total", statistics.taken),
        ("taken_bytes_total", statistics.taken_size),
        ("placed_flowfiles_total", statistics.placed),
        ("placed_bytes_total", statistics.placed_size),
        ("ended_flowfiles_total", statistics.dropped),
        ("failures_total", statistics.failures),
        ("retries_total", statistics.retries),
    ):
        yield f"flowrun_processor_{name}", labels, number
    for relationship in node.routes:
        count = statistics.routed.get(relationship, 0)
        yield "flowrun_processor_routed_flowfiles_total", (*labels, relationship), count
    if node.dead_letters is not None:
        yield "flowrun_dead_letters", labels, len(node.dead_letters)


def _connection(connection: Connection) -> Iterator[Sample]:
    status = connection_status(connection)
    labels = (connection.id,)
    yield "flowrun_connection_queued_flowfiles", labels, status.queued
    yield "flowrun_connection_queued_bytes", labels, status.size
    yield "flowrun_connection_penalized_flowfiles", labels, status.penalized
    yield "flowrun_connection_fullness_ratio", labels, status.full


def _family(name: str, samples: list[tuple[tuple[str, ...], float]], flow: str) -> Iterator[str]:
    metric = METRICS[name]
    if not samples:
        return
    yield f"# HELP {name} {metric.help}"
    yield f"# TYPE {name} {metric.kind}"
    for values, number in samples:
        named = zip(("flow", *metric.labels), (flow, *values), strict=True)
        labels = ",".join(f'{label}="{_escaped(value)}"' for label, value in named)
        yield f"{name}{{{labels}}} {_number(number)}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(number: float) -> str:
    return str(int(number)) if number == int(number) else repr(float(number))
