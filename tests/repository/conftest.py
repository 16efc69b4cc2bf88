from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flowrun.repository import Repository
from flowrun.repository.disk import DiskRepository, Fsync
from flowrun.repository.memory import MemoryRepository

Reopen = Callable[[Repository], Repository]


@pytest.fixture(params=["memory", "none", "group", "commit"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def repository(kind: str, tmp_path: Path) -> Iterator[Repository]:
    made: Repository = (
        MemoryRepository() if kind == "memory" else DiskRepository(tmp_path / "state", fsync=_fsync(kind))
    )
    made.recover()
    yield made
    made.close()


@pytest.fixture
def reopen(kind: str, tmp_path: Path) -> Iterator[Reopen]:
    """Gives the repository as the next process finds it."""
    opened: list[Repository] = []

    def next_process(repository: Repository) -> Repository:
        if kind == "memory":
            return repository
        repository.close()
        opened.append(DiskRepository(tmp_path / "state", fsync=_fsync(kind)))
        return opened[-1]

    yield next_process
    for repository in opened:
        repository.close()


def _fsync(kind: str) -> Fsync:
    return {"none": "none", "group": "group", "commit": "commit"}[kind]  # type: ignore[return-value]
