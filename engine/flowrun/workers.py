"""Worker threads for processors that block: they run what they are given and put the outcome into an inbox."""

import threading
from collections.abc import Callable
from queue import SimpleQueue


class Workers:
    """Threads that are started when they are needed, up to a limit; they end with the process or with `close`.

    They are daemon threads: a second Ctrl-C must not wait for a server that does not answer.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self.busy = 0

    def submit(self, job: Callable[[], None]) -> None:
        """Have the job run; it must not raise. Called by the engine thread, which counts the job until `finished`."""
        self.busy += 1
        self._jobs.put(job)
        if self.busy > len(self._threads) and len(self._threads) < self.limit:
            thread = threading.Thread(target=self._work, name=f"flowrun-worker-{len(self._threads) + 1}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def finished(self) -> None:
        """One job's outcome has been taken from the inbox."""
        self.busy -= 1

    def close(self, timeout: float = 5.0) -> None:
        """End the threads; those that are still at work after `timeout` seconds are left to the process's end."""
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join(timeout if self.busy == 0 else 0)
        self._threads.clear()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
