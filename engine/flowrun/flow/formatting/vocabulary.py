"""The names that a flow should use; what types there are is known to a higher floor."""

from typing import Protocol


class TypeNames(Protocol):
    """The types of processors, or those of controller services."""

    def type_name(self, spelling: str) -> str | None:
        """The type that a spelling means; None if it is not known here."""

    def property_name(self, type_name: str, spelling: str) -> str:
        """What the type calls the property now; the spelling itself if it is no former name."""


class Vocabulary(Protocol):
    """All names."""

    @property
    def processors(self) -> TypeNames:
        """Those of processor types."""

    @property
    def services(self) -> TypeNames:
        """Those of controller services' types."""
