"""RouteOnAttribute: a flowfile's attributes decide where it goes."""

from collections.abc import Mapping
from typing import ClassVar

from flowrun import (
    DynamicExpressionProperties,
    FlowFile,
    Processor,
    ProcessSession,
    Property,
    Relationship,
    non_blank,
)
from flowrun.expression import Expression, ResultType, Scope

_BY_NAME = "Route to Property name"
_ALL = "Route to 'match' if all match"
_ANY = "Route to 'match' if any matches"
_ROUTE_ATTRIBUTE = "RouteOnAttribute.Route"
_MOST_SHOWN = 4
_LONGEST_SHOWN = 40


def _check_is_boolean(expression: Expression) -> None:
    result = expression.single_result_type
    if result is None:
        raise ValueError("expected one expression such as ${price:gt(100)}, and nothing before, between or after it")
    if result is not ResultType.BOOLEAN:
        raise ValueError(f"expected an expression that is true or false, found one that gives a {result.value}")


class RouteOnAttribute(Processor):
    """Send each flowfile to the relationships whose expressions are true of it.

    As in NiFi, every expression is evaluated, a flowfile for which several are true is cloned, and one whose
    expression fails (a date that is none) goes back to its queue: there is no failure relationship. With the strategy
    "all match" and no expression at all, everything is `matched`.
    """

    blocking = False
    tags = ("attributes", "routing", "expression language", "filter", "find")
    writes: ClassVar[Mapping[str, str]] = {
        _ROUTE_ATTRIBUTE: "The relationship that the flowfile, or its clone, was sent to."
    }
    example = """\
route-by-status:
  type: RouteOnAttribute
  properties:
    Authorized: "${invokehttp.status.code:equals('200')}"
    Unauthorized: "${invokehttp.status.code:equals('401')}"
  auto_terminate: [unmatched]
"""

    strategy = Property(
        "Routing Strategy",
        str,
        "Whether each dynamic property is a way of its own, or all of them together decide between two.",
        default=_BY_NAME,
        allowed={
            _BY_NAME: _BY_NAME,
            _ALL: "Route to 'matched' if all match",
            _ANY: "Route to 'matched' if any matches",
        },
    )
    routes = DynamicExpressionProperties(
        str,
        "relationship",
        "One expression that gives true or false.",
        check=_check_is_boolean,
        name=non_blank,
        relationships={"Routing Strategy": (_BY_NAME,)},
    )

    matched = Relationship(
        "matched",
        "All expressions, or any of them, are true, as the strategy asks.",
        only_with={"Routing Strategy": (_ALL, _ANY)},
    )
    unmatched = Relationship("unmatched", "No relationship was chosen by the expressions.")

    def on_scheduled(self) -> None:
        self._tests = [(name, route.expression.evaluate_boolean) for name, route in self.routes.items()]
        self._decides = {_ALL: all, _ANY: any}.get(self.strategy)
        self._unmatched = [self.unmatched.name]
        self._asked = sorted({name for route in self.routes.values() for name in route.expression.attributes_used})

    def process(self, session: ProcessSession, flowfile: FlowFile) -> None:
        # one scope for all expressions: to make it costs as much as to evaluate one of them
        scope = Scope(flowfile.attributes, flowfile=flowfile, environment=True)
        if self._decides is not None:
            is_met = self._decides([is_true(scope) for _, is_true in self._tests])
            names = [self.matched.name] if is_met else self._unmatched
        else:
            names = [name for name, is_true in self._tests if is_true(scope)] or self._unmatched
        for name in names[1:]:
            session.transfer(session.put_attributes(session.clone(flowfile), {_ROUTE_ATTRIBUTE: name}), name)
        name = names[0]
        routed = session.put_attributes(flowfile, {_ROUTE_ATTRIBUTE: name})
        if names is self._unmatched:
            session.transfer(routed, name, cause=self._what_was_found(flowfile))
        else:
            session.transfer(routed, name)

    def _what_was_found(self, flowfile: FlowFile) -> str:
        """The attributes that the expressions look at, for a person who asks why none of them was true."""
        found = (_in_words(name, flowfile.attributes.get(name)) for name in self._asked[:_MOST_SHOWN])
        return ", ".join(found) if self._asked else "no expression is true"


def _in_words(name: str, value: str | None) -> str:
    if value is None:
        return f"no attribute '{name}'"
    if len(value) > _LONGEST_SHOWN:
        return f"'{name}' has {len(value)} characters"
    return f"'{name}' is '{value}'"
