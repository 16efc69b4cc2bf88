"""The repository on disk, on a disk at which one can die, and with a witness who checks what it recovers."""

import time
from hashlib import blake2b

from msgspec.structs import replace

from flowrun.chaos.mortality import Mortality, MortalRoom
from flowrun.chaos.scratch import Scratch
from flowrun.chaos.witness import Witness
from flowrun.errors import RepositoryError
from flowrun.flow.definition import FlowDefinition
from flowrun.flowfile import ContentClaim
from flowrun.repository import Commit, Recovered
from flowrun.repository.disk import DiskRepository

_PIECE = 1 << 20


class MortalRepository(DiskRepository):
    """The real one: all that is added is that steps are counted and commits are witnessed.

    `recovery_seconds` is how long the start took to know again what was true; `recovered` how many flowfiles that were.
    """

    def __init__(
        self, scratch: Scratch, definition: FlowDefinition, mortality: Mortality, witness: Witness, *, segment_size: int
    ) -> None:
        super().__init__(
            scratch.state,
            fsync=definition.fsync,
            segment_size=segment_size,
            room=MortalRoom(mortality),
            history=definition.history,
        )
        self.recovery_seconds = 0.0
        self.recovered = 0
        self._mortality = mortality
        self._witness = witness
        self._digests: dict[ContentClaim, str] = {}

    def recover(self) -> Recovered:
        started = time.perf_counter()
        recovered = super().recover()
        everything = replace(recovered, placements=(*recovered.placements, *self.swap.placements()))
        self.recovery_seconds = time.perf_counter() - started
        self.recovered = len(everything.placements)
        self._witness.compare(everything, self._digest)
        return recovered

    def commit(self, commit: Commit) -> None:
        author = commit.author or (commit.state[0].processor if commit.state else "")
        self._mortality.begin_commit(author)
        self._witness.begin(commit)
        try:
            super().commit(commit)
        except BaseException:  # whatever ended it, the second book must not have it as done
            self._witness.give_up()
            raise
        finally:
            self._mortality.end_commit()
        self._witness.end(commit.placed, self._digest)

    def sync(self) -> None:
        super().sync()
        self._mortality.synced()

    def _digest(self, claim: ContentClaim | None) -> str:
        """Tells one content from another; it is read to its end. Raises RepositoryError if it is not whole."""
        if claim is None or claim.length == 0:
            return "empty"
        if claim not in self._digests:
            summary, size = blake2b(digest_size=16), 0
            with self.content.open(claim) as stream:
                while piece := stream.read(_PIECE):
                    summary.update(piece)
                    size += len(piece)
            if size < claim.length:
                raise RepositoryError(f"{claim.length} bytes were written, {size} are there")
            self._digests[claim] = f"{summary.hexdigest()} {size}"
        return self._digests[claim]
