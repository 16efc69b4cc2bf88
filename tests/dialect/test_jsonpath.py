import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowrun.dialect.json_text import print_json, print_scalar, read_json
from flowrun.dialect.jsonpath import NOT_EDITABLE, NOT_FOUND, JsonPath
from flowrun.errors import EvaluationError, ExpressionError

# Each case: operation, path, name or text of a document, kind of result, text of the result. Answers of Jayway JsonPath
# 2.10 with its Jackson provider; edits take the value "V" and the key "K".
GOLDEN = json.loads(Path(__file__).with_name("jsonpath_golden.json").read_text("utf-8"))
BOOKS = read_json(
    '{"books": [{"title": "Moby Dick", "price": 8.99, "tags": ["sea", "whale"]},'
    ' {"title": "Emma", "price": 5, "tags": []}], "limit": 6, "owner": null}'
)


def read(path, document=BOOKS):
    return JsonPath.compile(path).read(document)


def answer(operation, path, document):
    try:
        compiled = JsonPath.compile(path)
    except ExpressionError:
        return ["invalid"]
    edits = {
        "read": lambda: compiled.read(document),
        "set": lambda: compiled.set(document, "V"),
        "add": lambda: compiled.add(document, "V"),
        "put": lambda: compiled.put(document, "K", "V"),
        "delete": lambda: compiled.delete(document),
    }
    try:
        result = edits[operation]()
    except EvaluationError:
        return ["error"]
    if result is NOT_FOUND or result is NOT_EDITABLE:
        return ["not found" if result is NOT_FOUND else "error"]
    if isinstance(result, (dict, list)):
        return ["json", print_json(result)]
    return ["scalar", print_scalar(result, null="null")]


def test_paths_lead_where_the_real_library_goes():
    different = []
    for operation, path, name, *expected in GOLDEN["cases"]:
        found = answer(operation, path, read_json(GOLDEN["documents"].get(name, name)))
        if found != expected:
            different.append((operation, path, name, found, expected))

    assert not different


def test_a_path_without_its_root_starts_there():
    assert read("limit") == read("$.limit") == 6


def test_a_definite_path_gives_its_value_and_any_other_a_list():
    assert read("$.books[0].title") == "Moby Dick"
    assert read("$.books[?(@.title == 'Emma')].price") == [5]
    assert (JsonPath.compile("$.books[0]").definite, JsonPath.compile("$.books[*]").definite) == (True, False)


def test_null_is_a_value_and_what_is_under_it_is_not_found():
    assert read("$.owner") is None
    assert read("$.owner.name") is NOT_FOUND


def test_find_gives_a_list_for_any_path():
    assert JsonPath.compile("$.limit").find(BOOKS) == [6]
    assert JsonPath.compile("$.missing").find(BOOKS) == []
    assert JsonPath.compile("$..price").find(BOOKS) == [8.99, 5]


def test_a_missing_member_before_the_first_wildcard_is_not_found():
    assert read("$.missing[*].x") is NOT_FOUND
    assert read("$.books[*].x") == []


def test_the_root_can_be_named_in_a_filter():
    assert read("$.books[?(@.price < $.limit)].title") == ["Emma"]


def test_a_pattern_in_a_filter_must_match_the_whole_text():
    assert read("$.books[?(@.title =~ /moby.*/i)].price") == [8.99]
    assert read("$.books[?(@.title =~ /oby/)].price") == []


def test_conditions_need_no_blanks():
    assert read("$.books[?(@.price>5&&@.price<9||@.title=='x')].title") == ["Moby Dick"]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("@.a==true&&@.b==1", [0]),
        ("@.a==null||@.b==1", [0, 1]),
        ("true==@.a", [0]),
        ("@.a==false", []),
        ("null==@.a&&!@.b", [1]),
        ("@.a==truex", None),
    ],
)
def test_true_false_and_null_need_no_blanks_around_them(condition: str, found: list[int] | None) -> None:
    items = [{"a": True, "b": 1}, {"a": None}]

    if found is None:
        with pytest.raises(ExpressionError):
            JsonPath.compile(f"$[?({condition})]")
    else:
        assert JsonPath.compile(f"$[?({condition})]").read(items) == [items[place] for place in found]


def test_an_exclamation_mark_before_a_comparison_asks_for_parentheses():
    with pytest.raises(ExpressionError, match=r"!\(a == b\)"):
        JsonPath.compile("$.books[?(!@.price == 5)]")
    assert read("$.books[?(!(@.price == 5))].title") == ["Moby Dick"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$.books.length()", 2),
        ("$.books[*].tags.length()", [2, 0]),
        ("$..price.sum()", 13.99),
        ("$..price.max()", 8.99),
        ("$.sum($..price, 1)", 14.99),
        ('$.concat($.books[*].title, "!")', "Moby DickEmma!"),
        ("$.books.first().title", "Moby Dick"),
        ("$.books[0].tags.last()", "whale"),
        ("$.books[0].tags.append(7)", ["sea", "whale", 7]),
        ("$.books[0].keys()", "[title, price, tags]"),
    ],
)
def test_functions_answer(path, value):
    assert read(path) == value


def test_a_function_of_nothing_it_can_use_fails_on_the_data():
    with pytest.raises(EvaluationError, match="expected a list with numbers"):
        read("$.books[*].title.sum()")


def test_the_largest_of_negative_numbers_is_negative():
    assert read("$.max()", [-3, -1]) == -1.0


def test_a_name_may_be_a_star():
    assert read("$['*']", {"*": 1, "a": 2}) == 1


def test_edits_leave_the_document_alone():
    before = print_json(BOOKS)

    cheaper = JsonPath.compile("$.books[*].price").set(BOOKS, 1)

    assert [book["price"] for book in cheaper["books"]] == [1, 1]
    assert print_json(BOOKS) == before


def test_edits_say_why_nothing_was_changed():
    assert JsonPath.compile("$").set(BOOKS, 1) is NOT_EDITABLE
    assert JsonPath.compile("$.limit").add(BOOKS, 1) is NOT_EDITABLE
    assert JsonPath.compile("$.limit").put(BOOKS, "k", 1) is NOT_EDITABLE
    assert JsonPath.compile("$.missing").delete(BOOKS) is NOT_FOUND


def test_deleting_several_items_deletes_just_these():
    assert JsonPath.compile("$[0,2]").delete(["a", "b", "c", "d"]) == ["b", "d"]


@pytest.mark.parametrize(
    ("path", "column", "said"),
    [
        ("", None, "found nothing"),
        ("$.", 3, "a name, '*' or '['"),
        ("a.", 3, "a name, '*' or '['"),
        ("$..", 4, "a name, '*' or '['"),
        ("$x", 2, "'.' or '[' after the root"),
        ("$.a b", 4, "a name without blanks"),
        ("a b", 2, "a name without blanks"),
        ("$[0", 3, "a quoted name, a number"),
        ("$.a[]", 5, "a quoted name, a number"),
        ("$['a", 3, "a closing '"),
        ("$.a[?(@.b == 1]", 15, "')'"),
        ("$.a[?(@.b like 1)]", 11, "an operator"),
        ("$.a[?(@.b == c)]", 14, "a quoted text"),
        ("$.a[?(@.b c == 1)]", 11, "an operator"),
        ("$.a[?(@.b =~ 'x')]", 7, "a pattern such as"),
        ("$.a[?(@.b =~ /[/)]", 14, "a regular expression"),
        ("$.a[?(@.b . c)]", 11, "')'"),
        ("$.a.count()", 5, "a JsonPath function"),
        ("$.a.concat('x')", 12, "a text in double quotes"),
        ("$.a.index()", 5, "a number in index"),
    ],
)
def test_a_wrong_path_is_refused_with_its_column(path, column, said):
    with pytest.raises(ExpressionError) as refused:
        JsonPath.compile(path)

    assert refused.value.column == column
    assert said in refused.value.message


def test_too_many_brackets_are_an_expression_error():
    with pytest.raises(ExpressionError):
        JsonPath.compile(f"$[?({'(' * 5000}@.a{')' * 5000})]")


def test_too_many_steps_fail_on_the_data():
    with pytest.raises(EvaluationError):
        read("$" + "[*]" * 5000, [1])


PATH_TEXT = st.text(alphabet="$@.*[]()?'\"!=<>~/&|,:-019abe \\", max_size=24)
DOCUMENT = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abe"), inner, max_size=3),
    max_leaves=8,
)


@given(st.text() | PATH_TEXT | PATH_TEXT.map("$[?(@{})]".format), DOCUMENT)
def test_any_text_is_a_path_or_an_expression_error(text, document):
    try:
        path = JsonPath.compile(text)
    except ExpressionError:
        return
    for step in (path.read, path.delete, lambda found: path.set(found, 1), lambda found: path.put(found, "k", 1)):
        try:
            step(document)
        except EvaluationError:
            continue


def test_the_patterns_of_a_filter_have_one_limited_time_for_a_whole_document(monkeypatch):
    monkeypatch.setattr("flowrun.dialect.regex.DEFAULT_TIMEOUT", 0.2)
    path = JsonPath.compile("$[?(@.a =~ /(a|aa)+b/)]")
    begun = time.thread_time()

    with pytest.raises(EvaluationError, match="took longer"):
        path.read([{"a": "a" * 24}, {"a": "ab"}] * 5000)
    assert time.thread_time() - begun < 2
    assert path.read([{"a": "ab"}, {"a": "c"}]) == [{"a": "ab"}]
