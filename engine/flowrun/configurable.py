"""What processors and controller services have in common: properties that a class declares and a flow sets."""

import inspect
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, ClassVar, NoReturn

from flowrun.configuration import Configuration
from flowrun.declarations import Declarations, PropertyProblem
from flowrun.dynamic_properties import DynamicDeclaration
from flowrun.errors import PropertyError, Severity
from flowrun.parameter_reference import NO_PARAMETERS, Parameters
from flowrun.property import Declaration
from flowrun.relationship import Relationship

NOTHING: Mapping[str, Any] = MappingProxyType({})


class DeclarationError(TypeError):
    """A class declares something that can't be; says which class, which file, and what."""


class Configurable:
    """Something that a flow configures by properties.

    `tags` help to find it, `example` is a piece of a flow file for the manual, `former_types` are other spellings of
    the type, as NiFi has them.
    """

    tags: ClassVar[tuple[str, ...]] = ()
    example: ClassVar[str] = ""
    former_types: ClassVar[tuple[str, ...]] = ()

    declarations: ClassVar[Declarations] = Declarations((), None)
    declared_relationships: ClassVar[tuple[Relationship, ...]] = ()

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        declared = _declared(cls)
        dynamic = [value for value in declared.values() if isinstance(value, DynamicDeclaration)]
        cls.declarations = Declarations(
            tuple(value for value in declared.values() if isinstance(value, Declaration)),
            dynamic[0] if dynamic else None,
            cls.__name__,
        )
        cls.declared_relationships = tuple(value for value in declared.values() if isinstance(value, Relationship))
        _check_declarations(cls, len(dynamic))

    def __init__(
        self,
        properties: Mapping[str, str] = NOTHING,
        *,
        dynamic: Mapping[str, str] = NOTHING,
        parameters: Parameters = NO_PARAMETERS,
        services: Mapping[str, Any] = NOTHING,
    ) -> None:
        """Configure it; starts nothing. Mistakes are collected in `problems`, and raised by `check`.

        `services` are the flow's controller services by name.
        """
        self.configuration = Configuration(self.declarations, properties, dynamic, parameters, services)
        vars(self).update(self.configuration.values)  # from now on, a value costs no more than any attribute
        self._configured()
        self.problems: tuple[PropertyProblem, ...] = tuple(self.configuration.problems)
        if not any(problem.severity is Severity.ERROR for problem in self.problems) and not parameters.unset:
            self.problems += tuple(
                found if isinstance(found, PropertyProblem) else PropertyProblem(found) for found in self.validate()
            )

    def check(self) -> None:
        """Raise PropertyError with all mistakes of the configuration, if there are any."""
        errors = [problem.message for problem in self.problems if problem.severity is Severity.ERROR]
        if errors:
            raise PropertyError("; ".join(errors))

    def validate(self) -> Iterable[str | PropertyProblem]:
        """What is wrong with properties that are right one by one. Called before the start, if each of them is."""
        return ()

    def _configured(self) -> None:
        """Called when the properties have their values, before `validate`."""


def _declared(cls: type[Configurable]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for base in reversed(cls.__mro__):
        merged.update(vars(base))
    return {name: value for name, value in merged.items() if not name.startswith("__")}


def _check_declarations(cls: type[Configurable], dynamic: int) -> None:
    seen: set[str] = set()
    for declaration in cls.declarations.properties:
        for name in (declaration.name, *declaration.former_names):
            if name in seen:
                _refuse(cls, f"the property name '{name}' is declared twice")
            seen.add(name)
        if not declaration.description.strip():
            _refuse(cls, f"the property '{declaration.name}' has no description")
    if dynamic > 1:
        _refuse(cls, "more than one declaration of dynamic properties")
    names = [relationship.name for relationship in cls.declared_relationships]
    for name in names:
        if names.count(name) > 1 or not name.strip() or "," in name or "--" in name:
            _refuse(cls, f"'{name}' can't be a relationship's name: it is blank, used twice, or holds ',' or '--'")
    known = {declaration.name for declaration in cls.declarations.properties}
    owners: list[Declaration | Relationship] = [*cls.declarations.properties, *cls.declared_relationships]
    for owner in owners:
        for name in owner.only_with:
            if name not in known:
                _refuse(cls, f"'{owner.name}' depends on '{name}', which is no property of the class")


def _refuse(cls: type[Configurable], what: str) -> NoReturn:
    try:
        file = inspect.getfile(cls)
    except (TypeError, OSError):
        file = "a file that is not known"
    raise DeclarationError(f"{cls.__name__} in {file}: {what}")
