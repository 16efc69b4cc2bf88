"""What the file system tells about a file, as attributes of a flowfile."""

import grp
import os
import pwd
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

_TIME_FORMAT = "%Y-%m-%dT%H:%M:%S%z"
_LETTERS = "rwxrwxrwx"


def file_attributes(path: str, folder: str, status: os.stat_result) -> dict[str, str]:
    """The attributes of a file, whose directory relative to the input directory is `folder` (empty: that itself).

    Where the file system does not know the time of creation, it is that of the last change, as in Java. What can't be
    said is left out.
    """
    absolute = Path(path).absolute()
    attributes = {
        "filename": _readable(absolute.name),
        "path": _readable(folder) + "/",
        "absolute.path": _readable(str(absolute.parent).rstrip("/")) + "/",
        "file.permissions": _permissions(status.st_mode),
        "file.owner": _name(lambda: pwd.getpwuid(status.st_uid).pw_name, status.st_uid),
        "file.group": _name(lambda: grp.getgrgid(status.st_gid).gr_name, status.st_gid),
    }
    times = {
        "file.creationTime": getattr(status, "st_birthtime", status.st_mtime),
        "file.lastModifiedTime": status.st_mtime,
        "file.lastAccessTime": status.st_atime,
    }
    for attribute, moment in times.items():
        time = _time(moment)
        if time is not None:
            attributes[attribute] = time
    return attributes


def _readable(path: str) -> str:
    """Bytes of a path that are no UTF-8 can't be part of an attribute: they become U+FFFD."""
    return os.fsencode(path).decode("utf-8", "replace")


def _permissions(mode: int) -> str:
    return "".join(letter if mode >> (8 - bit) & 1 else "-" for bit, letter in enumerate(_LETTERS))


def _name(look_up: Callable[[], str], number: int) -> str:
    try:
        return look_up()
    except KeyError:
        return str(number)


def _time(moment: float) -> str | None:
    try:
        return datetime.fromtimestamp(moment).astimezone().strftime(_TIME_FORMAT)
    except (ValueError, OverflowError, OSError):
        return None
