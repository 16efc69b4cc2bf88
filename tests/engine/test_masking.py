"""No secret is seen in what a person reads, in whatever spelling it comes back from the world outside."""

import random
from base64 import b64encode

import pytest

from flowrun.flowfile import FlowFile
from flowrun.masking import MASK, Masking

SECRET = "s3cr:t va/lue+%~*ü"


def holding(**attributes: str) -> FlowFile:
    return FlowFile(1, {"uuid": "1", "filename": "a", **attributes}, None, 0.0, 0.0)


@pytest.mark.parametrize(
    "spelling",
    [
        SECRET,
        "s3cr%3At+va%2Flue%2B%25%7E*%C3%BC",
        "s3cr%3At+va%2Flue%2B%25~%2A%C3%BC",
        "s3cr%3At%20va%2Flue%2B%25~%2A%C3%BC",
    ],
)
def test_secret_is_masked_as_it_is_and_as_urls_and_forms_spell_it(spelling: str) -> None:
    assert Masking(secrets=[SECRET]).message(f"bad: {spelling}!") == f"bad: {MASK}!"
    assert Masking(["token"]).message(f"bad: {spelling}!", holding(token=SECRET)) == f"bad: {MASK}!"


def test_secret_that_was_given_url_encoded_is_masked_decoded_too() -> None:
    assert Masking(secrets=["p%41ss+word"]).message("'pAss word' is wrong") == f"'{MASK}' is wrong"


@pytest.mark.parametrize("user", ["", "i", "id", "ids", "me:"])
def test_secret_is_masked_within_basic_credentials(user: str) -> None:
    told = b64encode(f"{user}:{SECRET}".encode()).decode()

    shown = Masking(secrets=[SECRET]).message(f"Basic {told} is refused")

    hidden = b64encode(SECRET.encode()[2:-2]).decode()[4:-4]
    assert MASK in shown
    assert hidden not in shown
    assert len(shown) < len(f"Basic {MASK} is refused") + 12


def test_secret_within_another_leaves_none_of_it_to_be_seen() -> None:
    masking = Masking(["access", "refresh"], ["abcd"])

    for names in (("access", "refresh"), ("refresh", "access")):
        flowfile = holding(**{names[0]: "abcdef", names[1]: "abcdefgh"})
        assert masking.message("abcdefgh abcdef abcd", flowfile) == f"{MASK} {MASK} {MASK}"


@pytest.mark.parametrize("kept", [8, 12, 17])
def test_secret_that_was_cut_off_with_its_text_is_masked(kept: int) -> None:
    masking = Masking(["token"])

    assert masking.message(f"{SECRET[:9]}, or {SECRET[:kept]}", holding(token=SECRET)) == f"{SECRET[:9]}, or {MASK}"
    assert masking.message(SECRET[:kept], holding(token=SECRET)) == MASK


def test_other_texts_are_left_as_they_are() -> None:
    masking = Masking(["token"], ["abc", SECRET])
    texts = [str(random.Random(seed).random()) for seed in range(100)]

    assert [masking.message(f"abc {text}", holding(token="x")) for text in texts] == [f"abc {text}" for text in texts]


def test_value_that_is_no_text_of_unicode_is_masked() -> None:
    assert Masking(secrets=["abc\udc80def"]).message("abc\udc80def") == MASK
