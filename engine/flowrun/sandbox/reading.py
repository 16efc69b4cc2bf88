"""Reading the one line that a sandbox answers with."""

import os
import selectors
import time


def read_line(descriptor: int, patience: float) -> bytes:
    """What arrives up to the first line end, or all of it if it ends before. Raises TimeoutError."""
    deadline = time.monotonic() + patience
    received = b""
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while not received.endswith(b"\n"):
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise TimeoutError
            piece = os.read(descriptor, 65536)
            if not piece:
                break
            received += piece
    return received
