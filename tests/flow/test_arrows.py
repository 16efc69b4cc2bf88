import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowrun.errors import FlowError, Place
from flowrun.flow.arrows import parse_arrow
from flowrun.flow.definition import Text


def text_of(written: str) -> Text:
    """The text as if it stood at the beginning of the first line."""
    return Text(written, Place("flow.yaml", 1, 1), 1)


def names_of(written: str) -> tuple[str, list[str], str]:
    arrow = parse_arrow(text_of(written))
    return arrow.source.value, [name.value for name in arrow.relationships], arrow.destination.value


@pytest.mark.parametrize(
    ("written", "source", "relationships", "destination"),
    [
        ("a -- success --> b", "a", ["success"], "b"),
        ("a -- matched, unmatched --> b", "a", ["matched", "unmatched"], "b"),
        ("a -- No Retry --> b", "a", ["No Retry"], "b"),
        ("a -- not.found,x-y --> b", "a", ["not.found", "x-y"], "b"),
        ("a --> b", "a", [], "b"),
        ("a-->b", "a", [], "b"),
        ("  a   --  success   -->   b ", "a", ["success"], "b"),
        ("a\t--\tsuccess\t-->\tb", "a", ["success"], "b"),
        ("get files -- success --> save files", "get files", ["success"], "save files"),
        ("a--b -- success --> c--d", "a--b", ["success"], "c--d"),
        ("a -- x -- y --> b", "a", ["x -- y"], "b"),
        ("a -- success --> a", "a", ["success"], "a"),
    ],
)
def test_an_arrow_names_source_relationships_and_destination(
    written: str, source: str, relationships: list[str], destination: str
) -> None:
    assert names_of(written) == (source, relationships, destination)


def test_each_name_of_an_arrow_has_its_own_place() -> None:
    arrow = parse_arrow(text_of("ab -- one,  two --> cd"))

    assert arrow.source.place.column == 1
    assert [name.place.column for name in arrow.relationships] == [7, 13]
    assert arrow.destination.place.column == 21


def test_names_stand_where_the_scalar_does_when_its_columns_cannot_be_told() -> None:
    arrow = parse_arrow(Text("a -- success --> b", Place("flow.yaml", 3, 5)))

    assert arrow.destination.place == Place("flow.yaml", 3, 5)


@pytest.mark.parametrize(
    ("written", "column", "message"),
    [
        ("a -- success -> b", 14, "expected '-->', found '->'"),
        ("a -> b", 3, "expected '-->', found '->'"),
        ("a -- success ---> b", 14, "expected '-->', found '--->'"),
        ("a -- success -->> b", 14, "expected '-->', found '-->>'"),
        ("a => b", 3, "expected '-->', found '=>'"),
        ("a -- success → b", 14, "expected '-->', found '→'"),
        ("a -- success –> b", 14, "expected '-->', found '–>'"),
        ("a -- success -- b", 1, "this is no arrow: expected SOURCE -- RELATIONSHIP --> DESTINATION"),
        ("a", 1, "this is no arrow: expected SOURCE -- RELATIONSHIP --> DESTINATION"),
        ("", 1, "this is no arrow: expected SOURCE -- RELATIONSHIP --> DESTINATION"),
        ("a -- x --> b -- y --> c", 19, "a second '-->': write one arrow an item"),
        ("a -- success -->", 14, "no destination after '-->'"),
        ("--> b", 1, "no source before the arrow: expected SOURCE -- RELATIONSHIP --> DESTINATION"),
        (" -- x --> b", 1, "no source before the arrow: expected SOURCE -- RELATIONSHIP --> DESTINATION"),
        ("a -- --> b", 5, "a relationship is missing between '--' and '-->'"),
        ("a -- x,, y --> b", 8, "a relationship is missing between '--' and '-->'"),
        ("a -- x, x --> b", 9, "relationship 'x' stands twice in this arrow"),
    ],
)
def test_what_is_wrong_with_an_arrow_is_said_at_its_place(written: str, column: int, message: str) -> None:
    with pytest.raises(FlowError) as caught:
        parse_arrow(text_of(written))

    [problem] = caught.value.problems
    assert (problem.message, problem.place) == (message, Place("flow.yaml", 1, column))


@given(st.text("ab ->=,→\t"))
def test_any_text_is_an_arrow_or_one_problem(written: str) -> None:
    try:
        arrow = parse_arrow(text_of(written))
    except FlowError:
        return

    for name in (arrow.source, *arrow.relationships, arrow.destination):
        start = name.place.column - 1
        assert written[start : start + len(name.value)] == name.value != ""
