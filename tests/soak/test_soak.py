"""The soak: a flow with everything in it, killed again and again, comes to the end of one that nobody kills.

`SOAK_SEED`, `SOAK_FLOWFILES` and `SOAK_KILLS` choose another soak than the usual one of `make soak`.
"""

import os
import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.chaos.kit import kill
from tests.soak.killing import Killing
from tests.soak.tangled_flow import digests, expected_names, write_flow

from flowrun.repository.stored import read_stored

SEED = int(os.environ.get("SOAK_SEED", "2026"))
FLOWFILES = int(os.environ.get("SOAK_FLOWFILES", "200000"))
KILLS = int(os.environ.get("SOAK_KILLS", "200"))
IN_MEMORY = Path("/dev/shm")


@pytest.fixture
def fast_folder(tmp_path: Path) -> Iterator[Path]:
    """In memory where there is such a file system: `kill -9` takes nothing from it, and 400,000 syncs cost little."""
    folder = Path(tempfile.mkdtemp(dir=IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else tmp_path))
    yield folder
    shutil.rmtree(folder)


def soak(folder: Path, *, count: int, kills: int, seed: int) -> None:
    """Let the flow run in peace, kill it in another folder, and compare what is there in the end."""
    undisturbed = Killing(folder / "undisturbed", count, 0, seed, 0.0)
    began = time.monotonic()
    undisturbed.finish()
    wanted = digests(undisturbed.folder)
    killed = Killing(folder / "killed", count, kills, seed, time.monotonic() - began)
    killed.run()
    found = digests(killed.folder)

    assert wanted.keys() == expected_names(count)
    assert found == wanted, f"seed {seed}: {sorted(found.items() ^ wanted.items())[:5]}"
    assert read_stored(killed.state) == read_stored(undisturbed.state)
    assert sum(killed.killed.values()) >= kills
    print(f"seed {seed}: {len(found):,} files are as they are when nothing is killed, {time.monotonic() - began:.0f} s")


@pytest.mark.timeout(180)
def test_killed_a_few_times_the_flow_ends_as_if_nobody_had(fast_folder: Path) -> None:
    soak(fast_folder, count=400, kills=4, seed=SEED)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_killed_two_hundred_times_two_hundred_thousand_flowfiles_end_as_if_nobody_had(fast_folder: Path) -> None:
    soak(fast_folder, count=FLOWFILES, kills=KILLS, seed=SEED)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_the_flow_survives_every_point_at_which_it_changes_the_disk(tmp_path: Path) -> None:
    killed = kill(write_flow(tmp_path / "flow", count=random.Random(SEED).randint(11, 14), large_every=5), jobs=2)

    assert killed.code == 0, killed.problems
