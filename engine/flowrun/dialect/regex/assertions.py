"""Java's `^ $ . \\b \\B \\A \\G \\R \\X \\Z \\z` in the library's syntax."""

from typing import Final

from flowrun.dialect.regex.pieces import Piece, assertion
from flowrun.dialect.regex.properties import ASCII_WORD, UNICODE_WORD

_LINE_ENDS = r"\r\x85\u2028\u2029"

ANY_BUT_LINE_END: Final = Piece(rf"[^\n{_LINE_ENDS}]")
ANY_BUT_NEWLINE: Final = Piece(r"[^\n]")
ANYTHING: Final = Piece("(?s:.)")
LINE_BREAK: Final = Piece(r"(?:\r\n|[\n\x0b\f\r\x85\u2028\u2029])", kind="other", longest=2)
WHOLE_LINE_BREAK: Final = Piece(r"(?>\r\n|[\n\x0b\f\r\x85\u2028\u2029])", kind="other", longest=2)
r"""What Java repeats for a repeated `\R`: it never parts CR from LF."""
LAST_MATCH: Final = r"\G"

_START: Final = assertion(r"\A")
_LINE_START: Final = assertion(r"(?:(?:\A|(?<=[\n\x85\u2028\u2029])|(?<=\r)(?!\n))(?!\Z))")
_UNIX_LINE_START: Final = assertion(r"(?:(?:\A|(?<=\n))(?!\Z))")
_LINE_END: Final = assertion(rf"(?:(?=[{_LINE_ENDS}]|\Z)|(?<!\r)(?=\n))")
_UNIX_LINE_END: Final = assertion(r"(?=\n|\Z)")
_FINAL_LINE_END: Final = assertion(rf"(?:(?=(?:\r\n|[{_LINE_ENDS}])?\Z)|(?<!\r)(?=\n\Z))")
_FINAL_UNIX_LINE_END: Final = assertion(r"(?=\n?\Z)")

_CLUSTER: Final = Piece(r"\X", kind="other", longest=0, deterministic=False)

# Java counts a combining mark as part of the word that it stands on.
_MARK = r"\p{Mn}(?<=[\p{L}\p{Nd}]\p{Mn}+)"
_WORD = rf"(?:{ASCII_WORD.text}|{_MARK})"


def dot(flags: frozenset[str]) -> Piece:
    """Any character, without line ends unless the flag `s` is on."""
    if "s" in flags:
        return ANYTHING
    return ANY_BUT_NEWLINE if "d" in flags else ANY_BUT_LINE_END


def caret(flags: frozenset[str]) -> Piece:
    """The start of the text; of each line, if the flag `m` is on, but never the very end."""
    if "m" not in flags:
        return _START
    return _UNIX_LINE_START if "d" in flags else _LINE_START


def dollar(flags: frozenset[str]) -> Piece:
    """The end of the text or before its final line end; of each line, if the flag `m` is on."""
    if "m" not in flags:
        return _FINAL_UNIX_LINE_END if "d" in flags else _FINAL_LINE_END
    return _UNIX_LINE_END if "d" in flags else _LINE_END


def escaped_assertion(letter: str, flags: frozenset[str]) -> Piece | None:
    """`\\A \\b \\B \\G \\R \\X \\Z \\z`; None for any other letter."""
    match letter:
        case "A":
            return _START
        case "b" | "B":
            return _boundary(UNICODE_WORD.text if "U" in flags else _WORD, inside=letter == "B")
        case "G":
            return assertion(LAST_MATCH)
        case "R":
            return LINE_BREAK
        case "X":
            return _CLUSTER
        case "Z":
            return dollar(flags - {"m"})
        case "z":
            return assertion(r"\Z")
    return None


def _boundary(word: str, *, inside: bool) -> Piece:
    if inside:
        return assertion(f"(?:(?<={word})(?={word})|(?<!{word})(?!{word}))")
    return assertion(f"(?:(?<={word})(?!{word})|(?<!{word})(?={word}))")
