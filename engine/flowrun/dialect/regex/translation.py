"""From the syntax of `java.util.regex` to that of the `regex` library, version 1.

Everything is written out: no flag of Java becomes one of the library, whose line ends and cases differ.
"""

import re
import string
from dataclasses import dataclass, replace
from typing import Final

from flowrun.dialect.regex.assertions import caret, dollar, dot, escaped_assertion
from flowrun.dialect.regex.character_class import read_class
from flowrun.dialect.regex.character_set import CharacterSet, one
from flowrun.dialect.regex.escapes import character_escape, property_escape, set_escape
from flowrun.dialect.regex.pieces import Piece, alternatives, assertion, sequence
from flowrun.dialect.regex.reader import END, PatternReader
from flowrun.dialect.regex.repetition import read_repetition
from flowrun.errors import ExpressionError

_DIGITS: Final = frozenset(string.digits)
_LETTERS: Final = frozenset(string.ascii_letters)
_ALL_BUT_ONE: Final = re.compile(r"\[\^(\\x[0-9a-f]{2}|[^\\\[\]])\]")
_FLAGS: Final = frozenset("imsduxU")
_LOOK_AROUND: Final = ("=", "!", "<=", "<!")
_LONGEST_TEXT: Final = 64
_LARGEST: Final = 250_000


@dataclass(frozen=True, slots=True)
class Translation:
    """A Java pattern in the library's syntax, and its capturing groups."""

    text: str
    groups: int
    group_names: dict[str, int]


def translate(text: str) -> Translation:
    """Translate a Java pattern; raises ExpressionError at what Java refuses or the library cannot do."""
    translator = _Translator(text)
    translated = translator.translate()
    if translator.furthest_reference > translated.groups:
        translated = _Translator(text, groups=translated.groups).translate()
    if len(translated.text) > _LARGEST:
        raise ExpressionError(f"the pattern is too large: written out it has more than {_LARGEST:,} characters")
    return replace(translated, text=_kept_apart(translated.text))


def _kept_apart(text: str) -> str:
    """The same pattern, safe from the library's fault of taking `[^a]|[^b]` for `[^ab]`: each is written `[^aa]`.

    One such set alone stays as it is, since the library is quicker with it.
    """
    if len(set(_ALL_BUT_ONE.findall(text))) < 2:
        return text
    return _ALL_BUT_ONE.sub(r"[^\1\1]", text)


class _Translator:
    def __init__(self, text: str, *, groups: int | None = None) -> None:
        self.furthest_reference = 0
        self._reader = PatternReader(text)
        self._known_groups = groups
        self._groups = 0
        self._characters = 0
        self._names: dict[str, int] = {}

    def translate(self) -> Translation:
        """The whole pattern."""
        whole = self._alternatives()
        if self._reader.peek() is not END:
            self._reader.position += 1
            raise self._reader.error("the closing ) has no opening one; write \\) for the character")
        return Translation(whole.text, self._groups, self._names)

    def _alternatives(self) -> Piece:
        found = [self._sequence()]
        while self._reader.peek() == "|":
            self._reader.next()
            found.append(self._sequence())
        return alternatives(found)

    def _sequence(self) -> Piece:
        pieces: list[Piece] = []
        while (character := self._reader.peek()) is not END and character not in ("|", ")"):
            piece = self._group() if character == "(" else self._atom(character)
            if piece is not None:
                pieces.append(read_repetition(self._reader, piece))
        return sequence(pieces)

    def _atom(self, character: str) -> Piece:
        reader = self._reader
        if character in ("?", "*", "+"):
            reader.position += 1
            raise reader.error(f"{character} repeats nothing; write \\{character} for the character")
        if character == "{":
            return assertion("")
        if character == "[":
            return self._one_of(read_class(reader))
        if character == "\\":
            return self._escape()
        reader.next()
        if character == ".":
            return dot(reader.flags)
        if character == "^":
            return caret(reader.flags)
        if character == "$":
            return dollar(reader.flags)
        return self._character(character)

    def _character(self, character: str) -> Piece:
        return self._one_of(one(character, self._reader.flags), bare="i" not in self._reader.flags)

    def _one_of(self, members: CharacterSet, *, bare: bool = False) -> Piece:
        """One character of a set, written without brackets if `bare`.

        The library takes characters in a row for one text, and prepares its search for it in the cube of its length,
        however long that takes. So now and then one is written as `[xx]`, which is none to it.
        """
        self._characters += 1
        if self._characters % _LONGEST_TEXT == 0:
            return Piece(members.union(members).text)
        return Piece(members.content if bare else members.text)

    def _escape(self) -> Piece:
        reader = self._reader
        reader.position += 1
        letter = reader.raw()
        if letter in ("p", "P"):
            return self._one_of(property_escape(reader))
        reader.position += 1
        if letter == "k":
            return self._named_reference()
        if letter in _DIGITS and letter != "0":
            return self._reference(letter)
        if letter == "b" and reader.peek() == "{" and reader.raw(1) == "g":
            raise reader.error("\\b{g} is not supported; \\X matches a whole grapheme")
        found = escaped_assertion(letter, reader.flags)
        if found is not None:
            return found
        members = set_escape(letter, reader.flags)
        return self._one_of(members) if members else self._character(character_escape(reader, letter))

    def _named_reference(self) -> Piece:
        reader = self._reader
        if reader.read() != "<":
            raise reader.error("\\k must be followed by the name of a group: \\k<name>")
        name = self._group_name(reader.read())
        if name not in self._names:
            raise reader.error(f"no group of the name {name!r} stands before this place")
        return self._reference_to(self._names[name])

    def _reference(self, digit: str) -> Piece:
        """`\\11` is group 11 if there are so many groups up to here, else group 1 and the character 1."""
        number = int(digit)
        while (digit := self._reader.peek()) in _DIGITS and number * 10 + int(digit) <= self._groups:
            number = number * 10 + int(digit)
            self._reader.position += 1
        self.furthest_reference = max(self.furthest_reference, number)
        return self._reference_to(number)

    def _reference_to(self, number: int) -> Piece:
        if self._known_groups is not None and number > self._known_groups:
            return assertion("(?!)")
        case = "i-f" if "i" in self._reader.flags else ""
        return replace(assertion(f"(?{case}:\\{number})"), empty=False, bounded=False)

    def _group(self) -> Piece | None:
        """A group, or None for flags that hold from here on."""
        reader = self._reader
        reader.enter()
        flags = reader.flags
        opening = self._opening()
        if not opening:
            reader.leave()
            return None
        body = self._alternatives()
        if reader.read() != ")":
            raise reader.error("the group has no closing )")
        reader.flags = flags
        reader.leave()
        kind = opening[2:]
        if kind not in _LOOK_AROUND:
            return body.enclosed(opening, kind="other" if kind == ">" else "group")
        if kind[0] == "<" and not body.bounded:
            raise reader.error("a look-behind must have an obvious greatest length")
        return assertion(f"{opening}{body.text})")

    def _opening(self) -> str:
        """The start of the group as the library writes it; empty for flags without a group."""
        reader = self._reader
        if reader.next() != "?":
            self._groups += 1
            return "("
        kind = reader.raw(1)
        reader.position += 2
        if kind in (":", "=", "!", ">"):
            return f"(?{kind}"
        if kind != "<":
            reader.position -= 1
            return self._flags()
        kind = reader.read()
        if kind in ("=", "!"):
            return f"(?<{kind}"
        name = self._group_name(kind)
        if name in self._names:
            raise reader.error(f"a group of the name {name!r} stands before this one")
        self._groups += 1
        self._names[name] = self._groups
        return f"(?P<{name}>"

    def _group_name(self, character: str) -> str:
        name = ""
        while character in _LETTERS or (name and character in _DIGITS):
            name += character
            character = self._reader.read()
        if character != ">" or not name:
            raise self._reader.error("a group's name must be letters and digits, a letter first, and then >")
        return name

    def _flags(self) -> str:
        reader = self._reader
        for switch_on in (True, False):
            while (letter := reader.peek()) in _FLAGS:
                letters = frozenset("Uu" if letter == "U" else letter)
                reader.flags = reader.flags | letters if switch_on else reader.flags - letters
                reader.next()
            if letter != "-":
                break
            reader.next()
        match reader.read():
            case ")":
                return ""
            case ":":
                return "(?:"
            case "c":
                raise reader.error("the flag c (canonical equivalence) is not supported")
        raise reader.error("expected : ) = ! > < or the flags i m s d u x U after (?")
