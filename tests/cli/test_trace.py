"""`--trace`: a line for each flowfile that passes a step."""

from pathlib import Path

from tests.cli.in_process import run
from tests.cli.program import TICKS, write

SECRET = "0123456789abcdef"
DERIVING = (
    TICKS.partition("  name:\n")[0].replace("ticks\n", "ticks\nsensitive_attributes: [key]\n", 1)
    + """\
  give:
    type: UpdateAttribute
    properties: {key: 0123456789abcdef, plain: shown}
  derive:
    type: UpdateAttribute
    comment: "Half of the key"
    properties: {half: "${key:substring(0, 8)}", loud: "${half:toUpper()}"}
  derive-again:
    type: UpdateAttribute
    properties: {again: "a ${loud}", other: "a ${plain}"}
    auto_terminate: [success]
connections:
  - make --> give
  - give --> derive
  - derive --> derive-again
"""
)


def test_every_step_has_its_line_whatever_the_log_level(tmp_path: Path) -> None:
    done = run(tmp_path, write(tmp_path, TICKS), "--once", "--trace", "--log-level", "ERROR")

    assert [line.split()[2] for line in done.err.splitlines()] == ["make", "name", "save"]
    assert all("─ success ─▶ " in line for line in done.err.splitlines())


def test_step_that_is_reached_first_says_its_comment(tmp_path: Path) -> None:
    done = run(tmp_path, write(tmp_path, DERIVING), "--for", "300ms", "--trace")

    assert done.err.count("derive        ── Half of the key\n") == 1


def test_written_file_is_named(tmp_path: Path) -> None:
    done = run(tmp_path, write(tmp_path, TICKS), "--once", "--trace")

    [file] = (tmp_path / "out").iterdir()
    assert f"; to file://{file}\n" in done.err


def test_sensitive_attribute_and_what_is_made_of_it_are_not_shown(tmp_path: Path) -> None:
    done = run(tmp_path, write(tmp_path, DERIVING), "--once", "--trace")

    assert "plain=shown" in done.err
    assert "other=a shown" in done.err
    assert SECRET[:8] not in done.out + done.err
    assert all(f"{name}=" not in done.err for name in ("key", "half", "loud", "again"))


def test_line_break_in_a_name_breaks_no_line(tmp_path: Path) -> None:
    flow = TICKS.replace("${uuid}.txt", "${literal('a\\\\nb')}")

    done = run(tmp_path, write(tmp_path, flow), "--once", "--trace")

    assert r"a\nb (4 B)" in done.err


def test_user_and_query_of_a_url_are_not_shown(tmp_path: Path) -> None:
    flow = TICKS.replace("filename:", 'asked: "see https://me:pass@example.org/a?key=b#c now", filename:')

    done = run(tmp_path, write(tmp_path, flow), "--once", "--trace")

    assert "asked=see https://example.org/a now" in done.err
