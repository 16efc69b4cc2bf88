"""The problems found so far in one file."""

from collections.abc import Collection

from flowrun.errors import FlowError, Place, Problem, Severity
from flowrun.flow.wording import did_you_mean

_MOST_REPORTED = 200


class ProblemList:
    """Gathers what is wrong, so that a reader can go on and find the rest.

    `lost` says that a part of the file could not be understood: what is then missing from the definition must not be
    reported as missing once more.
    """

    def __init__(self) -> None:
        self.lost = False
        self._problems: dict[Problem, None] = {}
        self._more = 0

    @property
    def is_full(self) -> bool:
        """Whether more problems are only counted: no use in guessing what was meant."""
        return len(self._problems) >= _MOST_REPORTED

    def report(self, message: str, place: Place | None, *, guess: tuple[str, Collection[str]] | None = None) -> None:
        """Add an error; `guess` is the word that was written and the names that were possible."""
        if self.is_full:
            self._more += 1
            return
        self._problems.setdefault(Problem(message + (did_you_mean(*guess) if guess else ""), place))

    def lose(self, message: str, place: Place | None, *, guess: tuple[str, Collection[str]] | None = None) -> None:
        """Add an error after which a part of the file is missing."""
        self.lost = True
        self.report(message, place, guess=guess)

    def warn(self, message: str, place: Place | None) -> None:
        """Add a warning."""
        self._problems.setdefault(Problem(message, place, Severity.WARNING))

    def doubt(self, message: str, place: Place | None, *, is_error: bool) -> None:
        """Add an error where the flow is to run, a warning where it is only checked."""
        if is_error:
            self.report(message, place)
        else:
            self.warn(message, place)

    def add(self, error: FlowError) -> None:
        """Add the problems of an error, after which a part of the file is missing."""
        for problem in error.problems:
            self.lose(problem.message, problem.place)

    def in_order(self) -> tuple[Problem, ...]:
        """All problems, by place; those of more than 200 are only counted."""
        problems = sorted(self._problems, key=_by_place)
        if self._more:
            problems.append(Problem(f"{self._more} more problems"))
        return tuple(problems)


def _by_place(problem: Problem) -> tuple[bool, str, int, int]:
    place = problem.place
    return (True, "", 0, 0) if place is None else (False, place.file, place.line, place.column)
