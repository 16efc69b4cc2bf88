"""Counts the steps by which a run changes the disk, and ends the process at one of them, as `kill -9` would."""

import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from flowrun.chaos.points import Kill, Moment, Place, Step
from flowrun.chaos.written import Growth, described, growth, is_record, sizes
from flowrun.repository.room import Room

Result = TypeVar("Result")

_BEFORE, _INSIDE, _AFTER = Moment
_CHANGES = {"os.rename": "renaming", "os.remove": "removal", "os.truncate": "cutting off", "os.link": "linking"}


class Mortality:
    """The steps of one run, oldest first, and the one at which it ends, if it is to.

    What the repository writes passes through a `MortalRoom`; renaming and removing of files below `scratch`, its own
    and those of processors, is seen by an audit hook of the interpreter. From any thread.
    """

    def __init__(self, scratch: Path, kill: Kill | None = None) -> None:
        self.steps: list[Step] = []
        self._scratch = f"{scratch.resolve()}{os.sep}"
        self._kill = kill
        self._lock = threading.RLock()
        self._commits = 0
        self._numbers: Counter[str] = Counter()
        self._by = ""
        self._is_committing = False
        self._has_written = False

    def watch(self) -> None:
        """See what processors do to files from now on, until the process ends."""
        sys.addaudithook(self._audited)

    def begin_commit(self, by: str) -> None:
        """A commit begins, by that processor."""
        with self._lock:
            self._commits += 1
            self._numbers.clear()
            self._by, self._is_committing, self._has_written = by, True, False

    def end_commit(self) -> None:
        """It is true, or was given up."""
        with self._lock:
            self._is_committing = False

    def synced(self) -> None:
        """All commits so far last; what waits for that comes next, once for each commit."""
        with self._lock:
            if not self._numbers["sync"]:
                self._point("sync", "made to last, before what waits for that", self._by, _AFTER)

    def write(self, folder: Path, write: Callable[[], Result]) -> Result:
        """Do a write of the repository to a file of that folder, or a part of it, or die first."""
        with self._lock:
            place = self._next_place(folder.name)
            moment = self._due(place)
            self._die_at(moment, _BEFORE)
            before = sizes(folder)
            result = write()
            grown = growth(folder, before)
            if moment is _INSIDE and grown is not None:
                self._kill = None
                os.truncate(grown.file, (grown.start + grown.end) // 2)  # as a write that was cut in the middle
            self._die_at(moment, _INSIDE, _AFTER)
            self._found_write(place, grown)
        return result

    def _found_write(self, place: Place, grown: Growth | None) -> None:
        by = self._by if self._is_committing or place.kind == "journal" else ""
        begins = () if self._is_committing and self._has_written else (_BEFORE,)
        inside = (_INSIDE,) if grown is not None and grown.end - grown.start > 1 else ()
        self._has_written = self._is_committing
        moments = (*begins, *inside, _AFTER)
        self.steps.append(Step(place, described(place.kind, grown), by, moments, is_record(grown)))

    def _audited(self, event: str, arguments: tuple[Any, ...]) -> None:
        what = _CHANGES.get(event)
        if what is None or not isinstance(arguments[0], str | os.PathLike):
            return
        path = os.path.abspath(arguments[0])  # noqa: PTH100 as the system call would find it, links and all
        if not path.startswith(self._scratch) or not os.path.lexists(path):
            return
        named = arguments[1] if event in ("os.rename", "os.link") else path
        with self._lock:
            by = self._by if self._is_committing else ""
            self._point("change", f"{what} of {Path(os.fsdecode(named)).name}", by, _BEFORE)

    def _point(self, kind: str, what: str, by: str, moment: Moment) -> None:
        place = self._next_place(kind)
        self._die_at(self._due(place), moment)
        self.steps.append(Step(place, what, by, (moment,)))

    def _next_place(self, kind: str) -> Place:
        self._numbers[kind] += 1
        return Place(self._commits, kind, self._numbers[kind])

    def _due(self, place: Place) -> Moment | None:
        """The moment at which to die in this step: where threads were faster than before, the next of its kind."""
        if self._kill is None:
            return None
        goal = self._kill.step.place
        is_later = place.kind == goal.kind and place.commits > goal.commits
        return self._kill.moment if place == goal or is_later else None

    def _die_at(self, due: Moment | None, *moments: Moment) -> None:
        if due in moments:
            os.kill(os.getpid(), signal.SIGKILL)


class MortalRoom(Room):
    """Room on the disk that lets no write pass uncounted."""

    def __init__(self, mortality: Mortality) -> None:
        super().__init__()
        self._mortality = mortality

    def write(self, where: object, write: Callable[[], Result]) -> Result:
        return self._mortality.write(Path(str(where)), lambda: super(MortalRoom, self).write(where, write))
