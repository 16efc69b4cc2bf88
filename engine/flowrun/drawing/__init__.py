"""Pictures of flows: what is drawn (`picture`), and the formats it is drawn in, one module each.

A picture is computed from the flow, never stored. It needs no parameter values, and no processor that is right.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from flowrun.drawing.dot import dot
from flowrun.drawing.mermaid import mermaid
from flowrun.drawing.picture import DrawnConnection, DrawnProcessor, Picture, picture_of
from flowrun.drawing.svg import svg
from flowrun.drawing.text import text

FORMATS: Mapping[str, Callable[[Picture], str]] = MappingProxyType(
    {"mermaid": mermaid, "dot": dot, "svg": svg, "text": text}
)

__all__ = ["FORMATS", "DrawnConnection", "DrawnProcessor", "Picture", "picture_of"]
