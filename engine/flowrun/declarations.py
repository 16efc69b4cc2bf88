"""What one type declares about its properties, and what can be wrong with them in a flow."""

from dataclasses import dataclass

from flowrun.dynamic_properties import DynamicDeclaration
from flowrun.errors import Severity
from flowrun.property import Declaration


@dataclass(frozen=True, slots=True)
class RulePart:
    """A rule, counted from 0, or one text of it: a condition, counted from 0, or the value for an attribute."""

    index: int
    condition: int | None = None
    action: str | None = None


@dataclass(frozen=True, slots=True)
class PropertyProblem:
    """One mistake in a processor's properties; `name` is the property as the flow spells it, where one is to blame.

    `rule` is the part of a rule that is to blame instead. `column` counts from 1 within the property's value, or the
    text of the rule. `about_the_world`: the flow may be right, but what it needs is not there now, such as a directory;
    a flow that is only checked gets a warning for it. `about_name`: the property's name is to blame, not its value.
    """

    message: str
    name: str | None = None
    column: int | None = None
    severity: Severity = Severity.ERROR
    about_the_world: bool = False
    rule: RulePart | None = None
    about_name: bool = False


@dataclass(frozen=True, slots=True)
class Declarations:
    """All that one processor type declares about its properties."""

    properties: tuple[Declaration, ...]
    dynamic: DynamicDeclaration | None
    type_name: str = "this type"

    def named(self, name: str) -> Declaration | None:
        """The declaration that a flow's spelling means, former names included."""
        for declaration in self.properties:
            if name == declaration.name or name in declaration.former_names:
                return declaration
        return None
