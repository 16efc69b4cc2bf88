"""The state directory: where a flow's queues lie, and whose they are."""

import json
import shutil
from pathlib import Path

from flowrun.errors import FlowError, Problem, RepositoryError
from flowrun.flow.definition import FlowDefinition
from flowrun.repository import Repository
from flowrun.repository.disk import DiskRepository
from flowrun.repository.memory import MemoryRepository

IN_MEMORY = "memory"
_OWNER = "flow.json"


def state_directory(definition: FlowDefinition, chosen: str | None) -> Path | None:
    """`.flowrun/<flow>` beside the flow file, or `<chosen>/<flow>`; None for `memory`."""
    if chosen == IN_MEMORY:
        return None
    base = Path(chosen) if chosen is not None else definition.path.absolute().parent / ".flowrun"
    return base / definition.name


def open_repository(definition: FlowDefinition, chosen: str | None) -> Repository:
    """The flow's repository, held by this process.

    Raises StateInUseError, RepositoryError, and FlowError if the state is that of another flow file.
    """
    folder = state_directory(definition, chosen)
    if folder is None:
        return MemoryRepository()
    repository = DiskRepository(folder, fsync=definition.fsync, history=definition.history)
    try:
        if not check_owner(definition, folder):
            _mark_as_owned(definition, folder)
    except BaseException:
        repository.close()
        raise
    return repository


def clear_state(definition: FlowDefinition, chosen: str | None) -> Path | None:
    """Remove the flow's state; gives the folder, or None if there was none. Raises StateInUseError if it runs."""
    folder = state_directory(definition, chosen)
    if folder is None or not folder.is_dir():
        return None
    repository = DiskRepository(folder)
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise RepositoryError(f"{folder} can't be removed: {error.strerror}") from error
    finally:
        repository.forget()
    return folder


def check_owner(definition: FlowDefinition, folder: Path) -> bool:
    """Whether the folder says that it is this flow file's; False: it says nothing, or is not there.

    Raises FlowError if it is that of another.
    """
    file, own = folder / _OWNER, str(definition.path.resolve())
    try:
        owner = json.loads(file.read_text("utf-8"))["file"]
    except FileNotFoundError:
        return False
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RepositoryError(f"{file} can't be read: {error}") from error
    if owner != own:
        message = (
            f"the state in {folder} belongs to {owner}: give this flow another name, or another state directory with "
            "--state, or remove that state with 'flowrun state clear'"
        )
        raise FlowError(Problem(message, definition.place))
    return True


def _mark_as_owned(definition: FlowDefinition, folder: Path) -> None:
    draft = folder / f"{_OWNER}.draft"
    draft.touch(mode=0o600)
    draft.write_text(json.dumps({"flow": definition.name, "file": str(definition.path.resolve())}) + "\n", "utf-8")
    draft.replace(folder / _OWNER)
