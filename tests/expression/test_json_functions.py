import pytest
from tests.expression.kit import failure, mistake, value

DOCUMENT = '{"a": 1, "b": {"c": [1, 2]}, "n": null, "f": 1.50, "one": ["x"], "none": [], "é": "/"}'


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("$.a", "1"),
        ("a", "1"),
        ("$.b", '{"c":[1,2]}'),
        ("$.b.c[-1]", "2"),
        ("$.n", ""),
        ("$.f", "1.5"),
        ("$.one", "x"),
        ("$.none", "[]"),
        ("$.b.c[?(@ > 5)]", "[]"),
        ("$.missing", ""),
        ("$['é']", "/"),
    ],
)
def test_a_path_leads_into_a_document(path: str, found: str) -> None:
    assert value('${body:jsonPath("' + path + '")}', body=DOCUMENT) == found


@pytest.mark.parametrize(
    ("edit", "result"),
    [
        ("jsonPathDelete('$.b')", '{"a":[1]}'),
        ("jsonPathDelete('$.x')", '{"a":[1],"b":2}'),
        ("jsonPathSet('$.b', 'é \"x\"')", '{"a":[1],"b":"é \\"x\\""}'),
        ("jsonPathSet('$.b', 1.5)", '{"a":[1],"b":1.5}'),
        ("jsonPathSet('$.b', ${n:plus(1)})", '{"a":[1],"b":8}'),
        ("jsonPathSet('$.b', true)", '{"a":[1],"b":true}'),
        ("jsonPathSet('$.b', ${missing})", '{"a":[1],"b":null}'),
        ("jsonPathSet('$.x', 1)", '{"a":[1],"b":2}'),
        ("jsonPathSet('$', 1)", ""),
        ("jsonPathAdd('$.a', 'x')", '{"a":[1,"x"],"b":2}'),
        ("jsonPathAdd('$.b', 'x')", ""),
        ("jsonPathAdd('$.x', 'x')", '{"a":[1],"b":2}'),
        ("jsonPathPut('$', 'k', true)", '{"a":[1],"b":2,"k":"true"}'),
        ("jsonPathPut('$', 5, null)", '{"a":[1],"b":2,"5":null}'),
        ("jsonPathPut('$.x', 'k', 'v')", ""),
    ],
)
def test_a_document_is_changed_where_a_path_leads(edit: str, result: str) -> None:
    assert value(f"${{body:{edit}}}", body='{"a": [1], "b": 2}', n="7") == result


@pytest.mark.parametrize("body", ["", "{'a': 1}", '{"a": 1,}', "{a: 1}", "null"])
def test_what_is_no_document_is_an_error(body: str) -> None:
    assert "jsonPath()" in failure("${body:jsonPath('$.a')}", body=body)
    assert "jsonPathSet()" in failure("${body:jsonPathSet('$.a', 1)}", body=body)


def test_a_missing_document_or_path_is_an_error() -> None:
    assert "found null" in failure("${missing:jsonPath('$.a')}")
    assert "the path is null" in failure("${body:jsonPath(${missing})}", body="{}")
    assert "the key is null" in failure("${body:jsonPathPut('$', ${missing}, 'v')}", body="{}")


def test_a_path_that_is_none_is_found_before_the_run_if_it_is_written_out() -> None:
    assert mistake("${body:jsonPath('$.a[')}").column == 17
    assert "jsonPath()" in failure("${body:jsonPath(${path})}", body="{}", path="$.a[")


def test_dates_have_no_form_in_json() -> None:
    assert "now() gives a Date" in mistake("${body:jsonPathAdd('$.a', ${now()})}").message
