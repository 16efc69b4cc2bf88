"""The stream through which a processor writes content of any size."""

from collections.abc import Callable
from types import TracebackType
from typing import Self

from flowrun.errors import SessionError
from flowrun.flowfile import FlowFile
from flowrun.repository import ContentWriter


class ContentStream:
    """Write to it as to a file, in a `with` block; afterwards `flowfile` is the flowfile with that content.

    `keep` closes the writer, and gives the flowfile that has what was written.
    """

    def __init__(self, writer: ContentWriter, keep: Callable[[], FlowFile]) -> None:
        self._keep = keep
        self._after: FlowFile | None = None
        self._writer = writer

    @property
    def flowfile(self) -> FlowFile:
        """The changed flowfile. Raises SessionError while the stream is open."""
        if self._after is None:
            raise SessionError("the content is still being written: leave the 'with' block first")
        return self._after

    def write(self, data: bytes | bytearray | memoryview, /) -> int:
        """Add to the content; gives the number of bytes written."""
        return self._writer.write(data)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._after = self._keep()
        finally:
            if self._after is None:
                self._writer.abandon()
