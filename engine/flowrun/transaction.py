"""The engine's side of a session: units of work, retries, failures, and what is left when the trigger is over.

A session belongs to one processor and one trigger. Its work falls into units: one flowfile each where the processor
takes them one by one, the whole trigger otherwise. A unit that fails, or that ends in a retried relationship, is
undone alone: its flowfiles go back to their queues, what it wrote is dropped, the rest of the session stands.
"""

import traceback
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import msgspec
from msgspec import Struct, field

from flowrun.bulletin import Level
from flowrun.clock import Clock
from flowrun.errors import ProcessorError, RepositoryError, SessionError
from flowrun.flowfile import FlowFile, Placement, plain_texts
from flowrun.ledger import START, Ledger, Mark, Note
from flowrun.masking import NO_MASKING, Masking
from flowrun.retry import RetryPolicy
from flowrun.state import StateStore


@dataclass(frozen=True, slots=True)
class TransactionSettings:
    """What the engine tells a session about its processor; `penalty_duration` is in seconds."""

    processor: str
    relationships: frozenset[str]
    penalty_duration: float = 30.0
    retry: RetryPolicy | None = None
    has_incoming_connection: bool = True
    masking: Masking = NO_MASKING
    sensitive_content: bool = False


class Transaction(Struct, eq=False):
    """The entries of one session, and the rules by which its units of work end.

    `waiting` are flowfiles that the session may take; what it leaves there never left the queue. After the trigger,
    `ledger.returned` are those that go back, `failures` counts units that failed, `unexpected` those among them whose
    error was none that a processor may raise; `failed_whole`: the session itself failed; `was_abandoned`: another one
    had changed the state meanwhile; `yield_for` is how many seconds a retry asks the processor to wait.
    """

    settings: TransactionSettings
    waiting: deque[Placement]
    clock: Clock
    states: StateStore
    ledger: Ledger = field(default_factory=Ledger)
    failures: int = 0
    retries: int = 0
    unexpected: int = 0
    failed_whole: bool = False
    was_abandoned: bool = False
    yield_for: float = 0.0
    state_read: Mapping[str, str] | None = None
    unit: Mark | None = None

    def take(self) -> FlowFile | None:
        """The next waiting flowfile."""
        if not self.waiting:
            return None
        placement = self.waiting.popleft()
        flowfile = placement.flowfile
        self.ledger.taken.append(placement)
        self.ledger.held[flowfile.id] = flowfile
        return flowfile

    @property
    def state(self) -> Mapping[str, str]:
        """The processor's state, with what this session has set."""
        if self.ledger.state is not None:
            return self.ledger.state
        if self.state_read is None:
            self.state_read = self.states.get(self.settings.processor)
        return self.state_read

    def set_state(self, values: Mapping[str, str]) -> None:
        """Replace the processor's state; what it was now decides whether another session came in between."""
        if self.state_read is None:
            self.state_read = self.states.get(self.settings.processor)
        self.ledger.state = plain_texts(dict(values))

    @property
    def state_conflicts(self) -> bool:
        """Whether another session has changed the state since this one read it and built on it."""
        if self.ledger.state is None:
            return False
        return self.states.get(self.settings.processor) is not self.state_read

    def units(self) -> Iterator[FlowFile]:
        """The waiting flowfiles, each the beginning of a unit of work that lasts until the next one is asked for."""
        ledger, waiting, retries = self.ledger, self.waiting, self.settings.retry is not None
        held, taken, transfers, entries, parents = (
            ledger.held, ledger.taken, ledger.transfers, ledger.entries, ledger.parents,
        )  # fmt: skip
        while waiting:
            self.unit = (len(taken), len(transfers), len(entries), len(parents), ledger.state)
            placement = waiting.popleft()
            flowfile = placement.flowfile
            taken.append(placement)
            held[flowfile.id] = flowfile
            yield flowfile
            if held or retries:
                self.finish_unit()
        self.unit = None

    def finish_unit(self) -> None:
        """End the unit: nothing may be left over, and a retried relationship puts its flowfiles back."""
        if self.unit is None:
            return
        if self.ledger.held:
            self.fail_unit(self._left_over())
            return
        unit, self.unit = self.unit, None
        self._retry(unit)

    def fail(self, error: BaseException) -> None:
        """Undo the whole session, as `fail_unit` does a unit."""
        self.unit, self.failed_whole = None, True
        self.fail_unit(error)

    def fail_unit(self, error: BaseException) -> None:
        """Undo the unit, or the whole session where it has no units; RepositoryError is passed on: nobody can go on."""
        if isinstance(error, RepositoryError):
            raise error
        until = self.clock.now() + self.settings.penalty_duration
        back = self.ledger.undo(self.unit or START)
        self.unit = None
        self.failures += 1
        self.unexpected += not isinstance(error, ProcessorError)
        flowfile = back[0].flowfile if len(back) == 1 else None
        reason = describe(error)
        penalized = [msgspec.structs.replace(placement, penalized_until=until) for placement in back]
        self.ledger.give_back(penalized, self.settings.masking.message(reason, flowfile))
        self.ledger.notes.append(Note(Level.ERROR, reason, flowfile))

    def finish(self) -> None:
        """End the session's work after the trigger; then only what is to be committed is left."""
        self.unit = None
        if self.ledger.held:
            self.fail(self._left_over())
        elif self.settings.retry is not None:
            self._retry(START)

    def abandon(self) -> None:
        """Undo everything, without a penalty: the flowfiles are as if they had never been taken."""
        self.waiting.extendleft(reversed(self.ledger.undo(START)))
        self.was_abandoned = True

    def _left_over(self) -> SessionError:
        left = next(iter(self.ledger.held.values()))
        return SessionError(f"flowfile {left.uuid} was neither transferred nor removed")

    def _retry(self, unit: Mark) -> None:
        policy = self.settings.retry
        if policy is None:
            return
        transfers = self.ledger.transfers[unit[1] :]
        retried = next((transfer for transfer in transfers if transfer[1] in policy.relationships), None)
        taken = self.ledger.taken[unit[0] :]
        if retried is None or not taken or max(p.attempts for p in taken) >= policy.attempts:
            return
        penalized = max((self.ledger.penalties.get(flowfile.id, 0.0) for flowfile, _, _ in transfers), default=0.0)
        self.ledger.undo(unit)
        self.retries += 1
        now = self.clock.now()
        back: list[Placement] = []
        for placement in taken:
            wait = policy.wait(placement.attempts + 1, self.settings.penalty_duration)
            if policy.backoff == "yield":
                self.yield_for, wait = max(self.yield_for, wait), 0.0
            until = max(now + wait, penalized)
            back.append(msgspec.structs.replace(placement, attempts=placement.attempts + 1, penalized_until=until))
        _, relationship, cause = retried
        message = f"'{relationship}', attempt {taken[0].attempts + 1} of {policy.attempts} will be tried again"
        message += f": {cause}" if cause else ""
        self.ledger.give_back(back, self.settings.masking.message(message, taken[0].flowfile))
        self.ledger.notes.append(Note(Level.WARNING, message, taken[0].flowfile))


def describe(error: BaseException) -> str:
    """An error in one line: what it says, and for unexpected ones its kind and the innermost place in the code."""
    if isinstance(error, ProcessorError):
        return str(error)
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}: {error}{place}"
