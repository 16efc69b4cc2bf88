"""One processor case: set up, configure, trigger, compare."""

import os
import re
import socket
import stat
import time
from base64 import b64decode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.conformance.scripted_server import ScriptedServer
from tests.conformance.tables import Case

from flowrun import Processor, Rule
from flowrun.errors import PropertyError
from flowrun.registry import Registry
from flowrun.testing import Output, TestRunner, Triggered

_TYPES = Registry.installed().processors


def processor_type(spelling: str) -> Any:
    """The type that a table means."""
    name = _TYPES.name_of(spelling)
    assert name is not None, f"there is no type {spelling}"
    return _TYPES.load(name)


class ProcessorCase:
    """Runs a case in a scratch folder, against its scripted server."""

    def __init__(self, case: Case, folder: Path, server: ScriptedServer) -> None:
        self._case = case
        self._folder = folder
        self._server = server
        self._closed = socket.socket()
        self._closed.bind(("127.0.0.1", 0))
        self._places = {
            "{dir}": str(folder),
            "{base_url}": server.url,
            "{closed_url}": f"http://127.0.0.1:{self._closed.getsockname()[1]}",
        }

    def run(self) -> None:
        """Do it. Raises AssertionError where flowrun differs from NiFi."""
        try:
            self._run()
        finally:
            self._closed.close()

    def _run(self) -> None:
        self._server.script = self._filled(self._case.get("server", []))
        self._prepare_files()
        try:
            processor = self._configure()
        except PropertyError:
            assert self._case.get("expect_invalid"), "refused, though NiFi takes it"
            return
        assert not self._case.get("expect_invalid"), "taken, though NiFi refuses it"
        if "expect_relationships" in self._case:
            assert sorted(processor.relationships) == self._case["expect_relationships"]
        if not self._case.get("validate_only"):
            self._trigger(processor)
            self._server.check()
            self._compare_files()

    def _configure(self) -> Processor:
        kind = processor_type(self._case["processor"])
        properties = self._filled(self._case.get("properties", {}))
        advanced = self._case.get("rules", {})
        if "flowfile_policy" in advanced:
            properties["FlowFile Policy"] = advanced["flowfile_policy"]
        processor: Processor = kind(properties, rules=[_rule(rule) for rule in advanced.get("rules", ())])
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
            runner.enqueue(_content(given), self._filled(given.get("attributes", {})))
        collected: dict[str, list[Output]] = {name: [] for name in processor.relationships}
        yielded = failed = False
        for number in range(case.get("triggers", max(1, len(inputs)))):
            if number and "trigger_delay_ms" in case:
                time.sleep(case["trigger_delay_ms"] / 1000)
            outcome = runner.trigger()
            yielded, failed = yielded or outcome.yielded, failed or outcome.failed
            _add(collected, outcome)
        runner.stop()
        self._compare(collected, runner, failed=failed)
        if "expect_yield" in case:
            assert yielded == case["expect_yield"]
        if "state_after" in case:
            assert runner.state == case["state_after"]

    def _compare(self, collected: dict[str, list[Output]], runner: TestRunner, *, failed: bool) -> None:
        if self._case.get("expect_error"):
            assert failed, "the trigger was to fail"
            assert len(runner.queued) == len(self._case.get("inputs") or []), "the flowfile was to be in its queue"
            assert not any(collected.values())
            return
        assert not failed, "the trigger failed"
        if "expect_counts" in self._case:
            counts = self._case["expect_counts"]
            assert {n: len(found) for n, found in collected.items() if found} == {n: c for n, c in counts.items() if c}
            return
        expected = self._filled(self._case.get("expect", {}))
        for name, found in collected.items():
            wanted = expected.get(name, [])
            assert len(found) == len(wanted), f"{name}: {len(found)} flowfiles instead of {len(wanted)}"
            if self._case.get("unordered"):
                _compare_unordered(found, wanted)
            else:
                for output, want in zip(found, wanted, strict=True):
                    compare_output(output, want)

    def _prepare_files(self) -> None:
        os.umask(0o022)
        for name in self._case.get("dirs_before", ()):
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        for name, content in self._case.get("files_before", {}).items():
            path = self._folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_file_content(content))
        for name, age in self._case.get("files_age_seconds", {}).items():
            moment = time.time() - age
            os.utime(self._folder / name, (moment, moment))

    def _compare_files(self) -> None:
        case, folder = self._case, self._folder
        if "files_after" in case:
            files = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
            assert sorted(files) == sorted(case["files_after"])
            for name, content in case["files_after"].items():
                assert files[name].read_bytes() == _file_content(self._filled(content))
        if "dirs_after" in case:
            assert sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_dir()) == sorted(
                case["dirs_after"]
            )
        for name, mode in case.get("modes_after", {}).items():
            found = stat.S_IMODE((folder / name).stat().st_mode)
            assert stat.filemode(stat.S_IFREG | found)[1:] == mode or f"{found:03o}" == mode
        for name, moment in case.get("mtime_after", {}).items():
            found_moment = datetime.fromtimestamp((folder / name).stat().st_mtime, UTC)
            assert found_moment == datetime.fromisoformat(moment).astimezone(UTC), name

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


def compare_output(output: Output, wanted: dict[str, Any]) -> None:
    """Raise AssertionError where a flowfile is not as expected."""
    attributes = output.attributes
    for name, value in wanted.get("attributes", {}).items():
        assert attributes.get(name) == value, f"attribute {name}: {attributes.get(name)!r} instead of {value!r}"
    for name in wanted.get("absent_attributes", ()):
        assert name not in attributes, f"attribute {name} must not be there"
    for name in wanted.get("present_attributes", ()):
        assert name in attributes, f"attribute {name} must be there"
    for name, pattern in wanted.get("attributes_match", {}).items():
        assert re.search(pattern, attributes.get(name, "")), f"attribute {name}: {attributes.get(name)!r}"
    if any(key in wanted for key in ("content", "content_base64", "content_repeat")):
        assert output.content == _content(wanted)
    if "penalized" in wanted:
        assert output.penalized == wanted["penalized"]


def _compare_unordered(found: list[Output], wanted: list[dict[str, Any]]) -> None:
    left = list(found)
    for want in wanted:
        match = next((output for output in left if _matches(output, want)), None)
        assert match is not None, f"no flowfile is like {want}"
        left.remove(match)


def _matches(output: Output, wanted: dict[str, Any]) -> bool:
    try:
        compare_output(output, wanted)
    except AssertionError:
        return False
    return True


def _rule(written: dict[str, Any]) -> Rule:
    actions = {action["attribute"]: action["value"] for action in written.get("actions", ())}
    return Rule(written.get("name", ""), written.get("conditions", ()), actions)


def _add(collected: dict[str, list[Output]], outcome: Triggered) -> None:
    for name, outputs in outcome.items():
        collected[name] += outputs


def _content(given: dict[str, Any]) -> bytes:
    if "content_base64" in given:
        return b64decode(given["content_base64"])
    if "content_repeat" in given:
        repeat = given["content_repeat"]
        return str(repeat["text"]).encode() * int(repeat["times"])
    return str(given.get("content", "")).encode()


def _file_content(content: Any) -> bytes:
    if isinstance(content, dict):
        if "base64" in content:
            return b64decode(content["base64"])
        return str(content["repeat"]).encode() * int(content["times"])
    return str(content).encode()
