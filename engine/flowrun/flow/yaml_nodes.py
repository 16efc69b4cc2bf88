"""What a YAML file consists of here: texts as written, lists and mappings, each with its place."""

from msgspec import Struct, field

from flowrun.errors import Place
from flowrun.flow.definition import Text


class Node(Struct):
    """Any part of a file, and where it begins."""

    file: str
    line: int
    column: int

    @property
    def place(self) -> Place:
        """Where it begins."""
        return Place(self.file, self.line, self.column)


class ScalarNode(Node):
    """One text. `absent` is `~` or nothing at all, which is not the empty text `""`; `broken` is reported already."""

    value: str
    value_column: int | None = None
    absent: bool = False
    broken: bool = False

    @property
    def text(self) -> Text:
        """The text with its place."""
        return Text(self.value, self.place, self.value_column)


class SequenceNode(Node):
    """A list."""

    items: list[Node] = field(default_factory=list)


class Entry(Struct):
    """A key of a mapping and its value."""

    key: ScalarNode
    value: Node


class MappingNode(Node):
    """Keys and values in the file's order. One that `is_damaged` lacks an entry whose key is no key, as reported."""

    entries: dict[str, Entry] = field(default_factory=dict)
    is_damaged: bool = False


def kind_of(node: Node | type[Node]) -> str:
    """The kind of a node in words: `text`, `a list`, `a mapping`."""
    kind = node if isinstance(node, type) else type(node)
    return {ScalarNode: "text", SequenceNode: "a list", MappingNode: "a mapping"}[kind]
