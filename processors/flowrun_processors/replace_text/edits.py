"""What can be done to a text: the part that all strategies have in common, and those that look for nothing."""

from dataclasses import dataclass
from typing import Protocol, TypeAlias

from .lines import LINE_END, final_line_end
from .refusal import NotChangedError


class SearchingEdit(Protocol):
    """A change that looks for something, with every expression evaluated that does not depend on a match."""

    def edit_text(self, text: str) -> str:
        """The whole text changed."""
        ...

    def edit_lines(self, lines: str) -> str:
        """Whole lines, one or many, each changed as if it stood alone."""
        ...


@dataclass(frozen=True, slots=True)
class Insertion:
    """Texts before and after: Prepend, Append and Surround."""

    before: str
    after: str

    def edit_lines(self, lines: str) -> str:
        """Each line with the texts around it; the line's end stays last."""
        if "\r" in lines:
            edited = LINE_END.sub(lambda end: f"{self.after}{end[0]}{self.before}", lines)
        else:
            edited = lines.replace("\n", f"{self.after}\n{self.before}")
        if lines[-1] not in "\r\n":
            return f"{self.before}{edited}{self.after}"
        return self.before + edited[: len(edited) - len(self.before)]


@dataclass(frozen=True, slots=True)
class Overwriting:
    """A text in place of what there was: Always Replace."""

    text: str

    def edit_lines(self, lines: str) -> str:
        """The text in place of each line; the line's end stays."""
        if "\r" in lines:
            edited = "".join([self.text + end for end in LINE_END.findall(lines)])
        else:
            edited = f"{self.text}\n" * lines.count("\n")
        return edited if lines[-1] in "\r\n" else edited + self.text


@dataclass(frozen=True, slots=True)
class LiteralReplacement:
    """A text in place of another: Literal Replace."""

    search: str
    replacement: str

    def edit_text(self, text: str) -> str:
        """Every occurrence replaced, from the left, none overlapping."""
        return text.replace(self.search, self.replacement)

    def edit_lines(self, lines: str) -> str:
        """As `edit_text`: what a line can hold has a line's end only as its own end, so it never lies across two."""
        if not self.search:
            raise NotChangedError("the Search Value is empty for this flowfile, so there is nothing to search for")
        within = self.search.removesuffix(final_line_end(self.search))
        if "\n" in within or "\r" in within:
            return lines
        return lines.replace(self.search, self.replacement)


Edit: TypeAlias = Insertion | Overwriting | SearchingEdit
"""A change of one flowfile's text."""
