"""A text changed by chance, at the places where its words begin and end."""

import re
from collections.abc import Sequence
from random import Random

LONGEST = 20_000
_PLACES = re.compile(r"\w+|\s+|[^\w\s]")
_DIGITS = re.compile(r"[0-9]+")
_ODD_TEXTS = (
    *("\0", "\t", "\n", "\r", "\r\n", "\x0b", "\x85", "\xa0", "\u2028", "\u2029", "\ufeff", "\u200d", "\u0301"),
    *("ß", "ſ", "İ", "ı", "K", "ﬁ", "Σ", "ς", "٣", "²", "😀", "\ud83d", "\ude00", "\U0010ffff", "\uffff"),
    *("$", "\\", "'", '"', "#", "{", "}", "(", ")", "[", "]", "`", "%", "&", "^", "?", "*", "+", "-", ".", ","),
)
_ODD_NUMBERS = (
    *("0", "1", "-1", "00", "7", "31", "60", "255", "256", "999", "1024", "65535", "65536", "2147483647"),
    *("2147483648", "-2147483649", "4294967296", "9223372036854775807", "9223372036854775808", "1e400", "1e-400"),
    *("0x7f", "0x1p-1074", "NaN", "Infinity", "9" * 30, "9" * 400, "9" * 5000, "1" + "0" * 25, "0." + "3" * 60),
)
_BRACKETS = ("()", "[]", "{}", "''", '""', "<>", "${}", "#{}", "\\\\", "--", "||")
_TIMES = (2, 3, 8, 60, 300, 3000)


def mutated(text: str, others: Sequence[str], words: Sequence[str], random: Random) -> str:
    """The text after one to four changes; `others` are texts of the same part, `words` those of its grammar."""
    for _ in range(random.choice((1, 1, 1, 2, 2, 3, 4))):
        text = _changed(text, others, words, random)[:LONGEST]
    return text


def _changed(text: str, others: Sequence[str], words: Sequence[str], random: Random) -> str:
    start, end = _span(text, random)
    before, span, behind = text[:start], text[start:end], text[end:]
    match random.randrange(10):
        case 0:
            return before + behind
        case 1:
            return before + span * random.choice(_TIMES) + behind
        case 2 | 3:
            return before + _word(words, random) + (span + behind if random.random() < 0.5 else behind)
        case 4:
            other = random.choice(others) if others else text
            return before + other[slice(*_span(other, random))] + behind
        case 5:
            return _with_odd_number(text, random)
        case 6:
            return before + random.choice(_ODD_TEXTS) + span + behind
        case 7:
            opening, closing = _bracket(random)
            times = random.choice(_TIMES)
            return before + opening * times + span + closing * times + behind
        case 8:
            return before + span.swapcase() + behind
    other_start, other_end = sorted((random.randint(0, len(text)), random.randint(0, len(text))))
    return text[other_start:other_end]


def _span(text: str, random: Random) -> tuple[int, int]:
    """A stretch of a few words, perhaps empty."""
    places = [0, *(found.end() for found in _PLACES.finditer(text))]
    first = random.randrange(len(places))
    last = min(len(places) - 1, first + random.choice((0, 1, 1, 1, 2, 3, 8)))
    return places[first], places[last]


def _word(words: Sequence[str], random: Random) -> str:
    return random.choice(words) if words and random.random() < 0.8 else random.choice(_ODD_NUMBERS)


def _bracket(random: Random) -> tuple[str, str]:
    pair = random.choice(_BRACKETS)
    return pair[:-1], pair[-1]


def _with_odd_number(text: str, random: Random) -> str:
    numbers = list(_DIGITS.finditer(text))
    if not numbers:
        return text + random.choice(_ODD_NUMBERS)
    found = random.choice(numbers)
    return text[: found.start()] + random.choice(_ODD_NUMBERS) + text[found.end() :]
