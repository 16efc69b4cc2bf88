"""Java's `[…]`: ranges, negation, nesting, union and intersection."""

from flowrun.dialect.regex.character_set import CharacterSet, between, one
from flowrun.dialect.regex.escapes import character_escape, property_escape, set_escape
from flowrun.dialect.regex.reader import END, PatternReader


def read_class(reader: PatternReader) -> CharacterSet:
    """The class at whose `[` the reader stands; raises ExpressionError if it is none of Java's."""
    return _ClassReader(reader).read(closing=True)


class _ClassReader:
    """One level of brackets, read as Java does.

    Java keeps plain Latin-1 characters aside, and joins them last or before an `&&`.
    What follows `&&` up to the bracket is one operand.
    """

    def __init__(self, reader: PatternReader) -> None:
        self._reader = reader
        self._whole: CharacterSet | None = None
        self._latest: CharacterSet | None = None
        self._plain = CharacterSet("")
        self._plain_waits = False

    def read(self, *, closing: bool) -> CharacterSet:
        """The set, up to the `]`, which is taken if `closing`."""
        reader = self._reader
        reader.enter()
        negated = reader.next() == "^" and reader.raw(-1) == "["
        if negated:
            reader.next()
        while not self._at_end():
            self._read_item()
        if closing:
            reader.next()
        reader.leave()
        whole = self._joined() or CharacterSet("")
        return whole.negated() if negated else whole

    def _at_end(self) -> bool:
        character = self._reader.peek()
        if character is END:
            raise self._reader.error("the character class has no closing ]")
        return character == "]" and (self._whole is not None or self._plain_waits)

    def _read_item(self) -> None:
        reader = self._reader
        character = reader.peek()
        if character == "[":
            self._latest = _ClassReader(reader).read(closing=True)
            self._whole = _union(self._whole, self._latest)
            return
        if character == "&":
            before = reader.position
            if reader.next() == "&":
                self._intersect()
                return
            reader.position = before
        self._latest = self._read_range()
        if self._latest is None:
            self._plain_waits = True
        else:
            self._whole = _union(self._whole, self._latest)

    def _intersect(self) -> None:
        reader = self._reader
        character = reader.next()
        right: CharacterSet | None = None
        while character not in ("]", "&"):
            if character is END:
                raise reader.error("the character class has no closing ]")
            nested = character == "["
            if not nested:
                reader.position -= 1
            right = _union(right, _ClassReader(reader).read(closing=nested))
            character = reader.peek()
        if self._plain_waits:
            if self._whole is None:
                self._latest = self._plain
            self._whole = self._joined()
            self._plain_waits = False
        self._latest = right or self._latest
        if self._whole is None:
            if right is None:
                raise reader.error("&& has nothing on either side")
            self._whole = right
        elif self._latest is None:
            raise reader.error("&& has nothing on its right side")
        else:
            self._whole = self._whole.intersection(self._latest)

    def _joined(self) -> CharacterSet | None:
        return _union(self._whole, self._plain) if self._plain_waits else self._whole

    def _read_range(self) -> CharacterSet | None:
        """One character, range or set; None if it was a plain character, now among the others."""
        reader = self._reader
        low = self._read_character(range_end=False)
        if isinstance(low, CharacterSet):
            return low
        if reader.peek() == "-" and reader.raw(1) not in ("[", "]"):
            reader.next()
            high = self._read_character(range_end=True)
            if isinstance(high, CharacterSet) or high < low:
                raise reader.error("the range ends before it begins")
            return between(low, high, reader.flags)
        found = one(low, reader.flags)
        if ord(low) > 0xFF:
            return found
        self._plain = self._plain.union(found)
        return None

    def _read_character(self, *, range_end: bool) -> str | CharacterSet:
        reader = self._reader
        character = reader.peek()
        if character is END:
            raise reader.error("the character class has no closing ]")
        reader.position += 1
        if character != "\\":
            return character
        letter = reader.raw()
        if letter in ("p", "P") and not range_end:
            return property_escape(reader)
        reader.position += 1
        if letter == "v" and (range_end or reader.raw() == "-"):
            return "\x0b"
        return set_escape(letter, reader.flags) or character_escape(reader, letter)


def _union(left: CharacterSet | None, right: CharacterSet) -> CharacterSet:
    return right if left is None else left.union(right)
