"""A flow as Mermaid, which GitHub, GitLab and many editors draw where it stands in a Markdown page."""

import re

from flowrun.drawing.picture import DrawnProcessor, Picture

_STYLES = {
    "source": "stroke:#1a7f37,stroke-width:2px",
    "disabled": "stroke-dasharray:4 3,opacity:0.6",
    "missing": "stroke:#cf222e,stroke-dasharray:4 3",
}
_SPECIAL = re.compile(r"[^\w ,.:/()-]|^[.:-]|\.(?= )|\b_|_\b")


def mermaid(picture: Picture) -> str:
    """A `flowchart`, left to right."""
    ids = _ids(picture)
    lines = ["flowchart LR"]
    lines += [f"  {ids[processor.name]}{_box(processor)}" for processor in picture.processors]
    for connection in picture.connections:
        label = f'-- "{_escaped(connection.label)}" -->' if connection.label else "-->"
        lines.append(f"  {ids[connection.source]} {label} {ids[connection.destination]}")
    for kind, chosen in _classes(picture).items():
        if chosen:
            lines.append(f"  classDef {kind} {_STYLES[kind]}")
            lines.append(f"  class {','.join(ids[name] for name in chosen)} {kind}")
    return "\n".join(lines) + "\n"


def _box(processor: DrawnProcessor) -> str:
    words = "no such processor" if processor.is_missing else processor.type
    small = [words, processor.schedule]
    small += [f"{name}: dead letter" for name in processor.dead_letters]
    small += [f"{name}: ends" for name in processor.ended]
    text = f"<b>{_escaped(processor.name)}</b>" + "".join(f"<br/><small>{_escaped(s)}</small>" for s in small if s)
    return f'(["{text}"])' if processor.is_source else f'["{text}"]'


def _classes(picture: Picture) -> dict[str, list[str]]:
    return {
        "source": [processor.name for processor in picture.processors if processor.is_source],
        "disabled": [processor.name for processor in picture.processors if processor.is_disabled],
        "missing": [processor.name for processor in picture.processors if processor.is_missing],
    }


def _ids(picture: Picture) -> dict[str, str]:
    """An id for each name that is no word of Mermaid's, and by which a person still knows the name."""
    ids: dict[str, str] = {}
    used: set[str] = set()
    for processor in picture.processors:
        plain = "p_" + re.sub(r"[^A-Za-z0-9]+", "_", processor.name).strip("_")
        number, candidate = 2, plain
        while candidate in used:
            number, candidate = number + 1, f"{plain}_{number}"
        used.add(candidate)
        ids[processor.name] = candidate
    return ids


def _escaped(text: str) -> str:
    """Every character that may mean something to Mermaid, Markdown or HTML as a numbered entity."""
    return _SPECIAL.sub(lambda found: f"#{ord(found[0])};", text)
