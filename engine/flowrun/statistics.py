"""What a processor has done since the start, in numbers that only grow."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Statistics:
    """Totals of one processor; sizes in bytes, `seconds` is time spent in triggers."""

    triggers: int = 0
    taken: int = 0
    taken_size: int = 0
    placed: int = 0
    placed_size: int = 0
    dropped: int = 0
    failures: int = 0
    retries: int = 0
    seconds: float = 0.0
    routed: Counter[str] = field(default_factory=Counter)
