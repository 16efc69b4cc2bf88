"""How long many searches may take together: each within its limit could still be hours in all."""

from time import perf_counter, thread_time
from typing import Final

from flowrun.errors import EvaluationError

_PER_SEARCH: Final = 5e-5
_PER_CHARACTER: Final = 1e-6
_NOTICEABLE: Final = 1e-3


class SearchTime:
    """What is left of the time that the searches of one piece of work may take, in seconds of CPU time of its thread.

    A search that is quick, as nearly all are, costs nothing: a second for a million characters, and 50 µs for each
    search, are free. So the limit holds for a large content as for a small one.
    """

    def __init__(self, limit: float) -> None:
        self.left = limit
        self._limit = limit
        self._free = 0.0
        self._since = thread_time()

    def spend(self, begun: float, characters: int) -> None:
        """Note a search through so many characters, begun at that `perf_counter`. Raises EvaluationError at the end.

        The clock that counts is slow to ask, so it is only asked after a search that took long by the other one.
        """
        self._free += _PER_SEARCH + characters * _PER_CHARACTER
        if perf_counter() - begun < _NOTICEABLE:
            return
        now = thread_time()
        self.left -= max(0.0, now - self._since - self._free)
        self._since, self._free = now, 0.0
        if self.left <= 0:
            raise EvaluationError(f"the searches together took longer than {self._limit:g} sec")
