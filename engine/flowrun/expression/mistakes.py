"""What to say about an expression that can't be read: what was expected, what was found, the mend."""

from collections.abc import Iterable

from flowrun.errors import ExpressionError
from flowrun.expression.lexer import Token


def unexpected(token: Token, expected: str) -> ExpressionError:
    """A token that can't stand where it is."""
    return ExpressionError(f"expected {expected}, found {_shown(token)}", column=token.start + 1)


def no_argument(token: Token, follower: Token) -> ExpressionError:
    """A token that can't be an argument."""
    if token.kind != "name":
        return unexpected(token, "an argument")
    if follower.text == "(":
        mend = f"a function can't be an argument by itself: write ${{…:{token.text}()}}"
    else:
        mend = (
            f"a bare name can't be an argument: write ${{{token.text}}} for the attribute, '{token.text}' for the text"
        )
    return ExpressionError(mend, column=token.start + 1)


def no_function(token: Token, names: Iterable[str], *, has_subject: bool) -> ExpressionError:
    """A name that is no function's."""
    from difflib import get_close_matches  # slow to load, and needed only when something is wrong

    lowered = {name.lower(): name for name in names}
    near = get_close_matches(token.text.lower(), lowered, n=1)
    guess = f"; did you mean '{lowered[near[0]]}'?" if near else ""
    kind = f"no function '{token.text}'" if has_subject else f"no function '{token.text}' that can start an expression"
    return ExpressionError(f"{kind}{guess}", column=token.start + 1)


def _shown(token: Token) -> str:
    if token.kind == "end":
        return "the end of the expression"
    if token.kind == "string":
        return "a string"
    return f"'{token.text if len(token.text) <= 40 else token.text[:37] + '…'}'"
