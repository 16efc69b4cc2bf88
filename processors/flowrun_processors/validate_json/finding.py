"""A finding in words: where, and which rule of the schema, but never what the document holds there."""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from flowrun.dialect.json_text import print_json

if TYPE_CHECKING:
    from jsonschema import ValidationError

_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_LONGEST_NAME = 40
_LONGEST_RULE = 80

_WORDS: Mapping[str, str] = {
    "additionalItems": "has more items than the schema allows",
    "additionalProperties": "has a member that the schema does not allow",
    "anyOf": "fits none of the schemas in anyOf",
    "const": "is not the value of const",
    "contains": "has no item, or not as many, as contains asks for",
    "dependencies": "lacks a member that another one requires",
    "dependentRequired": "lacks a member that another one requires",
    "enum": "is none of the values in enum",
    "exclusiveMaximum": "is not below exclusiveMaximum {rule}",
    "exclusiveMinimum": "is not above exclusiveMinimum {rule}",
    "format": "is not in the format {rule}",
    "items": "has more items than the schema allows",
    "maxContains": "has more than maxContains {rule} items that fit contains",
    "maxItems": "has more items than maxItems {rule}",
    "maxLength": "is longer than maxLength {rule}",
    "maxProperties": "has more members than maxProperties {rule}",
    "maximum": "is above maximum {rule}",
    "minContains": "has less than minContains {rule} items that fit contains",
    "minItems": "has fewer items than minItems {rule}",
    "minLength": "is shorter than minLength {rule}",
    "minProperties": "has fewer members than minProperties {rule}",
    "minimum": "is below minimum {rule}",
    "multipleOf": "is not a multiple of {rule}",
    "not": "fits the schema in not",
    "oneOf": "fits none, or more than one, of the schemas in oneOf",
    "pattern": "does not match the pattern {rule}",
    "unevaluatedItems": "has an item that the schema does not allow",
    "unevaluatedProperties": "has a member that the schema does not allow",
    "uniqueItems": "has an item twice",
}


def describe(error: "ValidationError") -> str:
    """One finding, such as `$.access_token: is shorter than minLength 1`."""
    return f"{_place(error)}: {_broken_rule(error)}"


def _place(error: "ValidationError") -> str:
    return "$" + "".join(map(_step, error.absolute_path))


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    name = step if len(step) <= _LONGEST_NAME else step[: _LONGEST_NAME - 3] + "..."
    return f".{name}" if _PLAIN_NAME.fullmatch(name) else f"[{name!r}]"


def _broken_rule(error: "ValidationError") -> str:
    keyword: Any = error.validator
    if not isinstance(keyword, str):
        return "is not allowed"
    special = _SPECIAL.get(keyword)
    if special is not None:
        return special(error)
    return _WORDS.get(keyword, f"breaks the rule {keyword}").format(rule=_rule(error.validator_value))


def _required(error: "ValidationError") -> str:
    document: Any = error.instance
    rule: Any = error.validator_value
    return "lacks required " + ", ".join(name for name in rule if name not in document)


def _type(error: "ValidationError") -> str:
    rule: Any = error.validator_value
    return f"is not of type {rule if isinstance(rule, str) else ' or '.join(map(str, rule))}"


_SPECIAL: Mapping[str, "Callable[[ValidationError], str]"] = {"required": _required, "type": _type}


def _rule(value: Any) -> str:
    text = value if isinstance(value, str) else print_json(value, doubles="text")
    return text if len(text) <= _LONGEST_RULE else text[: _LONGEST_RULE - 3] + "..."
