"""What a person may see of a flowfile that looks in from outside."""

import base64

import pytest

from flowrun.control.requests import HEAD_SIZE
from flowrun.control.viewing import Viewing
from flowrun.flowfile import FlowFile, Placement
from flowrun.masking import MASK, Masking
from flowrun.repository.memory import MemoryContentRepository

VIEWING = Viewing(Masking(["token"], ["parameter's value"]), {"token", "made-of-token"})


def flowfile(**attributes: str) -> FlowFile:
    return FlowFile(1, {"uuid": "u", "token": "abcdef", "made-of-token": "<<abcdef>>", **attributes})


def seen(**attributes: str) -> dict[str, str]:
    return VIEWING.flowfile(Placement(flowfile(**attributes), "a --> b", 1.0)).attributes


def head(content: bytes, **attributes: str) -> dict[str, object]:
    contents = MemoryContentRepository()
    made = flowfile(**attributes)
    return VIEWING.head(FlowFile(1, made.attributes, contents.write(content)), contents)


def test_sensitive_attributes_and_what_is_made_of_them_are_masked() -> None:
    assert seen(kind="letter") == {"uuid": "u", "token": MASK, "made-of-token": MASK, "kind": "letter"}


@pytest.mark.parametrize(
    "value",
    ["parameter's value", "parameter%27s+value", base64.b64encode(b"user:parameter's value").decode(), "abcdef"],
)
def test_secrets_are_masked_wherever_and_however_they_turn_up(value: str) -> None:
    assert value not in seen(other=f"({value})")["other"]
    assert value not in str(head(f"Dear {value}!".encode())["head"])


def test_values_that_hold_any_character_stay_with_their_attributes() -> None:
    assert seen(odd="a\0b", empty="", other="abcdef")["odd"] == "a\0b"
    assert seen(odd="a\0b", empty="", other="abcdef")["other"] == MASK
    assert seen(empty="", last="")["last"] == ""


def test_the_beginning_of_a_long_content_is_shown() -> None:
    assert head(b"x" * 5_000_000) == {"head": "x" * HEAD_SIZE}


def test_a_secret_across_the_end_of_what_is_shown_is_not_shown_in_part() -> None:
    assert "abc" not in str(head(b"x" * (HEAD_SIZE - 3) + b"abcdef")["head"])


def test_a_long_secret_is_not_shown_in_part() -> None:
    secret = "s" * 1_000_000

    assert head(secret.encode() + b" the rest", token=secret) == {"head": f"{MASK} the rest"}


@pytest.mark.parametrize("content", [b"\x89PNG\0", "Grüße".encode("latin-1")])
def test_content_that_is_no_text_is_shown_in_hexadecimal(content: bytes) -> None:
    assert head(content) == {"head": content.hex(" "), "head_is_hexadecimal": True}


def test_content_that_is_no_text_but_holds_a_secret_is_not_shown() -> None:
    assert head(b"\xffabcdef") == {"head_is_withheld": "it holds a sensitive value"}


def test_characters_that_are_cut_where_reading_ended_make_it_no_less_a_text() -> None:
    assert head("é".encode() * 2_000_000) == {"head": "é" * HEAD_SIZE}
