"""A relationship: a named way out of a processor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Relationship:
    """A named way out, declared as a class attribute of a processor.

    `only_with` limits it to configurations in which each named property has one of the values (empty: any value).
    """

    name: str
    description: str
    only_with: Mapping[str, Sequence[str]] = field(default_factory=dict, hash=False)
