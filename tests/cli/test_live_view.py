"""What a person sees who runs a flow on a terminal."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from tests.cli.program import JAM, PASS, TICKS, write
from tests.cli.terminal import Terminal

from flowrun.cli.exit_codes import ExitCode

CTRL_C = "\x03"
HIDE_CURSOR, SHOW_CURSOR = "\x1b[?25l", "\x1b[?25h"

Open = Callable[..., Terminal]


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Open]:
    opened: list[Terminal] = []

    def open_terminal(*words: object, **settings: object) -> Terminal:
        opened.append(Terminal(tmp_path, *words, **settings))  # type: ignore[arg-type]
        return opened[-1]

    yield open_terminal
    for each in opened:
        each.close()


def chain(length: int) -> str:
    """A flow of so many steps after its source."""
    flow = "flow: chain\nprocessors:\n  make: {type: GenerateFlowFile, schedule: {every: 100 ms}}\n"
    flow += "".join(f"  step-{n}: {{type: UpdateAttribute}}\n" for n in range(length))
    flow += "  end: {type: LogAttribute, properties: {Log Level: debug}, auto_terminate: [success]}\nconnections:\n"
    names = ["make", *(f"step-{n}" for n in range(length)), "end"]
    return flow + "".join(f"  - {a} --> {b}\n" for a, b in pairwise(names))


def test_table_shows_processors_while_the_flow_runs_and_a_summary_afterwards(tmp_path: Path, terminal: Open) -> None:
    screen = terminal(write(tmp_path, TICKS))
    screen.read_until(r"processor +type +state +queued +in +out +ended +out/s")
    screen.read_until(r"save +PutFile +(idle|working)")

    screen.type(CTRL_C)

    assert screen.finish() == ExitCode.OK
    assert screen.plain.endswith("All is done: nothing is queued, nothing failed.\n")


def test_headline_tells_name_time_and_queue_and_how_to_stop(tmp_path: Path, terminal: Open) -> None:
    screen = terminal(write(tmp_path, JAM))
    screen.read_until(r"jam  00:00:0\d  1 queued  Ctrl-C stops")
    screen.read_until(r"save +PutFile +penalized")
    screen.read_until(r"make +GenerateFlowFile +next \d\d:\d\d:\d\d")

    screen.type(CTRL_C)

    assert screen.finish() == ExitCode.OK


def test_log_lines_stay_above_the_table_each_once(tmp_path: Path, terminal: Open) -> None:
    (tmp_path / "out").touch()
    screen = terminal(write(tmp_path, TICKS), "--once")

    assert screen.finish() == ExitCode.DEAD_LETTERS

    assert len(re.findall(r"ERROR +save: dead letter", screen.plain)) == 1
    assert screen.plain.count(f"save  Directory: {tmp_path}/out") == 1


def test_log_goes_to_a_file_that_standard_error_is_sent_to(tmp_path: Path, terminal: Open) -> None:
    screen = terminal(write(tmp_path, TICKS), "--for", "600ms", log=tmp_path / "log")

    assert screen.finish() == ExitCode.OK

    assert "flow 'ticks'" in (tmp_path / "log").read_text()
    assert "flow 'ticks'" not in screen.plain
    assert "Ctrl-C stops" in screen.plain


def test_keys_are_not_echoed_into_the_table_and_the_echo_comes_back(tmp_path: Path, terminal: Open) -> None:
    screen = terminal(write(tmp_path, TICKS))
    screen.read_until("Ctrl-C stops")
    assert not screen.echoes()

    screen.type("abc\n" + CTRL_C)

    assert screen.finish() == ExitCode.OK
    assert screen.echoes()
    assert screen.text.rindex(SHOW_CURSOR) > screen.text.rindex(HIDE_CURSOR)


def test_second_ctrl_c_leaves_the_terminal_as_it_was(tmp_path: Path, terminal: Open) -> None:
    (tmp_path / "plugins").mkdir()
    write(tmp_path / "plugins", PASS.replace('print("seen")', '__import__("time").sleep(60)'), "pass.py")
    flow = (
        "flow: slow\nprocessors:\n  make: {type: GenerateFlowFile}\n  work: {type: Pass, auto_terminate: [success]}\n"
    )
    screen = terminal(write(tmp_path, flow + "connections:\n  - make --> work\n"))
    screen.read_until(r"work +Pass +working")
    screen.type(CTRL_C)
    screen.read_until("stopping; Ctrl-C again stops at once")

    screen.type(CTRL_C)

    assert screen.finish() == ExitCode.INTERRUPTED
    assert screen.echoes()
    assert screen.plain.endswith("stopped at once, nothing is lost\n")
    assert screen.text.rindex(SHOW_CURSOR) > screen.text.rindex(HIDE_CURSOR)


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_no_line_of_the_table_is_wider_than_the_terminal(tmp_path: Path, terminal: Open, columns: int) -> None:
    flow = TICKS.replace("save", "a-step-with-a-name-that-is-longer-than-what-most-people-would-choose-for-it")
    screen = terminal(write(tmp_path, flow), "--for", "600ms", columns=columns, log=tmp_path / "log")

    assert screen.finish() == ExitCode.OK

    lines = screen.plain.partition("All is done")[0].replace("\r", "\n").splitlines()
    assert max(map(len, lines)) <= columns
    assert any(line.startswith("a-step-with") for line in lines)


def test_flow_that_is_longer_than_the_terminal_is_high_says_what_it_leaves_out(tmp_path: Path, terminal: Open) -> None:
    screen = terminal(write(tmp_path, chain(40)), rows=12)

    screen.read_until(r"… and 34 more with less to tell")

    screen.type(CTRL_C)
    assert screen.finish() == ExitCode.OK


def test_no_color_is_respected(tmp_path: Path, terminal: Open) -> None:
    screen = terminal(write(tmp_path, TICKS), "--for", "600ms", environment={"NO_COLOR": "1"})

    assert screen.finish() == ExitCode.OK

    assert not re.search(r"\x1b\[(?:\d+;)*[34]\dm", screen.text)


@pytest.mark.parametrize("words", [["--json"], ["--trace"]])
def test_lines_were_asked_for_so_no_table_is_drawn(tmp_path: Path, terminal: Open, words: list[str]) -> None:
    screen = terminal(write(tmp_path, TICKS), "--once", *words)

    assert screen.finish() == ExitCode.OK

    assert HIDE_CURSOR not in screen.text


def test_terminal_that_cannot_move_its_cursor_gets_lines(tmp_path: Path, terminal: Open) -> None:
    screen = terminal(write(tmp_path, TICKS), "--once", environment={"TERM": "dumb"})

    assert screen.finish() == ExitCode.OK

    assert HIDE_CURSOR not in screen.text
    assert "INFO    flow 'ticks'" in screen.plain
