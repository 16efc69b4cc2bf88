"""What is fuzzed: how inputs are made, and what must hold for each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from flowrun.errors import EvaluationError, ExpressionError
from tests.fuzz.grammar import Grammar

Input: TypeAlias = dict[str, str]
"""The texts of one input, by the name of the part that each is."""

TypedError: TypeAlias = ExpressionError | EvaluationError
"""What a text that is wrong, or does not go with its data, may raise."""

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that reads text.

    `seeds` are inputs to start from; `grammar` has a rule for each part that is made from nothing. `check` tries one
    input and says in a word or two what came of it; whatever it raises is a fault.
    """

    name: str
    seeds: Callable[[], Iterable[Input]]
    grammar: Grammar
    check: Callable[[Input], str]


def attempt(work: Callable[[], Value]) -> Value | TypedError:
    """The value, or the error that people are to see. Anything else passes through."""
    try:
        return work()
    except (ExpressionError, EvaluationError) as error:
        found: TypedError = error
    assert str(found), "an error without a message"
    return found


def check_column(error: TypedError, text: str) -> None:
    """What is wrong with a text must be an ExpressionError, its column one of the text or the one behind it."""
    assert isinstance(error, ExpressionError), "an error on data where there was none"
    assert error.column is None or 1 <= error.column <= len(text) + 1, f"column {error.column} of {len(text)}"


def kind(outcome: object) -> str:
    """What an outcome is, without what it quotes: two inputs of one kind teach the same."""
    if not isinstance(outcome, TypedError):
        return type(outcome).__name__
    message = "".join(character for character in str(outcome) if character.isalpha() or character == " ")
    return f"{type(outcome).__name__} {message[:40]}"
