"""Dynamic properties: those whose names the flow's author chooses.

One declaration says what the names mean, what the values are, and whether each name makes a relationship.
"""

from collections.abc import Callable, Mapping
from typing import Any, Generic, Self, TypeVar, overload

from flowrun.property import Conditions, ConfiguredExpression, EvaluationScope, ExpressionCheck

T = TypeVar("T")


class DynamicDeclaration:
    """What a declaration of dynamic properties says, whatever they hold.

    `name` checks a property's name and raises ValueError with what was expected; `name_means` and `description` are
    for the manual. `relationships` are the conditions (as in `only_with`; empty: always) under which each property
    makes a relationship of its name; None: never.
    """

    scope: EvaluationScope | None = None
    check: ExpressionCheck | None = None

    def __init__(
        self,
        type: Callable[[str], Any],  # noqa: A002
        name_means: str,
        description: str,
        name: Callable[[str], Any],
        relationships: Conditions | None,
    ) -> None:
        self.type = type
        self.name_means = name_means
        self.description = description
        self.name = name
        self.relationships = relationships
        self.attribute = ""

    def __set_name__(self, owner: type[object], attribute: str) -> None:
        self.attribute = attribute


class DynamicProperties(DynamicDeclaration, Generic[T]):
    """Dynamic properties with fixed values; read from an instance: a mapping of name to value, in the flow's order."""

    def __init__(
        self,
        type: Callable[[str], T],  # noqa: A002
        name_means: str,
        description: str,
        *,
        name: Callable[[str], Any] = str,
        relationships: Conditions | None = None,
    ) -> None:
        super().__init__(type, name_means, description, name, relationships)

    @overload
    def __get__(self, instance: None, owner: type[object]) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type[object]) -> Mapping[str, T]: ...
    def __get__(self, instance: Any, owner: type[object]) -> Any:
        return self if instance is None else instance.configuration[self.attribute]


class DynamicExpressionProperties(DynamicDeclaration, Generic[T]):
    """Dynamic properties whose values may hold expressions; read from an instance: name to `ConfiguredExpression`."""

    def __init__(
        self,
        type: Callable[[str], T],  # noqa: A002
        name_means: str,
        description: str,
        *,
        scope: EvaluationScope = "flowfile",
        check: ExpressionCheck | None = None,
        name: Callable[[str], Any] = str,
        relationships: Conditions | None = None,
    ) -> None:
        super().__init__(type, name_means, description, name, relationships)
        self.scope = scope
        self.check = check

    @overload
    def __get__(self, instance: None, owner: type[object]) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type[object]) -> Mapping[str, ConfiguredExpression[T]]: ...
    def __get__(self, instance: Any, owner: type[object]) -> Any:
        return self if instance is None else instance.configuration[self.attribute]
