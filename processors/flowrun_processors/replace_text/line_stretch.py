"""Searches that find one stretch of a line, whatever the line holds: the whole of it, or a run of blanks at its end.

They are written so often, the default Search Value first of all, that it is worth finding the stretch without them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .lines import has_other_line_ends, split_lines

_WHOLE = re.compile(r"(?P<dot_all>\(\?s\))?(?:\(\^\.\*\$\)|\^\(\.\*\)\$|\^\.\*\$)")
_BLANKS_AT_THE_END = re.compile(
    r"(?P<group>\()? (?: (?P<one>\\[st]|[ ]) | \[ (?P<several>(?:\\[st]|[ ])+) \] ) \+ (?(group) (?:\)\$|\$\)) | \$)",
    re.VERBOSE,
)
_BLANKS = {r"\s": " \t\n\x0b\f\r", r"\t": "\t", " ": " "}
_LINE_END = "\r\n"


@dataclass(frozen=True, slots=True)
class LineStretch:
    """The one stretch of a line that is found: all of it, or the run of these `blanks` at its end, if there is any.

    The line's end belongs to it `with_end`. A group is the same stretch.
    """

    blanks: str
    with_end: bool

    def replace(self, lines: str, literals: Sequence[str]) -> str | None:
        """Lines with the stretch of each replaced by these texts, itself between each two; None where it is not sure.

        What is not sure are line ends that don't end a line here, but before which a `$` of Java matches too.
        """
        if has_other_line_ends(lines) and (self.blanks or not self.with_end):
            return None
        if self.blanks:
            return "".join([self._without_blanks(line, literals) for line in split_lines(lines)])
        if self.with_end:
            return "".join([line.join(literals) for line in split_lines(lines)])
        bodies = [(line.rstrip(_LINE_END), line) for line in split_lines(lines)]
        return "".join([f"{body.join(literals)}{line[len(body) :]}" for body, line in bodies])

    def _without_blanks(self, line: str, literals: Sequence[str]) -> str:
        body = line if self.with_end else line.rstrip(_LINE_END)
        kept = body.rstrip(self.blanks)
        found = body[len(kept) :]
        return f"{kept}{found.join(literals)}{line[len(body) :]}" if found else line


def line_stretch(pattern: str) -> LineStretch | None:
    """The stretch that a Java pattern finds in each line; None where it is not known to be one."""
    whole = _WHOLE.fullmatch(pattern)
    if whole is not None:
        return LineStretch("", with_end=whole["dot_all"] is not None)
    end = _BLANKS_AT_THE_END.fullmatch(pattern)
    if end is None:
        return None
    blanks = "".join([_BLANKS[item] for item in re.findall(r"\\.| ", end["one"] or end["several"])])
    return LineStretch(blanks, with_end=_LINE_END[0] in blanks)
