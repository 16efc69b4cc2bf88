"""Every error that flowrun raises on purpose, named for who must act.

`FlowError`: the flow's author, before the start. `ProcessorError`: the engine, which rolls back and penalizes.
`SessionError`: the processor's author. `RepositoryError`: the operator.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """Whether a problem stops the flow from starting."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a flow file; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake, or one doubt, in what the flow's author wrote: `file:line:column: error: message`."""

    message: str
    place: Place | None = None
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        return f"{where}{self.severity}: {self.message}"


class FlowrunError(Exception):
    """The root of all errors that flowrun raises on purpose."""


class FlowError(FlowrunError):
    """The flow cannot run as it is written; carries every problem that was found, not only the first."""

    def __init__(self, problems: Iterable[Problem] | Problem | str) -> None:
        if isinstance(problems, str):
            problems = Problem(problems)
        if isinstance(problems, Problem):
            problems = (problems,)
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class PropertyError(FlowError):
    """A property's value is missing or not of its type."""


class ExpressionError(FlowError):
    """A text that is not valid in its language (expression, regular expression, JSONPath, date pattern, CRON).

    `column` counts from 1 within that text, in Python characters; None where no single place is to blame.
    """

    def __init__(self, message: str, *, column: int | None = None) -> None:
        self.message = message
        self.column = column
        super().__init__(str(self))

    def __str__(self) -> str:
        return self.message if self.column is None else f"{self.message} (column {self.column})"


class ProcessorError(FlowrunError):
    """A processor cannot do this unit of work now: it is rolled back, and its flowfile penalized."""


class EvaluationError(ProcessorError):
    """A valid expression that fails on the data it met, such as a division by zero or a date that is none."""


class SessionError(FlowrunError):
    """A processor broke the rules of its session, such as a flowfile that is transferred twice."""


class RepositoryError(FlowrunError):
    """Stored data is missing, damaged, of an unknown version or cannot be written: the engine stops."""


class StateInUseError(RepositoryError):
    """Another process holds the state directory."""


class NoAnswerError(StateInUseError):
    """The flow runs in another process, which does not answer in time what is asked of it from outside."""


class ControlError(FlowrunError):
    """What was asked of a flow from outside can't be done: whoever asked must act."""
