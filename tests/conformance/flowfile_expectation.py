"""Flowfiles as the tables write them: what is in one, and whether those that came out are the expected ones."""

import re
from base64 import b64decode
from collections.abc import Sequence
from typing import Any

from flowrun.testing import Output

Described = dict[str, Any]

_CONTENT_KEYS = ("content", "content_base64", "content_repeat")


def content_of(described: Described) -> bytes:
    """The content that a table gives a flowfile; nothing if it says nothing about it."""
    if "content_base64" in described:
        return b64decode(described["content_base64"])
    if "content_repeat" in described:
        repeat = described["content_repeat"]
        return str(repeat["text"]).encode() * int(repeat["times"])
    return str(described.get("content", "")).encode()


def compare_output(output: Output, wanted: Described) -> None:
    """Raise AssertionError where a flowfile is not as expected."""
    attributes = output.attributes
    for name, value in wanted.get("attributes", {}).items():
        assert attributes.get(name) == value, f"attribute {name}: {attributes.get(name)!r} instead of {value!r}"
    for name in wanted.get("absent_attributes", ()):
        assert name not in attributes, f"attribute {name} must not be there"
    for name in (*wanted.get("present_attributes", ()), *wanted.get("attributes_match", {})):
        assert name in attributes, f"attribute {name} must be there"
    for name, pattern in wanted.get("attributes_match", {}).items():
        assert re.search(pattern, attributes[name]), f"attribute {name}: {attributes[name]!r}"
    if any(key in wanted for key in _CONTENT_KEYS):
        content = content_of(wanted)
        assert output.content == content, f"content {output.content[:200]!r} instead of {content[:200]!r}"
    if "penalized" in wanted:
        assert output.penalized == wanted["penalized"], f"penalized: {output.penalized}"


def compare_outputs(found: Sequence[Output], wanted: Sequence[Described], *, in_order: bool) -> None:
    """Raise AssertionError unless these are the expected flowfiles, each exactly once."""
    assert len(found) == len(wanted), f"{len(found)} flowfiles instead of {len(wanted)}"
    if in_order:
        for output, want in zip(found, wanted, strict=True):
            compare_output(output, want)
        return
    fitting = [[place for place, output in enumerate(found) if _fits(output, want)] for want in wanted]
    taken: dict[int, int] = {}
    for number, want in enumerate(wanted):
        assert _takes_one(number, fitting, taken, set()), f"no flowfile is left that is like {want}"


def _takes_one(number: int, fitting: list[list[int]], taken: dict[int, int], asked: set[int]) -> bool:
    """Let this description have a flowfile, if need be one whose holder can take another."""
    for place in fitting[number]:
        if place in asked:
            continue
        asked.add(place)
        if place not in taken or _takes_one(taken[place], fitting, taken, asked):
            taken[place] = number
            return True
    return False


def _fits(output: Output, wanted: Described) -> bool:
    try:
        compare_output(output, wanted)
    except AssertionError:
        return False
    return True
