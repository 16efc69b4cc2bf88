"""`--watch`: edits of the flow file come into the run of it, or are refused."""

import signal
from pathlib import Path

from tests.cli.kit import flowrun
from tests.cli.looked_into import ask, ask_for_json, wait_until, waiting
from tests.cli.program import TICKS, finish, read_until, run, start, write


def test_an_edit_comes_in_and_a_wrong_one_does_not(tmp_path: Path) -> None:
    write(tmp_path, TICKS)
    process = start(tmp_path, "flow.yaml", "--watch")
    read_until(process, "flow 'ticks'")
    write(tmp_path, TICKS.replace("value: tick", "value: tock"))
    came = read_until(process, "word")
    write(tmp_path, TICKS.replace("type: PutFile", "type: PutFiles"))
    refused = read_until(process, "refused")
    report = ask_for_json(tmp_path, "status", "flow.yaml", "--param", "word=x")
    status = ask(tmp_path, "status", "flow.yaml").out
    write(tmp_path, TICKS.replace("value: tick", "value: tock"))
    again = read_until(process, "goes on")
    process.send_signal(signal.SIGINT)
    done = finish(process)

    assert "generation 2 of the flow runs: 1 other change" in came
    assert "word: 'tick' or the variable TICKS_WORD → 'tock' or the variable TICKS_WORD" in came
    assert "flow.yaml:13:11: error: no processor type 'PutFiles'; did you mean 'PutFile'?" in refused
    assert "1 error; the edit was refused, generation 2 of the flow goes on" in refused
    assert "; generation 2 of its file\n" in status
    assert "the latest edit was refused, generation 2 goes on: flow.yaml:13:11: error: no processor type" in status
    assert report["generation"] == 2
    assert "no processor type 'PutFiles'" in report["refused_edit"]
    assert "the file says what runs again: generation 2 of the flow goes on" in again
    assert done.code == 0
    assert {path.read_text() for path in (tmp_path / "out").iterdir()} == {"tick", "tock"}


def test_an_edit_that_would_orphan_flowfiles_is_refused_and_they_move_on(tmp_path: Path) -> None:
    text = TICKS.replace("    type: UpdateAttribute\n", "    type: UpdateAttribute\n    enabled: false\n")
    write(tmp_path, text)
    process = start(tmp_path, "flow.yaml", "--watch")
    read_until(process, "flow 'ticks'")
    write(tmp_path, text.replace("  name:", "  rename:").replace("name ", "rename ").replace("> name", "> rename"))
    refused = read_until(process, "refused")
    write(tmp_path, TICKS)
    came = read_until(process, "enabled")
    process.send_signal(signal.SIGINT)
    done = finish(process)

    assert "in the connection 'make -- success --> name', which the edit removes" in refused
    assert "generation 2 of the flow runs: 1 processor changed" in came
    assert done.code == 0
    assert "left in queues" not in done.out


def test_a_crash_after_an_edit_leaves_what_the_file_says(tmp_path: Path) -> None:
    write(tmp_path, TICKS)
    process = start(tmp_path, "flow.yaml", "--watch")
    read_until(process, "flow 'ticks'")
    write(tmp_path, TICKS.replace("Directory: out", "Directory: elsewhere"))
    read_until(process, "Directory: 'out'")
    process.kill()
    finish(process)
    before = len(list((tmp_path / "elsewhere").glob("*"))) if (tmp_path / "elsewhere").is_dir() else 0
    done = run(tmp_path, "flow.yaml", "--once")

    assert done.code == 0
    assert len(list((tmp_path / "elsewhere").iterdir())) > before


DEADLY = """\
import os
import signal
from pathlib import Path

from flowrun import Processor, Relationship


class Deadly(Processor):
    \"\"\"Kills the process in the middle of an edit, once.\"\"\"

    success = Relationship("success", "All.")

    def on_scheduled(self):
        if Path("armed").exists():
            Path("armed").unlink()
            os.kill(os.getpid(), signal.SIGKILL)

    def process(self, session, flowfile):
        session.transfer(flowfile, self.success)
"""


def test_a_crash_in_the_middle_of_an_edit_loses_nothing_and_the_file_runs_then(tmp_path: Path) -> None:
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "deadly.py").write_text(DEADLY)
    text = TICKS.replace('    properties: {filename: "${uuid}.txt"}\n', "    enabled: false\n")
    write(tmp_path, text)
    process = start(tmp_path, "flow.yaml", "--watch")
    wait_until(lambda: (waiting(tmp_path) or {"": 0}).get("make -- success --> name", 0) > 3)
    (tmp_path / "armed").touch()
    write(tmp_path, text.replace("type: UpdateAttribute\n    enabled: false", "type: Deadly"))
    crashed = finish(process)
    queued = waiting(tmp_path)["make -- success --> name"]
    done = run(tmp_path, "flow.yaml", "--once")

    assert crashed.code == -signal.SIGKILL
    assert queued > 3
    assert done.code == 0
    assert len(list((tmp_path / "out").iterdir())) == queued + 1  # the last one was made in the run itself


def test_a_file_that_is_gone_for_a_moment_changes_nothing(tmp_path: Path) -> None:
    flow = write(tmp_path, TICKS)
    process = start(tmp_path, "flow.yaml", "--watch")
    read_until(process, "flow 'ticks'")
    flow.rename(tmp_path / "aside.yaml")
    gone = read_until(process, "refused")
    (tmp_path / "aside.yaml").replace(flow)
    back = read_until(process, "goes on")
    process.send_signal(signal.SIGINT)

    assert "no such file" in gone
    assert "generation 1 of the flow goes on" in back
    assert finish(process).code == 0


def test_once_and_watch_exclude_each_other(tmp_path: Path) -> None:
    write(tmp_path, TICKS)
    said = flowrun(tmp_path, "flow.yaml", "--once", "--watch")

    assert said.code == 2
    assert "--watch is for runs that last" in said.err


def test_what_counts_from_the_next_start_on_is_said(tmp_path: Path) -> None:
    write(tmp_path, TICKS)
    process = start(tmp_path, "flow.yaml", "--watch")
    read_until(process, "flow 'ticks'")
    write(tmp_path, TICKS.replace("flow: ticks\n", "flow: ticks\nfsync: none\nhistory: off\n"))
    said = read_until(process, "history")
    process.send_signal(signal.SIGINT)

    assert "fsync: the edit counts from the next start on" in said
    assert "history: the edit counts from the next start on" in said
    assert finish(process).code == 0
