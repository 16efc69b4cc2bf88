"""UpdateAttribute: set and remove attributes."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

from flowrun import (
    ConfiguredRule,
    DynamicExpressionProperties,
    ExpressionError,
    ExpressionProperty,
    FlowFile,
    Processor,
    ProcessorError,
    ProcessSession,
    Property,
    PropertyProblem,
    Relationship,
    RulePart,
    natural_number,
    non_blank,
    regular_expression,
)
from flowrun.expression import Expression, ResultType, Scope

if TYPE_CHECKING:
    from flowrun.dialect.regex import JavaPattern

State = Mapping[str, str] | None

_DELETE_ATTRIBUTES = "Delete Attributes Expression"
_USE_CLONE = "use clone"
_USE_ORIGINAL = "use original"
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
    is done again. The cache size is accepted and has no effect. NiFi's advanced rules are the `rules:` of the flow.
    """

    blocking = False
    tags = ("attributes", "update", "delete", "expression language", "state")
    writes: ClassVar[Mapping[str, str]] = {
        _MATCHED_RULE: "The name of the (last) rule that matched, if there are rules."
    }
    takes_rules = (
        "All rules see the flowfile as it came in. What those that match set takes the place of what the properties "
        "set; an action may be `Delete Attributes Expression`. **FlowFile Policy** says what happens if several match."
    )
    example = """\
name-credentials:
  type: UpdateAttribute
  properties:
    filename: token.json
    fetched.at: "${now():format('yyyy-MM-dd')}"
    Delete Attributes Expression: invokehttp.*
choose-queue:
  type: UpdateAttribute
  properties: {queue: normal}
  rules:
    - name: large
      conditions: ["${fileSize:gt(1000000)}"]
      actions: {queue: slow}
    - name: urgent
      conditions: ["${subject:startsWith('URGENT')}", "${fileSize:lt(5000)}"]
      actions: {queue: fast, asked.at: "${now():toNumber()}"}
"""

    deletion = ExpressionProperty(
        _DELETE_ATTRIBUTES,
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
    policy = Property(
        "FlowFile Policy",
        str,
        "What happens if several rules match: a clone for each of them, or all of them on the one flowfile, where the "
        "later ones win.",
        default=_USE_CLONE,
        allowed=(_USE_CLONE, _USE_ORIGINAL),
    )
    attributes = DynamicExpressionProperties(str, "attribute to set", "Text with expressions.", name=non_blank)

    success = Relationship("success", "Every flowfile.")
    set_state_fail = Relationship(
        "set state fail",
        "Nothing: NiFi sends flowfiles here whose state could not be stored.",
        only_with={"Store State": (_LOCAL_STATE,)},
    )

    def validate(self) -> Iterable[str | PropertyProblem]:
        if self.store_state == _LOCAL_STATE and self.initial_value is None:
            yield "'Stateful Variables Initial Value' is needed to store state; it may be empty"
        for index, rule in enumerate(self.configured_rules):
            message = _wrong_deletion(rule)
            if message:
                yield PropertyProblem(message, rule=RulePart(index, action=_DELETE_ATTRIBUTES))

    def on_scheduled(self) -> None:
        """Settle what is the same for every flowfile: most often, that there are attributes to set and no more."""
        self._expressions = {name: value.expression for name, value in self.attributes.items()}
        self._constants = None
        if all(expression.is_constant for expression in self._expressions.values()):
            self._constants = {name: expression.evaluate({}) for name, expression in self._expressions.items()}
        self._stores_state = self.store_state == _LOCAL_STATE
        self._only_sets = not (self._stores_state or self.configured_rules or self.deletion)

    def process(self, session: ProcessSession, flowfile: FlowFile) -> None:
        if self._only_sets:
            values = self._constants or _evaluated(self._expressions, flowfile, None)
            session.transfer(session.put_attributes(flowfile, values), self.success)
            return
        if not self._stores_state:
            self._update(session, flowfile, None)
            return
        stored = session.state
        state = {**dict.fromkeys(self._variables(), self.initial_value or ""), **stored}
        changed = {**state, **self._update(session, flowfile, state)}
        if changed != stored:
            session.set_state(changed)

    def _variables(self) -> list[str]:
        set_by_rules = [name for rule in self.configured_rules for name in rule.actions if name != _DELETE_ATTRIBUTES]
        return [*self.attributes, *set_by_rules]

    def _update(self, session: ProcessSession, flowfile: FlowFile, state: State) -> Mapping[str, str]:
        """Send on the flowfile, and a clone for each further rule that wants one; gives all values that were set."""
        if not self.configured_rules:
            return self._apply(session, flowfile, (), state)
        scope = _scope(flowfile, state)
        matching = [rule for rule in self.configured_rules if rule.matches(scope)]
        if self.policy == _USE_ORIGINAL or not matching:
            return self._apply(session, flowfile, matching, state)
        clones = [session.clone(flowfile) for _ in matching[1:]]
        values: dict[str, str] = {}
        for target, rule in zip((flowfile, *clones), matching, strict=True):
            values.update(self._apply(session, target, (rule,), state))
        return values

    def _apply(
        self, session: ProcessSession, flowfile: FlowFile, rules: Sequence[ConfiguredRule], state: State
    ) -> Mapping[str, str]:
        actions = {name: value for rule in rules for name, value in rule.actions.items()}
        deletion = actions.pop(_DELETE_ATTRIBUTES, None)
        values = _evaluated(self._expressions | actions, flowfile, state)
        written = {**values, _MATCHED_RULE: rules[-1].name} if rules else values
        doomed = self._doomed(flowfile, deletion)
        if doomed:
            written = {name: value for name, value in written.items() if name not in doomed}
            flowfile = session.remove_attributes(flowfile, doomed)
        session.transfer(session.put_attributes(flowfile, written), self.success)
        return values

    def _doomed(self, flowfile: FlowFile, deletion: Expression | None) -> frozenset[str]:
        """The attributes to remove; a rule's expression takes the place of the property's."""
        if deletion is not None:
            pattern = _pattern(deletion.evaluate(_scope(flowfile, None)))
        elif self.deletion is not None:
            pattern = self.deletion.evaluate(flowfile)
        else:
            return frozenset()
        return frozenset([name for name in flowfile.attributes if _matches(pattern, name)]) - _NEVER_REMOVED


def _evaluated(expressions: Mapping[str, Expression], flowfile: FlowFile, state: State) -> dict[str, str]:
    scope = _scope(flowfile, state)
    return {name: expression.evaluate(scope) for name, expression in expressions.items()}


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
        raise ProcessorError(f"'{_DELETE_ATTRIBUTES}' of a rule: {error}") from error


def _wrong_deletion(rule: ConfiguredRule) -> str | None:
    """What is wrong with a rule's regular expression, as far as that is known before there is a flowfile."""
    deletion = rule.actions.get(_DELETE_ATTRIBUTES)
    if deletion is None or not deletion.is_constant:
        return None
    try:
        regular_expression(deletion.evaluate({}))
    except ExpressionError as error:
        reason = "a sensitive parameter does not fit" if deletion.uses_sensitive_parameter else error
        return f"rule '{rule.name}', '{_DELETE_ATTRIBUTES}': {reason}"
    return None
