"""What to say about an expression that can't be read: what was expected, what was found, the mend."""

from flowrun.errors import ExpressionError
from flowrun.expression.functions.catalog import RESERVED, WITH_SUBJECT, WITHOUT_SUBJECT
from flowrun.expression.lexer import Token


def unexpected(token: Token, expected: str, mend: str = "") -> ExpressionError:
    """A token that can't stand where it is."""
    return ExpressionError(
        f"expected {expected}, found {_shown(token)}{f'; {mend}' if mend else ''}", column=token.start + 1
    )


def unfinished(token: Token) -> ExpressionError:
    """A token where the expression should end, or go on with a colon."""
    is_second_word = token.kind in ("name", "call", "whole", "decimal", "string")
    return unexpected(token, "':' or '}'", "a name that holds blanks stands in quotes" if is_second_word else "")


def no_argument(token: Token) -> ExpressionError:
    """A token that can't be an argument."""
    name = token.text
    if token.kind == "call":
        mend = f"a function can't be an argument by itself: write ${{…:{name}()}}"
    elif token.kind != "name":
        return unexpected(token, "an argument")
    else:
        mend = f"a bare name can't be an argument: write ${{{name}}} for the attribute, '{name}' for the text"
    return ExpressionError(mend, column=token.start + 1)


def no_more_arguments(token: Token) -> ExpressionError:
    """A token behind an argument that neither ends the list nor goes on with it."""
    mend = "a function on an argument stands inside of its braces, as in append(${b:toUpper()})"
    return unexpected(token, "',' or ')'", mend if token.kind == ":" else "")


def reserved(token: Token) -> ExpressionError:
    """A word of the language where the name of an attribute stands."""
    name = token.text
    return ExpressionError(
        f"'{name}' is a word of the language; the attribute of that name is ${{'{name}'}}", column=token.start + 1
    )


def no_starter(token: Token) -> ExpressionError:
    """A name with arguments at the start of an expression that no function there has."""
    name = token.text
    before, dot, behind = name.rpartition(".")
    if name in WITH_SUBJECT:
        what = f"{name}() needs a subject: write ${{…:{name}(…)}}"
    elif dot and behind in RESERVED:
        what = f"a function stands behind a colon: write ${{{before}:{behind}(…)}}"
    else:
        what = f"no function '{name}' that can start an expression{_guess(name, *WITHOUT_SUBJECT)}"
    return ExpressionError(what, column=token.start + 1)


def no_function(token: Token) -> ExpressionError:
    """A name behind a colon that no function there has."""
    name = token.text
    if name in WITHOUT_SUBJECT:
        what = f"{name}() has no subject: write ${{{name}(…)}}"
    else:
        what = f"no function '{name}'{_guess(name, *WITH_SUBJECT)}"
    return ExpressionError(what, column=token.start + 1)


def _guess(name: str, *names: str) -> str:
    from difflib import get_close_matches  # slow to load, and needed only when something is wrong

    lowered = {each.lower(): each for each in names}
    near = get_close_matches(name.lower(), lowered, n=1)
    return f"; did you mean '{lowered[near[0]]}'?" if near else ""


def _shown(token: Token) -> str:
    if token.kind == "end":
        return "the end of the expression"
    if token.kind == "string":
        return "a string"
    return f"'{token.text if len(token.text) <= 40 else token.text[:37] + '…'}'"
