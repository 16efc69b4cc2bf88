"""PutFile: time, permissions, owner and group."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest
from tests.processors.put_file_kit import mode, runner_for

from flowrun_processors.put_file.permissions import Permissions


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture(autouse=True)
def _umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.parametrize(
    ("permissions", "directory"),
    [("rw-r-----", "rwxr-x---"), ("640", "rwxr-x---"), ("077", "--xr-xr-x"), ("-wx--x---", "-wx--x---")],
)
def test_permissions_hold_for_the_file_and_with_x_for_new_directories(
    folder: Path, permissions: str, directory: str
) -> None:
    runner_for(folder / "a" / "b", Permissions=permissions).trigger(b"x", filename="f")

    assert int(oct((folder / "a/b/f").stat().st_mode)[-3:], 8) == Permissions.read(permissions).mode
    assert mode(folder / "a") == mode(folder / "a" / "b") == directory


def test_a_file_with_permissions_is_never_readable_by_more_people_on_the_way(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes: list[str] = []
    copy = shutil.copyfileobj

    def spy(source: BinaryIO, target: BinaryIO, length: int) -> None:
        modes.extend(mode(path) for path in folder.iterdir())
        copy(source, target, length)

    monkeypatch.setattr("shutil.copyfileobj", spy)
    runner_for(folder, Permissions="640").trigger(b"x", filename="f")

    assert modes == ["rw-------"]


@pytest.mark.parametrize("text", ["", " ", "everything", "0644", "rwsr-xr-x"])
def test_permissions_from_an_attribute_that_are_none_are_left_to_the_umask(folder: Path, text: str) -> None:
    runner_for(folder, Permissions="${p}").trigger(b"x", filename="f", p=text)

    assert mode(folder / "f") == "rw-r--r--"


def test_the_time_of_the_file_can_be_set(folder: Path) -> None:
    runner_for(folder, Last_Modified_Time="${t}").trigger(b"x", filename="f", t="2015-03-04T05:06:07+0200")

    assert (folder / "f").stat().st_mtime == 1425438367


@pytest.mark.parametrize("text", ["yesterday", "2015-13-04T05:06:07+0200", "2015-03-04T05:06:07Z", "2015-03-04"])
def test_a_time_that_is_none_draws_a_warning(folder: Path, text: str) -> None:
    triggered = runner_for(folder, Last_Modified_Time=text).trigger(b"x", filename="f")

    assert len(triggered["success"]) == 1
    assert f"'Last Modified Time' can't be set to '{text}'" in str(triggered.bulletins[0])


@pytest.mark.parametrize("name", ["no-such-user-or-group", "99999999999999999999"])
@pytest.mark.parametrize("what", ["Owner", "Group"])
def test_an_owner_who_is_not_known_draws_a_warning(folder: Path, what: str, name: str) -> None:
    triggered = runner_for(folder, **{what: name}).trigger(b"x", filename="f")

    assert len(triggered["success"]) == 1
    assert f"'{what}' can't be set to '{name}'" in str(triggered.bulletins[0])


def test_owner_and_group_hold_for_the_file_and_for_new_directories(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "chown", lambda path, user, group: given.append((user, group)))

    runner_for(folder / "a" / "b", Owner="4321", Group="root").trigger(b"x", filename="f")

    assert given == [(4321, -1), (-1, 0)] * 3


@pytest.mark.parametrize("blank", ["", "  "])
@pytest.mark.parametrize("what", ["Owner", "Group", "Last_Modified_Time", "Permissions"])
def test_what_an_expression_leaves_blank_draws_a_warning(folder: Path, what: str, blank: str) -> None:
    triggered = runner_for(folder, **{what: "${b}"}).trigger(b"x", filename="f", b=blank)

    assert len(triggered["success"]) == 1
    assert "can't be set" in str(triggered.bulletins[0])
