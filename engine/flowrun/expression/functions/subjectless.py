"""Functions that start an expression: the machine, chance, the processor's state, Java's `Math`, URIs."""

import os
from functools import lru_cache
from itertools import count

from flowrun.errors import EvaluationError
from flowrun.expression.functions.declaration import Argument, Example, Function, NullSubject
from flowrun.expression.functions.encoding import uuid_of
from flowrun.expression.functions.java_math import call_method
from flowrun.expression.functions.java_uri import uri
from flowrun.expression.functions.numbers import Number
from flowrun.expression.scope import Scope
from flowrun.expression.types import ResultType

_STRING, _WHOLE, _NUMBER, _BOOLEAN = (
    ResultType.STRING,
    ResultType.WHOLE_NUMBER,
    ResultType.NUMBER,
    ResultType.BOOLEAN,
)

_NUMBERS = count()
"""The counter of `nextInt`: one for the whole process, as in NiFi."""


def _random() -> int:
    return int.from_bytes(os.urandom(8), "big") >> 1


def _next_int() -> int:
    return next(_NUMBERS)


def _uuid() -> str:
    return uuid_of(os.urandom(16), 4)


def _thread() -> str:
    from threading import current_thread

    return current_thread().name


@lru_cache(maxsize=1)
def _ip() -> str:
    import socket  # costs an import that most flows need not pay

    try:
        return socket.gethostbyname(socket.gethostname())
    except OSError as error:
        raise EvaluationError(f"ip(): this machine's address can't be found: {error}") from error


@lru_cache(maxsize=2)
def _hostname(is_full: bool = False) -> str:
    import socket

    return socket.getfqdn() if is_full else socket.gethostname()


def _get_state_value(scope: Scope, key: str | None) -> str | None:
    return None if scope.state is None or key is None else scope.state.get(key)


def _math(name: str | None) -> Number | None:
    return None if name is None else call_method(name)


def _math_of(subject: Number | None, name: str | None, *others: Number | None) -> Number | None:
    if name is None or subject is None:
        return None
    values = [subject, *(other for other in others if other is not None)]
    return call_method(name, *values) if len(values) == 1 + len(others) else None


_MATH = (
    "A method of Java's `Math`, by name and by the exact types of its values, long or double: `random` without a "
    "subject; `abs`, `max`, `min` for both; `sqrt`, `cbrt`, `ceil`, `floor`, `rint`, `round`, `pow`, `signum`, "
    "`log10`, `hypot` and so on for decimals; `addExact`, `floorMod`, `floorDiv` for whole numbers; `scalb` for a "
    "decimal and a whole number. A method that there is not for these types is an error; null anywhere gives null."
)

FUNCTIONS = (
    Function(
        "random",
        None,
        (),
        _WHOLE,
        "A random whole number from 0 to 2^63-1.",
        Example("${random():mod(10)}", "", pattern="[0-9]"),
        _random,
        has_subject=False,
        is_pure=False,
    ),
    Function(
        "nextInt",
        None,
        (),
        _WHOLE,
        "The next number of a counter that starts with 0 and is shared by the whole process.",
        Example("${nextInt()}", "", pattern="[0-9]+"),
        _next_int,
        has_subject=False,
        is_pure=False,
    ),
    Function(
        "UUID",
        None,
        (),
        _STRING,
        "A random UUID, version 4.",
        Example("${UUID()}", "", pattern="[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        _uuid,
        has_subject=False,
        is_pure=False,
    ),
    Function(
        "thread",
        None,
        (),
        _STRING,
        "The name of the thread that evaluates.",
        Example("${thread()}", "", pattern=".+"),
        _thread,
        has_subject=False,
        is_pure=False,
    ),
    Function(
        "ip",
        None,
        (),
        _STRING,
        "This machine's address.",
        Example("${ip()}", "", pattern="[0-9a-f.:]+"),
        _ip,
        has_subject=False,
        is_pure=False,
    ),
    Function(
        "hostname",
        None,
        (Argument("full", _BOOLEAN, is_optional=True, is_switch=True),),
        _STRING,
        "This machine's name, with its domain if `true` is given.",
        Example("${hostname(false)}", "", pattern="\\S+"),
        _hostname,
        has_subject=False,
        is_pure=False,
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
        "math",
        None,
        (Argument("method"),),
        _NUMBER,
        _MATH,
        Example("${math('random'):lt(1)}", "true"),
        _math,
        has_subject=False,
        is_pure=False,
    ),
    Function(
        "math",
        _NUMBER,
        (Argument("method"), Argument("value", _NUMBER, is_optional=True)),
        _NUMBER,
        _MATH,
        Example("${size:toDecimal():math('pow', 2.0)}", "6.25", {"size": "2.5"}),
        _math_of,
        NullSubject.SEEN,
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
