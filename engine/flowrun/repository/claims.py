"""Who still needs a content file: counts of the claims that are held on each."""

from collections.abc import Callable, Iterable

from flowrun.flowfile import ContentClaim


class ClaimCounts:
    """How many claims are held on each file, and of how many bytes. Not thread-safe: the content repository guards it.

    `on_free` is told each file on which the last claim was let go.
    """

    def __init__(self, on_free: Callable[[int], None]) -> None:
        self._held: dict[int, int] = {}
        self._sizes: dict[int, int] = {}
        self._on_free = on_free

    def hold(self, claim: ContentClaim) -> None:
        """One more claim on its file."""
        self._held[claim.file] = self._held.get(claim.file, 0) + 1
        self._sizes[claim.file] = self._sizes.get(claim.file, 0) + claim.length

    def let_go(self, claims: Iterable[ContentClaim]) -> None:
        """One less on each claim's file."""
        for claim in claims:
            left = self._held[claim.file] - 1
            if left:
                self._held[claim.file] = left
                self._sizes[claim.file] -= claim.length
            else:
                del self._held[claim.file], self._sizes[claim.file]
                self._on_free(claim.file)

    def held(self, file: int) -> int:
        """How many claims are held on the file."""
        return self._held.get(file, 0)

    def size(self, file: int) -> int:
        """How many bytes they have; what two of them share counts twice."""
        return self._sizes.get(file, 0)

    def __contains__(self, file: int) -> bool:
        return file in self._held
