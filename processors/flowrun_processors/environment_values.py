"""Properties whose expressions see the environment only: their values are known before the start."""

from collections.abc import Iterable, Iterator
from typing import Any

from flowrun import EvaluationError, ProcessorError, PropertyProblem
from flowrun.configurable import Configurable
from flowrun.property import ConfiguredExpression


def unfit_values(component: Configurable) -> Iterable[PropertyProblem]:
    """What those expressions give that is not of its property's type, in this environment."""
    for name, value, is_sensitive in _expressions(component):
        try:
            value.evaluate()
        except (EvaluationError, ProcessorError) as error:
            reason = "the value does not fit (it is sensitive, so it is not shown)" if is_sensitive else str(error)
            yield PropertyProblem(reason, name, about_the_world=True)


def _expressions(component: Configurable) -> Iterator[tuple[str, ConfiguredExpression[Any], bool]]:
    for declaration in component.declarations.properties:
        value = getattr(component, declaration.attribute)
        if isinstance(value, ConfiguredExpression):
            yield declaration.name, value, declaration.sensitive
    dynamic = component.declarations.dynamic
    if dynamic is not None and dynamic.scope == "environment":
        for name, value in getattr(component, dynamic.attribute).items():
            yield name, value, False
