"""The house's own rules, where no other check holds them."""

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted([*(ROOT / "engine").rglob("*.py"), *(ROOT / "processors").rglob("*.py")])
NO_EXCEPTION = {"session.py", "scheduler.py", "runner.py"}
LONGEST_FILE = 250
LONGEST_FUNCTION = 35


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_short(source: Path) -> None:
    text = source.read_text("utf-8")
    long = [
        f"{node.name} has {length} lines"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.body[0].lineno + 1) > LONGEST_FUNCTION
    ]

    assert text.count("\n") <= LONGEST_FILE
    assert long == []


def test_the_tree_holds_nothing_but_what_it_should() -> None:
    known = {
        ".ci", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md", "docs", "engine",
        "flows", "processors", "pyproject.toml", "tests",
    }  # fmt: skip
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout

    assert {line.partition("/")[0] for line in listed.splitlines()} <= known


def test_no_page_sends_people_to_a_stranger_s_package() -> None:
    wrong = "pip install " + "flowrun"
    for page in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md")):
        for line in page.read_text("utf-8").splitlines():
            assert wrong not in line.replace(wrong + "-engine", ""), page
