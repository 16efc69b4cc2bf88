"""The stream through which a processor writes content of any size."""

from types import TracebackType
from typing import TYPE_CHECKING, Self

from flowrun.errors import SessionError
from flowrun.flowfile import FlowFile
from flowrun.repository import ContentWriter

if TYPE_CHECKING:
    from flowrun.session import ProcessSession


class ContentStream:
    """Write to it as to a file, in a `with` block; afterwards `flowfile` is the flowfile with that content."""

    def __init__(self, session: "ProcessSession", flowfile: FlowFile, writer: ContentWriter) -> None:
        self._session = session
        self._before = flowfile
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
        if error is not None:
            self._writer.abandon()
            return
        self._writer.close()
        claim = self._writer.claim
        self._after = self._session.replace_content(self._before, claim if claim.length else None)
