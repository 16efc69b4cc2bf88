"""How an edit reaches the content: in memory where that is small, else as a stream."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from flowrun import FlowFile, ProcessSession
from flowrun.dialect.character_sets import Encoding

from .edits import Edit, Insertion, Overwriting, SearchingEdit
from .lines import LineLimit, edit_selected, line_blocks
from .refusal import NotChangedError

_LARGEST_IN_MEMORY = 1 << 20
_BLOCK_SIZE = 1 << 18


class ContentTooLargeError(NotChangedError):
    """A content that the buffer can't hold."""


@dataclass(frozen=True, slots=True)
class LineRewriting:
    """Lines changed one by one, those that `mode` names. All content is decoded and encoded again, as in NiFi."""

    encoding: Encoding
    limit: LineLimit
    mode: str

    def rewrite(self, session: ProcessSession, flowfile: FlowFile, edit: Edit) -> FlowFile:
        """The flowfile with the edited content. Raises LineTooLongError, and what the edit raises."""
        if flowfile.size > _LARGEST_IN_MEMORY:
            return self._rewrite_stream(session, flowfile, edit)
        before = session.read(flowfile)
        lines = self.encoding.decode(before)
        self.limit.check(lines)
        blocks = (lines,) if lines else ()
        after = self.encoding.encode("".join(edit_selected(blocks, self.mode, edit.edit_lines)))
        return flowfile if after == before else session.write(flowfile, after)

    def _rewrite_stream(self, session: ProcessSession, flowfile: FlowFile, edit: Edit) -> FlowFile:
        with session.open(flowfile) as source, session.open_write(flowfile) as target:
            blocks = line_blocks(self.encoding.decode_blocks(_blocks(source)), self.limit)
            for data in self.encoding.encode_blocks(edit_selected(blocks, self.mode, edit.edit_lines)):
                target.write(data)
        return target.flowfile


@dataclass(frozen=True, slots=True)
class WholeRewriting:
    """The content changed as one text; texts around it, or in its place, leave its bytes alone.

    `buffer_size` limits what a search may look through, in bytes.
    """

    encoding: Encoding
    buffer_size: int

    def rewrite(self, session: ProcessSession, flowfile: FlowFile, edit: Edit) -> FlowFile:
        """The flowfile with the edited content. Raises ContentTooLargeError, and what the edit raises."""
        if isinstance(edit, Overwriting):
            return session.write(flowfile, self.encoding.encode(edit.text))
        if isinstance(edit, Insertion):
            return self._surround(session, flowfile, edit)
        return self._search(session, flowfile, edit)

    def _surround(self, session: ProcessSession, flowfile: FlowFile, edit: Insertion) -> FlowFile:
        before, after = self.encoding.encode(edit.before), self.encoding.encode(edit.after)
        if flowfile.size <= _LARGEST_IN_MEMORY:
            return session.write(flowfile, b"".join((before, session.read(flowfile), after)))
        with session.open(flowfile) as source, session.open_write(flowfile) as target:
            target.write(before)
            for block in _blocks(source):
                target.write(block)
            target.write(after)
        return target.flowfile

    def _search(self, session: ProcessSession, flowfile: FlowFile, edit: SearchingEdit) -> FlowFile:
        if flowfile.size > self.buffer_size:
            raise ContentTooLargeError(
                f"the content has {flowfile.size:,} bytes, more than Maximum Buffer Size allows ({self.buffer_size:,})"
            )
        text = self.encoding.decode(session.read(flowfile))
        edited = edit.edit_text(text)
        return flowfile if edited == text else session.write(flowfile, self.encoding.encode(edited))


def _blocks(source: BinaryIO) -> Iterator[bytes]:
    while block := source.read(_BLOCK_SIZE):
        yield block
