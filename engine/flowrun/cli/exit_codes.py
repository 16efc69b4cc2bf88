"""What the exit code of `flowrun` means."""

from enum import IntEnum


class ExitCode(IntEnum):
    """The codes that a script may rely on; of several flows, the worst one counts."""

    OK = 0
    DEAD_LETTERS = 1
    """In this run a flowfile became a dead letter, or a processor's exception was being rolled back at the end; of
    `chaos`: the flow did not survive every point."""
    WRONG = 2
    """The flow or the command line is wrong; nothing was started."""
    IN_USE = 3
    """Another process holds the state directory."""
    DAMAGED = 4
    """Stored state is damaged, or can't be written."""
    UNFINISHED = 5
    """Time ran out with flowfiles still queued."""
    BUG = 70
    """An error of flowrun's own."""
    INTERRUPTED = 130
    """A second Ctrl-C: stopped at once."""
