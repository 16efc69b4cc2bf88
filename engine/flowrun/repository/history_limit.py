"""How much history is kept."""

from msgspec import Struct

LARGEST_SEGMENT = 64 << 20
SMALLEST_SEGMENT = 256 << 10
SHARE_OF_SEGMENT = 8
"""A segment is at most such a part of the limit, for history is dropped by whole segments."""


class HistoryLimit(Struct, frozen=True):
    """How much history is kept: `size` in bytes, at most half of it contents, and `age` in seconds."""

    size: int = 1 << 30
    age: float = 30 * 86400.0

    @property
    def segment_size(self) -> int:
        """From how many bytes on a segment is finished."""
        return max(SMALLEST_SEGMENT, min(LARGEST_SEGMENT, self.size // SHARE_OF_SEGMENT))
