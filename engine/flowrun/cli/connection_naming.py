"""From what a person writes for a connection or a processor to the one that is meant."""

from collections.abc import Sequence
from difflib import get_close_matches

import click

_MOST_LISTED = 5


def find_connection(written: str, identities: Sequence[str]) -> str:
    """The connection that is written as in the flow, or by any part that no other has.

    Raises click.UsageError that names those that could be meant.
    """
    wanted = _normal(written)
    normal = {identity: _normal(identity) for identity in identities}
    for matches in (
        [identity for identity in identities if identity == written.strip()],
        [identity for identity in identities if normal[identity] == wanted],
        [identity for identity in identities if _ends(normal[identity]) == wanted],
        [identity for identity in identities if wanted in normal[identity]],
    ):
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise click.UsageError(f"'{written}' may mean {_listed(matches)}: write more of it")
    near = get_close_matches(wanted, normal.values(), n=1, cutoff=0.5)
    hint = f"did you mean '{next(i for i in identities if normal[i] == near[0])}'?" if near else _there_are(identities)
    raise click.UsageError(f"the flow has no connection '{written}'; {hint}")


def find_processor(written: str, names: Sequence[str]) -> str:
    """The processor of that name. Raises click.UsageError with the one that could be meant."""
    if written in names:
        return written
    near = get_close_matches(written, names, n=1, cutoff=0.5)
    hint = f"did you mean '{near[0]}'?" if near else _there_are(names)
    raise click.UsageError(f"no processor '{written}' that has given up flowfiles; {hint}")


def _normal(written: str) -> str:
    """Without regard to case, spaces, and the order of relationships."""
    text = " ".join(written.lower().split())
    source, arrow, rest = text.partition(" -- ")
    relationships, head, destination = rest.partition("-->")
    if not arrow or not head:
        return text
    names = ", ".join(sorted(name.strip() for name in relationships.split(",")))
    return f"{source} -- {names} --> {destination.strip()}"


def _ends(normal: str) -> str:
    """The short form of an arrow, `a --> b`."""
    return f"{normal.partition(' -- ')[0]} --> {normal.partition('--> ')[2]}"


def _there_are(names: Sequence[str]) -> str:
    return f"there are {_listed(names)}" if names else "there is none"


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f"'{name}'" for name in names[:_MOST_LISTED])
    return shown + (f" and {len(names) - _MOST_LISTED} more" if len(names) > _MOST_LISTED else "")
