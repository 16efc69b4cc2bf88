"""UpdateAttribute: set and remove attributes.

`rules` holds the advanced rules as their author wrote them, `compiled_rules` the same, checked and ready to run.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

from flowrun import (
    DynamicExpressionProperties,
    ExpressionError,
    ExpressionProperty,
    FlowFile,
    Processor,
    ProcessorError,
    ProcessSession,
    Property,
    Relationship,
    natural_number,
    non_blank,
    regular_expression,
)
from flowrun.expression import Expression, ResultType, Scope
from flowrun_processors.update_attribute.compiled_rules import CompiledRule, CompiledRules
from flowrun_processors.update_attribute.rules import DELETE_ATTRIBUTES, NO_RULES, Rules

if TYPE_CHECKING:
    from flowrun.dialect.regex import JavaPattern

__all__ = ["Rules", "UpdateAttribute"]

State = Mapping[str, str] | None

_NO_STATE = "Do not store state"
_LOCAL_STATE = "Store state locally"
_MATCHED_RULE = "UpdateAttribute.matchedRule"
_NEVER_REMOVED = frozenset(("uuid", "filename", "path"))


def _check_is_text(expression: Expression) -> None:
    if expression.single_result_type not in (None, ResultType.STRING):
        raise ValueError("expected an expression that gives text, to be read as a regular expression")


class UpdateAttribute(Processor):
    """Set attributes, remove them, and count across flowfiles.

    As in NiFi, all expressions see the attributes as they came in, so the order of the properties does not matter;
    an attribute that came in and matches "Delete Attributes Expression" goes, even if it is set here as well; `uuid`
    can be neither set nor removed. Unlike NiFi, `filename` and `path` are never removed, and nothing ever goes to
    `set state fail`: state is part of the same commit as the flowfiles, and where another task was faster the work
    is done again. The cache size is accepted and has no effect.
    """

    blocking = False
    tags = ("attributes", "update", "delete", "expression language", "state")
    writes: ClassVar[Mapping[str, str]] = {
        _MATCHED_RULE: "The name of the (last) rule that matched, if there are rules."
    }
    example = """\
name-credentials:
  type: UpdateAttribute
  properties:
    filename: token.json
    fetched.at: "${now():format('yyyy-MM-dd')}"
    Delete Attributes Expression: invokehttp.*
"""

    deletion = ExpressionProperty(
        DELETE_ATTRIBUTES,
        regular_expression,
        "Attributes that came in and whose whole name matches are removed.",
        default=None,
        check=_check_is_text,
    )
    store_state = Property(
        "Store State",
        str,
        "Whether each value that is set is also remembered, for `getStateValue` in the next flowfile's expressions.",
        default=_NO_STATE,
        allowed=(_NO_STATE, _LOCAL_STATE),
    )
    initial_value = Property(
        "Stateful Variables Initial Value",
        str,
        "What `getStateValue` gives for a variable that has no value yet. Needed (it may be empty) to store state.",
        default=None,
    )
    cache_size = Property(
        "Cache Value Lookup Cache Size",
        natural_number,
        "Has no effect; it is there for flows that set it.",
        default="100",
        former_names=("canonical-value-lookup-cache-size",),
    )
    attributes = DynamicExpressionProperties(str, "attribute to set", "Text with expressions.", name=non_blank)

    success = Relationship("success", "Every flowfile.")
    set_state_fail = Relationship(
        "set state fail",
        "Nothing: NiFi sends flowfiles here whose state could not be stored.",
        only_with={"Store State": (_LOCAL_STATE,)},
    )

    def __init__(self, properties: Mapping[str, str] | None = None, *, rules: Rules = NO_RULES, **options: Any) -> None:
        """Configure it; `rules` are the advanced rules, `options` what every processor takes."""
        parsing = {"parameters": options["parameters"]} if "parameters" in options else {}
        self._rules = CompiledRules(rules, **parsing) if rules.rules else None
        super().__init__(properties or {}, **options)

    def validate(self) -> Iterable[str]:
        if self.store_state == _LOCAL_STATE and self.initial_value is None:
            yield "'Stateful Variables Initial Value' is needed to store state; it may be empty"
        if self._rules is not None:
            yield from self._rules.problems

    def process(self, session: ProcessSession, flowfile: FlowFile) -> None:
        if self.store_state == _NO_STATE:
            self._update(session, flowfile, None)
            return
        stored = session.state
        state = {**dict.fromkeys(self._variables(), self.initial_value or ""), **stored}
        changed = {**state, **self._update(session, flowfile, state)}
        if changed != stored:
            session.set_state(changed)

    def _variables(self) -> list[str]:
        return [*self.attributes, *(self._rules.attributes if self._rules is not None else ())]

    def _update(self, session: ProcessSession, flowfile: FlowFile, state: State) -> Mapping[str, str]:
        """Send on the flowfile, and a clone for each further rule that wants one; gives all values that were set."""
        if self._rules is None:
            return self._apply(session, flowfile, (), state)
        first, *others = self._rules.matching(_scope(flowfile, state))
        clones = [(session.clone(flowfile), rules) for rules in others]
        values: dict[str, str] = {}
        for target, rules in ((flowfile, first), *clones):
            values.update(self._apply(session, target, rules, state))
        return values

    def _apply(
        self, session: ProcessSession, flowfile: FlowFile, rules: Sequence[CompiledRule], state: State
    ) -> Mapping[str, str]:
        expressions = {name: value.expression for name, value in self.attributes.items()}
        for rule in rules:
            expressions.update(rule.values)
        scope = _scope(flowfile, state)
        values = {name: expression.evaluate(scope) for name, expression in expressions.items()}
        written = {**values, _MATCHED_RULE: rules[-1].name} if rules else values
        doomed = self._doomed(flowfile, rules)
        if doomed:
            written = {name: value for name, value in written.items() if name not in doomed}
            flowfile = session.remove_attributes(flowfile, doomed)
        session.transfer(session.put_attributes(flowfile, written), self.success)
        return values

    def _doomed(self, flowfile: FlowFile, rules: Sequence[CompiledRule]) -> frozenset[str]:
        """The attributes to remove; a rule's expression takes the place of the property's."""
        texts = [rule.deletion for rule in rules if rule.deletion is not None]
        if texts:
            pattern = _pattern(texts[-1].evaluate(_scope(flowfile, None)))
        elif self.deletion is not None:
            pattern = self.deletion.evaluate(flowfile)
        else:
            return frozenset()
        return frozenset([name for name in flowfile.attributes if _matches(pattern, name)]) - _NEVER_REMOVED


def _scope(flowfile: FlowFile, state: State) -> Scope:
    """One for all expressions of a flowfile: to make it costs as much as to evaluate one of them."""
    return Scope(flowfile.attributes, flowfile=flowfile, state=state, environment=True)


@lru_cache(maxsize=4096)
def _matches(pattern: "JavaPattern", name: str) -> bool:
    """Flowfiles of one flow have few different names, and looking them up is twenty times faster than matching."""
    return pattern.fullmatch(name) is not None


def _pattern(text: str) -> "JavaPattern":
    try:
        return regular_expression(text)
    except ExpressionError as error:
        raise ProcessorError(f"'{DELETE_ATTRIBUTES}' of a rule: {error}") from error
