"""What a file looks like beside its content: time, permissions, owner, group."""

import grp
import os
import pwd
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flowrun_processors.put_file.permissions import Permissions

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Appearance:
    """What is wanted, each text as the flow gives it; None where nothing is."""

    last_modified: str | None = None
    permissions: Permissions | None = None
    owner: str | None = None
    group: str | None = None

    def apply_to_file(self, descriptor: int) -> list[str]:
        """Set it on an open file; gives a sentence for each thing that can't be set."""
        complaints: list[str] = []
        if self.last_modified is not None:
            with _complaining(complaints, "Last Modified Time", self.last_modified):
                _set_time(descriptor, self.last_modified)
        if self.permissions is not None:
            with _complaining(complaints, "Permissions", f"{self.permissions.mode:03o}"):
                os.fchmod(descriptor, self.permissions.mode)
        return complaints + self.apply_owners(descriptor)

    def apply_owners(self, file: int | Path) -> list[str]:
        """Set owner and group on an open file, or on a directory; gives a sentence for each that can't be set."""
        complaints: list[str] = []
        if self.owner is not None:
            with _complaining(complaints, "Owner", self.owner):
                os.chown(file, _user_id(self.owner), -1)
        if self.group is not None:
            with _complaining(complaints, "Group", self.group):
                os.chown(file, -1, _group_id(self.group))
        return complaints


@contextmanager
def _complaining(complaints: list[str], name: str, value: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        complaints.append(f"'{name}' can't be set to '{value}': {error.strerror}")
    except (ValueError, OverflowError) as error:
        complaints.append(f"'{name}' can't be set to '{value}': {error}")


def seconds_of(text: str) -> int:
    """The time in seconds since the epoch. Raises ValueError and OverflowError."""
    if not _TIME.fullmatch(text):
        raise ValueError("expected a time such as 2026-08-01T09:30:00+0200")
    return int(datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z").timestamp())


def _set_time(descriptor: int, text: str) -> None:
    modified = seconds_of(text) * 1_000_000_000
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
