"""PutFile: the content of flowfiles as files in a directory.

`permissions` and `appearance` say what a file looks like, `durable_file` writes it so that it is whole or not there.
"""

import os
from collections.abc import Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import ClassVar, Protocol, TypeVar

from flowrun import (
    EvaluationError,
    ExpressionProperty,
    FlowFile,
    Level,
    Processor,
    ProcessorError,
    ProcessSession,
    Property,
    Relationship,
    boolean,
    integer,
    non_empty,
)
from flowrun_processors.put_file.appearance import Appearance
from flowrun_processors.put_file.durable_file import (
    create_directories,
    move_if_free,
    move_over,
    sync_directories,
    write_file,
)
from flowrun_processors.put_file.newer_file import holds, is_newer
from flowrun_processors.put_file.permissions import Permissions

__all__ = ["PutFile"]

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

_REPLACE, _IGNORE, _FAIL = "replace", "ignore", "fail"
_NOT_IN_NAMES = frozenset((os.sep, os.altsep or os.sep, "\0"))


class _Value(Protocol[T_co]):
    """A property's text, to be evaluated for each flowfile."""

    def evaluate(self, flowfile: FlowFile) -> T_co:
        """The value for this flowfile. Raises ProcessorError if it is not of the property's type."""


class PutFile(Processor):
    """Write the content of each flowfile to a file named by its attribute `filename`.

    As in NiFi, what can't be written goes to `failure`, penalized; a time, owner or group that can't be set only
    draws a warning; and "Maximum File Count" counts every entry of the directory but one of the same name, before
    any conflict is looked at. Unlike NiFi, which deletes first, a file is replaced by a rename, so that the old one
    or the new one is always there and whole; it is on the disk before the flowfile moves on; the temporary file is
    named after the flowfile's uuid, so that a second try after a crash leaves no litter; and "fail" and "ignore"
    hold even against somebody who takes the name at the last moment.

    After a crash between writing and commit a flowfile is written a second time: with "replace" that does no harm,
    with "fail" it finds its own file there and goes to `failure`.
    """

    batch = True
    tags = ("put", "local", "copy", "archive", "files", "filesystem")
    reads: ClassVar[Mapping[str, str]] = {"filename": "The name of the file; it may hold no directory."}
    example = """\
save-orders:
  type: PutFile
  properties:
    Directory: data/out
    Conflict Resolution Strategy: replace
  auto_terminate: [success]
  dead_letter: [failure]
"""

    directory = ExpressionProperty(
        "Directory",
        non_empty,
        "Where the files go; a relative one is relative to the working directory.",
        reaches="write",
    )
    conflict = Property(
        "Conflict Resolution Strategy",
        str,
        "What to do if the name is taken: replace the file, leave it and go on to `success`, or go to `failure`.",
        default=_FAIL,
        allowed=(_REPLACE, _IGNORE, _FAIL),
    )
    unmodified_since = ExpressionProperty(
        "Replace Only If Unmodified Since",
        non_empty,
        "A time such as `${file.lastModifiedTime}`: a file that was changed after it is newer than the flowfile, and "
        "stays; the flowfile goes to `failure`, or to `success` if the file holds the same already. Times of files are "
        "compared by the second. NiFi has no such property.",
        default=None,
        only_with={"Conflict Resolution Strategy": (_REPLACE,)},
    )
    creates_directories = Property(
        "Create Missing Directories",
        boolean,
        "Whether to create the directory, and those above it, where they are missing; else `failure`.",
        default="true",
        allowed=("true", "false"),
    )
    maximum_count = Property(
        "Maximum File Count",
        integer,
        "With so many other entries in the directory, hidden ones and directories included, it is `failure`.",
        default=None,
    )
    last_modified = ExpressionProperty(
        "Last Modified Time",
        non_empty,
        "The time to give the file, such as 2026-08-01T09:30:00+0200, or `${file.lastModifiedTime}`.",
        default=None,
    )
    permissions = ExpressionProperty(
        "Permissions",
        Permissions.read,
        "The file's permissions, such as rw-r----- or 640, or `${file.permissions}`; without them the umask decides.",
        default=None,
    )
    owner = ExpressionProperty(
        "Owner", non_empty, "The user to give the file to; needs the rights to do so.", default=None
    )
    group = ExpressionProperty("Group", non_empty, "The group to give the file to.", default=None)

    success = Relationship("success", "The file was written, or ignored because the name was taken.")
    failure = Relationship("failure", "The file was not written; the flowfile is as it was.")

    def on_trigger(self, session: ProcessSession) -> None:
        changed: set[Path] = set()
        for flowfile in session.units():
            try:
                self._put(session, flowfile, changed)
            except Exception as error:  # noqa: BLE001 whatever is raised ends only this unit of work
                session.fail(error)
        try:
            sync_directories(changed)
        except OSError as error:
            raise ProcessorError(f"what was written may not outlast a power failure: {error}") from error

    def _put(self, session: ProcessSession, flowfile: FlowFile, changed: set[Path]) -> None:
        try:
            directory = self.directory.evaluate(flowfile)
        except EvaluationError:
            raise  # as in NiFi, the flowfile goes back to its queue
        except ProcessorError as error:
            self._fail(session, flowfile, f"'Directory': {error}")
            return
        try:
            self._write(session, flowfile, Path(directory).absolute(), changed)
        except OSError as error:
            self._fail(session, flowfile, f"can't write to '{directory}': {error.strerror or error}")
        except (ProcessorError, ValueError) as error:
            self._fail(session, flowfile, str(error))

    def _write(self, session: ProcessSession, flowfile: FlowFile, directory: Path, changed: set[Path]) -> None:
        name = _checked_name(flowfile)
        appearance = self._appearance(session, flowfile)
        changed.update(self._provide(session, flowfile, directory, appearance))
        self._check_room(directory, name)
        target = directory / name
        if self.unmodified_since is not None and is_newer(target, self.unmodified_since.evaluate(flowfile)):
            with session.open(flowfile) as content:
                if not holds(target, content):
                    raise ProcessorError(f"'{target}' is newer than this flowfile: it was changed meanwhile")
        elif self._place(session, flowfile, target, appearance):
            changed.add(directory)
            session.send(flowfile, target.as_uri())
        elif self.conflict == _FAIL:
            raise ProcessorError(f"'{target}' exists already")
        session.transfer(flowfile, self.success)

    def _appearance(self, session: ProcessSession, flowfile: FlowFile) -> Appearance:
        def evaluate(name: str, value: "_Value[T] | None") -> T | None:
            try:
                return value.evaluate(flowfile) if value is not None else None
            except EvaluationError:
                raise
            except ProcessorError as error:
                session.say(Level.WARNING, f"'{name}' can't be set: {error}", flowfile)
                return None

        return Appearance(
            evaluate("Last Modified Time", self.last_modified),
            evaluate("Permissions", self.permissions),
            evaluate("Owner", self.owner),
            evaluate("Group", self.group),
        )

    def _provide(
        self, session: ProcessSession, flowfile: FlowFile, directory: Path, appearance: Appearance
    ) -> list[Path]:
        """Create the directory if it is missing; gives the directories that have new entries."""
        if directory.exists():
            return []
        if not self.creates_directories:
            raise ProcessorError(f"the directory '{directory}' does not exist")
        permissions = appearance.permissions
        made = create_directories(directory, 0o777 if permissions is None else permissions.directory_mode)
        for path in made:
            for complaint in appearance.apply_owners(path):
                session.say(Level.WARNING, f"directory '{path}': {complaint}", flowfile)
        return [path.parent for path in made]

    def _check_room(self, directory: Path, name: str) -> None:
        limit = self.maximum_count
        if limit is None:
            return
        with os.scandir(directory) as entries:
            others = sum(1 for _ in islice((entry for entry in entries if entry.name != name), max(limit, 0)))
        if others >= limit:
            raise ProcessorError(f"the directory '{directory}' has {limit} other entries or more")

    def _place(self, session: ProcessSession, flowfile: FlowFile, target: Path, appearance: Appearance) -> bool:
        """Write the file under a temporary name and give it its own; whether that name was free, or was made so."""
        replaces = self.conflict == _REPLACE
        if not replaces and target.exists():
            return False
        temporary = target.parent / f".{flowfile.uuid}"
        try:
            with session.open(flowfile) as content:
                complaints = write_file(temporary, content, appearance)
            for complaint in complaints:
                session.say(Level.WARNING, complaint, flowfile)
            if not replaces:
                return move_if_free(temporary, target)
            move_over(temporary, target)
            return True
        finally:
            with suppress(OSError):
                temporary.unlink()

    def _fail(self, session: ProcessSession, flowfile: FlowFile, cause: str) -> None:
        session.transfer(session.penalize(flowfile), self.failure, cause=cause)


def _checked_name(flowfile: FlowFile) -> str:
    name = flowfile.attributes.get("filename", "")
    if name in ("", ".", "..") or not _NOT_IN_NAMES.isdisjoint(name):
        raise ProcessorError(f"the attribute 'filename' is {name!r}, which can't be the name of a file in a directory")
    return name
