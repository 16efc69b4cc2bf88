"""`flowrun FLOW`: what it does, prints, and returns."""

import json
import os
from pathlib import Path

import pytest
from tests.cli.in_process import run
from tests.cli.program import FLOWS, JAM, PASS, TICKS, start, write

from flowrun.cli.exit_codes import ExitCode


def outputs(folder: Path) -> list[str]:
    return [file.read_text() for file in (folder / "out").iterdir()]


def test_once_polls_each_source_once_and_ends_well(tmp_path: Path) -> None:
    done = run(tmp_path, write(tmp_path, TICKS), "--once")

    assert done.code == ExitCode.OK
    assert outputs(tmp_path) == ["tick"]
    assert done.out.endswith("All is done: nothing is queued, nothing failed.\n")


def test_source_that_found_nothing_is_named_in_the_summary(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    flow = TICKS.replace("GenerateFlowFile", "GetFile").replace('Custom Text: "#{word}"', "Input Directory: in")

    done = run(tmp_path, write(tmp_path, flow), "--once")

    assert done.code == ExitCode.OK
    assert "'make' found nothing to bring in.\nAll is done" in done.out


def test_word_run_may_be_said(tmp_path: Path) -> None:
    assert run(tmp_path, "run", write(tmp_path, TICKS), "--once").code == ExitCode.OK


def test_options_may_come_first(tmp_path: Path) -> None:
    assert run(tmp_path, "--once", write(tmp_path, TICKS)).code == ExitCode.OK


def test_for_runs_that_long_and_leaves_nothing_queued(tmp_path: Path) -> None:
    done = run(tmp_path, write(tmp_path, TICKS), "--for", "400ms")

    assert done.code == ExitCode.OK
    assert len(outputs(tmp_path)) > 1


def test_log_goes_to_standard_error_and_the_summary_to_standard_output(tmp_path: Path) -> None:
    done = run(tmp_path, write(tmp_path, TICKS), "--once")

    assert "flow 'ticks': 3 processors, 2 connections" in done.err
    assert done.out.splitlines()[1].split() == ["processor", "type", "in", "out", "ended"]
    assert "INFO" not in done.out


def test_start_prints_relative_directories_absolute(tmp_path: Path) -> None:
    done = run(tmp_path, write(tmp_path, TICKS), "--once")

    assert f"queues are kept in {tmp_path}/.flowrun/ticks\n" in done.err
    assert f"save  Directory: {tmp_path}/out\n" in done.err


def test_dead_letter_makes_the_code_1_and_the_summary_says_why(tmp_path: Path) -> None:
    (tmp_path / "out").touch()

    done = run(tmp_path, write(tmp_path, TICKS), "--once")

    assert done.code == ExitCode.DEAD_LETTERS
    assert f"1 dead letter in this run; kept in {tmp_path}/.flowrun/ticks:\n  save ─ failure: " in done.out
    assert f"'flowrun dlq list {tmp_path}/flow.yaml' shows them" in done.out


def test_dead_letter_of_an_earlier_run_is_told_and_harms_nobody(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    run(tmp_path, write(tmp_path, TICKS), "--once")
    (tmp_path / "out").unlink()

    done = run(tmp_path, tmp_path / "flow.yaml", "--once")

    assert done.code == ExitCode.OK
    assert "No dead letter in this run, 1 of earlier runs" in done.out


def test_bulletin_is_logged_once(tmp_path: Path) -> None:
    (tmp_path / "out").touch()

    done = run(tmp_path, write(tmp_path, TICKS), "--once")

    assert (done.out + done.err).count("ERROR") == 1


def test_time_that_ran_out_with_flowfiles_queued_is_code_5(tmp_path: Path) -> None:
    done = run(tmp_path, write(tmp_path, JAM), "--once", "--for", "200ms")

    assert done.code == ExitCode.UNFINISHED
    assert "1 flowfile left in queues, 1 of them until a penalty ends; the next run goes on with them." in done.out


def test_processor_that_fails_at_the_end_is_code_1(tmp_path: Path) -> None:
    (tmp_path / "plugins").mkdir()
    write(tmp_path / "plugins", PASS.replace('print("seen")', 'raise OSError("no disk")'), "pass.py")
    flow = TICKS.replace("type: UpdateAttribute", "type: Pass").replace(
        '    properties: {filename: "${uuid}.txt"}\n', ""
    )

    done = run(tmp_path, write(tmp_path, flow), "--for", "300ms")

    assert done.code == ExitCode.DEAD_LETTERS
    assert "'name' was failing at the end" in done.out
    assert "OSError: no disk" in done.err


def test_parameter_comes_from_the_command_line_a_file_or_the_environment_and_the_last_wins(tmp_path: Path) -> None:
    flow = write(tmp_path, TICKS)
    values = write(tmp_path, "word: of the file\n", "values.yaml")

    run(tmp_path, flow, "--once", environment={"TICKS_WORD": "of the environment"})
    run(tmp_path, flow, "--once", "--params", values, environment={"TICKS_WORD": "of the environment"})
    run(tmp_path, flow, "--once", "--params", values, "--param", "word=of the command line")

    assert sorted(outputs(tmp_path)) == ["of the command line", "of the environment", "of the file"]


def test_state_lies_where_it_is_told_to(tmp_path: Path) -> None:
    done = run(tmp_path, write(tmp_path, TICKS), "--once", "--state", "kept")

    assert (tmp_path / "kept" / "ticks" / "journal").is_dir()
    assert not (tmp_path / ".flowrun").exists()
    assert f"queues are kept in {tmp_path}/kept/ticks" in done.err


def test_state_in_memory_leaves_nothing_behind_and_says_what_is_lost(tmp_path: Path) -> None:
    done = run(tmp_path, write(tmp_path, JAM), "--for", "200ms", "--state", "memory")

    assert not (tmp_path / ".flowrun").exists()
    assert (
        "1 flowfile left in queues, 1 of them until a penalty ends; they were in memory only, and are gone." in done.out
    )


def test_plugins_are_found_beside_the_flow_and_where_the_option_says(tmp_path: Path) -> None:
    for name in ("plugins", "elsewhere"):
        (tmp_path / name).mkdir()
        write(tmp_path / name, PASS.replace("class Pass", f"class Pass{name.title()}"), "pass.py")
    flow = TICKS.replace("type: UpdateAttribute", "type: PassPlugins").replace("type: PutFile", "type: PassElsewhere")
    for line in ('properties: {filename: "${uuid}.txt"}', "properties: {Directory: out}", "dead_letter: [failure]"):
        flow = flow.replace(f"    {line}\n", "")

    done = run(tmp_path, write(tmp_path, flow), "--once", "--plugins", "elsewhere")

    assert done.code == ExitCode.OK
    assert done.err.count("seen") == 2
    assert "seen" not in done.out


def test_json_is_all_that_standard_output_gets(tmp_path: Path) -> None:
    summary = json.loads(run(tmp_path, write(tmp_path, TICKS), "--once", "--json").out)

    assert (summary["flow"], summary["exit_code"], summary["finished"], summary["queued"]) == ("ticks", 0, True, 0)
    assert [processor["name"] for processor in summary["status"]["processors"]] == ["make", "name", "save"]


def test_json_names_the_causes_of_dead_letters(tmp_path: Path) -> None:
    (tmp_path / "out").touch()

    summary = json.loads(run(tmp_path, write(tmp_path, TICKS), "--once", "--json").out)

    [cause] = summary["dead_letter_causes"]
    assert (summary["exit_code"], summary["dead_letters"], cause["processor"], cause["count"]) == (1, 1, "save", 1)


def test_output_that_nobody_reads_changes_no_code(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    process = start(tmp_path, write(tmp_path, TICKS), "--once")
    assert process.stdout is not None
    assert process.stderr is not None

    process.stdout.close()

    assert "Traceback" not in process.stderr.read()
    assert process.wait() == ExitCode.DEAD_LETTERS
    process.stderr.close()


def test_smallest_flow_does_what_its_head_says(tmp_path: Path) -> None:
    done = run(tmp_path, FLOWS / "hello.yaml", "--once", "--state", "memory", environment={"HELLO_NAME": "you"})

    assert done.code == ExitCode.OK
    assert (tmp_path / "data" / "hello" / "greeting.txt").read_text() == "Hello, you!"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_state_that_cannot_be_written_is_code_4(tmp_path: Path) -> None:
    flow = write(tmp_path, TICKS)
    tmp_path.chmod(0o500)

    assert run(Path.cwd(), flow, "--once").code == ExitCode.DAMAGED
