"""Texts from a grammar: `‹name›` in an alternative stands for any alternative of the rule of that name.

A file in `grammars` holds rules, `name = alternative ┊ alternative`; a line that begins with blanks goes on with the
one before it. What can't be seen is written so that it can: `␤ ␍ ␉ ␀` are the characters, `␠` is a blank at an end,
`∅` is nothing, `⟨1F600⟩` is a character by its number.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

_FOLDER = Path(__file__).parent / "grammars"
_REFERENCE = re.compile("‹([^‹›]+)›")
_SHOWN = {"␤": "\n", "␍": "\r", "␉": "\t", "␀": "\0", "␠": " ", "∅": ""}
_VISIBLE = re.compile("[␤␍␉␀␠∅]|⟨([0-9A-F]+)⟩")
_DEEPEST = 12

Rules = Mapping[str, Sequence[str]]


class Grammar:
    """Rules by name, each a list of alternatives. Raises KeyError where a rule is named that there is none of."""

    def __init__(self, rules: Rules) -> None:
        self._rules = {
            name: [_REFERENCE.split(alternative) for alternative in alternatives]
            for name, alternatives in rules.items()
        }
        pieces = [piece for alternatives in self._rules.values() for pieces in alternatives for piece in pieces[::2]]
        self.words = tuple(dict.fromkeys(piece for piece in pieces if piece))
        for alternatives in self._rules.values():
            for pieces in alternatives:
                for reference in pieces[1::2]:
                    self._rules[reference]

    @classmethod
    def read(cls, name: str, further: Rules | None = None) -> "Grammar":
        """The grammar of that file, with further rules."""
        text = (_FOLDER / f"{name}.txt").read_text("utf-8")
        lines = re.sub(r"\n[ ]+", " ", text).splitlines()
        rules = dict(line.split(" = ", 1) for line in lines)
        read = {rule: [_VISIBLE.sub(_character, each) for each in text.split(" ┊ ")] for rule, text in rules.items()}
        return cls({**read, **(further or {})})

    def __contains__(self, rule: object) -> bool:
        return rule in self._rules

    def text(self, rule: str, random: Random) -> str:
        """A text of the rule, made by chance."""
        return "".join(self._pieces(rule, random, 0))

    def _pieces(self, rule: str, random: Random, depth: int) -> list[str]:
        alternatives = self._rules[rule]
        if depth >= _DEEPEST:
            alternatives = [min(alternatives, key=len)]
        pieces = random.choice(alternatives)
        made: list[str] = []
        for position, piece in enumerate(pieces):
            made += self._pieces(piece, random, depth + 1) if position % 2 else [piece]
        return made


def _character(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else _SHOWN[found[0]]
