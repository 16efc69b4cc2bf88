"""A machine that dies at a chosen system call: the process alone, or with it what the disk had not been told to keep.

The calls by which the engine changes files are counted. At the last one nothing happens, a part of what should have, or
all of it, and from then on every call ends the process (`Crash`), on all its threads. A power failure then takes from
each file a part of what was written after its last `fsync`, and from each folder names that were not synced.
"""

import os
import random
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flowrun.repository import disk

CHANGES = ("open", "write", "pwrite", "fsync", "fdatasync", "rename", "unlink", "ftruncate", "truncate")


class Crash(BaseException):
    """What a killed process would not live to see."""


class Machine:
    """Counts calls on files below `folder`; `dies_at` is the call at which it dies (0: never)."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, dice: random.Random) -> None:
        self.folder = folder
        self.calls = 0
        self.dies_at = 0
        self.is_dead = False
        self._dice = dice
        self._lock = threading.RLock()
        self._kept: dict[str, int] = {}
        self._new_names: set[str] = set()
        self._replaced: dict[str, bytes] = {}
        self._boots = 0
        patch.setattr(disk, "boot_id", lambda: str(self._boots))
        for name in CHANGES:
            patch.setattr(os, name, self._watched(name, getattr(os, name)))

    def start(self, dies_at: int) -> None:
        """A process begins; it dies at that call."""
        self.calls, self.dies_at, self.is_dead = 0, dies_at, False

    def end(self) -> None:
        """The process is over: wait for its threads, which can't do anything any more."""
        for thread in threading.enumerate():
            if thread.daemon and thread is not threading.current_thread():
                thread.join()
        self.dies_at, self.is_dead = 0, False

    def lose_power(self) -> None:
        """Take from the disk what it had not been told to keep, and start the machine again."""
        self._boots += 1
        for path, data in self._replaced.items():
            if self._dice.random() < 0.5:
                Path(path).write_bytes(data)
                self._kept[path] = len(data)
        self._replaced.clear()
        for file in [
            file for file in self.folder.rglob("*") if file.is_file() and file.name not in ("lock", "flow.json")
        ]:
            path = str(file)
            if path in self._new_names and self._dice.random() < 0.5:
                file.unlink()
                continue
            size = file.stat().st_size
            kept = min(self._kept.get(path, 0), size)
            left = self._dice.randint(kept, size)
            with file.open("r+b") as stream:
                stream.truncate(left)
                if self._dice.random() < 0.3:
                    stream.truncate(size)  # the size was kept, what was written was not
            self._kept[path] = file.stat().st_size
        self._new_names.clear()

    def _watched(self, name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            path = self._path(arguments[0])
            if path is None or (name == "open" and not arguments[1] & os.O_CREAT):
                return original(*arguments, **options)
            with self._lock:
                dies = self._step(name, original, arguments)
                is_new = name == "open" and not Path(path).exists()
                replaced = self._replaces(name, arguments)
                result = original(*arguments, **options)
                self._note(name, path, arguments, is_new=is_new, replaced=replaced)
                if dies:
                    raise Crash
                return result

        return call

    def _step(self, name: str, original: Callable[..., Any], arguments: tuple[Any, ...]) -> bool:
        """Whether it dies after this call. Raises Crash if it is dead already, or dies before or in the middle."""
        if self.is_dead:
            raise Crash
        self.calls += 1
        if self.calls != self.dies_at:
            return False
        self.is_dead = True
        if self._dice.random() < 0.5:
            return True
        if name in ("write", "pwrite"):
            descriptor, data, *place = arguments
            original(descriptor, bytes(data)[: self._dice.randint(0, len(data))], *place)
        raise Crash

    def _replaces(self, name: str, arguments: tuple[Any, ...]) -> bytes | None:
        """What was in the file that is to be replaced; None: there is none."""
        target = Path(arguments[1]) if name == "rename" else None
        return target.read_bytes() if target is not None and target.exists() else None

    def _note(self, name: str, path: str, arguments: tuple[Any, ...], *, is_new: bool, replaced: bytes | None) -> None:
        if is_new:
            self._new_names.add(path)
            self._kept[path] = 0
        elif name in ("fsync", "fdatasync"):
            if stat.S_ISDIR(os.stat(path).st_mode):  # noqa: PTH116 as the machine sees it
                self._new_names = {new for new in self._new_names if os.path.dirname(new) != path}  # noqa: PTH120
                self._replaced = {old: data for old, data in self._replaced.items() if os.path.dirname(old) != path}  # noqa: PTH120
            else:
                self._kept[path] = os.stat(path).st_size  # noqa: PTH116
        elif name == "rename":
            self._kept[str(arguments[1])] = self._kept.pop(path, 0)
            self._new_names.discard(path)
            if replaced is None:
                self._new_names.add(str(arguments[1]))
            elif str(arguments[1]) not in self._new_names:
                self._replaced.setdefault(str(arguments[1]), replaced)

    def _path(self, file: Any) -> str | None:
        """The file's path, if it is one of those that are watched."""
        path = os.readlink(f"/proc/self/fd/{file}") if isinstance(file, int) else os.fspath(file)  # noqa: PTH115
        return path if isinstance(path, str) and path.startswith(str(self.folder)) else None
