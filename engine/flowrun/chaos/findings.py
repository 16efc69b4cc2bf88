"""What killing a flow has shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from flowrun.chaos.points import Moment, Step
from flowrun.sandbox.module import Window


class Verdict(StrEnum):
    """What a kill came to."""

    SURVIVED = "survived"
    IN_WINDOW = "in the window"
    """Harm was done, where the sandbox says that no client can be safe."""
    FAILED = "failed"
    NOT_REACHED = "not reached"
    """The run ended before: its steps came in another order than when they were counted."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict on one kill, and what went wrong, in words."""

    verdict: Verdict
    problems: tuple[str, ...] = ()


@dataclass(slots=True)
class Row:
    """One step, and what came of a kill at each of its moments. `in_recovery`: of a start after another kill."""

    step: Step
    in_recovery: bool = False
    outcomes: dict[Moment, Outcome] = field(default_factory=dict)


@dataclass(slots=True)
class VariantFindings:
    """The findings in one variant of the world (without a name if there is but one).

    `points` is how many kills there could be; of `created` flowfiles of an undisturbed run, `ended` did. `files` were
    found after each run, of which `same` have the same content each time.
    """

    name: str
    window: Window | None
    points: int
    rows: list[Row]
    created: int
    ended: int
    files: int
    same: int
    recovery_seconds: float = 0.0

    @property
    def outcomes(self) -> Sequence[Outcome]:
        """All of them."""
        return [outcome for row in self.rows for outcome in row.outcomes.values()]

    def count(self, verdict: Verdict) -> int:
        """How many kills came to that."""
        return sum(outcome.verdict is verdict for outcome in self.outcomes)

    @property
    def has_survived(self) -> bool:
        """Whether no kill did harm but where that can't be helped."""
        return self.count(Verdict.FAILED) == 0


@dataclass(frozen=True, slots=True)
class Findings:
    """All of it; `seconds` is how long it took."""

    flow: str
    seed: int
    variants: Sequence[VariantFindings]
    seconds: float

    @property
    def has_survived(self) -> bool:
        """Whether no kill did harm but where that can't be helped."""
        return all(variant.has_survived for variant in self.variants)

    def as_json(self) -> Mapping[str, object]:
        """For a program."""
        return {
            "flow": self.flow,
            "survived": self.has_survived,
            "seed": self.seed,
            "seconds": round(self.seconds, 3),
            "variants": [_variant_as_json(variant) for variant in self.variants],
        }


def _variant_as_json(variant: VariantFindings) -> Mapping[str, object]:
    return {
        "variant": variant.name,
        "survived": variant.has_survived,
        "window": variant.window.name if variant.window else None,
        "points": variant.points,
        "kills": len(variant.outcomes),
        "verdicts": {verdict.value: variant.count(verdict) for verdict in Verdict},
        "flowfiles": {"created": variant.created, "ended": variant.ended},
        "files": {"compared by name": variant.files, "by content too": variant.same},
        "longest_recovery_seconds": round(variant.recovery_seconds, 6),
        "steps": [
            {
                "step": row.step.what,
                "processor": row.step.by,
                "in_recovery": row.in_recovery,
                "outcomes": {
                    moment.value: {"verdict": outcome.verdict.value, "problems": list(outcome.problems)}
                    for moment, outcome in row.outcomes.items()
                },
            }
            for row in variant.rows
        ],
    }
