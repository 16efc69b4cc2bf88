"""How a function of the language is declared: its name, types, null rules, meaning and a tried example.

The parser, its checks and the reference page all read the declaration.
"""

from collections.abc import Callable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any, NamedTuple

from flowrun.expression.types import ResultType, Term, Value

_NOTHING: Mapping[str, str] = MappingProxyType({})


class NullSubject(Enum):
    """What a null subject gives."""

    NULL = "null"
    EMPTY = "an empty string"
    FALSE = "false"
    SEEN = "see the meaning"


class NullArgument(Enum):
    """What a null argument gives."""

    NULL = "null"
    FALSE = "false"
    SUBJECT = "the subject"
    ERROR = "an error"
    SEEN = "see the meaning"


class Argument(NamedTuple):
    """One argument of a function.

    `type` None takes any type. `prepare` makes of a text what the function works with, such as a compiled regular
    expression: at once where the argument is a plain string, so that a mistake in it is found before the run, unless
    `is_checked` is false, as in the few functions where NiFi does not check. `is_switch` takes nothing but `true` and
    `false` as they stand.
    """

    name: str
    type: ResultType | None = ResultType.STRING
    null: NullArgument = NullArgument.SEEN
    is_optional: bool = False
    is_repeated: bool = False
    is_switch: bool = False
    prepare: Callable[[str], Any] | None = None
    is_checked: bool = True


class Example(NamedTuple):
    """An expression, what comes out, and the attributes (and state) it sees; `pattern`: the result varies, but fits."""

    expression: str
    result: str
    attributes: Mapping[str, str] = _NOTHING
    state: Mapping[str, str] = _NOTHING
    pattern: str = ""


Build = Callable[[Term, tuple[Term, ...]], Term]


class Function(NamedTuple):
    """A function of the language.

    The subject is converted to `subject` (None: it stays what it is), or, if `is_exact`, must be of that type already;
    without `has_subject` the function starts an expression. `compute` takes the subject, then the arguments given;
    before them the scope, if `sees_scope`. Where types alone don't say what happens, `build` makes the term from the
    subject and the arguments as they are. What is not `is_pure` may give another value each time; what `reduces`
    unites the values of several attributes.
    """

    name: str
    subject: ResultType | None
    arguments: tuple[Argument, ...]
    result: ResultType
    meaning: str
    example: Example
    compute: Callable[..., Value] | None = None
    null_subject: NullSubject = NullSubject.NULL
    build: Build | None = None
    has_subject: bool = True
    is_exact: bool = False
    sees_scope: bool = False
    is_pure: bool = True
    reduces: bool = False

    @property
    def fewest(self) -> int:
        """The fewest arguments that are taken."""
        return sum(not argument.is_optional for argument in self.arguments)

    @property
    def most(self) -> int | None:
        """The most arguments that are taken; None: any number."""
        return None if self.arguments and self.arguments[-1].is_repeated else len(self.arguments)
