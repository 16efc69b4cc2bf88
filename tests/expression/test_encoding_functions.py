import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.expression.kit import failure, value

_TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("function", "subject", "result"),
    [
        ("urlEncode()", "a b+c/é~*-._!", "a+b%2Bc%2F%C3%A9%7E*-._%21"),
        ("urlDecode()", "a%20b+c%C3%A9", "a b cé"),
        ("urlDecode()", "%ff", "\ufffd"),
        ("urlDecode()", "%ED%A0%80", "\ufffd"),
        ("base64Decode()", "7aCA", "\ufffd"),
        ("base64Encode()", "é😀", "w6nwn5iA"),
        ("base64Decode()", "YQ", "a"),
        ("base64Decode()", "YQ==", "a"),
        ("hash('md5')", "abc", "900150983cd24fb0d6963f7d28e17f72"),
        ("hash('MD2')", "abc", "da853b0d3f88d99b30283a69e6ded6bb"),
        ("hash('SHA')", "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        ("hash('SHA-512/256')", "abc", "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23"),
        ("UUID3('6BA7B810-9DAD-11D1-80B4-00C04FD430C8')", "example.com", "9073926b-929f-31c2-abc9-fad77ae3e8eb"),
        ("UUID5(${missing})", "abc", "b01d8779-68c6-576d-bef4-26488c9c9223"),
        ("escapeJson()", '/"\\\té\x7f😀', '\\/\\"\\\\\\t\\u00E9\\u007F\\uD83D\\uDE00'),
        ("unescapeJson()", "\\u00e9\\uD83D\\uDE00\\n\\101\\'\\x", "é😀\nA'x"),
        ("escapeXml()", "a\x01<\x7f\x85'", "a&lt;&#127;\x85&apos;"),
        ("unescapeXml()", "&lt;&#163;&#xA3;&pound;&#xZ;", "<££&pound;&#xZ;"),
        ("escapeCsv()", "a\rb", '"a\rb"'),
        ("escapeCsv()", "plain", "plain"),
        ("unescapeCsv()", '"a""b"', 'a"b'),
        ("unescapeCsv()", 'abc"', 'abc"'),
        ("escapeHtml3()", "£€'", "&pound;€'"),
        ("escapeHtml4()", "£€'", "&pound;&euro;'"),
        ("unescapeHtml3()", "&pound;&euro;&amp;lt;", "£&euro;&lt;"),
        ("unescapeHtml4()", "&euro;&#8364;&apos;&bogus;", "€€&apos;&bogus;"),
        ("unescapeHtml4()", "&#55357;&#56832;", "😀"),
    ],
)
def test_encoding_functions(function: str, subject: str, result: str) -> None:
    assert value(f"${{a:{function}}}", a=subject) == result


@pytest.mark.parametrize(
    ("function", "subject"),
    [
        ("urlDecode()", "%zz"),
        ("urlDecode()", "%4"),
        ("base64Decode()", "_-8="),
        ("base64Decode()", "YWJj\n"),
        ("base64Decode()", "Y"),
        ("hash('')", "abc"),
        ("hash(${missing})", "abc"),
        ("hash('SHA-3')", "abc"),
        ("UUID3('')", "abc"),
        ("UUID5('nope')", "abc"),
        ("unescapeJson()", "\\u00"),
        ("unescapeCsv()", '"'),
        ("unescapeHtml4()", "&#x110000;"),
    ],
)
def test_what_is_not_encoded_so_is_an_error(function: str, subject: str) -> None:
    assert failure(f"${{a:{function}}}", a=subject)


@pytest.mark.parametrize("kind", ["Json", "Csv", "Html3", "Html4"])
@given(text=_TEXT)
def test_unescaping_undoes_escaping(kind: str, text: str) -> None:
    assert value(f"${{a:escape{kind}():unescape{kind}()}}", a=text) == text


@given(text=_TEXT)
def test_decoding_undoes_encoding(text: str) -> None:
    assert value("${a:urlEncode():urlDecode()}", a=text) == text
    assert value("${a:base64Encode():base64Decode()}", a=text) == text
