"""What a state directory holds, read without holding or changing it: for whoever looks at a flow that does not run."""

from collections.abc import Mapping
from pathlib import Path

from flowrun.errors import RepositoryError
from flowrun.flowfile import Placement
from flowrun.repository import Recovered
from flowrun.repository.journal import Journal
from flowrun.repository.names import Names
from flowrun.repository.notes import boot_id
from flowrun.repository.record_reader import RecordReader
from flowrun.repository.replay import replay
from flowrun.repository.room import Room

_ATTEMPTS = 5


def read_stored(folder: Path) -> Recovered:
    """What is true by the journal in `folder`; nothing if there is none. Raises RepositoryError if it is damaged.

    If a process goes on with the flow meanwhile, it is what was true at some moment since the call.
    """
    for attempt in range(_ATTEMPTS):
        files = _files(folder)
        try:
            return _read(folder)
        except RepositoryError:
            if _files(folder) == files or attempt == _ATTEMPTS - 1:
                raise
    return Recovered()


def last_change(folder: Path) -> float | None:
    """When something was last committed, in seconds since the epoch; None if nothing ever was."""
    return max((modified for _, modified in _files(folder)), default=None)


def _read(folder: Path) -> Recovered:
    live: dict[int, Placement] = {}
    state: dict[str, Mapping[str, str]] = {}
    try:
        replay(Journal(folder / "journal", Room()), RecordReader(Names(), live, state), boot_id(), mend=False)
    except FileNotFoundError:
        return Recovered()
    except OSError as error:
        raise RepositoryError(f"the state directory {folder} can't be read: {error}") from error
    return Recovered(tuple(live.values()), state)


def _files(folder: Path) -> set[tuple[str, float]]:
    """The journal's files, each with when it was changed."""
    found = set()
    for file in (folder / "journal").glob("*.*"):
        try:
            found.add((file.name, file.stat().st_mtime))
        except FileNotFoundError:  # removed since it was listed
            continue
    return found
