"""What a file looks like beside its content: time, permissions, owner, group."""

import grp
import os
import pwd
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flowrun_processors.put_file.permissions import Permissions

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Appearance:
    """What is wanted; each text is as the flow gives it, empty where nothing is wanted."""

    last_modified: str = ""
    permissions: Permissions | None = None
    owner: str = ""
    group: str = ""

    def apply_to_file(self, descriptor: int) -> Iterator[str]:
        """Set it on an open file; gives a sentence for each thing that can't be set."""
        if self.last_modified.strip():
            yield from _attempt(
                lambda: _set_time(descriptor, self.last_modified), "last modified time", self.last_modified
            )
        if self.permissions is not None:
            mode = self.permissions.mode
            yield from _attempt(lambda: os.fchmod(descriptor, mode), "permissions", f"{mode:03o}")
        yield from self._apply_owners(descriptor)

    def apply_to_directory(self, path: Path) -> Iterator[str]:
        """Set owner and group on a directory; gives a sentence for each that can't be set."""
        yield from self._apply_owners(path)

    def _apply_owners(self, file: int | Path) -> Iterator[str]:
        if self.owner.strip():
            yield from _attempt(lambda: os.chown(file, _user_id(self.owner), -1), "owner", self.owner)
        if self.group.strip():
            yield from _attempt(lambda: os.chown(file, -1, _group_id(self.group)), "group", self.group)


def _attempt(action: Callable[[], None], what: str, value: str) -> Iterator[str]:
    try:
        action()
    except OSError as error:
        yield f"the {what} can't be set to '{value}': {error.strerror}"
    except (ValueError, OverflowError) as error:
        yield f"the {what} can't be set to '{value}': {error}"


def _set_time(descriptor: int, text: str) -> None:
    if not _TIME.fullmatch(text):
        raise ValueError("expected a time such as 2026-08-01T09:30:00+0200")
    modified = int(datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z").timestamp()) * 1_000_000_000
    os.utime(descriptor, ns=(os.fstat(descriptor).st_atime_ns, modified))


def _user_id(name: str) -> int:
    try:
        return pwd.getpwnam(name).pw_uid
    except KeyError:
        return _number(name, "there is no such user")


def _group_id(name: str) -> int:
    try:
        return grp.getgrnam(name).gr_gid
    except KeyError:
        return _number(name, "there is no such group")


def _number(name: str, otherwise: str) -> int:
    if not (name.isascii() and name.isdigit()):
        raise ValueError(otherwise)
    return int(name)
