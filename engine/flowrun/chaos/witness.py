"""A second book of what was committed, kept beside the repository and not by it; after each crash the two are compared.

A line is written before each commit, and one after it. So a crash leaves one commit at most of which the witness does
not know whether it is true: the repository may say either, but for all of it. Texts are kept as digests only.
"""

import json
import os
from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from flowrun.errors import RepositoryError
from flowrun.flowfile import ContentClaim, Placement
from flowrun.repository import Commit, Recovered

ContentDigest = Callable[[ContentClaim | None], str]
"""Reads a content to its end. Raises RepositoryError if it is not whole."""


class Seen(NamedTuple):
    """A flowfile in a queue; `content` is empty where it is not known."""

    connection: str
    attempts: int
    attributes: str
    content: str


class Witness:
    """What was committed below one state directory by all runs so far; `created` and `ended` count flowfiles."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._live: dict[int, Seen] = {}
        self._state: dict[str, str] = {}
        self._known: set[int] = set()
        self._open: dict[str, Any] | None = None
        self.ended = 0
        self.problems: list[str] = []
        for line in file.read_text("utf-8").splitlines() if file.exists() else ():
            self._read(json.loads(line))

    @property
    def created(self) -> int:
        """How many flowfiles came to be."""
        return len(self._known)

    def begin(self, commit: Commit) -> None:
        """It is about to be committed."""
        placed = [(p.flowfile.id, p.connection, p.attempts, digest(p.flowfile.attributes)) for p in commit.placed]
        state = {change.processor: digest(change.values) for change in commit.state}
        self._write({"placed": placed, "gone": commit.gone(), "state": state})

    def end(self, placed: Iterable[Placement], read: ContentDigest) -> None:
        """It is true; contents are read, so that they can be known again."""
        self._write({"contents": {placement.flowfile.id: read(placement.flowfile.content) for placement in placed}})

    def give_up(self) -> None:
        """It never came true."""
        self._write({"contents": None})

    def compare(self, recovered: Recovered, read: ContentDigest) -> None:
        """Add to `problems` all in which the repository differs after a start."""
        found, unreadable = _seen(recovered.placements, read)
        self.problems += unreadable
        state = {name: digest(values) for name, values in recovered.state.items()}
        if self._open is not None:
            is_true = not _differences(*self._if_open_is_true(), found, state)
            self._write({"contents": {} if is_true else None})
        self.problems += _differences(self._live, self._state, found, state)
        self._live, self._state = dict(found), state

    def _if_open_is_true(self) -> tuple[dict[int, Seen], dict[str, str]]:
        assert self._open is not None
        live = {key: seen for key, seen in self._live.items() if key not in set(self._open["gone"])}
        return live | self._placed({}), self._state | self._open["state"]

    def _write(self, line: dict[str, Any]) -> None:
        text = json.dumps(line) + "\n"
        with open(self._file, "a", encoding="utf-8", opener=_for_owner_only) as file:
            file.write(text)
        self._read(json.loads(text))

    def _read(self, line: dict[str, Any]) -> None:
        if "placed" in line:
            self._open = line
            return
        if line["contents"] is not None and self._open is not None:
            self._make_true(self._open, {int(key): content for key, content in line["contents"].items()})
        self._open = None

    def _make_true(self, line: dict[str, Any], contents: Mapping[int, str]) -> None:
        for key in line["gone"]:
            self.ended += self._live.pop(key, None) is not None
        for key, seen in self._placed(contents).items():
            if key in self._known and key not in self._live:
                self.problems.append(f"a flowfile that had ended is in '{seen.connection}' again")
            self._known.add(key)
            self._live[key] = seen
        self._state |= line["state"]

    def _placed(self, contents: Mapping[int, str]) -> dict[int, Seen]:
        assert self._open is not None
        return {
            key: Seen(connection, attempts, attributes, contents.get(key, ""))
            for key, connection, attempts, attributes in self._open["placed"]
        }


def digest(values: Mapping[str, str]) -> str:
    """Tells one mapping from another, and says nothing of what is in it."""
    return blake2b(json.dumps(dict(values), sort_keys=True).encode(), digest_size=16).hexdigest()


def _seen(placements: Iterable[Placement], read: ContentDigest) -> tuple[dict[int, Seen], list[str]]:
    found, problems = {}, []
    for placement in placements:
        content = ""
        try:
            content = read(placement.flowfile.content)
        except RepositoryError as error:
            problems.append(f"a content in '{placement.connection}' is not whole: {error}")
        attributes = digest(placement.flowfile.attributes)
        found[placement.flowfile.id] = Seen(placement.connection, placement.attempts, attributes, content)
    return found, problems


def _differences(
    live: Mapping[int, Seen], state: Mapping[str, str], found: Mapping[int, Seen], found_state: Mapping[str, str]
) -> list[str]:
    """What differs between what should be there and what was found, in words."""
    problems = [f"lost: a flowfile in '{live[key].connection}'" for key in live if key not in found]
    problems += [f"not committed, but there: a flowfile in '{found[key].connection}'" for key in found.keys() - live]
    for key in live.keys() & found.keys():
        problems += _changes(live[key], found[key])
    problems += [f"the state of '{name}' is not what was committed" for name in differing(state, found_state)]
    return problems


def _changes(seen: Seen, found: Seen) -> list[str]:
    where = f"a flowfile in '{found.connection}'"
    if seen.connection != found.connection:
        return [f"{where} should be in '{seen.connection}'"]
    changed = [name for name in ("attempts", "attributes") if getattr(seen, name) != getattr(found, name)]
    if seen.content and seen.content != found.content:
        changed.append("content")
    return [f"{where} has other {' and '.join(changed)} than were committed"] if changed else []


def differing(one: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    """The names whose values differ, or that one of them lacks; sorted."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def _for_owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
