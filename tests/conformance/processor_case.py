"""One processor case: set up, configure, trigger, compare."""

import socket
import time
from pathlib import Path
from typing import Any

from tests.conformance.flowfile_expectation import compare_outputs, content_of
from tests.conformance.scratch_folder import compare_files, prepare_files
from tests.conformance.scripted_server import ScriptedServer
from tests.conformance.tables import Case

from flowrun import Processor, Rule
from flowrun.errors import PropertyError
from flowrun.registry import Registry
from flowrun.testing import Output, TestRunner

_TYPES = Registry.installed().processors

_NOT_FILLED = frozenset(("id", "note", "invalid_reason", "processor", "source"))


def processor_type(spelling: str) -> Any:
    """The type that a table means."""
    name = _TYPES.name_of(spelling)
    assert name is not None, f"there is no type {spelling}"
    return _TYPES.load(name)


class ProcessorCase:
    """Runs a case in a scratch folder, against its scripted server."""

    def __init__(self, case: Case, folder: Path, server: ScriptedServer) -> None:
        self._folder = folder
        self._server = server
        self._closed = socket.socket()
        self._closed.bind(("127.0.0.1", 0))
        self._places = {
            "{dir}": str(folder),
            "{base_url}": server.url,
            "{closed_url}": f"http://127.0.0.1:{self._closed.getsockname()[1]}",
        }
        self._case: Case = {key: value if key in _NOT_FILLED else self._filled(value) for key, value in case.items()}

    def run(self) -> None:
        """Do it. Raises AssertionError where flowrun differs from NiFi."""
        try:
            self._run()
        finally:
            self._closed.close()

    def _run(self) -> None:
        case = self._case
        self._server.script = case.get("server", [])
        prepare_files(self._folder, case)
        try:
            processor = self._configure()
        except PropertyError as error:
            if case.get("expect_invalid"):
                return
            raise AssertionError(f"refused, though NiFi takes it: {error}") from error
        assert not case.get("expect_invalid"), "taken, though NiFi refuses it"
        if "expect_relationships" in case:
            assert sorted(processor.relationships) == case["expect_relationships"]
        if not case.get("validate_only"):
            self._trigger(processor)
            self._server.check()
            compare_files(self._folder, case)

    def _configure(self) -> Processor:
        """In a table, whatever is no declared property is meant as a dynamic one, also if it resembles one."""
        kind = processor_type(self._case["processor"])
        properties = self._case.get("properties", {})
        advanced = self._case.get("rules", {})
        known = {name: text for name, text in properties.items() if kind.declarations.named(name) is not None}
        other = {name: text for name, text in properties.items() if name not in known}
        if "flowfile_policy" in advanced:
            known["FlowFile Policy"] = advanced["flowfile_policy"]
        takes_others = kind.declarations.dynamic is not None
        processor: Processor = kind(
            known if takes_others else known | other,
            dynamic=other if takes_others else {},
            rules=[_rule(rule) for rule in advanced.get("rules", ())],
        )
        processor.check()
        return processor

    def _trigger(self, processor: Processor) -> None:
        case = self._case
        inputs = case.get("inputs") or []
        runner = TestRunner(
            processor,
            state=case.get("state_before"),
            has_input=case.get("has_input_connection", bool(inputs)),
            batch=1,
        )
        for given in inputs:
            runner.enqueue(content_of(given), given.get("attributes", {}))
        outputs: dict[str, list[Output]] = {name: [] for name in processor.relationships}
        yielded = failed = False
        for number in range(case.get("triggers", max(1, len(inputs)))):
            if number and "trigger_delay_ms" in case:
                time.sleep(case["trigger_delay_ms"] / 1000)
            outcome = runner.trigger()
            yielded, failed = yielded or outcome.yielded, failed or outcome.failed
            for name, found in outcome.items():
                outputs[name] += found
        runner.stop()
        self._compare_error(runner, failed=failed)
        self._compare_outputs(outputs)
        if "expect_yield" in case:
            assert yielded == case["expect_yield"], f"yielded: {yielded}"
        if "state_after" in case:
            assert runner.state == case["state_after"]

    def _compare_error(self, runner: TestRunner, *, failed: bool) -> None:
        """A trigger that fails leaves its flowfile in the queue, penalized; others may have come through."""
        if not self._case.get("expect_error"):
            assert not failed, "the trigger failed"
            return
        assert failed, "the trigger was to fail"
        now = runner.clock.now()
        assert runner.placements, "the flowfile was to be in its queue"
        assert all(placement.penalized_until > now for placement in runner.placements), "it was to be penalized"

    def _compare_outputs(self, outputs: dict[str, list[Output]]) -> None:
        if "expect_counts" in self._case:
            wanted_counts = {name: count for name, count in self._case["expect_counts"].items() if count}
            assert {name: len(found) for name, found in outputs.items() if found} == wanted_counts
            return
        expected = self._case.get("expect", {})
        for name in {**outputs, **expected}:
            try:
                in_order = not self._case.get("unordered")
                compare_outputs(outputs.get(name, []), expected.get(name, []), in_order=in_order)
            except AssertionError as error:
                raise AssertionError(f"{name}: {error}") from error

    def _filled(self, value: Any) -> Any:
        if isinstance(value, str):
            for place, text in self._places.items():
                value = value.replace(place, text)
            return value
        if isinstance(value, list):
            return [self._filled(item) for item in value]
        if isinstance(value, dict):
            return {self._filled(key): self._filled(item) for key, item in value.items()}
        return value


def _rule(written: dict[str, Any]) -> Rule:
    actions = {action["attribute"]: action["value"] for action in written.get("actions", ())}
    return Rule(written.get("name", ""), written.get("conditions", ()), actions)
