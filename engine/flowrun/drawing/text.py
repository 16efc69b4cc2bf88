"""A flow as lines for a terminal: each processor, and beneath it where each of its relationships leads."""

from flowrun.drawing.cycles import back_edges
from flowrun.drawing.layers import layers_of
from flowrun.drawing.picture import DrawnProcessor, Picture


def text(picture: Picture) -> str:
    """Processors in the order in which flowfiles pass them; a way back is marked."""
    edges = [(connection.source, connection.destination) for connection in picture.connections]
    names = [processor.name for processor in picture.processors]
    back = back_edges(names, edges)
    layer = layers_of(names, [edge for number, edge in enumerate(edges) if number not in back])
    lines = [f"{picture.flow}: {picture.description}" if picture.description else picture.flow]
    for processor in sorted(picture.processors, key=lambda drawn: layer[drawn.name]):
        lines += ["", _headline(processor)]
        for number, connection in enumerate(picture.connections):
            if connection.source == processor.name:
                shaft = f"── {connection.label} ──▶" if connection.label else "──▶"
                lines.append(f"    {shaft} {connection.destination}" + ("  ↺ back" if number in back else ""))
        lines += [f"    ── {name} ──✕ dead letter" for name in processor.dead_letters]
        lines += [f"    ── {name} ──■ ends" for name in processor.ended]
    return "\n".join(lines) + "\n"


def _headline(processor: DrawnProcessor) -> str:
    mark = "▶ " if processor.is_source else "  "
    words = "no such processor" if processor.is_missing else processor.type
    notes = [f"{mark}{processor.name}", words, processor.schedule, "disabled" if processor.is_disabled else ""]
    return "  ".join(note for note in notes if note)
