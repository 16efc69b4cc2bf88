"""Values of expressions, with errors that end in Failure, as in NiFi, and repeat nothing of the flowfile."""

from collections.abc import Mapping

from flowrun import EvaluationError, FlowFile, ProcessorError
from flowrun.property import ConfiguredExpression
from flowrun_processors.http_client.request_error import ILLEGAL_ARGUMENT, RequestError


def evaluate(
    name: str,
    expression: ConfiguredExpression[str],
    flowfile: FlowFile | None,
    extra: Mapping[str, str] | None = None,
) -> str:
    """The value of the property of that name; raises RequestError. `extra` are names that the expression sees first."""
    try:
        return expression.evaluate(flowfile, extra=extra)
    except EvaluationError as error:
        message = f"the expression of '{name}' can't be evaluated for this flowfile"
        raise RequestError(ILLEGAL_ARGUMENT, message) from error
    except ProcessorError as error:
        raise RequestError(ILLEGAL_ARGUMENT, f"'{name}': {error}") from error
