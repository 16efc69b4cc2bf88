"""The conformance harness itself: `pytest tests/conformance --tables DIR` passes what is right, and nothing else."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conformance.tables import Tables
from tests.harness.cases import EXPRESSIONS, FILES, FLOWFILES, REQUESTS, Case

ROOT = Path(__file__).parent.parent.parent


def run(folder: Path | None = None, *, root: Path = ROOT) -> tuple[int, str]:
    """Exit code and output of the harness, on the tables of a folder, or on its own."""
    command = [sys.executable, "-m", "pytest", "tests/conformance", "-q", "-rA", "--tb=line", "-p", "no:cacheprovider"]
    options = ["--tables", str(folder)] if folder else []
    done = subprocess.run([*command, *options], cwd=root, capture_output=True, text=True, check=False, timeout=300)
    return done.returncode, done.stdout + done.stderr


def test_what_is_right_passes_and_what_is_wrong_fails(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("no table")
    (tmp_path / "one.json").write_text(json.dumps(EXPRESSIONS))
    (tmp_path / "two.json").write_text(json.dumps(FLOWFILES + FILES))
    (tmp_path / "three.json").write_text(json.dumps(REQUESTS))

    code, output = run(tmp_path)

    cases = [*EXPRESSIONS, *FLOWFILES, *FILES, *REQUESTS]
    passed = [line for line in output.splitlines() if line.startswith("PASSED")]
    failed = [line for line in output.splitlines() if line.startswith("FAILED")]
    assert code == pytest.ExitCode.TESTS_FAILED
    assert [line for line in passed if "-fails]" in line] == []
    assert [line for line in failed if "-passes]" in line] == []
    assert (len(passed), len(failed)) == (_right(cases), len(cases) - _right(cases))
    assert re.search(r"Expression Language: one +2 of +4 passed, 2 failed, 0 waived", output)
    assert re.search(rf"InvokeHTTP +{_right(REQUESTS)} of +{len(REQUESTS)} passed", output)


def _right(cases: list[Case]) -> int:
    return sum(case["id"].endswith("-passes") for case in cases)


def test_one_table_alone_is_enough_whatever_it_is_called(tmp_path: Path) -> None:
    (tmp_path / "held back.json").write_text(json.dumps({"cases": EXPRESSIONS[:1]}))

    code, output = run(tmp_path)

    assert code == pytest.ExitCode.OK
    assert "1 passed" in output


def test_property_tables_are_known_by_what_they_hold(tmp_path: Path) -> None:
    known = json.loads((ROOT / "tests/conformance/processor_properties.json").read_text("utf-8"))
    known["PutFile"]["properties"][0]["required"] = False
    (tmp_path / "p.json").write_text(json.dumps({"PutFile": known["PutFile"]}))

    code, output = run(tmp_path)

    assert code == pytest.ExitCode.TESTS_FAILED
    assert "1 failed" in output


def test_a_folder_without_tables_is_an_error(tmp_path: Path) -> None:
    code, output = run(tmp_path)

    assert code == pytest.ExitCode.USAGE_ERROR
    assert "there are no tables" in output


@pytest.mark.parametrize("text", ["[{}]", "[", '{"a": 1}'])
def test_what_is_no_table_is_an_error_that_names_the_file(tmp_path: Path, text: str) -> None:
    (tmp_path / "broken.json").write_text(text)

    with pytest.raises(ValueError, match=r"broken\.json"):
        Tables(tmp_path)


class TestOwnTables:
    """What stands in the lists beside the tables."""

    @pytest.fixture
    def project(self, tmp_path: Path) -> Path:
        """A project that holds the harness alone, with a few cases."""
        folder = tmp_path / "tests" / "conformance"
        folder.mkdir(parents=True)
        for file in (ROOT / "tests" / "conformance").glob("*.py"):
            shutil.copy(file, folder)
        for name in ("__init__.py", "conftest.py"):
            shutil.copy(ROOT / "tests" / name, tmp_path / "tests")
        quirk = {"id": "quirk", "expression": "${a}", "expect": "x", "quirk": True}
        rule = {**quirk, "id": "rule", "quirk": False}
        works = {**quirk, "id": "works", "expect": ""}
        (folder / "t.json").write_text(json.dumps([quirk, rule, works]))
        (tmp_path / "pytest.ini").write_text("[pytest]\nxfail_strict = true\n")
        return tmp_path

    def lists(self, project: Path, *, waived: str = "", failing: str = "") -> None:
        (project / "tests/conformance/waived.txt").write_text(waived)
        (project / "tests/conformance/expected_failures.txt").write_text(failing)

    def test_waived_quirks_and_expected_failures_do_not_fail_the_run(self, project: Path) -> None:
        self.lists(project, waived="quirk  # on purpose\nworks\n", failing="rule\n")

        code, output = run(root=project)

        assert code == pytest.ExitCode.OK
        assert re.search(r"1 of +3 passed, 0 failed, 2 waived or expected to fail", output)

    def test_what_works_must_leave_the_expected_failures(self, project: Path) -> None:
        self.lists(project, waived="quirk\n", failing="rule\nworks\n")

        code, output = run(root=project)

        assert code == pytest.ExitCode.TESTS_FAILED
        assert re.search(r"FAILED .*\[works\]", output)

    def test_only_quirks_can_be_waived(self, project: Path) -> None:
        self.lists(project, waived="rule\n")

        code, output = run(root=project)

        assert code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
        assert "rule is no quirk" in output
