"""Properties: what a processor's author declares, and what a flow's author sets.

A declaration is a class attribute. Read from an instance it is the configured value, of the type that the
declaration's `type` function returns. Parser, validator, manual page and JSON Schema all come from it.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any, Generic, Literal, Self, TypedDict, TypeVar, Unpack, overload

from flowrun.errors import ExpressionError, ProcessorError
from flowrun.expression import Expression, Scope
from flowrun.flowfile import FlowFile

T = TypeVar("T")
V = TypeVar("V")
Conditions = Mapping[str, Sequence[str]]
Allowed = Sequence[str] | Mapping[str, str]
EvaluationScope = Literal["flowfile", "environment"]
ExpressionCheck = Callable[[Expression], None]
Reach = Literal["read", "write", "connect"]


class Required(Enum):
    """The default of a property that has none."""

    REQUIRED = "required"


REQUIRED = Required.REQUIRED


class Options(TypedDict, total=False):
    """What a declaration may say beside name, type, description and default."""

    required: bool
    allowed: Allowed
    only_with: Conditions
    former_names: Sequence[str]
    sensitive: bool
    unsupported: str
    reaches: Reach


class Declaration:
    """What a property declares, whatever it holds.

    `default` is text as a flow's author would write it; REQUIRED: it must be given; None: it may be left out, and its
    value is then None. `required` is what the manual says, and follows from the default unless given. `allowed` lists
    the values taken (a mapping gives each one's label, accepted as well). `only_with` names properties that must be
    set (with one of the values, if any are listed) for this one to count at all. `former_names` are other spellings
    that a flow may use, as NiFi 1.x did. `unsupported` says why a value can't be given yet. `reaches` says that the
    value names what is reached outside the flow: a file or folder to `read` or `write`, a URL or host to `connect` to.
    """

    scope: EvaluationScope | None = None
    check: ExpressionCheck | None = None

    def __init__(
        self,
        name: str,
        type: Callable[[str], Any],  # noqa: A002 the word that a processor's author expects
        description: str,
        default: str | None | Required,
        options: Options,
    ) -> None:
        allowed = options.get("allowed", ())
        self.name = name
        self.type = type
        self.description = description
        self.default = default
        self.required = options.get("required", default is not None)
        self.labels = dict(allowed) if isinstance(allowed, Mapping) else {value: value for value in allowed}
        self.only_with = options.get("only_with", {})
        self.former_names = tuple(options.get("former_names", ()))
        self.sensitive = options.get("sensitive", False)
        self.unsupported = options.get("unsupported")
        self.reaches = options.get("reaches")
        self.attribute = ""

    def __set_name__(self, owner: type[object], attribute: str) -> None:
        self.attribute = attribute

    @property
    def allowed(self) -> tuple[str, ...]:
        """The values that are taken; empty: any that `type` takes."""
        return tuple(self.labels)

    @property
    def must_be_given(self) -> bool:
        """Whether a flow has to set it."""
        return self.default is REQUIRED


class Property(Declaration, Generic[T]):
    """A property whose value is fixed when the flow starts."""

    @overload
    def __init__(
        self: "Property[V | None]",
        name: str,
        type: Callable[[str], V],
        description: str,
        *,
        default: None,
        **options: Unpack[Options],
    ) -> None: ...
    @overload
    def __init__(
        self: "Property[V]",
        name: str,
        type: Callable[[str], V],
        description: str,
        *,
        default: str | Required = REQUIRED,
        **options: Unpack[Options],
    ) -> None: ...
    def __init__(
        self,
        name: str,
        type: Callable[[str], Any],  # noqa: A002
        description: str,
        *,
        default: str | None | Required = REQUIRED,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(name, type, description, default, options)

    @overload
    def __get__(self, instance: None, owner: type[object]) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type[object]) -> T: ...
    def __get__(self, instance: Any, owner: type[object]) -> Any:
        return self if instance is None else instance.configuration[self.attribute]


class ConfiguredExpression(Generic[T]):
    """A property's text with expressions in it, ready to be evaluated for each flowfile."""

    __slots__ = ("_constant", "_type", "expression")

    def __init__(self, expression: Expression, type: Callable[[str], T]) -> None:  # noqa: A002
        self.expression = expression
        self._type = type
        self._constant = expression.evaluate({}) if expression.is_constant else None

    def evaluate(
        self,
        flowfile: FlowFile | None = None,
        *,
        extra: Mapping[str, str] | None = None,
        state: Mapping[str, str] | None = None,
        quote: Callable[[str], str] | None = None,
    ) -> T:
        """The value for this flowfile; without one, only the environment's variables are seen.

        `extra` are further names, found first; `state` is what `getStateValue` reads; `quote` is put over each value
        that an expression yields, not over the text around it. Raises EvaluationError, and ProcessorError where the
        text that comes out is not of the property's type.
        """
        if self._constant is not None and quote is None:
            return convert(self._type, self._constant)
        text = self.expression.evaluate(self.scope(flowfile, extra=extra, state=state), quote=quote)
        return convert(self._type, text)

    def is_true(self, flowfile: FlowFile, *, state: Mapping[str, str] | None = None) -> bool:
        """The value of a single expression that gives a Boolean; null is false."""
        return self.expression.evaluate_boolean(self.scope(flowfile, state=state))

    @staticmethod
    def scope(
        flowfile: FlowFile | None,
        *,
        extra: Mapping[str, str] | None = None,
        state: Mapping[str, str] | None = None,
    ) -> Scope:
        """What expressions see for this flowfile; one scope serves several of them."""
        attributes = flowfile.attributes if flowfile is not None else {}
        return Scope(attributes, extra=extra, flowfile=flowfile, state=state, environment=True)


def convert(type: Callable[[str], T], text: str) -> T:  # noqa: A002
    """The text's value at run time. Raises ProcessorError with what was expected."""
    if type is str:
        return text  # type: ignore[return-value]
    try:
        return type(text)
    except (ValueError, ExpressionError) as error:
        raise ProcessorError(str(error)) from error


class ExpressionProperty(Declaration, Generic[T]):
    """A property whose text may hold expressions: its `evaluate` gives the value for a flowfile.

    `scope` says what its expressions may see: the flowfile's attributes, or the environment only. `check` refuses
    expressions that can't be meant, by raising ValueError.
    """

    @overload
    def __init__(
        self: "ExpressionProperty[ConfiguredExpression[V] | None]",
        name: str,
        type: Callable[[str], V],
        description: str,
        *,
        default: None,
        scope: EvaluationScope = "flowfile",
        check: ExpressionCheck | None = None,
        **options: Unpack[Options],
    ) -> None: ...
    @overload
    def __init__(
        self: "ExpressionProperty[ConfiguredExpression[V]]",
        name: str,
        type: Callable[[str], V],
        description: str,
        *,
        default: str | Required = REQUIRED,
        scope: EvaluationScope = "flowfile",
        check: ExpressionCheck | None = None,
        **options: Unpack[Options],
    ) -> None: ...
    def __init__(
        self,
        name: str,
        type: Callable[[str], Any],  # noqa: A002
        description: str,
        *,
        default: str | None | Required = REQUIRED,
        scope: EvaluationScope = "flowfile",
        check: ExpressionCheck | None = None,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(name, type, description, default, options)
        self.scope = scope
        self.check = check

    @overload
    def __get__(self, instance: None, owner: type[object]) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type[object]) -> T: ...
    def __get__(self, instance: Any, owner: type[object]) -> Any:
        return self if instance is None else instance.configuration[self.attribute]
