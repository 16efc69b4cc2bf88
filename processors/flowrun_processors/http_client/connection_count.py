"""How many connections there are, and how many of them rest."""

import threading


class ConnectionCount:
    """How many connections are open, and how many of them are in use; any number of threads may use it at once.

    httpcore's own limit of idle connections counts those in use as well, so that many tasks would keep none.
    """

    def __init__(self, most_idle: int) -> None:
        self._most_idle = most_idle
        self._lock = threading.Lock()
        self._open = 0
        self._used = 0

    def opened(self) -> None:
        """There is one more."""
        with self._lock:
            self._open += 1

    def closed(self) -> None:
        """There is one less."""
        with self._lock:
            self._open -= 1

    def taken(self) -> None:
        """One more is in use."""
        with self._lock:
            self._used += 1

    def given_back(self) -> bool:
        """One less is in use; gives whether more are idle now than may be."""
        with self._lock:
            self._used -= 1
            return self._open - self._used > self._most_idle
