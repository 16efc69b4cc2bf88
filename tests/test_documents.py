"""The pages say what is so: links lead somewhere, flows have no mistakes, and what a page tells people to do works."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import indent
from typing import NamedTuple

import click
import pytest

from flowrun.cli import cli
from flowrun.errors import Severity
from flowrun.flow.loader import load_flow_text
from flowrun.flow.parameters import resolve_parameters
from flowrun.graph import build_graph
from flowrun.registry import Registry
from tests.recovery.test_crash_points import POINTS

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
TUTORIAL = DOCS / "writing_processors.md"


class Block(NamedTuple):
    """A fenced block: its language, what follows on the same line, and its text."""

    language: str
    note: str
    text: str


def blocks(page: Path) -> Iterator[Block]:
    for found in re.finditer(r"^```(\w*)(?: ([^\n]*))?\n(.*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL):
        yield Block(found[1], found[2] or "", found[3])


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


def headings(page: Path) -> set[str]:
    """Anchors as GitHub makes them."""
    text = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    titles = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```$|`[^`\n]*`", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        linked = (page.parent / name).resolve() if name else page
        assert linked.exists(), target
        if anchor:
            assert anchor in headings(linked), target


@pytest.mark.parametrize("page", [page for page in PAGES if page.parent == DOCS], ids=named)
def test_every_page_is_in_the_index(page: Path) -> None:
    assert page.name == "README.md" or f"({page.name})" in (DOCS / "README.md").read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_command_that_a_page_shows_is_understood(page: Path) -> None:
    for block in blocks(page):
        for line in block.text.splitlines() if block.language == "sh" else ():
            words = shlex.split(line, comments=True)
            if words[:1] == ["flowrun"]:
                understood(words[1:])


def understood(words: list[str]) -> None:
    """Let click read the words as `flowrun` does, without doing anything."""
    context = cli.make_context("flowrun", words, resilient_parsing=False)
    assert isinstance(cli, click.Group)
    name, command, rest = cli.resolve_command(context, [*context._protected_args, *context.args])
    assert command is not None
    while isinstance(command, click.Group):
        command, rest = command.commands[rest[0]], rest[1:]
    if "--plugins" in rest:  # names a folder that must exist
        at = rest.index("--plugins")
        rest = [*rest[:at], *rest[at + 2 :]]
    command.make_context(name, rest, parent=context)


def test_the_flow_of_the_first_page_does_what_the_page_says(tmp_path: Path) -> None:
    [flow] = [block.text for block in blocks(ROOT / "README.md") if block.language == "yaml"]
    (tmp_path / "orders.yaml").write_text(flow)
    (tmp_path / "data" / "orders").mkdir(parents=True)
    (tmp_path / "data" / "orders" / "good.json").write_text('{"id": 1, "total": 2}')
    (tmp_path / "data" / "orders" / "bad.json").write_text('{"id": 1}')
    done = run_line("flowrun orders.yaml --once", tmp_path)

    assert done.returncode == 1
    assert [path.name for path in (tmp_path / "data" / "accepted").rglob("*.json")] == ["good.json"]
    assert "1 dead letter" in done.stdout


def test_the_tutorial_works_from_its_first_line_to_its_last(tmp_path: Path) -> None:
    output = ""
    for block in blocks(TUTORIAL):
        if block.language in ("python", "yaml") and block.note:
            (tmp_path / block.note).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / block.note).write_text(block.text)
        elif block.language == "sh":
            done = run_line(block.text, tmp_path)
            output = done.stdout + done.stderr
            assert done.returncode == int(block.note.removeprefix("exit ") or "0"), f"{block.text}\n{output}"
        elif block.language == "text":
            for line in block.text.splitlines():
                assert line in output, f"{line}\nis not in\n{output}"


def test_the_pieces_of_the_tutorial_are_python() -> None:
    pieces = [block.text for block in blocks(TUTORIAL) if block.language == "python" and not block.note]

    assert len(pieces) >= 2
    for piece in pieces:
        compile(piece, "piece", "exec")


@pytest.mark.parametrize("name", Registry.installed().services.names)
def test_the_example_of_every_controller_service_is_right(name: str) -> None:
    registry = Registry.installed()
    kind = registry.services.load(name)
    used = "processors:\n  make: {type: GenerateFlowFile, auto_terminate: [success]}\n"
    loaded = load_flow_text(
        f"flow: example\n{used}controller_services:\n{indent(kind.example, '  ')}", Path("example.yaml")
    )
    assert loaded.definition is not None, loaded.problems
    unknown, _ = resolve_parameters(loaded.definition, files=(), environment={}, overrides={}, require=False)
    found = (*loaded.problems, *build_graph(loaded.definition, registry, unknown).problems)
    errors = [str(problem) for problem in found if problem.severity is Severity.ERROR]

    assert kind.example
    assert [error for error in errors if "no parameter" not in error] == []


@pytest.mark.parametrize("name", Registry.installed().processors.names)
def test_the_example_of_every_manual_page_is_right(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data" / "in").mkdir(parents=True)
    registry = Registry.installed()
    kind = registry.processors.load(name)
    flow = f"flow: example\nprocessors:\n{indent(kind.example, '  ')}"
    loaded = load_flow_text(flow, Path("example.yaml"))
    assert loaded.definition is not None, loaded.problems
    unknown, _ = resolve_parameters(loaded.definition, files=(), environment={}, overrides={}, require=False)
    found = (*loaded.problems, *build_graph(loaded.definition, registry, unknown).problems)
    of_the_example_alone = [
        str(problem)
        for problem in found
        if problem.severity is Severity.ERROR and not re.search("goes nowhere|nothing leads to", problem.message)
    ]

    assert kind.example
    assert of_the_example_alone == []


def test_the_architecture_page_lists_every_point_at_which_a_crash_can_fall() -> None:
    text = (DOCS / "architecture.md").read_text("utf-8")

    assert [point for point in POINTS if f"| {point} |" not in text] == []


def run_line(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run shell commands, with this environment's `flowrun` and `pytest`."""
    bin_folder = str(Path(sys.executable).parent)
    return subprocess.run(
        ["bash", "-euc", line],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
        env={**os.environ, "PATH": f"{bin_folder}:{os.environ['PATH']}", "PYTEST_ADDOPTS": "-p no:cacheprovider"},
    )
