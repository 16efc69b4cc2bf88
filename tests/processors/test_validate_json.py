"""ValidateJson: what is valid, what the findings say, and schemas that can't be used."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from flowrun.errors import PropertyError, Severity
from flowrun.retry import RetryPolicy
from flowrun.testing import TestRunner, Triggered
from flowrun_processors.validate_json import ValidateJson

TOKENS = """{
  "type": "object",
  "required": ["access_token", "refresh_token"],
  "properties": {
    "access_token": {"type": "string", "minLength": 1},
    "refresh_token": {"type": "string", "minLength": 1, "pattern": "^r"},
    "scopes": {"items": {"enum": ["read", "write"]}}
  }
}"""


def trigger(schema: str, content: bytes | str, **properties: str) -> Triggered:
    return TestRunner(ValidateJson({"JSON Schema": schema, **properties})).trigger(content)


def findings(schema: str, content: str, **properties: str) -> str:
    [output] = trigger(schema, content, **properties)["invalid"]
    assert output.content == content.encode()
    return output.attributes["json.validation.errors"]


def test_a_document_that_fits_is_valid_and_unchanged() -> None:
    content = b'{"access_token": "a", "refresh_token": "r", "more": 1.10}'

    [output] = trigger(TOKENS, content)["valid"]

    assert output.content == content
    assert "json.validation.errors" not in output.attributes


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("{}", "$: lacks required access_token, refresh_token"),
        ("[]", "$: is not of type object"),
        ("null", "$: is not of type object"),
        ('{"access_token": "", "refresh_token": "r"}', "$.access_token: is shorter than minLength 1"),
        ('{"access_token": 5, "refresh_token": "r"}', "$.access_token: is not of type string"),
        ('{"access_token": "a", "refresh_token": "x"}', "$.refresh_token: does not match the pattern ^r"),
        (
            '{"access_token": "a", "refresh_token": "r", "scopes": ["read", "x"]}',
            "$.scopes[1]: is none of the values in enum",
        ),
    ],
)
def test_findings_say_where_and_which_rule(content: str, found: str) -> None:
    assert findings(TOKENS, content) == found


@pytest.mark.parametrize(
    ("schema", "document", "found"),
    [
        ({"type": ["string", "null"]}, 1, "is not of type string or null"),
        ({"minimum": 3}, 2, "is below minimum 3"),
        ({"exclusiveMaximum": 3}, 3, "is not below exclusiveMaximum 3"),
        ({"multipleOf": 0.5}, 0.75, "is not a multiple of 0.5"),
        ({"additionalProperties": False}, {"a": 1}, "has a member that the schema does not allow"),
        ({"items": False}, [1], "has more items than the schema allows"),
        ({"contains": {"type": "string"}}, [1], "has no item, or not as many, as contains asks for"),
        ({"uniqueItems": True}, [1, 1], "has an item twice"),
        ({"anyOf": [{"type": "string"}]}, 1, "fits none of the schemas in anyOf"),
        ({"not": {}}, 1, "fits the schema in not"),
        ({"const": 1}, 2, "is not the value of const"),
        ({"dependentRequired": {"a": ["b"]}}, {"a": 1}, "lacks a member that another one requires"),
        (False, 1, "is not allowed"),
    ],
)
def test_each_rule_has_its_words(schema: object, document: object, found: str) -> None:
    assert findings(json.dumps(schema), json.dumps(document)) == f"$: {found}"


def test_names_that_are_no_plain_words_are_quoted_and_long_ones_cut() -> None:
    schema = '{"additionalProperties": {"type": "object"}}'

    assert findings(schema, '{"a b": 1}') == "$['a b']: is not of type object"
    assert len(findings(schema, json.dumps({"x" * 500: 1}))) < 80


def test_findings_never_quote_a_value() -> None:
    keywords = {
        "type": "object",
        "properties": {
            "a": {
                "type": "integer",
                "maxLength": 2,
                "pattern": "^x",
                "enum": [1],
                "const": 2,
                "format": "date",
                "not": {"type": "string"},
                "oneOf": [{"minLength": 1}, {"minLength": 2}],
                "allOf": [{"$ref": "#/definitions/short"}],
            },
            "b": {"items": {"maximum": 1}, "uniqueItems": True, "maxItems": 1},
        },
        "additionalProperties": False,
        "definitions": {"short": {"maxLength": 1}},
    }
    document = {"a": "secret", "b": [77777, 77777], "password": "secret"}

    found = findings(json.dumps(keywords), json.dumps(document), **{"JSON Schema Version": "Draft 7"})

    assert "format date" in found
    assert not any(value in found for value in ("secret", "77777", "password"))


def test_findings_are_limited() -> None:
    found = findings('{"items": {"type": "string"}}', json.dumps(list(range(1000))))

    assert found.count("; ") == 20
    assert found.endswith("; and more")


@pytest.mark.parametrize("content", ["", "  ", "<html><body>Bad Gateway</body></html>", '{"access_token": secret}'])
def test_what_is_not_json_fails_and_the_cause_does_not_quote_it(content: str) -> None:
    runner = TestRunner(ValidateJson({"JSON Schema": TOKENS}), retry=RetryPolicy(frozenset({"failure"}), attempts=1))

    [bulletin] = runner.trigger(content).bulletins
    runner.clock.advance(60)
    [output] = runner.trigger()["failure"]

    assert output.content == content.encode()
    assert "secret" not in bulletin.message


def test_a_document_that_the_library_cannot_check_fails() -> None:
    assert len(trigger('{"multipleOf": 0.1}', "1" + "0" * 400)["failure"]) == 1
    assert len(trigger('{"$ref": "#"}', "{}")["failure"]) == 1


def test_the_draft_decides_what_a_keyword_means_unless_the_schema_says_it() -> None:
    properties = {"JSON Schema Version": "DRAFT_4"}
    schema = {"minimum": 1, "exclusiveMinimum": True}

    assert "minimum" in findings(json.dumps(schema), "1", **properties)
    assert "minimum" in findings(json.dumps({"$schema": "http://json-schema.org/draft-04/schema#", **schema}), "1")
    with pytest.raises(PropertyError, match="not a schema of this draft"):
        trigger(json.dumps(schema), "1")


def test_a_schema_may_lie_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "schema.json").write_text(TOKENS)
    monkeypatch.setenv("SCHEMAS", str(tmp_path))

    assert len(trigger("${SCHEMAS}/schema.json", "{}")["invalid"]) == 1


def test_a_file_that_is_missing_is_a_warning_first_and_an_error_at_the_start(tmp_path: Path) -> None:
    processor = ValidateJson({"JSON Schema": str(tmp_path / "none.json")})

    [problem] = processor.problems

    assert problem.severity is Severity.WARNING
    with pytest.raises(PropertyError, match="can't be read"):
        TestRunner(processor)


@pytest.mark.parametrize(
    "properties",
    [
        {},
        {"JSON Schema": " "},
        {"JSON Schema": '{"type": '},
        {"JSON Schema": "[]"},
        {"JSON Schema": "https://example.com/schema.json"},
        {"JSON Schema": "{}", "JSON Schema Version": "Draft 3"},
        {"JSON Schema": "{}", "Schema Access Strategy": "Schema Name Property"},
        {"Schema Access Strategy": "SCHEMA_NAME_PROPERTY", "Schema Name": "x"},
    ],
)
def test_a_configuration_that_cannot_work_is_refused(properties: dict[str, str]) -> None:
    with pytest.raises(PropertyError):
        ValidateJson(properties).check()


@pytest.mark.parametrize(
    "schema",
    [
        '{"type": "strin"}',
        '{"pattern": "("}',
        '{"$ref": "#/definitions/none"}',
        '{"properties": {"a": {"$ref": "https://example.com/schema.json"}}}',
        '{"$schema": 5}',
    ],
)
def test_a_schema_that_is_wrong_or_refers_to_nothing_stops_the_start(schema: str) -> None:
    with pytest.raises(PropertyError, match="JSON Schema"):
        trigger(schema, "{}")


def test_checking_a_configuration_does_not_load_the_library() -> None:
    script = (
        "import sys; from flowrun_processors.validate_json import ValidateJson; "
        "ValidateJson({'JSON Schema': '{}'}).check(); sys.exit('jsonschema' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
