"""Functions that start an expression with a value: a literal, a value of the processor's state, a URI."""

from flowrun.expression.functions.declaration import Argument, Example, Function, NullSubject
from flowrun.expression.functions.java_uri import uri
from flowrun.expression.scope import Scope
from flowrun.expression.types import ResultType

_STRING = ResultType.STRING


def _literal(value: str | None) -> str:
    return "null" if value is None else value


def _get_state_value(scope: Scope, key: str | None) -> str | None:
    return None if scope.state is None or key is None else scope.state.get(key)


FUNCTIONS = (
    Function(
        "literal",
        None,
        (Argument("value"),),
        _STRING,
        "The value as text, to go on from; null becomes the text `null`.",
        Example("${literal(2):plus(1)}", "3"),
        _literal,
        NullSubject.SEEN,
        has_subject=False,
    ),
    Function(
        "getStateValue",
        None,
        (Argument("key"),),
        _STRING,
        "The value of a key in the processor's state; null where it has none.",
        Example("${getStateValue('count'):plus(1)}", "8", state={"count": "7"}),
        _get_state_value,
        has_subject=False,
        sees_scope=True,
    ),
    Function(
        "getUri",
        None,
        tuple(map(Argument, ("scheme", "user info", "host", "port", "path", "query", "fragment"))),
        _STRING,
        "The URI of seven parts, as Java's `URI` puts it together. Null leaves a part out, port -1 is none. "
        "Characters that may not stand there are percent-encoded (`%` too), others that are not ASCII are kept. An "
        "impossible URI is an error.",
        Example("${getUri('https', null, 'example.org', -1, '/a b', 'q=1', null)}", "https://example.org/a%20b?q=1"),
        uri,
        has_subject=False,
    ),
)
