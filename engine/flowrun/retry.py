"""Retry by the framework: a relationship is tried again, as if nothing had happened, before it is followed.

Source: NiFi's `StandardProcessSession` and "Retry" in its user guide: 10 attempts, back-off up to 10 minutes.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Which relationships are retried, how often, and how long a flowfile waits before the next attempt.

    `maximum_backoff` is in seconds. `backoff` says who waits: the flowfile ("penalize") or the processor ("yield").
    """

    relationships: frozenset[str]
    attempts: int = 10
    backoff: Literal["penalize", "yield"] = "penalize"
    maximum_backoff: float = 600.0

    def wait(self, attempts: int, penalty: float) -> float:
        """Seconds to wait after so many attempts have failed: penalty x 2^(n-1), at most the maximum back-off."""
        return min(self.maximum_backoff, penalty * 2.0 ** min(attempts - 1, 62))
