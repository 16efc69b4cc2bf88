"""Encoding: URLs, Base64, hashes and the UUIDs made of them."""

import binascii
import re

from flowrun.dialect.character_sets import decode_utf8
from flowrun.errors import EvaluationError
from flowrun.expression.functions.declaration import Argument, Example, Function
from flowrun.expression.functions.java_text import printed, shown, utf8
from flowrun.expression.types import ResultType

_STRING = ResultType.STRING

_QUOTED_IN_URL = re.compile("[^A-Za-z0-9.*_-]")
_ESCAPED_BYTES = re.compile("(?:%[0-9A-Fa-f]{2})+|%")
_BASE64 = re.compile("(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?")
_UUID = re.compile("-".join(["([0-9A-Fa-f]{1,16})"] * 5))
_JAVA_DIGEST = re.compile("SHA-?(1|224|256|384|512|512/224|512/256)|SHA3-(224|256|384|512)|MD5")

_UUID_BITS = (32, 16, 16, 16, 48)


def _url_encode(subject: str) -> str:
    return _QUOTED_IN_URL.sub(_quoted, printed(subject))


def _quoted(found: re.Match[str]) -> str:
    return "+" if found[0] == " " else "".join([f"%{octet:02X}" for octet in found[0].encode()])


def _url_decode(subject: str) -> str:
    return _ESCAPED_BYTES.sub(_decoded_bytes, subject.replace("+", " "))


def _decoded_bytes(found: re.Match[str]) -> str:
    if found[0] == "%":
        bad = found.string[found.start() : found.start() + 3]
        raise EvaluationError(f"urlDecode(): expected two hexadecimal digits behind the %, found {shown(bad)}")
    return decode_utf8(binascii.unhexlify(found[0].replace("%", "")))


def _base64_encode(subject: str) -> str:
    return binascii.b2a_base64(utf8(subject), newline=False).decode("ascii")


def _base64_decode(subject: str) -> str:
    if _BASE64.fullmatch(subject) is None:
        raise EvaluationError(f"base64Decode(): expected Base64 of the standard alphabet, found {shown(subject)}")
    padding = "=" * (-len(subject) % 4)
    return decode_utf8(binascii.a2b_base64(subject + padding))


def _hash(subject: str, algorithm: str | None) -> str:
    import hashlib  # costs an import that most flows need not pay

    name = (algorithm or "").upper()
    if name == "MD2":
        from flowrun.expression.functions.md2 import md2

        return md2(utf8(subject)).hex()
    try:
        return hashlib.new(_digest_name(name), utf8(subject), usedforsecurity=False).hexdigest()
    except ValueError:
        raise EvaluationError(
            f"hash(): expected an algorithm such as MD5, SHA-1, SHA-256 or SHA-512, found {shown(algorithm)}"
        ) from None


def _digest_name(name: str) -> str:
    """Python's name for one of Java's digests, in upper case."""
    found = _JAVA_DIGEST.fullmatch("SHA-1" if name == "SHA" else name)
    if found is None:
        raise ValueError(name)
    if found[1]:
        return "sha" + ("512_" + found[1][4:] if "/" in found[1] else found[1])
    return name.lower().replace("-", "_")


def _uuid3(subject: str, namespace: str | None) -> str:
    import hashlib

    return uuid_of(hashlib.md5(_namespace(namespace) + utf8(subject), usedforsecurity=False).digest(), 3)


def _uuid5(subject: str, namespace: str | None) -> str:
    import hashlib

    return uuid_of(hashlib.sha1(_namespace(namespace) + utf8(subject), usedforsecurity=False).digest(), 5)


def _namespace(text: str | None) -> bytes:
    if text is None:
        return bytes(16)
    found = _UUID.fullmatch(text) if len(text) <= 36 else None
    if found is None:
        raise EvaluationError(f"expected a UUID as the namespace, found {shown(text)}")
    value = 0
    for group, bits in zip(found.groups(), _UUID_BITS, strict=True):
        value = value << bits | int(group, 16) % (1 << bits)
    return value.to_bytes(16, "big")


def uuid_of(digest: bytes, version: int) -> str:
    """A UUID of the digest's first 16 bytes, with the bits that say its version and variant."""
    octets = bytearray(digest[:16])
    octets[6] = octets[6] & 0x0F | version << 4
    octets[8] = octets[8] & 0x3F | 0x80
    digits = octets.hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


_NAMESPACE = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"

FUNCTIONS = (
    Function(
        "urlEncode",
        _STRING,
        (),
        _STRING,
        "The subject as a form sends it, in UTF-8: a blank becomes `+`, and letters, digits and `. - * _` stay.",
        Example("${q:urlEncode()}", "a+b%2Fc%7E", {"q": "a b/c~"}),
        _url_encode,
    ),
    Function(
        "urlDecode",
        _STRING,
        (),
        _STRING,
        "The opposite of `urlEncode`; a `%` without two hexadecimal digits is an error.",
        Example("${q:urlDecode()}", "a b/c", {"q": "a+b%2Fc"}),
        _url_decode,
    ),
    Function(
        "base64Encode",
        _STRING,
        (),
        _STRING,
        "The subject's UTF-8 bytes in Base64.",
        Example("${user:base64Encode()}", "YWRtaW46YWRtaW4=", {"user": "admin:admin"}),
        _base64_encode,
    ),
    Function(
        "base64Decode",
        _STRING,
        (),
        _STRING,
        "The UTF-8 text that the subject is in Base64; padding may be missing, line breaks and other alphabets are "
        "errors.",
        Example("${user:base64Decode()}", "admin:admin", {"user": "YWRtaW46YWRtaW4="}),
        _base64_decode,
    ),
    Function(
        "hash",
        _STRING,
        (Argument("algorithm"),),
        _STRING,
        "The digest of the subject's UTF-8 bytes in lower-case hexadecimal. Algorithms are Java's, in any case: MD2, "
        "MD5, SHA-1, SHA-224, SHA-256, SHA-384, SHA-512, SHA3-256 and so on.",
        Example("${word:hash('MD5')}", "900150983cd24fb0d6963f7d28e17f72", {"word": "abc"}),
        _hash,
    ),
    Function(
        "UUID3",
        _STRING,
        (Argument("namespace"),),
        _STRING,
        "The name-based UUID of version 3 (MD5) in the namespace, a UUID; a null namespace is the UUID of zeros.",
        Example(f"${{host:UUID3('{_NAMESPACE}')}}", "9073926b-929f-31c2-abc9-fad77ae3e8eb", {"host": "example.com"}),
        _uuid3,
    ),
    Function(
        "UUID5",
        _STRING,
        (Argument("namespace"),),
        _STRING,
        "The name-based UUID of version 5 (SHA-1) in the namespace, a UUID; a null namespace is the UUID of zeros.",
        Example(f"${{host:UUID5('{_NAMESPACE}')}}", "cfbff0d1-9375-5685-968c-48ce8b15ae17", {"host": "example.com"}),
        _uuid5,
    ),
)
