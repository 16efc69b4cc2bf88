"""Metrics: what a run counts, as Prometheus reads it."""

import re
from pathlib import Path

from tests.engine.kit import flow

from flowrun.bulletin import Bulletin, Level
from flowrun.clock import MovableClock
from flowrun.metrics import METRICS, FlowMetrics
from flowrun.repository.memory import MemoryRepository
from flowrun.runner import FlowRunner

FLOW = """\
processors:
  make: {type: Make, properties: {Count: 3, Size: 10}}
  fail: {type: Fail, properties: {Times: 99}, auto_terminate: [success], dead_letter: [failure]}
  pass: {type: Pass, enabled: false, auto_terminate: [success]}
connections:
  - make -- success --> fail
  - {from: make, to: pass, back_pressure: {objects: 4}}
"""
SAMPLE = re.compile(r'([a-z_]+)\{((?:[a-z]+="(?:[^"\\]|\\["\\n])*",?)*)\} (-?[0-9.e+-]+)')


def ran() -> FlowRunner:
    runner = FlowRunner(flow(FLOW), MemoryRepository(), clock=MovableClock())
    runner.run(once=True, duration=10)
    return runner


def samples(text: str) -> dict[str, float]:
    found = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            sample = SAMPLE.fullmatch(line)
            assert sample is not None, line
            found[line.rpartition(" ")[0]] = float(sample[3])
    return found


def test_processors_and_queues_are_counted() -> None:
    numbers = samples(FlowMetrics(ran(), since=5.0).text(7.0))

    made = 'flow="test",processor="make",type="Make"'
    failed = 'flow="test",processor="fail",type="Fail"'
    queue = 'flow="test",connection="make -- success --> pass"'
    assert numbers[f'flowrun_processor_routed_flowfiles_total{{{made},relationship="success"}}'] == 3
    assert numbers[f"flowrun_processor_taken_bytes_total{{{failed}}}"] == 30
    assert numbers[f"flowrun_dead_letters{{{failed}}}"] == 3
    assert numbers[f"flowrun_connection_queued_flowfiles{{{queue}}}"] == 3
    assert numbers[f"flowrun_connection_fullness_ratio{{{queue}}}"] == 0.75
    assert numbers['flowrun_bulletins_total{flow="test",level="ERROR"}'] == 3
    assert numbers['flowrun_running{flow="test"}'] == 1
    assert numbers['flowrun_start_time_seconds{flow="test"}'] == 5


def test_every_family_is_declared_once_before_its_samples() -> None:
    text = FlowMetrics(ran(), since=0.0).text(0.0)
    declared: list[str] = []
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            declared.append(line.split()[2])
        elif not line.startswith("#"):
            assert line.partition("{")[0] == declared[-1]

    assert declared == [name for name in METRICS if name in declared]
    assert set(declared) == set(METRICS)
    assert all(name.endswith("_total") == (metric.kind == "counter") for name, metric in METRICS.items())


def test_names_that_would_break_the_text_are_escaped() -> None:
    name = 'a "b\\'
    text = FLOW.replace("make:", f"'{name}':").replace("- make -- success --> fail", f"- '{name} -- success --> fail'")
    runner = FlowRunner(flow(text.replace("from: make", f"from: '{name}'")), MemoryRepository())
    text = FlowMetrics(runner, since=0.0).text(0.0)

    samples(text)
    assert 'processor="a \\"b\\\\"' in text


def test_the_page_lists_every_metric() -> None:
    page = (Path(__file__).parents[2] / "docs" / "running_as_a_service.md").read_text("utf-8")

    assert [name for name in METRICS if f"| `{name}` |" not in page] == []


def test_bulletins_are_counted_though_old_ones_make_room() -> None:
    runner = FlowRunner(flow(FLOW), MemoryRepository())
    for _ in range(500):
        runner.bulletins.post(Bulletin(0.0, Level.WARNING, "make", "hm"))

    numbers = samples(FlowMetrics(runner, since=0.0).text(0.0))
    assert numbers['flowrun_bulletins_total{flow="test",level="WARNING"}'] == 500
