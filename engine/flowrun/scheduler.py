"""Who may be triggered now, or the reason why not.

One engine thread runs a queue of processors that may have work, each to completion of one trigger. Processors that
block run on worker threads, and hand over a finished session. Nothing polls: a processor is looked at when a flowfile
arrives, when room appears, when a penalty, a yield or a schedule is over, or when a session of its own has ended.
"""

import heapq
import math
from collections import deque
from collections.abc import Callable, Mapping
from queue import Empty, SimpleQueue

from flowrun.clock import Clock
from flowrun.node import Blocked, ProcessorNode
from flowrun.settlement import Settlement
from flowrun.trigger import Trigger, Triggering
from flowrun.workers import Workers

MOST_ALARMS = 100
"""How many alarms there are before those that earlier ones have overtaken are cleared away."""

Inbox = SimpleQueue[Trigger | Callable[[], None]]


class Scheduler:
    """Triggers processors. Used by the engine thread alone; other threads put into `inbox`."""

    def __init__(
        self, nodes: dict[str, ProcessorNode], settlement: Settlement, triggering: Triggering, clock: Clock
    ) -> None:
        self.inbox: Inbox = SimpleQueue()
        self.holds_sources = False
        self._nodes = nodes
        self._settlement = settlement
        self._triggering = triggering
        self._clock = clock
        self._ready: deque[ProcessorNode] = deque()
        self._in_ready: set[str] = set()
        self._alarms: list[tuple[float, str]] = []
        self._next_alarm: dict[str, float] = {}
        self._latest = 0.0
        self._workers = Workers(sum(node.settings.concurrent_tasks for node in nodes.values()) or 1)

    @property
    def busy(self) -> int:
        """How many sessions are at work on worker threads."""
        return self._workers.busy

    @property
    def has_ready(self) -> bool:
        """Whether a processor, or what another thread has put in, is to be looked at."""
        return bool(self._ready) or not self.inbox.empty()

    @property
    def is_polling(self) -> bool:
        """Whether a source is still to hand over what it has found."""
        return any(node.is_polling for node in self._nodes.values())

    def wake(self, name: str) -> None:
        """Look at this processor soon; a name that the flow has no more is nobody."""
        if name not in self._in_ready and name in self._nodes:
            self._in_ready.add(name)
            self._ready.append(self._nodes[name])

    def adopt(self, nodes: Mapping[str, ProcessorNode]) -> None:
        """Go on with these nodes, after an edit of the flow; those that are gone have no session at work."""
        self._nodes = dict(nodes)
        self._ready.clear()
        self._in_ready.clear()
        self._workers.limit = sum(node.settings.concurrent_tasks for node in nodes.values())
        for name in nodes:
            self.wake(name)

    def start(self, node: ProcessorNode) -> None:
        """Let it be triggered from now on."""
        node.is_running = True
        node.due = node.settings.schedule.first(self._clock.now())
        self.wake(node.name)

    def poll(self, node: ProcessorNode) -> None:
        """Have a source triggered at once, and again until it has handed over all that it found."""
        node.is_polling, node.due = True, self._clock.now()
        self.wake(node.name)

    def blocked(self, node: ProcessorNode, now: float) -> Blocked | None:
        """Why it is not triggered now; None: it may be."""
        if not node.is_running:
            return Blocked.STOPPED
        is_held = node.is_source and self.holds_sources and not node.is_polling
        if is_held and not node.has_waiting(now):
            return Blocked.NO_WORK if node.incoming else Blocked.STOPPED
        if node.yield_until > now:
            return Blocked.YIELDED
        if node.active >= node.settings.concurrent_tasks:
            return Blocked.BUSY
        if not is_held and (node.due is None or node.due > now):
            return Blocked.NOT_DUE
        if node.is_source:
            if node.settings.skip_overlap and self._settlement.in_flow[node.name] > 0 and not node.has_waiting(now):
                return Blocked.OVERLAP
        elif not node.has_waiting(now):
            return Blocked.NO_WORK
        if node.is_held_back:
            return Blocked.DESTINATION_FULL
        return None

    def step(self) -> bool:
        """Take in what other threads have put in, then trigger one processor; whether there was anything to do."""
        took = not self.inbox.empty()
        if took:
            self._take_inbox()
        now = self._clock.now()
        if now < self._latest or (self._alarms and self._alarms[0][0] <= now):
            self._ring(now)
        self._latest = now
        while self._ready:
            node = self._ready.popleft()
            self._in_ready.discard(node.name)
            if self._consider(node, now):
                self._settlement.act(at_rest=False)
                return True
        return took

    def rest(self, until: float | None = None) -> None:
        """Make everything last, then wait for another thread, for the next alarm, or until that moment."""
        self._settlement.act(at_rest=True)
        if self._ready:
            return
        moments = [moment for moment in (until, self._alarms[0][0] if self._alarms else None) if moment is not None]
        item = self._clock.wait(self.inbox, min(moments, default=None), busy=self.busy > 0)
        if item is not None:
            self._take(item)

    def take_next(self, seconds: float | None) -> bool:
        """Take in one thing from another thread, and wait for it so long (None: for ever); False: nothing came."""
        try:
            self._take(self.inbox.get(timeout=None if seconds is None else max(0.0, seconds)))
        except Empty:
            return False
        return True

    def next_alarm(self) -> float | None:
        """When something is to be looked at again; None: only another thread can bring work."""
        return self._alarms[0][0] if self._alarms else None

    def close(self) -> None:
        """End the worker threads."""
        self._workers.close()

    def _consider(self, node: ProcessorNode, now: float) -> bool:
        if node.expiring:
            self._expire(node, now)
        reason = node.blocked = self.blocked(node, now)
        if reason is None:
            self._trigger(node, now)
            return True
        if reason is Blocked.YIELDED:
            self._alarm(node.yield_until, node)
        elif reason is Blocked.NOT_DUE and node.due is not None:
            self._alarm(node.due, node)
        elif reason is Blocked.OVERLAP:
            node.due = node.settings.schedule.next_after(now)
            node.is_polling = False
            if node.due is not None and node.due > now:
                self._alarm(node.due, node)
        elif reason is Blocked.NO_WORK:
            self._alarm_for_queues(node)
        if node.expiring and not self.holds_sources:
            self._alarm_for_expiry(node)
        return False

    def _trigger(self, node: ProcessorNode, now: float) -> None:
        node.due = node.settings.schedule.next_after(now)
        trigger = self._triggering.prepare(node, now)
        node.active += 1
        if trigger.blocks:
            self._workers.submit(lambda: self.inbox.put(trigger.run()))
            if node.active < node.settings.concurrent_tasks:
                self.wake(node.name)
            return
        self._settle(trigger.run())

    def _take_inbox(self) -> None:
        while not self.inbox.empty():
            self._take(self.inbox.get())

    def _take(self, item: Trigger | Callable[[], None]) -> None:
        if isinstance(item, Trigger):
            self._workers.finished()
            self._settle(item)
        else:
            item()

    def _settle(self, trigger: Trigger) -> None:
        node = trigger.node
        node.active -= 1
        now = self._clock.now()
        try:
            self._triggering.end(trigger, now)
        finally:
            if node.is_polling and not (node.has_pending and trigger.did_something):
                node.is_polling = False
            elif node.is_polling:
                node.due = now
            self.wake(node.name)

    def _alarm(self, moment: float, node: ProcessorNode) -> None:
        if moment < self._next_alarm.get(node.name, math.inf):
            self._next_alarm[node.name] = moment
            heapq.heappush(self._alarms, (moment, node.name))
            if len(self._alarms) > MOST_ALARMS + 2 * len(self._nodes):  # most of them have been overtaken
                self._alarms = sorted((moment, name) for name, moment in self._next_alarm.items())

    def _alarm_for_queues(self, node: ProcessorNode) -> None:
        for connection in node.incoming:
            moment = connection.next_release()
            if moment is not None:
                self._alarm(moment, node)
        self._alarm_for_expiry(node)

    def _alarm_for_expiry(self, node: ProcessorNode) -> None:
        for connection in node.expiring:
            moment = connection.next_expiry()
            if moment is not None:
                self._alarm(moment, node)

    def _ring(self, now: float) -> None:
        if now < self._latest:
            self._follow_clock(self._latest - now, now)
        while self._alarms and self._alarms[0][0] <= now:
            moment, name = heapq.heappop(self._alarms)
            if self._next_alarm.get(name) == moment:
                del self._next_alarm[name]
            self.wake(name)

    def _follow_clock(self, back: float, now: float) -> None:
        """The machine's clock was set back: yields and schedules don't wait for it to come so far again."""
        for node in self._nodes.values():
            node.yield_until -= back
            again = node.settings.schedule.next_after(now)
            if node.due is not None and again is not None:
                node.due = min(node.due, again)
            self.wake(node.name)

    def _expire(self, node: ProcessorNode, now: float) -> None:
        for connection in node.expiring:
            expired = connection.take_expired(now)
            if expired:
                self._settlement.expire(node, connection, expired)
