"""How messages name what the author wrote, and what the author may have meant."""

import re
from collections.abc import Collection

COMMENTED_REFERENCE = "YAML takes '#' after a blank as the beginning of a comment: put this in quotes"
NO_COLON = "expected 'key: value': there is no ':' followed by a blank"

_LONGEST_SHOWN = 80
_LONGEST_GUESSED = 100
_MOST_COMPARED = 1000


def quoted(written: str) -> str:
    """`written` in quotes on one line: cut if long, with control characters made visible."""
    if len(written) <= _LONGEST_SHOWN and written.isprintable():
        return f"'{written}'"
    shown = written if len(written) <= _LONGEST_SHOWN else written[:_LONGEST_SHOWN] + "…"
    visible = "".join(character if character.isprintable() else ascii(character)[1:-1] for character in shown)
    return f"'{visible}'"


def nearest(word: str, names: Collection[str]) -> str | None:
    """The one of `names` that `word` was most likely meant to be; None if nothing comes near."""
    if len(word) > _LONGEST_GUESSED:
        return None
    bare = plain(word)
    same = [name for name in names if plain(name) == bare]
    if same and bare:
        return same[0]
    if len(names) > _MOST_COMPARED:
        return None
    from difflib import get_close_matches  # 5 ms that a flow without mistakes does not pay

    by_lower = {name.lower(): name for name in names}
    found = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.75)
    return by_lower[found[0]] if found else None


def did_you_mean(word: str, names: Collection[str]) -> str:
    """`; did you mean 'x'?`, or nothing where no name comes near."""
    name = nearest(word, names)
    return "" if name is None else f"; did you mean {quoted(name)}?"


def plain(name: str) -> str:
    """A name without regard to case, blanks and marks: `autoTerminate` is `auto_terminate`."""
    return re.sub(r"[\W_]", "", name).lower()
