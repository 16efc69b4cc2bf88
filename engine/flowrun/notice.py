"""Tells a command of a person's choice that flowfiles have become dead letters. The engine never waits for it."""

import json
import os
import subprocess
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable
from signal import SIGKILL
from types import TracebackType
from typing import IO, Any, Self

import msgspec

from flowrun.bulletin import Bulletin, BulletinBoard, Level
from flowrun.control.viewing import Viewing
from flowrun.flow.settings import CommandSettings
from flowrun.flowfile import Placement
from flowrun.gathering import Gathered
from flowrun.graph import FlowGraph
from flowrun.node import ProcessorNode
from flowrun.transaction import Transaction

MOST_TOLD = 100
"""Of how many dead letters one start of the command tells; of more it gives the number."""
_LONGEST_VARIABLE = 4_000
_LONGEST_COMPLAINT = 400
_NAME = "on_dead_letter"


class DeadLetterNotice:
    """Starts the command of a flow's `on_dead_letter`, one at a time, while the `with` block lasts and once at its end.

    What becomes a dead letter while the command runs, or before it may start again, is told together. It is told once:
    what is not told when the process is killed is in status and summary, as all of them are.
    """

    def __init__(self, graph: FlowGraph, viewing: Callable[[FlowGraph], Viewing], bulletins: BulletinBoard) -> None:
        self._viewing_of = viewing
        self._bulletins = bulletins
        self._pending: deque[tuple[str, Placement]] = deque(maxlen=MOST_TOLD)
        self._count = 0
        self._changed = threading.Condition()
        self._is_ending = False
        self._thread: threading.Thread | None = None
        self._next_start = 0.0
        self.follow(graph)

    def follow(self, graph: FlowGraph) -> None:
        """Tell of this graph's dead letters from now on."""
        self._flow = graph.definition.name
        self._settings = graph.dead_letter_command
        self._viewing = self._viewing_of(graph)

    def settled(self, node: ProcessorNode, _transaction: Transaction, gathered: Gathered) -> None:
        """Called on the engine thread for each session that came true."""
        if self._settings is None or node.dead_letters is None:
            return
        for connection, placements in gathered.arrivals:
            if connection.is_dead_letter:
                self._add(node.name, placements)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._changed:
            self._is_ending = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _add(self, processor: str, placements: list[Placement]) -> None:
        with self._changed:
            for placement in placements[: MOST_TOLD - len(self._pending)]:
                self._pending.append((processor, placement))
            self._count += len(placements)
            if self._thread is None:
                self._thread = threading.Thread(target=self._tell_until_ended, name="flowrun-notice", daemon=True)
                self._thread.start()
            self._changed.notify()

    def _tell_until_ended(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._count or self._is_ending)
                self._changed.wait_for(lambda: self._is_ending, timeout=max(0.0, self._next_start - time.monotonic()))
                if not self._count:
                    return
                letters, self._pending = list(self._pending), deque(maxlen=MOST_TOLD)
                count, self._count = self._count, 0
            settings = self._settings
            if settings is not None:
                self._next_start = time.monotonic() + settings.every
                self._tell(settings, letters, count)

    def _tell(self, settings: CommandSettings, letters: list[tuple[str, Placement]], count: int) -> None:
        viewing = self._viewing
        told = [{"processor": name, **_letter(viewing, placement)} for name, placement in letters]
        facts = {"flow": self._flow, "count": count, "dead_letters": told}
        try:
            complaint = _run(settings, facts)
        except Exception as error:  # noqa: BLE001 whatever the command is like, the flow goes on
            complaint = f"{type(error).__name__}: {error}"
        if complaint:
            message = viewing.text(f"the command was not told of dead letters: {complaint}", letters[0][1].flowfile)
            self._bulletins.post(Bulletin(time.time(), Level.ERROR, _NAME, message))


def _letter(viewing: Viewing, placement: Placement) -> dict[str, Any]:
    seen = viewing.flowfile(placement)
    relationship, _, cause = seen.cause.partition(": ")
    return {
        "relationship": relationship,
        "cause": cause,
        "uuid": seen.uuid,
        "filename": seen.filename,
        "size": seen.size,
        "attempts": seen.attempts,
        "moment": seen.queued_since,
        "attributes": msgspec.to_builtins(seen.attributes),
    }


def _run(settings: CommandSettings, facts: dict[str, Any]) -> str:
    """Run the command to its end; gives what is wrong, nothing if it went well."""
    with tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as said:
        told.write(json.dumps(facts).encode())
        told.seek(0)
        try:
            process = subprocess.Popen(
                settings.words,
                stdin=told,
                stdout=said,
                stderr=said,
                env={**os.environ, **_variables(facts)},
                process_group=0,  # a Ctrl-C that stops the flow is not for it; and it is ended with what it started
            )
        except OSError as error:
            return f"'{settings.words[0]}' can't be started: {error.strerror or error}"
        try:
            code = process.wait(settings.time_limit)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, SIGKILL)
            process.wait()
            return f"'{settings.words[0]}' took more than {settings.time_limit:g} sec, and was ended"
        return f"'{settings.words[0]}' ended with {code}{_last_words(said)}" if code else ""


def _variables(facts: dict[str, Any]) -> dict[str, str]:
    first = facts["dead_letters"][0]
    values = {
        "FLOW": facts["flow"],
        "COUNT": str(facts["count"]),
        "PROCESSOR": first["processor"],
        "RELATIONSHIP": first["relationship"],
        "CAUSE": first["cause"],
        "UUID": first["uuid"],
    }
    return {f"FLOWRUN_{name}": value.replace("\0", "")[:_LONGEST_VARIABLE] for name, value in values.items()}


def _last_words(said: IO[bytes]) -> str:
    size = said.seek(0, os.SEEK_END)
    said.seek(max(0, size - _LONGEST_COMPLAINT))
    text = said.read().decode("utf-8", "replace").strip()
    return f": {text}" if text else ""
