"""Back pressure: from when on a full queue holds its source."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BackPressure:
    """From how many flowfiles, or bytes, on the source is not triggered any more; 0: never."""

    object_threshold: int = 10_000
    data_size_threshold: int = 1 << 30
