"""How the flow ends when nobody kills it: run twice, so that it is known what is the same each time."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from flowrun.chaos.trial import TrialResult


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """Two results of runs without a kill."""

    one: TrialResult
    other: TrialResult

    @property
    def same(self) -> int:
        """How many files have the same name and content each time."""
        return sum(digest == self.other.files.get(name) for name, digest in self.one.files.items())

    @property
    def named(self) -> int:
        """How many files have the same name each time."""
        return len(self.one.files.keys() & self.other.files.keys())

    def differences(self, result: TrialResult) -> list[str]:
        """In what a result differs from both; what differs between them is not looked at."""
        return [*self._file_differences(result), *self._left_differences(result)]

    def _file_differences(self, result: TrialResult) -> Iterator[str]:
        one, other = self.one.files, self.other.files
        for name in one.keys() & other.keys():
            if name not in result.files:
                yield f"the file {name} is missing"
            elif one[name] == other[name] != result.files[name]:
                yield f"the file {name} is not what it is when nothing is killed"
        renamed = {PurePosixPath(name).parent for name in one.keys() ^ other.keys()}
        for name in sorted(result.files.keys() - one.keys() - other.keys()):
            if PurePosixPath(name).parent not in renamed:
                yield f"the file {name} is there, and is not when nothing is killed"

    def _left_differences(self, result: TrialResult) -> Iterator[str]:
        """What is left in queues, and as dead letters: by where and why, for a run more may leave one more of them."""
        if not result.reports:
            return
        found = set(result.reports[-1].left or ())
        left = set(self.one.reports[-1].left or ()) | set(self.other.reports[-1].left or ())
        always = set(self.one.reports[-1].left or ()) & set(self.other.reports[-1].left or ())
        yield from (f"left over: {what}" for what in sorted(found - left))
        yield from (f"when nothing is killed there is left: {what}" for what in sorted(always - found))
