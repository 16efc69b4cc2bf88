"""A user rewires the Xero flow with an editor, and runs it: every change does what it says."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.in_process import run
from tests.cli.kit import Called
from tests.cli.program import FLOWS
from tests.flows.xero import XeroSandbox, connect

from flowrun.cli.exit_codes import ExitCode
from flowrun.sandbox import Sandbox, sandbox_file

FLOW = FLOWS / "xero_refresh.yaml"
STAMP = '''\
from flowrun import ExpressionProperty, FlowFile, Processor, ProcessSession, Relationship


class StampIt(Processor):
    """Write the name and the content's first bytes to the log, in place of a file."""

    words = ExpressionProperty("Words", str, "What to say before it.")
    success = Relationship("success", "Every flowfile.")
    failure = Relationship("failure", "None.")

    def process(self, session: ProcessSession, flowfile: FlowFile) -> None:
        print(self.words.evaluate(flowfile), flowfile.filename, session.read(flowfile)[:7])
        session.transfer(flowfile, self.success)
'''


@pytest.fixture(scope="module")
def xero(tmp_path_factory: pytest.TempPathFactory) -> Iterator[XeroSandbox]:
    folder = tmp_path_factory.mktemp("xero")
    with Sandbox(sandbox_file(FLOW), folder) as sandbox, connect(dict(sandbox.parameters)) as client:
        running = XeroSandbox(dict(sandbox.parameters), client)
        running.be(access_token_seconds=1800)
        yield running


class Rewired:
    """A copy of the flow, in which pieces of text are others; with tokens and an output folder of its own."""

    def __init__(self, folder: Path, xero: XeroSandbox) -> None:
        self.folder = folder
        self.file = folder / "xero_refresh.yaml"
        self.file.write_text(FLOW.read_text())
        self.output = folder / "output"
        self.tokens = xero.grant()
        credentials = folder / "credentials"
        credentials.mkdir()
        (credentials / "credentials.json").write_text(json.dumps(self.tokens))
        self._parameters = xero.parameters | {"output_dir": str(self.output), "credentials_dir": str(credentials)}

    def change(self, old: str, new: str) -> None:
        text = self.file.read_text()
        assert text.count(old) == 1, old
        self.file.write_text(text.replace(old, new))

    def run(self) -> Called:
        given = {f"FLOWRUN_PARAM_{name}": value for name, value in self._parameters.items()}
        return run(self.folder, self.file, "--once", "--trace", environment=given)

    @property
    def saved(self) -> list[str]:
        return sorted(file.name for file in self.output.iterdir()) if self.output.exists() else []


@pytest.fixture
def flow(tmp_path: Path, xero: XeroSandbox) -> Rewired:
    return Rewired(tmp_path, xero)


def test_unchanged_flow_fetches_and_saves(flow: Rewired) -> None:
    assert flow.run().code == ExitCode.OK

    assert flow.saved == ["Invoices"]


def test_arrow_that_is_moved_leads_elsewhere(flow: Rewired) -> None:
    """What is authorized is saved by a second PutFile, of another folder."""
    flow.change(
        "- check-authorization -- Authorized --> save-data", "- check-authorization -- Authorized --> save-copy"
    )
    flow.change(
        "  build-refresh-request:  ",
        "  save-copy:\n    type: PutFile\n    properties: {Directory: copy}\n    auto_terminate: [success]\n"
        "    dead_letter: [failure]\n  build-refresh-request:  ",
    )
    flow.change("connections:", "connections:\n  - save-copy -- failure --> save-data")
    flow.change("    dead_letter: [failure]\n  build-refresh-request:", "  build-refresh-request:")

    done = flow.run()

    assert done.code == ExitCode.OK
    assert [file.name for file in (flow.folder / "copy").iterdir()] == ["Invoices"]
    assert flow.saved == []


def test_log_attribute_between_two_steps_shows_what_passes(flow: Rewired) -> None:
    flow.change(
        "  check-authorization:  ",
        "  look:\n    type: LogAttribute\n    properties: {Log prefix: between 3 and 4}\n  check-authorization:  ",
    )
    flow.change(
        "- fetch-data -- Response --> check-authorization",
        "- fetch-data -- Response --> look\n  - look --> check-authorization",
    )

    done = flow.run()

    assert done.code == ExitCode.OK
    assert "between 3 and 4" in done.err
    assert "Key: 'invokehttp.status.code'\n\tValue: '200'" in done.err
    assert "Key: 'access_token'\n\tValue: '********'" in done.err
    assert flow.saved == ["Invoices"]


def test_processor_that_is_renamed_is_called_so_everywhere(flow: Rewired) -> None:
    text = flow.file.read_text()
    flow.file.write_text(text.replace("save-data", "keep-the-invoices"))

    done = flow.run()

    assert done.code == ExitCode.OK
    assert "keep-the-invoices  " in done.err
    assert "keep-the-invoices  " in done.out
    assert "save-data" not in done.out + done.err
    assert flow.saved == ["Invoices"]


def test_step_5_can_be_a_processor_of_ones_own(flow: Rewired) -> None:
    (flow.folder / "plugins").mkdir()
    (flow.folder / "plugins" / "stamp_it.py").write_text(STAMP)
    flow.change(
        '    type: PutFile\n    comment: "Step 5: save the data"\n    properties:\n      Directory: "#{output_dir}"\n'
        "      Conflict Resolution Strategy: replace\n",
        '    type: StampIt\n    properties:\n      Words: "status ${invokehttp.status.code}:"\n',
    )

    done = flow.run()

    assert done.code == ExitCode.OK
    assert "status 200: Invoices b'{" in done.err
    assert flow.saved == []


def test_mistake_in_a_plugin_is_named_with_its_file_and_line(flow: Rewired) -> None:
    (flow.folder / "plugins").mkdir()
    (flow.folder / "plugins" / "stamp_it.py").write_text(STAMP.replace('"success"', "success"))

    done = flow.run()

    assert done.code == ExitCode.WRONG
    [line, ending] = done.err.splitlines()
    assert "plugins/stamp_it.py:8: " in line
    assert "NameError: name 'success' is not defined" in line
    assert ending == "1 error; nothing was started."


def test_what_is_told_of_a_rewired_flow_holds_no_token(flow: Rewired) -> None:
    tokens = [flow.tokens[name] for name in ("access_token", "refresh_token")]
    flow.change(
        "  check-authorization:  ",
        "  look: {type: LogAttribute, properties: {Log Payload: true}}\n  check-authorization:  ",
    )
    flow.change(
        "- extract-tokens -- matched --> fetch-data", "- extract-tokens -- matched --> look\n  - look --> fetch-data"
    )

    done = flow.run()

    assert done.code == ExitCode.OK
    assert not [token for token in tokens if token in done.out + done.err]
