"""What an expression of a processor says of a flowfile: its text, what it saw, and what it gave."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from msgspec import Struct

from flowrun.errors import EvaluationError, ExpressionError, Place, ProcessorError
from flowrun.expression import Expression, ResultType, Scope
from flowrun.expression.functions.catalog import WITHOUT_SUBJECT, function
from flowrun.flow.definition import ProcessorDefinition, Text
from flowrun.flowfile import FlowFile
from flowrun.node import ProcessorNode
from flowrun.property import ConfiguredExpression

_CALL = re.compile(r"(?<![\w.])([A-Za-z]\w*)\s*\(")
_FROM_A_VALUE = "evaluateELString"


class Finding(Struct, frozen=True, kw_only=True):
    """One expression.

    `saw` are the attributes that it names, with their values then (None: the flowfile had none). `gave` is its value,
    evaluated on them; None where it can't be, or must not be shown, and then `note` says why. `relationship` is the one
    that it makes, if it does; `is_condition`: it is one of a rule. `is_constant`: it sees nothing.
    """

    name: str
    expression: str
    place: Place | None
    saw: Mapping[str, str | None] = {}
    gave: str | None = None
    note: str = ""
    relationship: str = ""
    is_condition: bool = False
    is_constant: bool = False


def findings(node: ProcessorNode, definition: ProcessorDefinition, flowfile: FlowFile) -> Iterator[Finding]:
    """What expressions in a processor's properties and rules say of the flowfile, and what dynamic properties are."""
    processor = node.processor
    texts = {**definition.properties, **definition.dynamic}
    dynamic = processor.declarations.dynamic
    for declaration in processor.declarations.properties:
        value = processor.configuration[declaration.attribute]
        if isinstance(value, ConfiguredExpression) and not value.expression.is_constant:
            written = next((texts[n] for n in (declaration.name, *declaration.former_names) if n in texts), None)
            yield from _finding(declaration.name, value.expression, written, flowfile)
    if dynamic is not None:
        for name, value in processor.configuration[dynamic.attribute].items():
            if isinstance(value, ConfiguredExpression):
                made = name if name in processor.relationships and dynamic.relationships is not None else ""
                yield from _finding(name, value.expression, texts.get(name), flowfile, relationship=made)
            elif name in texts:
                written = texts[name]
                yield Finding(name=name, expression=written.value, place=written.place, is_constant=True)
    for rule, lines in zip(processor.configured_rules, definition.rules, strict=False):
        for condition, text in zip(rule.conditions, lines.conditions, strict=False):
            yield from _finding(f"rule '{rule.name}'", condition, text, flowfile, is_condition=True)


def _finding(
    name: str,
    expression: Expression,
    written: Text | None,
    flowfile: FlowFile,
    *,
    relationship: str = "",
    is_condition: bool = False,
) -> Iterator[Finding]:
    is_boolean = relationship != "" or is_condition or expression.single_result_type is ResultType.BOOLEAN
    gave, note = _value(expression, flowfile, is_boolean=is_boolean)
    yield Finding(
        name=name,
        expression=written.value if written is not None else expression.text,
        place=written.place if written is not None else None,
        saw={used: flowfile.attributes.get(used) for used in sorted(expression.attributes_used)},
        gave=gave,
        note=note,
        relationship=relationship,
        is_condition=is_condition,
        is_constant=expression.is_constant,
    )


def _value(expression: Expression, flowfile: FlowFile, *, is_boolean: bool) -> tuple[str | None, str]:
    if expression.uses_sensitive_parameter:
        return None, "a sensitive parameter stands in it, so its value is not shown"
    moment = sorted(_of_the_moment(expression.text))
    if moment:
        return None, f"its value depended on the moment ({', '.join(f'{name}()' for name in moment)}), and is not known"
    scope = Scope(flowfile.attributes, flowfile=flowfile, environment=True)
    try:
        if is_boolean:
            return str(expression.evaluate_boolean(scope)).lower(), ""
        return expression.evaluate(scope), ""
    except (EvaluationError, ExpressionError, ProcessorError) as error:
        return None, f"it failed: {error}"


def _of_the_moment(text: str) -> frozenset[str]:
    """The functions in it that may give another value now than then."""
    return _changing().intersection(_CALL.findall(text))


@cache
def _changing() -> frozenset[str]:
    declared = {name: function(name, has_subject=False) for name in WITHOUT_SUBJECT}
    impure = [name for name, found in declared.items() if found is not None and not found.is_pure]
    return frozenset((*impure, "getStateValue", _FROM_A_VALUE))
