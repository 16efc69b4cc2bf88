"""The processes that make trials: each has one thread, and has loaded all that the flow and its world need."""

import os
import signal
import sys
from collections.abc import Iterable
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from flowrun.chaos.life import Subject
from flowrun.errors import FlowError

_OF_STAND_INS = (
    "flowrun.sandbox.identity_server",
    "flowrun.sandbox.server",
    "flowrun.sandbox.switches",
    "starlette.applications",
    "uvicorn.lifespan.off",
    "uvicorn.loops.asyncio",
    "uvicorn.protocols.http.h11_impl",
)
_LOOK_EVERY = 1.0
_PACKAGES_OF_FILES = ("flow_sandbox", "flowrun_plugins", "__mp_main__")


def prepare_worker(subject: Subject, sandbox: Path | None) -> None:
    """Load what each copy of this process would have to load otherwise; end with the process that gives work."""
    giver = os.getppid()

    def look(_signal: int, _frame: object) -> None:
        if os.getppid() != giver:
            os._exit(1)

    signal.signal(signal.SIGALRM, look)  # neither a thread, which copies would lack, nor inherited by them
    signal.setitimer(signal.ITIMER_REAL, _LOOK_EVERY, _LOOK_EVERY)
    with suppress(FlowError):  # what is wrong is told when it is run
        subject.graph({}, to_run=False)
    load_modules(_OF_STAND_INS if sandbox is not None else ())


def load_modules(names: Iterable[str]) -> None:
    """Load what a copy of this process was seen to load, but for modules that are files of the flow's own."""
    for name in names:
        if name not in sys.modules and name.partition(".")[0] not in _PACKAGES_OF_FILES:
            with suppress(ImportError):  # made by another module, not found by its name
                import_module(name)
