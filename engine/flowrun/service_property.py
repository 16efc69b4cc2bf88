"""A property whose value names a controller service of the flow; read from an instance: the service itself."""

from typing import Any, Generic, Self, TypeVar, Unpack, overload

from flowrun.property import REQUIRED, Declaration, Options, Required

S = TypeVar("S")
W = TypeVar("W")


class ServiceProperty(Declaration, Generic[S]):
    """Names a controller service that is a `service`: a class, or an abstract one that services of that kind share."""

    @overload
    def __init__(
        self: "ServiceProperty[W | None]",
        name: str,
        service: type[W],
        description: str,
        *,
        default: None,
        **options: Unpack[Options],
    ) -> None: ...
    @overload
    def __init__(
        self: "ServiceProperty[W]",
        name: str,
        service: type[W],
        description: str,
        *,
        default: Required = REQUIRED,
        **options: Unpack[Options],
    ) -> None: ...
    def __init__(
        self,
        name: str,
        service: type[Any],
        description: str,
        *,
        default: Required | None = REQUIRED,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(name, str, description, default, options)
        self.service = service

    @overload
    def __get__(self, instance: None, owner: type[object]) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type[object]) -> S: ...
    def __get__(self, instance: Any, owner: type[object]) -> Any:
        return self if instance is None else instance.configuration[self.attribute]
