from hypothesis import given
from hypothesis import strategies as st

from flowrun.errors import EvaluationError, ExpressionError
from flowrun.expression import Expression, Scope
from flowrun.expression.functions.catalog import WITH_SUBJECT, WITHOUT_SUBJECT
from flowrun.parameter_reference import Parameters, references, substitute

_PIECES = st.sampled_from(
    [
        "${",
        "}",
        "$",
        "{",
        "'",
        '"',
        "\\",
        "#{",
        "#",
        ":",
        "(",
        ")",
        ",",
        " ",
        "\n",
        "a",
        "5",
        "-1.5",
        "true",
        "null",
        "${a}",
        "${b:",
        "'x'",
        "append(",
        "toNumber()",
        "isNull()",
        "literal(",
        "allAttributes('a'):",
        "count()",
        "😀",
    ]
)
_TEXTS = st.lists(_PIECES, max_size=25).map("".join) | st.text(max_size=40)
_VALUES = st.sampled_from(
    [
        "",
        "x",
        "5",
        "-7",
        "2.5",
        "NaN",
        "99999999999999999999",
        "true",
        "😀",
        "a,b,,c",
        '{"a": [1]}',
        "[",
        "yyyy",
        "1 day",
        "${a}",
        "${a:evaluateELString()}",
        "%zz",
        "&#55357;",
        "2024-02-30",
        "Europe/Paris",
    ]
)


@st.composite
def _expressions(draw: st.DrawFn, depth: int = 0) -> str:
    argument = st.sampled_from(["'x'", "''", "5", "-1", "1.5", "true", "null", "${a}", "${missing}", "'[a'", "'$.a'"])
    if depth < 2:
        argument |= _expressions(depth=depth + 1)

    def call(names: list[str]) -> str:
        arguments = draw(st.lists(argument, max_size=3))
        return f"{draw(st.sampled_from(names))}({', '.join(arguments)})"

    subject = draw(st.sampled_from(["a", "b", "missing", "'x y'"])) if draw(st.booleans()) else call([*WITHOUT_SUBJECT])
    calls = [call([*WITH_SUBJECT]) for _ in range(draw(st.integers(0, 3)))]
    return "${" + ":".join([subject, *calls]) + "}"


def _outcome(text: str, parameters: Parameters, scope: Scope) -> str | ExpressionError | EvaluationError:
    try:
        return Expression.parse(text, parameters=parameters).evaluate(scope)
    except (ExpressionError, EvaluationError) as error:
        return error


@given(text=_TEXTS | _expressions(), a=_VALUES, b=_VALUES, known=st.booleans())
def test_any_text_gives_a_value_or_a_typed_error(text: str, a: str, b: str, known: bool) -> None:
    parameters = Parameters({"a": "${b}"}, unknown_is_null=known)
    outcome = _outcome(text, parameters, Scope({"a": a, "b": b}, state={"a": "1"}))

    if isinstance(outcome, ExpressionError):
        assert outcome.column is None or 1 <= outcome.column <= len(text) + 1
    assert isinstance(outcome, str) or str(outcome)


@given(text=_TEXTS)
def test_references_are_found_and_replaced_in_any_text(text: str) -> None:
    found = references(text)
    replaced = substitute(text, Parameters(unknown_is_null=True))

    assert [each.start for each in found] == sorted(each.start for each in found)
    assert all(text[each.start : each.start + 2] == "#{" and text[each.end - 1] == "}" for each in found)
    assert len(replaced) <= len(text)


@given(text=st.text(alphabet="ab $#'\"\\\n", max_size=30))
def test_a_text_without_braces_is_itself(text: str) -> None:
    assert Expression.parse(text).evaluate({"a": "x"}) == text
