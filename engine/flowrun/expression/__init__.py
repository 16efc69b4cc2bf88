"""NiFi's Expression Language: `Expression.parse(text).evaluate(scope)`.

`reading` splits a property's text into literal parts and expressions (`scanner`); an expression becomes tokens
(`lexer`), and these become terms (`parser`, `literal`, `call`, `chain`): closures with a type. The functions are
declared in `functions`, one module a family, and `reference` makes the manual page of the declarations.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache

from flowrun.errors import EvaluationError
from flowrun.expression.conversion import boolean_from_text, convert
from flowrun.expression.functions.java_text import printed
from flowrun.expression.reading import Part, Reading, read
from flowrun.expression.scope import Scope
from flowrun.expression.types import Evaluate, ResultType, Term
from flowrun.parameter_reference import NO_PARAMETERS, Parameters

__all__ = ["Expression", "ResultType", "Scope"]

Quote = Callable[[str], str]

_BOOLEAN, _STRING = ResultType.BOOLEAN, ResultType.STRING


class Expression:
    """A property's text, ready to be evaluated: literal text and the values of expressions, put together.

    `text` is the text as written. `is_constant`: it depends on nothing. `attributes_used` are the names it looks up,
    and `uses_attributes_by_pattern` is true if there are others, known only when it is evaluated. `parameters_used` are
    the names behind `#{`, in and out of expressions. `single_result_type` is what the expression gives, if the text is
    exactly one expression and nothing else.
    """

    def __init__(self, text: str, reading: Reading) -> None:
        self.text = text
        self.attributes_used = reading.attributes
        self.uses_attributes_by_pattern = reading.by_pattern
        self.parameters_used = reading.parameters
        self.uses_sensitive_parameter = reading.is_sensitive
        terms = [part for part in reading.parts if isinstance(part, Term)]
        single = terms[0] if len(terms) == len(reading.parts) == 1 else None
        self.single_result_type = None if single is None else single.type
        self._boolean = single.evaluate if single is not None and single.type is _BOOLEAN else None
        self._single = None if single is None else convert(single, _STRING).evaluate
        self._parts = [_prepared(part) for part in reading.parts] if self._single is None else [self._single]
        self.is_constant = len(terms) == sum([term.constant for term in terms])
        self._constant = "".join([_text(part, _NOTHING, None) for part in self._parts]) if self.is_constant else None

    @classmethod
    def parse(cls, text: str, *, parameters: Parameters = NO_PARAMETERS) -> "Expression":
        """The expression of a property's text. Raises ExpressionError with the column in it."""
        return _parsed(text) if "#{" not in text else cls(text, read(text, parameters))

    def evaluate(self, scope: Scope | Mapping[str, str], *, quote: Quote | None = None) -> str:
        """The text with the values of its expressions, where null prints as nothing.

        `quote` is put over each value that an expression gives, not over the text around. Raises EvaluationError.
        """
        if self._constant is not None and quote is None:
            return self._constant
        if not isinstance(scope, Scope):
            scope = Scope(scope)
        try:
            return self._value(scope, quote)
        except (EvaluationError, RecursionError) as error:
            raise self._failure(error) from error

    def evaluate_boolean(self, scope: Scope | Mapping[str, str]) -> bool:
        """Whether the value is `true`, in any case; null is false. Raises EvaluationError."""
        if self._boolean is None:
            return boolean_from_text(self.evaluate(scope))
        if not isinstance(scope, Scope):
            scope = Scope(scope)
        try:
            return self._boolean(scope) is True
        except (EvaluationError, RecursionError) as error:
            raise self._failure(error) from error

    def _failure(self, error: EvaluationError | RecursionError) -> EvaluationError:
        reason = error if isinstance(error, EvaluationError) else "expressions are nested too deeply"
        shown = self.text if len(self.text) <= 80 else self.text[:77] + "…"
        return EvaluationError(f"{shown!r}: {reason}")

    def _value(self, scope: Scope, quote: Quote | None) -> str:
        if self._single is not None and quote is None:
            value = self._single(scope)
            return "" if value is None else printed(str(value))
        return "".join([_text(part, scope, quote) for part in self._parts])


_NOTHING = Scope({})
_HIDDEN_PARAMETERS = Parameters(unknown_is_null=True)


@lru_cache(maxsize=2048)
def _parsed(text: str) -> Expression:
    return Expression(text, read(text, NO_PARAMETERS))


def evaluate_value(text: str, scope: Scope) -> str:
    """The value of a text that is a value itself; parameters are null in it.

    Raises ExpressionError or EvaluationError.
    """
    return Expression.parse(text, parameters=_HIDDEN_PARAMETERS)._value(scope, None)


def _prepared(part: Part) -> str | Evaluate:
    return printed(part) if isinstance(part, str) else convert(part, _STRING).evaluate


def _text(part: str | Evaluate, scope: Scope, quote: Quote | None) -> str:
    if isinstance(part, str):
        return part
    value = part(scope)
    if value is None:
        return ""
    return printed(str(value)) if quote is None else quote(printed(str(value)))
