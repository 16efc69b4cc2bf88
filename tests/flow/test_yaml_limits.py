"""Files that are no flows: each gets one line, and none brings the process down."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowrun.flow import load_flow
from flowrun.flow.loader import load_flow_text
from tests.flow.test_loader import XERO


def problems_of(text: str) -> list[str]:
    return [str(problem) for problem in load_flow_text(text, Path("f.yaml")).problems]


def test_a_missing_file_is_one_problem(tmp_path: Path) -> None:
    path = tmp_path / "none.yaml"

    assert [str(problem) for problem in load_flow(path).problems] == [f"{path}:1:1: error: no such file"]


def test_a_directory_is_one_problem(tmp_path: Path) -> None:
    [problem] = load_flow(tmp_path).problems

    assert str(problem) == f"{tmp_path}:1:1: error: this is a directory: name the file in it"


def test_a_file_that_may_not_be_read_is_one_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, mode: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)

    assert [str(problem) for problem in load_flow(tmp_path / "flow.yaml").problems] == [
        f"{tmp_path / 'flow.yaml'}:1:1: error: this file may not be read: permission denied"
    ]


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000, "flow.yaml/in"])
def test_a_name_that_no_file_can_have_is_one_problem(tmp_path: Path, name: str) -> None:
    (tmp_path / "flow.yaml").touch()

    assert len(load_flow(tmp_path / name).problems) == 1


def test_a_large_file_is_refused_before_it_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(100 << 20)

    assert [str(problem) for problem in load_flow(path).problems] == [
        f"{path}:1:1: error: this file is larger than 4 MB: no flow is"
    ]


@pytest.mark.parametrize(
    ("content", "place", "message"),
    [
        (b"flow: a\nx: caf\xe9\n", "2:7", "this is not UTF-8: save the file as UTF-8"),
        ("flow: é\nx: y".encode() + b"\xff", "2:5", "this is not UTF-8: save the file as UTF-8"),
        ("flow: a\n".encode("utf-16"), "1:1", "this file is UTF-16: save it as UTF-8"),
        ("flow: a\n".encode("utf-32"), "1:1", "this file is UTF-32: save it as UTF-8"),
        (b"flow: a\nx: \x00\n", "2:4", "the character U+0000 may not stand in a YAML file: remove it"),
        (b"flow: \x1b[31m\n", "1:7", "the character U+001B may not stand in a YAML file: remove it"),
        (b"", "1:1", "this file is empty"),
        (b"# only a comment\n", "1:1", "this file is empty"),
        (b"just text\n", "1:1", "a flow file is a mapping that begins 'flow: NAME', found text"),
        (b"- a\n- b\n", "1:1", "a flow file is a mapping that begins 'flow: NAME', found a list"),
    ],
)
def test_what_is_no_mapping_in_utf_8_is_one_problem(tmp_path: Path, content: bytes, place: str, message: str) -> None:
    path = tmp_path / "flow.yaml"
    path.write_bytes(content)

    loaded = load_flow(path)
    assert [str(problem) for problem in loaded.problems] == [f"{path}:{place}: error: {message}"]
    assert loaded.definition is None


@pytest.mark.parametrize(
    ("opening", "column"),
    [("[", 65), ("{a: ", 257), ("- ", 129), ("? ", 129), ("[{a: ", 161)],
)
def test_a_hundred_thousand_levels_are_refused_without_building_them(opening: str, column: int) -> None:
    assert problems_of(opening * 100_000) == [f"f.yaml:1:{column}: error: more than 64 levels of nesting"]


def test_indentation_without_end_is_refused() -> None:
    text = "".join(f"{' ' * level}a:\n" for level in range(2000))

    assert problems_of(text) == ["f.yaml:65:65: error: more than 64 levels of nesting"]


def test_aliases_that_explode_are_refused() -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]\n" for level in range(1, 10)
    )

    assert problems_of(bomb) == ["f.yaml:6:15: error: aliases expand to more than 200000 values"]


def test_an_anchor_inside_itself_is_refused() -> None:
    assert problems_of("flow: &a [*a]\n") == ["f.yaml:1:11: error: this alias stands inside its own anchor"]


def test_a_file_of_very_many_values_is_refused() -> None:
    [problem] = problems_of("[" + "a," * 300_000 + "]")

    assert problem.endswith("error: this file holds more than 200000 values")


def test_problems_without_end_are_counted_not_listed() -> None:
    text = XERO + "".join(f"key{number}: x\n" for number in range(5000))

    problems = problems_of(text)
    assert len(problems) == 201
    assert problems[-1] == "error: 4800 more problems"


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "connections",
    [
        "- a" + " -" * 500_000,
        "- a" + "-" * 1_000_000,
        "- a" + "=" * 1_000_000,
        "- a --> missing\n" * 20_000,
        "- '" + " " * 1_000_000 + "'",
    ],
)
def test_no_connections_are_so_wrong_that_it_takes_long_to_say_so(connections: str) -> None:
    processors = "".join(f"  name-{number}: {{type: T}}\n" for number in range(500))

    assert problems_of(f"flow: x\nprocessors:\n{processors}connections:\n{connections}\n")


def is_survived(text: str) -> bool:
    loaded = load_flow_text(text, Path("f.yaml"))
    places = [problem.place for problem in loaded.problems if problem.place]
    errors = [problem for problem in loaded.problems if problem.severity == "error"]
    return (
        all(place.line >= 1 and place.column >= 1 for place in places)
        and all("\n" not in str(problem) for problem in loaded.problems)
        and (loaded.definition is not None or bool(errors))
    )


@given(st.text())
def test_no_text_makes_the_loader_raise(text: str) -> None:
    assert is_survived(text)


MARKS = [*"\n\t :,-[]{}'\"#&*!|>@%`~?\\$\x85", "\n  ", "\n    ", "---\n", "\r\n"]
PIECES = [": ", "- ", " #{", "#{x}", "${", "&a ", "*a", "<<", "é", "a -- b --> c"]
WORDS = ["flow", "processors", "connections", "parameters", "type", "schedule", "cron", "retry"]
TOKENS = st.sampled_from(MARKS + PIECES + WORDS)


@given(st.lists(TOKENS, max_size=60).map("".join))
def test_no_heap_of_yaml_makes_the_loader_raise(text: str) -> None:
    assert is_survived(text)


@given(st.integers(0, len(XERO)), st.integers(0, 30), st.lists(TOKENS, max_size=3).map("".join))
def test_no_edit_of_a_flow_makes_the_loader_raise(start: int, length: int, inserted: str) -> None:
    assert is_survived(XERO[:start] + inserted + XERO[start + length :])


@given(st.binary())
def test_no_bytes_make_the_loader_raise(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes.yaml"
    path.write_bytes(content)

    assert load_flow(path).problems
