"""A stream of inputs for one target."""

from random import Random

from tests.fuzz.mutation import mutated
from tests.fuzz.target import Input, Target

_LARGEST_POOL = 20_000


class Inputs:
    """Makes inputs by chance, and learns which of them taught something."""

    def __init__(self, target: Target, random: Random) -> None:
        self._grammar = target.grammar
        self._random = random
        self._pool = list(target.seeds())
        self._kinds: set[str] = set()

    def next(self) -> Input:
        """An input: one of the pool changed, or with a part made from nothing."""
        random = self._random
        made = dict(random.choice(self._pool))
        grown = [part for part in made if part in self._grammar]
        if grown and random.random() < 0.5:
            for part in grown:
                if random.random() < 0.7:
                    made[part] = self._grammar.text(part, random)
            if random.random() < 0.5:
                return made
        for part in random.sample(sorted(made), random.choice((1, 1, 2)) if len(made) > 1 else 1):
            others = [other[part] for other in random.sample(self._pool, min(8, len(self._pool))) if part in other]
            made[part] = mutated(made[part], others, self._grammar.words, random)
        return made

    def learn(self, made: Input, kind: str) -> None:
        """Keep an input whose outcome is of a kind not seen before: others are made of it."""
        if kind not in self._kinds and len(self._pool) < _LARGEST_POOL:
            self._kinds.add(kind)
            self._pool.append(made)
