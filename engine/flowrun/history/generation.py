"""The texts of the flow files that ran: what happened is explained by what the flow said then.

They lie in `flows` in the state directory, for its owner only, each named by its hash and without the values of
sensitive parameters; `generations.jsonl` says since when each ran, and with which values of the others.
"""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from flowrun.errors import RepositoryError
from flowrun.graph import FlowGraph
from flowrun.masking import MASK

MOST_GENERATIONS = 100
_FOLDER = "flows"
_LIST = "generations.jsonl"


class Generation(Struct, frozen=True):
    """A flow file's text, by its hash, that ran since a moment (seconds since the epoch)."""

    since: float
    digest: str
    file: str
    parameters: Mapping[str, str] = {}


def keep_generation(folder: Path, graph: FlowGraph, moment: float) -> None:
    """Note in a state directory that this graph's flow file runs from now on. Raises OSError."""
    text = _text_of(graph)
    parameters, sensitive = graph.parameters.values, graph.parameters.sensitive
    generation = Generation(
        moment,
        _digest(text),
        str(graph.definition.path.resolve()),
        {name: value for name, value in sorted(parameters.items()) if name not in sensitive},
    )
    kept = read_generations(folder)
    if kept and msgspec.structs.replace(kept[-1], since=moment) == generation:
        return
    place = folder / _FOLDER
    place.mkdir(mode=0o700, exist_ok=True)
    _write(_text_file(folder, generation.digest), text)
    kept = [*kept, generation][-MOST_GENERATIONS:]
    _write(place / _LIST, b"".join(msgspec.json.encode(one) + b"\n" for one in kept))
    needed = {one.digest for one in kept}
    for file in place.glob("*.yaml"):
        if file.stem not in needed:
            file.unlink(missing_ok=True)


def runs_as(graph: FlowGraph, generation: Generation) -> bool:
    """Whether the generation's flow file and parameters are the graph's. Raises OSError."""
    values = graph.parameters.values
    return generation.digest == _digest(_text_of(graph)) and all(
        values.get(name) == value for name, value in generation.parameters.items()
    )


def read_generations(folder: Path) -> list[Generation]:
    """The generations that are known, oldest first; none if the list is not there."""
    try:
        lines = (folder / _FOLDER / _LIST).read_bytes().splitlines()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise RepositoryError(f"{folder / _FOLDER} can't be read: {error.strerror}") from error
    try:
        return [msgspec.json.decode(line, type=Generation) for line in lines]
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return []


def generation_at(generations: list[Generation], moment: float) -> Generation | None:
    """The one that ran at that moment; None if that is not known."""
    return next((one for one in reversed(generations) if one.since <= moment), None)


def read_text(folder: Path, generation: Generation) -> str | None:
    """The text of a generation's flow file; None if it is not kept any more."""
    try:
        return _text_file(folder, generation.digest).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _text_of(graph: FlowGraph) -> bytes:
    """The flow file's text without the values of sensitive parameters."""
    text = graph.definition.path.read_bytes()
    for name in graph.parameters.sensitive:
        value = graph.parameters.values.get(name)
        if value:
            text = text.replace(value.encode("utf-8", "surrogatepass"), MASK.encode())
    return text


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()[:32]


def _text_file(folder: Path, digest: str) -> Path:
    return folder / _FOLDER / f"{digest}.yaml"


def _write(file: Path, data: bytes) -> None:
    draft = file.with_suffix(".draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
    draft.replace(file)
