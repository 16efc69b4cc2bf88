"""What the machine gives to start an expression with: the time, chance, its names."""

import os
import time
from functools import lru_cache
from itertools import count

from flowrun.errors import EvaluationError
from flowrun.expression.functions.declaration import Argument, Example, Function
from flowrun.expression.functions.encoding import uuid_of
from flowrun.expression.types import ResultType

_STRING, _WHOLE, _NUMBER, _BOOLEAN = (
    ResultType.STRING,
    ResultType.WHOLE_NUMBER,
    ResultType.NUMBER,
    ResultType.BOOLEAN,
)

_NUMBERS = count()
"""The counter of `nextInt`: one for the whole process, as in NiFi."""


def _now() -> int:
    return time.time_ns() // 1_000_000


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


FUNCTIONS = (
    Function(
        "now",
        None,
        (),
        ResultType.DATE,
        "The time now, as a Date.",
        Example("${now():toNumber():gt(0)}", "true"),
        _now,
        has_subject=False,
        is_pure=False,
    ),
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
)
