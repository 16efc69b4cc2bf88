"""YAML text → nodes. Limits hold before anything is built: depth, number of values, what aliases expand to.

Built from the parser's events, never by its composer: libyaml's composer recurses in C, and 100,000 nested brackets
end the process.
"""

from typing import Any

import yaml

from flowrun.errors import FlowError, Place, Problem
from flowrun.flow.problem_list import ProblemList
from flowrun.flow.wording import COMMENTED_REFERENCE, quoted
from flowrun.flow.yaml_nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode
from flowrun.flow.yaml_text import BEFORE_COMMENTED_REFERENCE, UNPRINTABLE, place_behind

DEPTH_LIMIT = 64
VALUE_LIMIT = 200_000

Event = Any
"""An event of PyYAML, whose type stubs say that its marks may be missing; an event of a parser has both."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(text: str, file: str, problems: ProblemList) -> Node | None:
    """The one document of `text`; None if there is none or it is no YAML, and `problems` says so."""
    unprintable = UNPRINTABLE.search(text)
    if unprintable:
        message = f"the character U+{ord(unprintable[0]):04X} may not stand in a YAML file: remove it"
        problems.lose(message, place_behind(text[: unprintable.start()], file))
        return None
    composer = _Composer(text, file, problems)
    try:
        parser = _LOADER(text)
        while (event := parser.get_event()) is not None:
            composer.take(event)
    except FlowError as error:
        problems.add(error)
        return None
    except yaml.MarkedYAMLError as error:
        from flowrun.flow.yaml_mistakes import explain  # 3 ms that a file without such mistakes need not pay

        message, line, column = explain(error, text)
        problems.lose(message, Place(file, line, column))
        return None
    except yaml.YAMLError as error:
        problems.lose(f"this file is not valid YAML: {quoted(str(error))}", Place(file, 1, 1))
        return None
    if composer.root is None:
        problems.lose("this file is empty", Place(file, 1, 1))
    return composer.root


class _Composer:
    """Takes the parser's events one by one and builds the node of the document."""

    def __init__(self, text: str, file: str, problems: ProblemList) -> None:
        self.root: Node | None = None
        self._file = file
        self._problems = problems
        self._values = 0
        self._open: list[_Open] = []
        self._anchors: dict[str, _Anchored | None] = {}
        self._unused_anchors: dict[str, Place] = {}
        self._commented = {found.start(): len(found[0]) for found in BEFORE_COMMENTED_REFERENCE.finditer(text)}
        self._scalar_end: Any = None

    def take(self, event: Event) -> None:
        """One event. Raises FlowError where reading cannot go on."""
        if isinstance(event, yaml.ScalarEvent):
            self._count(event)
            node = self._scalar(event)
            if event.anchor:
                self._anchor(event.anchor, _Anchored(node, 1))
            self._place(node)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._start(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._end()
        elif isinstance(event, yaml.AliasEvent):
            self._place(self._aliased(event))
        elif isinstance(event, yaml.StreamEndEvent):
            for place in self._unused_anchors.values():
                message = "no alias uses this anchor: if '&' belongs to the text, put it in quotes"
                self._problems.warn(message, place)
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            raise self._stop("a second document begins here: one file holds one flow", event)
        self._scalar_end = event.end_mark if isinstance(event, yaml.ScalarEvent) else None

    def _scalar(self, event: Event) -> ScalarNode:
        start, end = event.start_mark, event.end_mark
        node = ScalarNode(self._file, start.line + 1, start.column + 1, event.value)
        plain = not event.style
        opening = 0 if plain else 1
        same_line = start.line == end.line
        if same_line and event.style not in ("|", ">") and end.index - start.index == len(event.value) + 2 * opening:
            node.value_column = node.column + opening
        node.absent = plain and event.value in ("", "~")
        node.broken = bool(event.tag)
        if self._commented:
            self._look_for_comment(event, node)
        return node

    def _look_for_comment(self, event: Event, node: ScalarNode) -> None:
        """Report a plain value that ends, or is preceded on its key's line, by a comment that begins `#{`."""
        blanks = self._commented.get(event.end_mark.index)
        if blanks is not None and not event.style:
            node.broken = True
            column = node.column if node.value else node.column + blanks
            self._problems.lose(COMMENTED_REFERENCE, Place(self._file, node.line, column))
        key_end = self._scalar_end
        if key_end is not None and key_end.line < event.start_mark.line:
            blanks = self._commented.get(key_end.index + 1)
            if blanks is not None:
                node.broken = True
                place = Place(self._file, key_end.line + 1, key_end.column + blanks + 2)
                self._problems.lose(COMMENTED_REFERENCE, place)

    def _start(self, event: Event) -> None:
        self._count(event)
        if len(self._open) >= DEPTH_LIMIT:
            raise self._stop(f"more than {DEPTH_LIMIT} levels of nesting", event)
        kind = MappingNode if isinstance(event, yaml.MappingStartEvent) else SequenceNode
        node = kind(self._file, event.start_mark.line + 1, event.start_mark.column + 1)
        if event.anchor:
            self._anchors[event.anchor] = None
        self._open.append(_Open(node, event.anchor, self._values))

    def _end(self) -> None:
        done = self._open.pop()
        if done.anchor:
            self._anchor(done.anchor, _Anchored(done.node, self._values - done.values_before + 1))
        self._place(done.node)

    def _anchor(self, name: str, anchored: "_Anchored") -> None:
        self._anchors[name] = anchored
        if isinstance(anchored.node, ScalarNode) and anchored.node.absent:
            anchored.node.broken = True
            self._problems.lose("a value that begins with '&': put this in quotes", anchored.node.place)
        else:
            self._unused_anchors[name] = anchored.node.place

    def _aliased(self, event: Event) -> Node:
        if event.anchor not in self._anchors:
            message = "a value that begins with '*' is a YAML alias, and there is no such anchor: put this in quotes"
            raise self._stop(message, event)
        anchored = self._anchors[event.anchor]
        if anchored is None:
            raise self._stop("this alias stands inside its own anchor", event)
        self._unused_anchors.pop(event.anchor, None)
        self._values += anchored.values
        self._count(event)
        return anchored.node

    def _place(self, node: Node) -> None:
        """Put a finished node where it belongs: the root, a list's next item, a mapping's next key or value."""
        if not self._open:
            self.root = node
            return
        inside = self._open[-1]
        if isinstance(inside.node, SequenceNode):
            inside.node.items.append(node)
        elif not inside.has_key:
            inside.has_key = True
            inside.key = self._checked_key(node, inside.node)
            inside.node.is_damaged |= inside.key is None
        else:
            if inside.key is not None:
                inside.node.entries[inside.key.value] = Entry(inside.key, node)
            inside.has_key, inside.key = False, None

    def _checked_key(self, node: Node, mapping: MappingNode) -> ScalarNode | None:
        if not isinstance(node, ScalarNode) or node.absent:
            self._problems.lose("a key must be text: put it in quotes", node.place)
            return None
        if node.value == "<<":
            self._problems.lose("merge keys ('<<') are not known here: write the keys out", node.place)
            return None
        first = mapping.entries.get(node.value)
        if first is not None:
            message = f"key {quoted(node.value)} appears twice, first in line {first.key.line}: remove one"
            self._problems.lose(message, node.place)
            return None
        return node

    def _count(self, event: Event) -> None:
        self._values += 1
        if self._values > VALUE_LIMIT:
            what = "aliases expand to" if isinstance(event, yaml.AliasEvent) else "this file holds"
            raise self._stop(f"{what} more than {VALUE_LIMIT} values", event)
        if getattr(event, "tag", None):
            self._problems.lose("a value that begins with '!' is a YAML tag: put this in quotes", self._place_of(event))

    def _stop(self, message: str, event: Event) -> FlowError:
        return FlowError(Problem(message, self._place_of(event)))

    def _place_of(self, event: Event) -> Place:
        return Place(self._file, event.start_mark.line + 1, event.start_mark.column + 1)


class _Open:
    """A list or mapping whose end is not reached, and the key that waits for its value."""

    __slots__ = ("anchor", "has_key", "key", "node", "values_before")

    def __init__(self, node: MappingNode | SequenceNode, anchor: str | None, values_before: int) -> None:
        self.node = node
        self.anchor = anchor
        self.values_before = values_before
        self.has_key = False
        self.key: ScalarNode | None = None


class _Anchored:
    """A node that aliases may repeat, and how many values each repetition adds."""

    __slots__ = ("node", "values")

    def __init__(self, node: Node, values: int) -> None:
        self.node = node
        self.values = values
