"""How values are written in a plan: on one line, without secrets, cut to where they differ."""

import re

from flowrun.flow.wording import quoted
from flowrun.masking import MASK, Masking
from flowrun.property import Declaration

_LONGEST = 60
_BEFORE = 20
_ONLY_REFERENCES = re.compile(r"(?:#\{[^}]*\}|[^\w#{}$]|\s)*")


class Wording:
    """Writes what stands in either of two flows; the secrets of both are masked."""

    def __init__(self, *masking: Masking) -> None:
        self._masking = masking

    def shown(self, text: str, declaration: Declaration | None = None) -> str:
        """The text without secrets. Of a sensitive property only references to parameters are shown."""
        if declaration is not None and declaration.sensitive and not _ONLY_REFERENCES.fullmatch(text):
            return MASK
        for masking in self._masking:
            text = masking.message(text)
        return text

    @staticmethod
    def change(old: str, new: str) -> str:
        """`'a' → 'b'`; of long texts the piece where they begin to differ."""
        if old == new:
            return "changed (it is not shown)"
        if max(len(old), len(new)) <= _LONGEST:
            return f"{quoted(old)} → {quoted(new)}"
        same = next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
        return f"{quoted(_piece(old, same))} → {quoted(_piece(new, same))}"


def _piece(text: str, at: int) -> str:
    start = max(0, at - _BEFORE) if at + _BEFORE > _LONGEST else 0
    piece = text[start : start + _LONGEST]
    return ("…" if start else "") + piece + ("…" if start + len(piece) < len(text) else "")
