"""Colours and letters of an SVG picture, for light and for dark surroundings."""

from collections.abc import Mapping

FONT = "-apple-system, 'Segoe UI', Helvetica, Arial, sans-serif"
TITLE, NAME, SMALL = 16.0, 13.0, 11.0
"""Font sizes in pixels."""

_LIGHT = {
    "ground": "fill:#ffffff",
    "card": "fill:#f6f8fa;stroke:#c4ccd4",
    "source": "stroke:#1a7f37",
    "missing": "stroke:#cf222e",
    "mark": "fill:#1a7f37",
    "ink": "fill:#1f2328",
    "faint": "fill:#59636e",
    "way": "stroke:#7d8793",
    "back": "stroke:#8250df",
    "tip": "fill:#7d8793",
    "tip-back": "fill:#8250df",
    "label": "fill:#ffffff",
    "dead": "fill:#bc4c00",
    "dot": "stroke:#59636e",
}
_DARK = {
    "ground": "fill:#0d1117",
    "card": "fill:#171d26;stroke:#3d444d",
    "source": "stroke:#3fb950",
    "missing": "stroke:#f85149",
    "mark": "fill:#3fb950",
    "ink": "fill:#e6edf3",
    "faint": "fill:#9198a1",
    "way": "stroke:#7a8490",
    "back": "stroke:#ab7df8",
    "tip": "fill:#7a8490",
    "tip-back": "fill:#ab7df8",
    "label": "fill:#0d1117",
    "dead": "fill:#f0883e",
    "dot": "stroke:#9198a1",
}


def stylesheet(scope: str) -> str:
    """The rules, for the picture whose id is `scope` alone: several may stand in one page."""
    rules = [
        f"#{scope} text{{font-family:{FONT};font-size:{SMALL:g}px}}",
        f"#{scope} .title{{font-size:{TITLE:g}px;font-weight:600}}",
        f"#{scope} .name{{font-size:{NAME:g}px;font-weight:600}}",
        f"#{scope} .middle{{text-anchor:middle}}",
        f"#{scope} .way,#{scope} .back{{fill:none;stroke-width:1.4}}",
        f"#{scope} .back{{stroke-dasharray:5 3}}",
        f"#{scope} .missing,#{scope} .off{{stroke-dasharray:4 3}}",
        f"#{scope} .dot{{fill:none;stroke-width:1.2}}",
        *_rules(scope, _LIGHT),
        "@media (prefers-color-scheme:dark){",
        *_rules(scope, _DARK),
        "}",
    ]
    return "\n".join(rules)


def _rules(scope: str, colors: Mapping[str, str]) -> list[str]:
    return [f"#{scope} .{name}{{{rule}}}" for name, rule in colors.items()]
