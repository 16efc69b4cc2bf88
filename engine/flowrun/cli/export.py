"""Flowfiles as files: for each its content, and beside it a JSON file with what is known of it. Mode 0600."""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfileobj
from typing import BinaryIO

import click
import msgspec

from flowrun.control.requests import Answer, QueuedFlowFile

_CHUNK = 1 << 20


@dataclass(slots=True)
class Exported:
    """How many flowfiles were written, and of how many the content was not, because it is sensitive."""

    flowfiles: int = 0
    withheld: int = 0


def export(answers: Iterator[Answer[QueuedFlowFile]], folder: Path, *, include_sensitive: bool) -> Exported:
    """Write `UUID.content` and `UUID.json` for each. Raises click.FileError if that can't be done."""
    exported = Exported()
    file = folder
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for flowfile, content in answers:
            is_withheld = flowfile.content_is_hidden and not include_sensitive
            file = folder / f"{flowfile.uuid}.content"
            if not is_withheld:
                _write(file, content)
            file = folder / f"{flowfile.uuid}.json"
            _write_text(file, _description(flowfile))
            exported.flowfiles += 1
            exported.withheld += is_withheld
    except OSError as error:
        raise click.FileError(str(file), error.strerror or str(error)) from error
    return exported


def _description(flowfile: QueuedFlowFile) -> str:
    told = msgspec.to_builtins(flowfile)
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def _write(file: Path, content: BinaryIO | None) -> None:
    """Whole, or not at all."""
    draft = file.with_suffix(".draft")
    try:
        with open(draft, "wb", opener=_for_owner_only) as target:
            if content is not None:
                copyfileobj(content, target, _CHUNK)
        draft.replace(file)
    except BaseException:  # Ctrl-C, too, must leave no draft behind
        with suppress(OSError):
            draft.unlink()
        raise


def _write_text(file: Path, text: str) -> None:
    from io import BytesIO

    _write(file, BytesIO(text.encode("utf-8", "replace")))


def _for_owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
