"""`SOURCE -- RELATIONSHIP[, RELATIONSHIP…] --> DESTINATION`, read with the place of each name."""

import re
from typing import NamedTuple

from flowrun.errors import FlowError, Place, Problem
from flowrun.flow.definition import Text
from flowrun.flow.wording import quoted

FORM = "SOURCE -- RELATIONSHIP --> DESTINATION"

_HEAD = "-->"
_SHAFT = re.compile(r"\s--(?=\s|$)")
_OTHER_HEAD = re.compile(r"(?<!-)(?:-{3,}|-)>|-->>|(?<![=~])[=~]+>|(?<![-–—])[-–—]*[→⟶]|(?<![–—])[–—]+>")


class Arrow(NamedTuple):
    """What an arrow names; no relationships means the source's only one."""

    source: Text
    relationships: tuple[Text, ...]
    destination: Text


def parse_arrow(text: Text) -> Arrow:
    """The arrow that a text is. Raises FlowError with one problem at the place of the mistake."""
    written = text.value
    other = _OTHER_HEAD.search(written)
    if other:
        raise _error(f"expected '-->', found {quoted(other[0])}", text.place_of(other.start()))
    head = written.find(_HEAD)
    if head < 0:
        raise _error(f"this is no arrow: expected {FORM}", text.place)
    again = written.find(_HEAD, head + len(_HEAD))
    if again >= 0:
        raise _error("a second '-->': write one arrow an item", text.place_of(again))
    destination = _trimmed(text, head + len(_HEAD), len(written))
    if not destination.value:
        raise _error("no destination after '-->'", text.place_of(head))
    shaft = _SHAFT.search(written, 0, head)
    source = _trimmed(text, 0, shaft.start() if shaft else head)
    if not source.value:
        raise _error(f"no source before the arrow: expected {FORM}", text.place)
    return Arrow(source, _relationships(text, shaft.end(), head) if shaft else (), destination)


def _relationships(text: Text, start: int, end: int) -> tuple[Text, ...]:
    names: dict[str, Text] = {}
    for piece in text.value[start:end].split(","):
        name = _trimmed(text, start, start + len(piece))
        if not name.value:
            raise _error("a relationship is missing between '--' and '-->'", text.place_of(start))
        if name.value in names:
            raise _error(f"relationship {quoted(name.value)} stands twice in this arrow", name.place)
        names[name.value] = name
        start += len(piece) + 1
    return tuple(names.values())


def _trimmed(text: Text, start: int, end: int) -> Text:
    piece = text.value[start:end]
    start += len(piece) - len(piece.lstrip())
    return text.part(start, start + len(piece.strip()))


def _error(message: str, place: Place) -> FlowError:
    return FlowError(Problem(message, place))
