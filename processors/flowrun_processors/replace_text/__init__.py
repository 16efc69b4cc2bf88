"""ReplaceText: changes to the content as text."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from flowrun import (
    EvaluationError,
    ExpressionError,
    ExpressionProperty,
    FlowFile,
    Level,
    Processor,
    ProcessorError,
    ProcessSession,
    Property,
    PropertyProblem,
    Relationship,
    data_size,
    duration,
)
from flowrun.dialect.character_sets import encoding
from flowrun.dialect.regex import quote
from flowrun.property import ConfiguredExpression

from .edits import Edit, Insertion, LiteralReplacement, Overwriting
from .lines import LINE_MODES, LineLimit
from .match_replacement import MatchReplacement
from .refusal import NotChangedError
from .regex_replacement import RegexReplacement, compile_search
from .rewriting import LineRewriting, WholeRewriting
from .variables import VariableSubstitution

_EVERYTHING = ".*"
_WHOLE_TEXT = "(?s)(^.*$)"


def time_limit(text: str) -> float:
    """Seconds in a duration above zero."""
    seconds = duration(text)
    if seconds <= 0:
        raise ValueError(f"expected a duration above 0, found {text!r}")
    return seconds


class ReplaceText(Processor):
    """Change the content as text: replace what a search finds, put text before or after, or replace all of it.

    A line includes its end, which is `\\n`, `\\r\\n` or a lone `\\r`. With Line-by-Line and the default Search Value,
    a Replacement Value other than `$1` therefore runs the lines together: use Always Replace to replace each line.

    In the Replacement Value of Regex Replace, `$1` is what the first group matched and `$0` the whole match, also
    inside an expression, where the name needs quotes: `${'$1':toUpper()}`. A backslash makes the next character plain
    text. A `$` before anything but a digit makes the whole value plain text, backslashes included.

    Differs from NiFi on purpose: searches that take longer than Regular Expression Timeout (NiFi has no such
    property) send the flowfile to `failure`, where NiFi would search on or run out of stack; so does an empty Search
    Value in Literal Replace line by line, with which NiFi never ends; and with Entire text a content in which nothing
    was found keeps its bytes under Literal Replace and Substitute Variables, too.
    """

    blocking = False
    tags = ("text", "regular expression", "replace", "modify", "update", "change")
    reads: ClassVar[Mapping[str, str]] = {"(any)": "Those named in expressions, or as ${name} in the content."}
    example = """\
build-refresh-request:
  type: ReplaceText
  properties:
    Replacement Strategy: Always Replace
    Evaluation Mode: Entire text
    Replacement Value: "grant_type=refresh_token&refresh_token=${refresh_token}"
"""

    replacement_strategy = Property(
        "Replacement Strategy",
        str,
        "What to do with the text. Only Regex Replace knows `$1`; elsewhere it is text.",
        default="Regex Replace",
        allowed=(
            "Prepend",
            "Append",
            "Surround",
            "Regex Replace",
            "Literal Replace",
            "Always Replace",
            "Substitute Variables",
        ),
    )
    search_value = ExpressionProperty(
        "Search Value",
        str,
        "What to search for: a Java regular expression, in which attributes stand for their text, or a plain text. "
        "Exactly `.*` means Always Replace.",
        default=_WHOLE_TEXT,
        only_with={"Replacement Strategy": ("Literal Replace", "Regex Replace")},
        former_names=("Regular Expression",),
    )
    replacement_value = ExpressionProperty(
        "Replacement Value",
        str,
        "The text to insert; with Regex Replace it is evaluated for each match.",
        default="$1",
        only_with={"Replacement Strategy": ("Always Replace", "Append", "Literal Replace", "Prepend", "Regex Replace")},
    )
    text_to_prepend = ExpressionProperty(
        "Text to Prepend",
        str,
        "The text before the content, or before each line.",
        only_with={"Replacement Strategy": ("Surround",)},
    )
    text_to_append = ExpressionProperty(
        "Text to Append",
        str,
        "The text after the content, or after each line but before the line's end.",
        only_with={"Replacement Strategy": ("Surround",)},
    )
    character_set = Property(
        "Character Set",
        encoding,
        "The character set of the content. What is malformed becomes U+FFFD, what can't be encoded becomes `?`.",
        default="UTF-8",
    )
    maximum_buffer_size = Property(
        "Maximum Buffer Size",
        data_size,
        "Largest content that Regex Replace, Literal Replace and Substitute Variables take with Entire text; with "
        "Line-by-Line, the limit of a line, rounded down to 8 KB times a power of two.",
        default="1 MB",
    )
    evaluation_mode = Property(
        "Evaluation Mode",
        str,
        "Whether each line is changed on its own, or the content as one text.",
        default="Line-by-Line",
        allowed=("Line-by-Line", "Entire text"),
    )
    line_mode = Property(
        "Line-by-Line Evaluation Mode",
        str,
        "Which lines are changed; without meaning for Entire text.",
        default="All",
        required=False,
        allowed=LINE_MODES,
    )
    regular_expression_timeout = Property(
        "Regular Expression Timeout",
        time_limit,
        "The longest that the searches in one flowfile may take together, beyond a second for each million "
        "characters; then it goes to `failure`. NiFi has no such property.",
        default="5 sec",
        only_with={"Replacement Strategy": ("Regex Replace",)},
    )

    success = Relationship("success", "The text was changed, or there was nothing to change.")
    failure = Relationship(
        "failure",
        "The content, or one of its lines, is larger than the buffer, an expression failed, or a search took too long.",
    )

    def validate(self) -> Iterable[PropertyProblem]:
        """A text to search for must be there, a regular expression must be one, with attributes taken as empty."""
        if self.replacement_strategy == "Literal Replace" and not self.configuration.set_text("Search Value"):
            yield PropertyProblem("'Search Value': expected a text to search for, found none", "Search Value")
        if self.replacement_strategy == "Regex Replace":
            yield from self._check_regular_expression()

    def on_scheduled(self) -> None:
        """Settle how contents are rewritten, and whether the search is one that NiFi does not make."""
        is_whole = self.evaluation_mode == "Entire text"
        self._rewriting: WholeRewriting | LineRewriting = (
            WholeRewriting(self.character_set, self.maximum_buffer_size)
            if is_whole
            else LineRewriting(self.character_set, LineLimit(self.maximum_buffer_size), self.line_mode)
        )
        search = _constant(self.search_value)
        is_emptying = is_whole and search == _WHOLE_TEXT and _constant(self.replacement_value) == ""
        self._is_searching = search != _EVERYTHING and not is_emptying

    def process(self, session: ProcessSession, flowfile: FlowFile) -> None:
        try:
            changed = self._rewriting.rewrite(session, flowfile, self._edit(flowfile))
        except NotChangedError as error:
            session.transfer(flowfile, self.failure, cause=str(error))
        except EvaluationError as error:
            session.say(Level.WARNING, str(error), flowfile)
            session.transfer(flowfile, self.failure, cause="an expression fails on the flowfile's attributes")
        else:
            session.transfer(changed, self.success)

    def _edit(self, flowfile: FlowFile) -> Edit:
        match self.replacement_strategy:
            case "Substitute Variables":
                return VariableSubstitution(flowfile.attributes)
            case "Surround":
                return Insertion(self.text_to_prepend.evaluate(flowfile), self.text_to_append.evaluate(flowfile))
            case "Regex Replace" if self._is_searching:
                return self._regex_replacement(flowfile)
        value = self.replacement_value.evaluate(flowfile)
        match self.replacement_strategy:
            case "Prepend":
                return Insertion(value, "")
            case "Append":
                return Insertion("", value)
            case "Literal Replace":
                return LiteralReplacement(self.search_value.evaluate(flowfile), value)
        return Overwriting(value)

    def _regex_replacement(self, flowfile: FlowFile) -> RegexReplacement:
        value = self.search_value
        is_constant = value.expression.is_constant
        text = value.expression.evaluate({}, quote=quote) if is_constant else value.evaluate(flowfile, quote=quote)
        try:
            search = compile_search(text, self.regular_expression_timeout)
        except ExpressionError:
            raise ProcessorError("the Search Value is no regular expression with this flowfile's attributes") from None
        return RegexReplacement(search, MatchReplacement(self.replacement_value, flowfile, search.pattern))

    def _check_regular_expression(self) -> Iterable[PropertyProblem]:
        search = self.search_value
        try:
            compile_search(search.evaluate(quote=quote), self.regular_expression_timeout)
        except ExpressionError as error:
            column = error.column if search.expression.is_constant else None
            yield PropertyProblem(f"'Search Value': {error.message}", "Search Value", column)
        except EvaluationError:
            return  # what depends on attributes is known with the flowfile only


def _constant(value: ConfiguredExpression[str]) -> str | None:
    return value.evaluate() if value.expression.is_constant else None
