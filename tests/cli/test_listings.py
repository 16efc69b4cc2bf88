"""`flowrun processors` and `flowrun schema`: what there is to write into a flow file."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml
from tests.cli.kit import flowrun
from tests.cli.program import FLOWS, PASS, write

from flowrun.cli.exit_codes import ExitCode


def test_every_type_is_listed_with_a_line_about_it(tmp_path: Path) -> None:
    lines = flowrun(tmp_path, "processors").out.splitlines()

    assert {"GetFile", "InvokeHttp", "PutFile"} <= {line.split()[0] for line in lines}
    assert all(line.endswith(".") for line in lines)


def test_list_is_there_as_json(tmp_path: Path) -> None:
    summaries = json.loads(flowrun(tmp_path, "processors", "--json").out)

    assert summaries["GetFile"].endswith(".")


@pytest.mark.parametrize(
    "name", ["InvokeHttp", "invokehttp", "InvokeHTTP", "org.apache.nifi.processors.standard.InvokeHTTP"]
)
def test_manual_page_is_found_under_every_spelling(tmp_path: Path, name: str) -> None:
    done = flowrun(tmp_path, "processors", name)

    assert done.code == ExitCode.OK
    assert done.out.startswith("# InvokeHttp\n")


def test_type_is_there_as_json(tmp_path: Path) -> None:
    told = json.loads(flowrun(tmp_path, "processors", "RouteOnAttribute", "--json").out)

    assert (told["type"], told["input"]) == ("RouteOnAttribute", "required")
    assert told["dynamic_properties"]["makes_relationships"]
    assert [relationship["name"] for relationship in told["relationships"]] == ["matched", "unmatched"]
    assert told["properties"][0]["allowed"][0] == "Route to Property name"


def test_type_that_is_none_gets_a_guess(tmp_path: Path) -> None:
    done = flowrun(tmp_path, "processors", "GetFiles")

    assert (done.code, done.out) == (ExitCode.WRONG, "")
    assert done.err.startswith("error: there is no processor type 'GetFiles'; did you mean 'GetFile'? (")


def test_plugins_are_listed_too(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    write(tmp_path / "mine", PASS, "pass.py")

    assert "Pass " in flowrun(tmp_path, "processors", "--plugins", "mine").out
    assert flowrun(tmp_path, "processors", "Pass", "--plugins", "mine").out.startswith("# Pass\n")


def test_schema_accepts_the_shipped_flows(tmp_path: Path) -> None:
    schema = json.loads(flowrun(tmp_path, "schema").out)

    for file in FLOWS.glob("*.yaml"):
        jsonschema.validate(yaml.safe_load(file.read_text()), schema)


def test_schema_knows_properties_of_plugins(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    write(tmp_path / "mine", PASS, "pass.py")

    assert '"Pass"' in flowrun(tmp_path, "schema", "--plugins", "mine").out


def test_reader_who_has_enough_is_no_error(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "flowrun", "processors"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()

    assert process.stderr.read() == b""
    assert process.wait() == ExitCode.OK
    process.stderr.close()
