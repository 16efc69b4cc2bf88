"""A flow that is to be killed may not lead out of its scratch folder."""

from pathlib import Path

import pytest

from flowrun.chaos.boundary import check_boundary
from flowrun.errors import FlowError
from flowrun.flow.loader import load_flow_text
from flowrun.graph import FlowGraph, build_graph, require
from flowrun.parameter_reference import NO_PARAMETERS
from flowrun.registry import Registry

FLOW = """
flow: leads
processors:
  make: {{type: GenerateFlowFile, properties: {{Custom Text: "/usr/lib is a folder"}}}}
  ask:
    type: InvokeHttp
    properties: {{HTTP URL: "{url}"}}
    auto_terminate: [Original, Response, Retry, No Retry, Failure]
  save:
    type: PutFile
    properties: {{Directory: "{directory}"}}
    auto_terminate: [success, failure]
connections: [make --> ask, make --> save]
"""


def graph(*, url: str = "http://127.0.0.1:8000/orders", directory: str = "out") -> FlowGraph:
    loaded = load_flow_text(FLOW.format(url=url, directory=directory), Path("leads.yaml"))
    assert loaded.definition is not None, loaded.problems
    return require(build_graph(loaded.definition, Registry.installed(), NO_PARAMETERS))


@pytest.mark.parametrize("directory", ["out", "SCRATCH/world/out", "out/${filename}"])
def test_what_stays_within_it_is_no_problem(directory: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    check_boundary(graph(directory=directory.replace("SCRATCH", str(tmp_path))), tmp_path)


@pytest.mark.parametrize("directory", ["/usr/share", "../out", "/usr/new"])
def test_another_folder_is_refused(directory: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(FlowError, match=f"'save': 'Directory' leads to {directory}, which is not within"):
        check_boundary(graph(directory=directory), tmp_path)


@pytest.mark.parametrize("url", ["http://localhost/a", "http://[::1]:80/a", "http://${host}/a"])
def test_an_address_on_this_machine_or_one_that_is_not_known_yet_is_no_problem(url: str, tmp_path: Path) -> None:
    check_boundary(graph(url=url), tmp_path)


def test_an_address_elsewhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FlowError, match=r"'ask': 'HTTP URL' leads to https://api\.example\.com"):
        check_boundary(graph(url="https://api.example.com/orders"), tmp_path)
