"""The keys of one mapping, read with what each is expected to hold."""

import re
from collections.abc import Collection

from flowrun.errors import Place
from flowrun.flow.definition import Text
from flowrun.flow.keys import FAMILIAR_WORDS, RESERVED_KEYS, Keys
from flowrun.flow.problem_list import ProblemList
from flowrun.flow.wording import NO_COLON, nearest, plain, quoted
from flowrun.flow.yaml_nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode, kind_of

_TRUE = frozenset(("true", "yes", "on"))
_FALSE = frozenset(("false", "no", "off"))


class Fields:
    """What a mapping holds under known keys; all that is not as expected is in the problems.

    A key whose spelling can be guessed is read as the key that was meant, so that one slip gives one problem.
    """

    def __init__(self, node: MappingNode, keys: Keys, problems: ProblemList) -> None:
        self._problems = problems
        self._written: set[str] = set()
        self._is_unclear = node.is_damaged
        self._values: dict[str, Node] = {}
        for name, entry in node.entries.items():
            if name in keys:
                self._written.add(name)
                self._take(name, entry, keys)
        for name, entry in node.entries.items():
            if name not in keys:
                self._unknown(entry, keys)

    def require(self, key: str, of: str, place: Place) -> None:
        """Report a key that is not there, unless it may be one that was not understood."""
        if not self.may_have(key):
            self._problems.lose(f"{of} has no {quoted(key)}", place)

    def text(self, key: str) -> Text | None:
        """The text under a key."""
        value = self._values.get(key)
        return value.text if isinstance(value, ScalarNode) else None

    def name(self, key: str) -> Text | None:
        """The text under a key that holds a name: parameters and expressions do not work in it."""
        text = self.text(key)
        return text if text is None or is_name(text, self._problems) else None

    def names(self, key: str) -> tuple[Text, ...]:
        """The names in a list."""
        value = self._values.get(key)
        return read_names(key, value, self._problems) if isinstance(value, SequenceNode) else ()

    def texts(self, key: str) -> tuple[Text, ...]:
        """The texts in a list."""
        value = self._values.get(key)
        items = value.items if isinstance(value, SequenceNode) else ()
        texts = (read_text_item(f"each item of {key}", item, self._problems) for item in items)
        return tuple(text for text in texts if text is not None)

    def choice(self, key: str, choices: Collection[str]) -> str | None:
        """The one of `choices` under a key."""
        text = self.text(key)
        if text is None:
            return None
        if text.value in choices:
            return text.value
        expected = ", ".join(choices)
        self._problems.report(f"{key}: expected one of {expected}, found {quoted(text.value)}", text.place)
        return None

    def flag(self, key: str) -> bool:
        """True or false under a key; false where it is missing."""
        text = self.text(key)
        if text is None:
            return False
        try:
            return flag(text.value)
        except ValueError as error:
            self._problems.report(f"{key}: {error}", text.place)
            return False

    def mapping(self, key: str) -> MappingNode | None:
        """The mapping under a key."""
        value = self._values.get(key)
        return value if isinstance(value, MappingNode) else None

    def sequence(self, key: str) -> SequenceNode | None:
        """The list under a key."""
        value = self._values.get(key)
        return value if isinstance(value, SequenceNode) else None

    def may_have(self, key: str) -> bool:
        """Whether the key was written, with whatever value, or may be one that was not understood."""
        return key in self._written or self._is_unclear

    def _take(self, name: str, entry: Entry, keys: Keys) -> None:
        value, key = entry.value, keys[name]
        if isinstance(value, ScalarNode) and (value.broken or value.absent):
            if not value.broken:
                mend = 'write "" for the empty text' if key.kind is ScalarNode else "give it one, or remove the line"
                self._problems.lose(f"{quoted(name)} has no value: {mend}", value.place)
        elif not isinstance(value, key.kind) and not (key.or_word and isinstance(value, ScalarNode)):
            message = f"{name} must be {kind_of(key.kind)}, found {kind_of(value)}"
            mend = "if it is text, put this in quotes" if key.kind is ScalarNode else f"write {name}: {key.example}"
            self._problems.lose(f"{message}: {mend}", value.place)
        else:
            self._values[name] = value

    def _unknown(self, entry: Entry, keys: Keys) -> None:
        name, place, value = entry.key.value, entry.key.place, entry.value
        if isinstance(value, ScalarNode) and value.absent and re.search(r"[ :]", name):
            self._is_unclear = True
            self._problems.lose(NO_COLON, place)
            return
        if name in RESERVED_KEYS:
            self._problems.lose(f"{name} is reserved and not yet supported: remove it", place)
            return
        if self._problems.is_full:
            self._problems.lose("unknown key", place)
            return
        familiar = [key for key in FAMILIAR_WORDS.get(plain(name), ()) if key in keys]
        meant = familiar[0] if familiar else nearest(name, keys)
        if meant is None:
            self._is_unclear = True
            self._problems.lose(f"unknown key {quoted(name)}{_expected(entry, keys)}", place)
            return
        self._problems.report(f"unknown key {quoted(name)}; did you mean {quoted(meant)}?", place)
        if meant in self._written:
            return
        self._written.add(meant)
        if isinstance(value, keys[meant].kind) and nearest(name, (meant,)):
            self._take(meant, entry, keys)
        else:
            self._problems.lost = True


def _expected(entry: Entry, keys: Keys) -> str:
    name, value = entry.key.value, entry.value
    if "properties" in keys and (name[:1].isupper() or " " in name):
        return ": a property stands under 'properties:'"
    if "processors" in keys and isinstance(value, MappingNode) and "type" in value.entries:
        return ": a processor stands under 'processors:'"
    return f"; expected one of {', '.join(keys)}"


def flag(text: str) -> bool:
    """True or false as a person writes it. Raises ValueError with what was expected."""
    lower = text.strip().lower()
    if lower not in _TRUE | _FALSE:
        raise ValueError(f"expected true or false, found {quoted(text)}")
    return lower in _TRUE


def is_name(text: Text, problems: ProblemList) -> bool:
    """Whether a text can be a name: one line that people can read, in which nothing is replaced."""
    name = text.value
    if "#{" in name or "${" in name:
        problems.lose("parameters and expressions work in values, never in names, types or arrows", text.place)
        return False
    if not name.strip() or name != name.strip() or not name.isprintable():
        problems.lose("a name is one line of visible characters, with no blank at its ends", text.place)
        return False
    return True


def read_names(key: str, node: SequenceNode, problems: ProblemList) -> tuple[Text, ...]:
    """The names in a list, each once."""
    names: dict[str, Text] = {}
    for item in node.items:
        text = read_text_item(f"each item of {key}", item, problems)
        if text is None or not is_name(text, problems):
            continue
        if text.value in names:
            problems.report(f"{quoted(text.value)} stands twice in {key}: remove one", text.place)
        names.setdefault(text.value, text)
    return tuple(names.values())


def read_text_item(what: str, node: Node, problems: ProblemList) -> Text | None:
    """The text that a node must be; None if it is none, which is then in the problems."""
    if not isinstance(node, ScalarNode):
        problems.lose(f"{what} must be text, found {kind_of(node)}: if it is text, put this in quotes", node.place)
        return None
    if node.absent and not node.broken:
        problems.lose(f'{what} has no value: write "" for the empty text', node.place)
    return None if node.absent or node.broken else node.text
