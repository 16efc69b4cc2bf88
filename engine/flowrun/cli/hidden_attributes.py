"""Which attributes nobody may see: those that the flow calls sensitive, and those that it makes of them."""

from collections.abc import Iterator

from flowrun.expression import Expression
from flowrun.graph import FlowGraph
from flowrun.property import ConfiguredExpression


def hidden_attributes(graph: FlowGraph) -> frozenset[str]:
    """The names of sensitive attributes, and of all that dynamic properties anywhere in the flow derive from them.

    An expression that finds its attributes by a pattern may have found a sensitive one.
    """
    hidden = set(graph.masking.attributes)
    sources = list(_dynamic_expressions(graph))
    size = -1
    while len(hidden) > size:
        size = len(hidden)
        hidden |= {name for name, expression in sources if _may_tell(expression, hidden)}
    return frozenset(hidden)


def _may_tell(expression: Expression, hidden: set[str]) -> bool:
    if expression.uses_sensitive_parameter or not hidden.isdisjoint(expression.attributes_used):
        return True
    return bool(hidden) and expression.uses_attributes_by_pattern


def _dynamic_expressions(graph: FlowGraph) -> Iterator[tuple[str, Expression]]:
    for node in graph.nodes.values():
        configuration, dynamic = node.processor.configuration, node.processor.declarations.dynamic
        values = configuration[dynamic.attribute] if dynamic is not None else {}
        for name, value in values.items():
            if isinstance(value, ConfiguredExpression):
                yield name, value.expression
