"""Reading one source file into a flowfile, and deleting it afterwards."""

import os
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from flowrun import FlowFile, ProcessorError, ProcessSession, Relationship
from flowrun_processors.get_file.file_attributes import file_attributes
from flowrun_processors.get_file.listing import SourceFile

_PIECE = 1 << 20


def import_file(session: ProcessSession, file: SourceFile, destination: Relationship) -> os.stat_result:
    """Send a flowfile with the file's content and attributes on; gives what the file was like.

    Raises OSError, with nothing sent, if it can't be read, or changes meanwhile: it is still being written then.
    """
    with open(file.path, "rb") as stream:
        before = os.fstat(stream.fileno())
        flowfile = _copy(session, stream, file_attributes(file.path, file.folder, before))
        status = os.fstat(stream.fileno())
    if not _is_same(before, status):
        session.remove(flowfile)
        raise OSError("it changed while it was read")
    session.receive(flowfile, _uri(file.path))
    session.transfer(flowfile, destination)
    return status


def delete_file(file: SourceFile, status: os.stat_result) -> None:
    """Delete it unless it has changed: then it is another file, and has not been read yet.

    Raises ProcessorError if it can't be deleted.
    """
    path = Path(file.path)
    try:
        if _is_same(path.stat(), status):
            path.unlink()
    except FileNotFoundError:
        return
    except OSError as error:
        raise ProcessorError(f"'{file.path}' can't be deleted, so it comes again: {error.strerror}") from error


def _copy(session: ProcessSession, stream: BinaryIO, attributes: dict[str, str]) -> FlowFile:
    piece = stream.read(_PIECE)
    if len(piece) < _PIECE:
        return session.create(attributes=attributes, content=piece)
    flowfile = session.create(attributes=attributes)
    try:
        with session.open_write(flowfile) as content:
            while piece:
                content.write(piece)
                piece = stream.read(_PIECE)
    except OSError:
        session.remove(flowfile)
        raise
    return content.flowfile


def _is_same(one: os.stat_result, other: os.stat_result) -> bool:
    return (one.st_dev, one.st_ino, one.st_size, one.st_mtime_ns) == (
        other.st_dev,
        other.st_ino,
        other.st_size,
        other.st_mtime_ns,
    )


def _uri(path: str) -> str:
    return "file:" + quote(os.fsencode(path))
