"""Processor state: a small map of text to text for each processor, changed by commits only."""

from collections.abc import Mapping
from types import MappingProxyType

NO_STATE: Mapping[str, str] = MappingProxyType({})


class StateStore:
    """The state of all processors of a flow. Any thread may read; the engine thread applies what was committed."""

    def __init__(self, recovered: Mapping[str, Mapping[str, str]] | None = None) -> None:
        self._states: dict[str, Mapping[str, str]] = {
            name: MappingProxyType(dict(values)) for name, values in (recovered or {}).items()
        }

    def get(self, processor: str) -> Mapping[str, str]:
        """The processor's state; the same object until a commit changes it."""
        return self._states.get(processor, NO_STATE)

    def apply(self, processor: str, values: Mapping[str, str]) -> None:
        """Replace the processor's state."""
        self._states[processor] = MappingProxyType(dict(values))
