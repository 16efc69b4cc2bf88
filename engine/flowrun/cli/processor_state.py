"""What a processor is doing, in a word or two for a narrow column."""

import time

from flowrun.node import Blocked, ProcessorNode

_SOON = 1.0
"""Seconds within which a trigger is due anyway, so that its moment tells nothing."""

_WORDS = {
    "working": ("working", "green"),
    Blocked.STOPPED: ("stopped", "red"),
    Blocked.YIELDED: ("yielded", "dim"),
    Blocked.BUSY: ("working", "green"),
    Blocked.NOT_DUE: ("scheduled", "dim"),
    Blocked.OVERLAP: ("skips overlap", "dim"),
    Blocked.NO_WORK: ("idle", "dim"),
    Blocked.DESTINATION_FULL: ("waits for room", "yellow"),
}


def short_state(node: ProcessorNode, state: str) -> tuple[str, str]:
    """The state as the status words it, in short, and a style for it; for a scheduled source, when it is due."""
    if state == Blocked.NOT_DUE and node.due is not None and node.due - time.time() > _SOON:
        return f"next {time.strftime('%H:%M:%S', time.localtime(node.due))}", "dim"
    if node.is_failing and state != "working":
        return "failing", "red"
    if state.startswith("waits for a penalty"):
        return "penalized", "yellow"
    return _WORDS.get(state, (state, "dim"))
