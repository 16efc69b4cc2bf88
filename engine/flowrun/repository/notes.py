"""Notes between the records of a journal: what a power failure can't have taken, and what it may have taken.

A record can reach the disk before the content that it speaks of, for the system writes files back in any order. So each
sync makes contents last first, then notes that in the journal, and makes the journal last. After a power failure the
records behind the last note are no part of the truth: nothing was done in the world outside because of them.
"""

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from flowrun.errors import RepositoryError

Fsync = Literal["none", "group", "commit"]


class Opened(Struct, tag="opened", tag_field="note", omit_defaults=True):
    """Everything before it lasts. What follows was written with that `fsync` setting, while the machine had been up
    since the start that is called `boot` (empty: not known)."""

    fsync: Fsync
    boot: str = ""


class Synced(Struct, tag="synced", tag_field="note"):
    """Everything before it lasts, contents too."""


_DECODER = msgspec.msgpack.Decoder(Opened | Synced)
SYNCED = msgspec.msgpack.encode(Synced())


def encode_opened(fsync: Fsync, boot: str) -> bytes:
    """The payload of an `Opened`."""
    return msgspec.msgpack.encode(Opened(fsync, boot))


def decode_note(payload: memoryview) -> Opened | Synced | None:
    """The note, or None if the payload is a record: notes are maps, records are arrays. Raises RepositoryError."""
    if payload[0] & 0xF0 != 0x80:
        return None
    try:
        note: Opened | Synced = _DECODER.decode(payload)
        return note
    except msgspec.MsgspecError as error:
        raise RepositoryError(f"a note says what can't be: {error}") from error


@cache
def boot_id() -> str:
    """What tells this start of the machine from all others; empty where the system does not say."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return ""
