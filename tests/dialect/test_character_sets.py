"""Bytes as text, as Java reads them."""

import pytest

from flowrun.dialect.character_sets import decode_utf8, encoding


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"caf\xc3\xa9 \xf0\x9f\x98\x80", "café 😀"),
        (b"\xffa", "\ufffda"),
        (b"\xe2\x82", "\ufffd"),
        (b"\xe2\x82a", "\ufffda"),
        (b"\xf0\x9f\x98a", "\ufffda"),
        (b"\xc0\xaf", "\ufffd\ufffd"),
        (b"\xf4\x90\x80\x80", "\ufffd" * 4),
        (b"\xed\xa0\x80", "\ufffd"),
        (b"\xed\xbf\xbfa", "\ufffda"),
        (b"\xed\xa0a", "\ufffda"),
        (b"\xed\xa0\xed\xa0\x80", "\ufffd\ufffd"),
        (b"\xed\x80", "\ufffd"),
        (b"\xed", "\ufffd"),
    ],
)
def test_each_character_that_java_finds_malformed_is_replaced_once(data: bytes, text: str) -> None:
    assert decode_utf8(data) == text
    assert encoding("UTF-8").decode(data) == text
    assert "".join(encoding("UTF-8").decode_blocks([data])) == text


def test_other_character_sets_replace_each_byte_that_they_do_not_have() -> None:
    assert encoding("US-ASCII").decode(b"a\xed\xa0\x80b") == "a\ufffd\ufffd\ufffdb"
