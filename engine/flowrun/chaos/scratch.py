"""The scratch folder of one trial: nothing that the flow does while it is killed touches anything else."""

import os
import stat
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple


class Scratch(NamedTuple):
    """`folder` holds it all, for its owner only."""

    folder: Path

    @property
    def work(self) -> Path:
        """The working directory: what relative paths of the flow are relative to."""
        return self.folder / "work"

    @property
    def world(self) -> Path:
        """What the stand-in for the outside world keeps."""
        return self.folder / "world"

    @property
    def state(self) -> Path:
        """The state directory."""
        return self.folder / "state"

    @property
    def witness(self) -> Path:
        """The witness's book."""
        return self.folder / "witness"

    @property
    def log(self) -> Path:
        """What the flow, or its plug-ins, printed."""
        return self.folder / "log"

    def create(self) -> None:
        """Make the folders."""
        for folder in (self.folder, self.work, self.world):
            folder.mkdir(mode=0o700)

    def files(self) -> dict[str, str]:
        """What is in the folders of the flow and of its world: a digest of each file by its name."""
        return dict(self._files())

    def _files(self) -> Iterator[tuple[str, str]]:
        for top in (self.work, self.world):
            for folder, _, names in os.walk(top):
                for file in (Path(folder, name) for name in names):
                    if stat.S_ISREG(file.lstat().st_mode):
                        yield str(file.relative_to(self.folder)), blake2b(file.read_bytes(), digest_size=16).hexdigest()
