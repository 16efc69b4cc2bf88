"""A flow that nobody would write: steps of random kinds, connected at random, with random settings."""

import random
from dataclasses import dataclass, field

from tests.recovery.random_processors import STEPS

ITEMS = 8
"""How many items each source makes."""


@dataclass
class RandomStep:
    """One processor of the flow file: its kind, its settings, and where each relationship leads."""

    name: str
    kind: str
    settings: list[str] = field(default_factory=list)
    properties: list[str] = field(default_factory=list)
    targets: dict[str, list[str]] = field(default_factory=dict)
    dead_letter: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        ways = " ".join(f"{name}={len(t) + (name in self.dead_letter)}" for name, t in self.targets.items())
        properties = ", ".join([*self.properties, *([f"Ways: '{ways}'"] if ways else [])])
        head = f"  {self.name}: {{type: {self.kind}, properties: {{{properties}}}"
        return [", ".join([head, *self.settings, *self._endings()]) + "}"]

    def _endings(self) -> list[str]:
        return [f"dead_letter: [{', '.join(self.dead_letter)}]"] if self.dead_letter else []


class RandomFlow:
    """`text` is the flow file; `forgets` says that flowfiles may grow too old in it.

    `makers` are its sources, `makers_in_one_go` those that may be triggered while their flowfiles are in the flow.
    """

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self.forgets = dice.random() < 0.1
        count = dice.randint(1, 7)
        self._makers = [self._maker(number) for number in range(dice.randint(1, 2))]
        self._steps = [self._step(number) for number in range(count)]
        self._end = RandomStep("end", self._kind("End"), self._settings())
        self._connect()
        self.makers = [maker.name for maker in self._makers]
        self.makers_in_one_go = [maker.name for maker in self._makers if "overlap" not in maker.settings[0]]
        self.text = "\n".join(self._lines())

    def _lines(self) -> list[str]:
        every = [*self._makers, *self._steps, self._end]
        lines = ["flow: random", f"fsync: {self.fsync}", "processors:"]
        lines += [line for step in every for line in step.lines()]
        lines.append("connections:")
        for step in every:
            for relationship, targets in step.targets.items():
                lines += [self._connection(step, relationship, target) for target in targets]
        return lines

    @property
    def fsync(self) -> str:
        """How much is to survive a power failure."""
        return ("none", "group", "commit")[len(self._steps) % 3]

    def _kind(self, name: str) -> str:
        return f"{name}OnWorker" if self._dice.random() < 0.4 else name

    def _maker(self, number: int) -> RandomStep:
        overlap = ", overlap: skip" if self._dice.random() < 0.3 else ""
        settings = [f"schedule: {{every: {self._dice.choice(['0 sec', '3 sec'])}{overlap}}}"]
        properties = [f"First: {number * ITEMS}", f"Count: {ITEMS}"]
        return RandomStep(f"make{number}", self._kind("Make"), [*settings, *self._settings()], properties)

    def _step(self, number: int) -> RandomStep:
        return RandomStep(f"step{number}", self._kind(self._dice.choice(STEPS).__name__), self._settings())

    def _settings(self) -> list[str]:
        dice = self._dice
        settings = [f"penalty_duration: {dice.choice(['0.2 sec', '3 sec', '30 sec'])}"]
        if dice.random() < 0.5:
            settings.append(f"concurrent_tasks: {dice.choice([2, 4, 64])}")
        return settings

    def _connect(self) -> None:
        sources = [*self._makers, *self._steps]
        for number, step in enumerate(self._steps):
            self._add(self._dice.choice(sources[: len(self._makers) + number]), "success", step.name)
        for number, step in enumerate(sources):
            later = [s.name for s in self._steps[max(0, number - len(self._makers) + 1) :]] + ["end"]
            while "success" not in step.targets or self._dice.random() < 0.3:
                self._add(step, "success", self._dice.choice(later))
            if step.kind.startswith("Again"):
                earlier = [s.name for s in self._steps[: number - len(self._makers) + 1]]
                self._add(step, "again", self._dice.choice(earlier))
            if step.kind.startswith("Fail"):
                self._fail(step, [*later, step.name])
        if not any("end" in t for step in sources for t in step.targets.get("success", ())):
            self._add(sources[-1], "success", "end")

    def _fail(self, step: RandomStep, targets: list[str]) -> None:
        dice = self._dice
        while "failure" not in step.targets or dice.random() < 0.3:
            self._add(step, "failure", dice.choice(targets))
        if dice.random() < 0.4:
            step.dead_letter.append("failure")
            if dice.random() < 0.3:
                step.targets["failure"] = []
        if dice.random() < 0.5:
            backoff = dice.choice(["penalize", "yield"])
            step.settings.append(
                f"retry: {{relationships: [failure], attempts: {dice.randint(1, 3)}, backoff: {backoff}, "
                "max_backoff: 5 sec}"
            )

    def _add(self, step: RandomStep, relationship: str, target: str) -> None:
        targets = step.targets.setdefault(relationship, [])
        if target not in targets:
            targets.append(target)

    def _connection(self, step: RandomStep, relationship: str, target: str) -> str:
        dice = self._dice
        settings = [f"from: {step.name}", f"relationships: [{relationship}]", f"to: {target}"]
        is_loop = relationship != "success"
        if is_loop:
            settings.append("back_pressure: {objects: 0, size: 0 B}")
        elif dice.random() < 0.6:
            settings.append(
                f"back_pressure: {{objects: {dice.choice([1, 2, 10])}, size: {dice.choice(['1 B', '1 GB'])}}}"
            )
        if dice.random() < 0.4:
            prioritizers = ["FirstInFirstOut", "OldestFirst", "NewestFirst", "PriorityAttribute"]
            settings.append(f"prioritizers: [{', '.join(dice.sample(prioritizers, dice.randint(1, 2)))}]")
        if self.forgets and dice.random() < 0.5:
            settings.append(f"expiration: {dice.choice(['5 sec', '1 min'])}")
        return f"  - {{{', '.join(settings)}}}"
