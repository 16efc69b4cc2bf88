"""A flow in Graphviz's language."""

from xml.sax.saxutils import escape

from flowrun.drawing.picture import DrawnConnection, DrawnProcessor, Picture

_HEAD = """\
digraph {name} {{
  graph [rankdir=LR, label={label}, labelloc=t, fontname="Helvetica", nodesep=0.3, ranksep=0.5]
  node [shape=box, style=rounded, fontname="Helvetica", fontsize=12, margin="0.15,0.08"]
  edge [fontname="Helvetica", fontsize=10, color="#6e7781", arrowsize=0.7]
"""
_SMALL = '<font point-size="9" color="#59636e">{}</font>'
_DEAD_LETTER = '<font point-size="9" color="#bc4c00">{}: dead letter</font>'
_ENDED = '<font point-size="9" color="#59636e">{}: ends</font>'


def dot(picture: Picture) -> str:
    """A `digraph`, left to right."""
    title = f"{picture.flow}: {picture.description}" if picture.description else picture.flow
    lines = [_node(processor) for processor in picture.processors]
    lines += [_edge(connection) for connection in picture.connections]
    return _HEAD.format(name=_quoted(picture.flow), label=_quoted(title)) + "\n".join(lines) + "\n}\n"


def _node(processor: DrawnProcessor) -> str:
    words = "no such processor" if processor.is_missing else processor.type
    rows = [f"<b>{_escaped(processor.name)}</b>"]
    rows += [_SMALL.format(_escaped(small)) for small in (words, processor.schedule) if small]
    rows += [_DEAD_LETTER.format(_escaped(name)) for name in processor.dead_letters]
    rows += [_ENDED.format(_escaped(name)) for name in processor.ended]
    settings = [f"label=<{'<br/>'.join(rows)}>"]
    if processor.is_source:
        settings += ['color="#1a7f37"', "penwidth=2"]
    if processor.is_disabled or processor.is_missing:
        settings.append('style="rounded,dashed"')
    if processor.is_missing:
        settings.append('color="#cf222e"')
    return f"  {_quoted(processor.name)} [{', '.join(settings)}]"


def _edge(connection: DrawnConnection) -> str:
    label = f" [label={_quoted(connection.label)}]" if connection.label else ""
    return f"  {_quoted(connection.source)} -> {_quoted(connection.destination)}{label}"


def _quoted(text: str) -> str:
    r"""A quoted string: `"` is escaped, and `\`, which begins one of Graphviz's own escapes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _escaped(text: str) -> str:
    return escape(text)
