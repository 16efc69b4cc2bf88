"""From the text of one expression to the term that evaluates it. Source: NiFi's `AttributeExpressionParser.g`.

expression = "${" subject { ":" name "(" [ argument { "," argument } ] ")" } "}"
subject    = name | string | expression | "#{" name "}" | name of a function without a subject "(" … ")"
argument   = string | number | "true" | "false" | "null" | expression | "#{" name "}"
"""

from flowrun.dialect.numbers import LONG_MAX, LONG_MIN
from flowrun.errors import ExpressionError
from flowrun.expression import chain, mistakes
from flowrun.expression.call import call
from flowrun.expression.functions.catalog import RESERVED, SOURCES, function
from flowrun.expression.lexer import Token, tokens
from flowrun.expression.literal import literal_term
from flowrun.expression.scope import Scope, looking_up
from flowrun.expression.types import Constant, Literal, ResultType, Term, Value
from flowrun.parameter_reference import Parameters, unquoted

_STRING = ResultType.STRING
_MAXIMUM_NESTING = 40
_MOST_DIGITS = len(str(LONG_MAX))
_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


class Uses:
    """What the expressions of a text depend on."""

    def __init__(self) -> None:
        self.attributes: set[str] = set()
        self.parameters: set[str] = set()
        self.by_pattern = False


class Parser:
    """Recursive descent over the tokens of a text that is one expression, `${` to `}`.

    `offset` is where the text stands in the property's text. What the expression depends on is added to `uses`.
    """

    def __init__(self, text: str, parameters: Parameters, uses: Uses, *, offset: int = 0, nesting: int = 0) -> None:
        self._tokens = tokens(text, offset)
        self._next = 0
        self._parameters = parameters
        self._nesting = nesting
        self.uses = uses

    def parse(self) -> Term:
        """The term for the whole text. Raises ExpressionError with the column in the property's text."""
        term = self._expression(is_outermost=True)
        if self._peek().kind != "end":
            raise mistakes.unexpected(self._peek(), "the end of the expression")
        return term

    def _peek(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._tokens[self._next]
        self._next += 1
        return token

    def _takes(self, mark: str) -> bool:
        """Whether the next token is this mark; if so, it is taken."""
        if self._tokens[self._next].kind != mark:
            return False
        self._next += 1
        return True

    def _expect(self, mark: str) -> None:
        token = self._take()
        if token.kind != mark:
            raise mistakes.unexpected(token, f"'{mark}'")

    def _expression(self, *, is_outermost: bool = False) -> Term:
        self._expect("${")
        self._nesting += 1
        token = self._peek()
        if self._nesting > _MAXIMUM_NESTING:
            raise ExpressionError("expressions are nested too deeply", column=token.start + 1)
        source: chain.Source | None = None
        if token.kind == "call" and token.text in SOURCES:
            source = self._source()
            term = source.element()
        else:
            term = self._subject()
        while self._takes(":"):
            term = self._call(term, is_outermost=is_outermost)
        if not self._takes("}"):
            raise mistakes.unfinished(self._peek())
        self._nesting -= 1
        return term if source is None else source.united(term)

    def _subject(self) -> Term:
        token = self._peek()
        if token.kind == "call":
            return self._starter()
        if token.kind == "name":
            return self._named_subject()
        if token.kind == "string":
            return self._attribute(self._literal(self._take()), token)
        if token.kind == "parameter":
            return self._parameter()
        if token.kind == "${":
            return self._attribute(self._expression(), token)
        raise mistakes.unexpected(token, "a name, a string, #{…} or ${…}")

    def _starter(self) -> Term:
        token = self._take()
        starter = function(token.text, has_subject=False)
        if starter is None:
            raise mistakes.no_starter(token)
        return call(starter, None, self._arguments(), token.start + 1)

    def _named_subject(self) -> Term:
        token = self._take()
        if token.text in RESERVED:
            raise mistakes.reserved(token)
        return self._attribute(literal_term(token.text, token.start, self._embedded), token)

    def _attribute(self, name: Term, token: Token) -> Term:
        """The attribute that a term names."""
        text = name.value
        if isinstance(text, str):
            self.uses.attributes.add(text)
            shown = f"the attribute '{text}'"
            term = Term(_STRING, looking_up(text), column=token.start + 1, name=shown)
        else:
            self.uses.by_pattern = True
            read = name.evaluate

            def evaluate(scope: Scope) -> Value:
                found = read(scope)
                return None if found is None else scope.lookup(str(found))

            term = Term(_STRING, evaluate, column=token.start + 1, name="the attribute", depth=name.depth + 1)
        term.is_attribute = True
        return term

    def _call(self, subject: Term, *, is_outermost: bool) -> Term:
        token = self._take()
        if token.kind not in ("call", "name"):
            raise mistakes.unexpected(token, "the name of a function")
        called = function(token.text, has_subject=True)
        if called is None:
            raise mistakes.no_function(token)
        if token.kind == "name":
            raise mistakes.unexpected(self._peek(), "'('")
        if subject.reduced and is_outermost:
            raise ExpressionError(
                f"nothing may follow {subject.name}: to go on, write ${{literal(${{…}}):{token.text}(…)}}",
                column=token.start + 1,
            )
        return call(called, subject, self._arguments(), token.start + 1)

    def _arguments(self) -> list[Term]:
        found: list[Term] = []
        if self._takes(")"):
            return found
        while True:
            found.append(self._argument())
            token = self._tokens[self._next]
            self._next += 1
            if token.kind == ")":
                return found
            if token.kind != ",":
                raise mistakes.no_more_arguments(token)

    def _argument(self) -> Term:
        token = self._tokens[self._next]
        column = token.start + 1
        if token.kind == "string":
            self._next += 1
            return self._literal(token)
        if token.kind == "${":
            return self._expression()
        if token.kind == "parameter":
            return self._parameter()
        self._next += 1
        if token.kind == "whole":
            return Constant(ResultType.WHOLE_NUMBER, _whole(token), column=column, name=token.text)
        if token.kind == "decimal":
            return Constant(ResultType.DECIMAL, float(token.text), column=column, name=token.text)
        if token.kind == "name" and token.text in _CONSTANTS:
            value = _CONSTANTS[token.text]
            if value is None:
                return Literal(None, column)
            return Constant(ResultType.BOOLEAN, value, column=column, name=token.text)
        raise mistakes.no_argument(token)

    def _literal(self, token: Token) -> Term:
        term = literal_term(token.text, token.start + 1, self._embedded)
        term.column = token.start + 1
        return term

    def _embedded(self, text: str, offset: int) -> Term:
        parser = Parser(text, self._parameters, self.uses, offset=offset, nesting=self._nesting)
        return parser.parse()

    def _parameter(self) -> Term:
        token = self._take()
        name = unquoted(token.text[2:-1])
        self.uses.parameters.add(name)
        value = self._parameters.value_inside_expression(name, column=token.start + 1)
        return Constant(_STRING, value, column=token.start + 1, name=token.text)

    def _source(self) -> chain.Source:
        """What selects several values; its arguments are strings, and expressions where a text is split."""
        token = self._take()
        arguments: list[chain.SourceArgument] = []
        while True:
            is_string = self._peek().kind == "string"
            if not is_string and self._peek().kind != "${":
                raise mistakes.unexpected(self._peek(), "a string or ${…}")
            term = self._literal(self._take()) if is_string else self._expression()
            arguments.append(chain.SourceArgument(term, is_string=is_string))
            if not self._takes(","):
                break
        self._expect(")")
        source = chain.source(token.text, arguments, column=token.start + 1)
        self.uses.attributes.update(source.attributes)
        self.uses.by_pattern = self.uses.by_pattern or source.by_pattern
        return source


def _whole(token: Token) -> int:
    digits = token.text.lstrip("+-").lstrip("0") or "0"
    if len(digits) <= _MOST_DIGITS:
        value = -int(digits) if token.text[0] == "-" else int(digits)
        if LONG_MIN <= value <= LONG_MAX:
            return value
    raise ExpressionError("a whole number must fit in 64 bits", column=token.start + 1)
