"""Entries of a mapping without braces change places, line by line, and take their comments with them.

Comments and empty lines belong to the entry below them, but comments that are indented further than the keys are, to
the one above. What stands above the file's first entry belongs to the file; no mapping begins with empty lines.
"""

import re

from msgspec import Struct

from flowrun.flow.formatting.edits import Edit
from flowrun.flow.formatting.source import Mapping

_EMPTY_LINES = re.compile(r"(?:[ \t]*\r?\n)*")


class _Block(Struct):
    """An entry with its lines: `gap`, empty lines; `lead`, comments; and `body`, without its first indentation."""

    gap: str
    lead: str
    body: str


def blocks_in_order(mapping: Mapping, order: list[int], text: str, *, is_root: bool) -> Edit | None:
    """The edit that puts the entries in that order; None if a line holds more than one entry or part of one."""
    line_starts = [text.rfind("\n", 0, entry.key.start) + 1 for entry in mapping.entries]
    prefixes = [text[start : entry.key.start] for start, entry in zip(line_starts, mapping.entries, strict=True)]
    first = prefixes[0]
    if first.strip(" -") or any(prefix != " " * len(first) for prefix in prefixes[1:]):
        return None
    ends = [_end_of_lines(entry.value.end, len(first), text) for entry in mapping.entries]
    if any(end > start for end, start in zip(ends, line_starts[1:], strict=False)):
        return None
    lead = "" if is_root or first.strip() else _comments_above(line_starts[0], text)
    line_break = "\r\n" if "\r\n" in text else "\n"
    blocks = [_Block("", lead, _whole_lines(text[mapping.entries[0].key.start : ends[0]], line_break))]
    for entry, start, end, last_end in zip(mapping.entries[1:], line_starts[1:], ends[1:], ends, strict=False):
        above = text[last_end:start]
        gap = _EMPTY_LINES.match(above)[0]  # type: ignore[index]
        blocks.append(_Block(gap, above[len(gap) :], _whole_lines(text[entry.key.start : end], line_break)))
    written = _assembled(blocks, order, first)
    start, end = line_starts[0] - len(lead), ends[-1]
    return Edit(start, end, written if text[start:end].endswith("\n") else written.removesuffix(line_break))


def _assembled(blocks: list[_Block], order: list[int], first: str) -> str:
    """The lines in their new order; `first` is what stands before the first key, blanks or `- `."""
    parts: list[str] = []
    for position, index in enumerate(order):
        block = blocks[index]
        if position:
            gap = block.gap if index else blocks[order[0]].gap
            parts += (gap, block.lead, " " * len(first), block.body)
        else:
            parts += (_indented(block.lead, first), first, block.body)
    return "".join(parts)


def _indented(lead: str, first: str) -> str:
    """Comments above `- key` are indented as the `-` is."""
    indent = first[: len(first) - len(first.lstrip(" "))]
    return lead if not first.strip() else re.sub(r"^[ \t]+(?=#)", indent, lead, flags=re.MULTILINE)


def _comments_above(line_start: int, text: str) -> str:
    start = line_start
    while start:
        above = text.rfind("\n", 0, start - 1) + 1
        if not text[above:start].lstrip(" \t").startswith("#"):
            break
        start = above
    return text[start:line_start]


def _end_of_lines(end: int, column: int, text: str) -> int:
    """The end of the line in which an entry ends, and of the comments below it that are indented further."""
    if text[end - 1] != "\n":
        line_break = text.find("\n", end)
        end = len(text) if line_break < 0 else line_break + 1
    deeper = re.compile(rf"(?:(?:[ \t]*\r?\n)* {{{column + 1},}}#[^\n]*(?:\n|\Z))+").match(text, end)
    return end if deeper is None else deeper.end()


def _whole_lines(lines: str, line_break: str) -> str:
    return lines if lines.endswith("\n") else lines + line_break
