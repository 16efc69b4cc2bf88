"""The processor: one step of a flow. What an author subclasses, and what the engine asks of it.

A class declares its properties and relationships as class attributes; from them come the values on the instance, the
validation, the manual and the JSON Schema. One instance serves all threads: state belongs in the session.
"""

import inspect
from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, ClassVar

from flowrun.configuration import Configuration, Declarations, PropertyProblem
from flowrun.dynamic_properties import DynamicDeclaration
from flowrun.errors import PropertyError, Severity
from flowrun.flowfile import FlowFile
from flowrun.parameter_reference import NO_PARAMETERS, Parameters
from flowrun.property import Declaration
from flowrun.relationship import Relationship
from flowrun.session import ProcessSession

_NOTHING: Mapping[str, str] = MappingProxyType({})


class Input(StrEnum):
    """Whether a processor has connections coming in."""

    REQUIRED = "required"
    ALLOWED = "allowed"
    FORBIDDEN = "forbidden"


class DeclarationError(TypeError):
    """A processor class declares something that can't be; says which class, which file, and what."""


class Processor:
    """One step of a flow.

    Override `process` to handle one flowfile at a time, or `on_trigger` for full control (sources, batches).

    `input` says whether connections may come in. `blocking` processors run on worker threads, and commit after each
    flowfile unless `batch` says that doing one twice does no harm; others run on the engine thread, many flowfiles to
    a commit, and must not wait for anything. `default_schedule` is how often a source is triggered unless the flow
    says otherwise. `tags` help to find it; `reads` and `writes` name the attributes it reads and writes, for the
    manual, which also shows `example`, a piece of a flow file.
    """

    input: ClassVar[Input] = Input.REQUIRED
    blocking: ClassVar[bool] = True
    batch: ClassVar[bool] = False
    default_schedule: ClassVar[str] = "0 sec"
    tags: ClassVar[tuple[str, ...]] = ()
    reads: ClassVar[Mapping[str, str]] = _NOTHING
    writes: ClassVar[Mapping[str, str]] = _NOTHING
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
        properties: Mapping[str, str] = _NOTHING,
        *,
        dynamic: Mapping[str, str] = _NOTHING,
        parameters: Parameters = NO_PARAMETERS,
    ) -> None:
        """Configure it; starts nothing. Mistakes are collected in `problems`, and raised by `check`."""
        self.configuration = Configuration(self.declarations, properties, dynamic, parameters)
        self.yield_requested = False
        self.relationships: Mapping[str, Relationship] = self._relationships()
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

    def on_scheduled(self) -> None:
        """Called once before the first trigger, when the processor starts."""

    def on_stopped(self) -> None:
        """Called once after the last trigger, when the processor stops: close what `on_scheduled` opened."""

    def on_trigger(self, session: ProcessSession) -> None:
        """Do the work there is. Called when flowfiles wait, or for a source when it is due.

        What it raises undoes the whole session and penalizes what it had taken.
        """
        for flowfile in session.units():
            try:
                self.process(session, flowfile)
            except Exception as error:  # noqa: BLE001 whatever is raised ends only this unit of work
                session.fail(error)

    def process(self, session: ProcessSession, flowfile: FlowFile) -> None:
        """Handle one flowfile; each must be transferred or removed. What it raises undoes this flowfile's work only."""
        raise DeclarationError(f"{type(self).__name__} overrides neither 'process' nor 'on_trigger'")

    def has_pending(self) -> bool:
        """Whether a source has found more than it has handed over, so that the poll is not over yet."""
        return False

    def yield_resources(self) -> None:
        """Ask not to be triggered for the yield duration: there is nothing to do now."""
        self.yield_requested = True

    def _relationships(self) -> Mapping[str, Relationship]:
        meets = self.configuration.meets
        static = {r.name: r for r in self.declared_relationships if meets(r.only_with)}
        dynamic = self.declarations.dynamic
        if dynamic is None or dynamic.relationships is None or not meets(dynamic.relationships):
            return static
        made = {name: Relationship(name, "Made by the property.") for name in self.configuration.dynamic_names}
        return made | static


def _declared(cls: type[Processor]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for base in reversed(cls.__mro__):
        merged.update(vars(base))
    return {name: value for name, value in merged.items() if not name.startswith("__")}


def _check_declarations(cls: type[Processor], dynamic: int) -> None:
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


def _refuse(cls: type[Processor], what: str) -> None:
    try:
        file = inspect.getfile(cls)
    except (TypeError, OSError):
        file = "a file that is not known"
    raise DeclarationError(f"{cls.__name__} in {file}: {what}")
