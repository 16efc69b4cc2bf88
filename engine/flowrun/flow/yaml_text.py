"""A file's text: bounded, and UTF-8."""

import re
from pathlib import Path

from flowrun.errors import FlowError, Place, Problem

SIZE_LIMIT = 4 << 20
BEFORE_COMMENTED_REFERENCE = re.compile(r"(?<![ \t])[ \t]+(?=#\{)")
UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_OTHER_ENCODINGS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


def read_text(path: Path, *, size_limit: int = SIZE_LIMIT) -> str:
    """The text of a file. Raises FlowError with one problem if it cannot be read or is no text."""
    content = _read(path, size_limit)
    for mark, encoding in _OTHER_ENCODINGS.items():
        if content.startswith(mark):
            raise _error(path, f"this file is {encoding}: save it as UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig", errors="replace")
        raise _error(path, "this is not UTF-8: save the file as UTF-8", before) from None


def _read(path: Path, size_limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(size_limit + 1)
    except FileNotFoundError:
        raise _error(path, "no such file") from None
    except IsADirectoryError:
        raise _error(path, "this is a directory: name the file in it") from None
    except PermissionError:
        raise _error(path, "this file may not be read: permission denied") from None
    except OSError as error:
        raise _error(path, f"this file cannot be read: {error.strerror or error}") from None
    except ValueError:  # a path that holds a NUL character
        raise _error(path, "this is no name of a file") from None
    if len(content) > size_limit:
        raise _error(path, f"this file is larger than {size_limit >> 20} MB: no flow is")
    return content


def _error(path: Path, message: str, before: str = "") -> FlowError:
    return FlowError(Problem(message, place_behind(before, str(path))))


def place_behind(before: str, file: str) -> Place:
    """The place of what comes after the file's first characters."""
    return Place(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
