"""GetFile: files of a directory become flowfiles.

`listing` finds the files that are wanted, `backlog` remembers them, `source` reads and deletes one of them.
"""

import os
import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import ClassVar

from flowrun import (
    ExpressionProperty,
    Input,
    Level,
    Processor,
    ProcessorError,
    ProcessSession,
    Property,
    PropertyProblem,
    Relationship,
    boolean,
    data_size,
    duration,
    positive_integer,
    regular_expression,
)
from flowrun_processors.get_file.backlog import Backlog
from flowrun_processors.get_file.listing import SourceFile, Wanted, list_files, what_is_no_directory
from flowrun_processors.get_file.source import delete_file, import_file

__all__ = ["GetFile"]

_SHORTEST_MAXIMUM_AGE = 0.1
_BOOLEAN = ("true", "false")


def _maximum_age(text: str) -> float:
    """A duration of at least 100 ms."""
    seconds = duration(text)
    if seconds < _SHORTEST_MAXIMUM_AGE:
        raise ValueError(f"expected at least 100 ms, found {text!r}")
    return seconds


class GetFile(Processor):
    """Make flowfiles of the files in a directory, and delete the files.

    As in NiFi, the directory is listed when fewer than 100 files wait and the polling interval is over, each trigger
    imports up to "Batch Size" of them, hidden directories are searched although hidden files are not taken, and every
    directory must be writable even if sources are kept. A file is deleted when the commit that holds its flowfile is
    safe, so that a crash in between makes it come twice, never be lost.

    Unlike NiFi, a file that changes while it is read is not taken before it has come to rest, one that has changed
    since it was read is not deleted, the other files of a batch that ends early come with the next trigger, links
    that lead in a circle are followed once, and only regular files are taken.
    """

    input = Input.FORBIDDEN
    tags = ("local", "files", "filesystem", "ingest", "get", "source", "input")
    writes: ClassVar[Mapping[str, str]] = {
        "filename": "The file's name.",
        "path": "Its directory relative to the input directory, with a slash at the end: `a/b/`; `/` for that itself.",
        "absolute.path": "Its directory from the root on, with a slash at the end.",
        "file.creationTime": "When it was created, such as 2026-08-01T09:30:00+0200.",
        "file.lastModifiedTime": "When its content was last changed.",
        "file.lastAccessTime": "When it was last read.",
        "file.owner": "The user it belongs to.",
        "file.group": "The group it belongs to.",
        "file.permissions": "Its permissions, such as rw-r--r--.",
    }
    example = """\
get-orders:
  type: GetFile
  schedule: {every: 5 sec}
  properties:
    Input Directory: data/in
    File Filter: ".*\\\\.json"
    Polling Interval: 0 sec
"""

    directory = ExpressionProperty(
        "Input Directory",
        str,
        "The directory to take files from; it must exist.",
        scope="environment",
        reaches="read",
    )
    file_filter = Property(
        "File Filter", regular_expression, "Only files whose whole name matches are taken.", default=r"[^\.].*"
    )
    path_filter = Property(
        "Path Filter",
        regular_expression,
        "With subdirectories: only files whose whole directory, relative to the input directory, matches.",
        default=None,
    )
    batch_size = Property("Batch Size", positive_integer, "The most files to take at a trigger.", default="10")
    keeps_sources = Property(
        "Keep Source File",
        boolean,
        "Whether to leave the files where they are; they come again with each listing.",
        default="false",
        allowed=_BOOLEAN,
    )
    recurses = Property(
        "Recurse Subdirectories", boolean, "Whether to look into subdirectories.", default="true", allowed=_BOOLEAN
    )
    polling_interval = Property(
        "Polling Interval", duration, "How long to wait before the directory is listed again.", default="30 sec"
    )
    ignores_hidden = Property(
        "Ignore Hidden Files",
        boolean,
        "Whether to leave out files whose names begin with a dot.",
        default="true",
        allowed=_BOOLEAN,
    )
    minimum_age = Property("Minimum File Age", duration, "Younger files are left out.", default="0 sec")
    maximum_age = Property("Maximum File Age", _maximum_age, "Older files are left out.", default=None)
    minimum_size = Property("Minimum File Size", data_size, "Smaller files are left out.", default="0 B")
    maximum_size = Property("Maximum File Size", data_size, "Larger files are left out.", default=None)

    success = Relationship("success", "Every file.")

    now: Callable[[], float] = staticmethod(time.time)
    """The file system's clock: seconds since the epoch."""

    def validate(self) -> Iterable[PropertyProblem]:
        try:
            directory = self.directory.evaluate()
        except ProcessorError as error:
            yield PropertyProblem(str(error), "Input Directory")
            return
        if directory.strip():
            found = what_is_no_directory(directory)
            if found is not None:
                yield PropertyProblem(f"'{directory}' {found}", "Input Directory", about_the_world=True)
        elif "${" not in self.directory.expression.text:
            yield PropertyProblem("'Input Directory': expected a directory", "Input Directory")

    def on_scheduled(self) -> None:
        self._backlog = Backlog()
        self._unreadable: frozenset[str] = frozenset()

    def has_pending(self) -> bool:
        return self._backlog.has_pending

    def on_trigger(self, session: ProcessSession) -> None:
        self._list_if_due(session)
        files = self._backlog.take(self.batch_size)
        try:
            self._import_all(session, files)
        except Exception:
            self._backlog.give_back(files)  # the session is undone, and all of them with it
            raise

    def _list_if_due(self, session: ProcessSession) -> None:
        now = self.now()
        if not self._backlog.begin_listing(now, self.polling_interval):
            return
        found = None
        try:
            listing = list_files(self._input_directory(), self._wanted(), now)
            found = listing.files
            self._tell_of_unreadable(session, frozenset(listing.unreadable))
        finally:
            any_wait = self._backlog.end_listing(found, now)
            if found is None or not any_wait:
                self.yield_resources()

    def _tell_of_unreadable(self, session: ProcessSession, paths: frozenset[str]) -> None:
        """Say once which files are wanted and can't be read; NiFi leaves them out and says nothing."""
        news, self._unreadable = sorted(paths - self._unreadable), paths
        if news:
            more = f" (and {len(news) - 1} others neither)" if len(news) > 1 else ""
            session.say(Level.WARNING, f"'{news[0]}' can't be read{more}: its permissions do not allow it")

    def _input_directory(self) -> str:
        directory = self.directory.evaluate()
        if not directory.strip():
            raise ProcessorError("'Input Directory' is blank: its expression found nothing")
        return str(Path(directory).absolute())

    def _wanted(self) -> Wanted:
        return Wanted(
            self.file_filter,
            self.path_filter,
            self.recurses,
            self.ignores_hidden,
            self.minimum_age,
            self.maximum_age,
            self.minimum_size,
            self.maximum_size,
        )

    def _import_all(self, session: ProcessSession, files: list[SourceFile]) -> None:
        for position, file in enumerate(files):
            try:
                status = import_file(session, file, self.success)
            except OSError as error:
                session.say(Level.WARNING, f"'{file.path}' was not taken: {error.strerror or error}")
                session.on_commit(partial(self._backlog.finish, file, is_gone=False))
                self._backlog.give_back(files[position + 1 :])
                if position == 0:
                    self.yield_resources()
                return
            session.on_commit(partial(self._finish, file, status))

    def _finish(self, file: SourceFile, status: os.stat_result) -> None:
        try:
            if not self.keeps_sources:
                delete_file(file, status)
        finally:
            self._backlog.finish(file, is_gone=not self.keeps_sources)
