"""Long flows are broken into rows, as a long line of text is: where few ways are cut."""

from collections.abc import Sequence

from flowrun.drawing.lattice import Link

_MOST_CUT = 4
_SLACK = 0.25
"""How far from an even share of the width a row may end."""


def rows_of(widths: Sequence[float], links: Sequence[Link], limit: float) -> list[range]:
    """The ranks of each row. A row ends with a label, not with a processor that has its label in the next one."""
    total = sum(widths)
    count = -(-total // limit)
    if count <= 1:
        return [range(len(widths))]
    cut_by = [0] * len(widths)
    for link in links:
        cut_by[link.after.rank] += 1
    share = total / count
    rows: list[range] = []
    start = 0
    while start < len(widths):
        end = _end(widths, cut_by, start, share)
        rows.append(range(start, end))
        start = end
    return rows


def _end(widths: Sequence[float], cut_by: Sequence[int], start: int, share: float) -> int:
    """The rank with which the next row begins."""
    width = 0.0
    best, fewest = len(widths), (_MOST_CUT + 1, 0.0)
    for rank in range(start, len(widths)):
        if width > share * (1 + _SLACK) and best < len(widths):
            break
        is_processors = rank % 2 == 0
        if rank > start + 1 and is_processors and width >= share * (1 - _SLACK):
            found = (cut_by[rank], abs(width - share))
            if found < fewest:
                best, fewest = rank, found
        width += widths[rank]
    rest = sum(widths[best:])
    return best if rest > share * _SLACK else len(widths)
