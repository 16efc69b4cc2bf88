"""Random flows of few names, and random edits of them: pairs of flows that have much, little or nothing in common."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

SOURCES = ("make", "mint")
STEPS = ("a", "b", "c", "d")
ENDS = ("end", "stop")
SETTINGS = ("", "penalty_duration: 1 sec", "enabled: false", "concurrent_tasks: 2")
QUEUES = ("", "back_pressure: {objects: 2}", "prioritizers: [NewestFirst]", "back_pressure: {objects: 0, size: 0 B}")


@dataclass(frozen=True)
class Step:
    """One processor: its type, its settings, and to whom its relationships lead ("": dead letters)."""

    type: str
    setting: str = ""
    ways: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class WrittenFlow:
    """A flow as it may stand in a file."""

    steps: dict[str, Step]
    queues: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The flow file."""
        lines = ["processors:"]
        lines += [f"  {name}: {{{', '.join(self._facts(step))}}}" for name, step in self.steps.items()]
        connections = [
            f"  - {{from: {name}, relationships: [{relationship}], to: {target}{self._queue(name, target)}}}"
            for name, step in self.steps.items()
            for relationship, targets in step.ways.items()
            for target in targets
            if target
        ]
        return "\n".join([*lines, *(["connections:", *connections] if connections else [])]) + "\n"

    def _queue(self, source: str, target: str) -> str:
        setting = self.queues.get(f"{source} {target}", "")
        return f", {setting}" if setting else ""

    @staticmethod
    def _facts(step: Step) -> list[str]:
        ended = [name for name, targets in step.ways.items() if not targets]
        dead = [name for name, targets in step.ways.items() if "" in targets]
        return [
            f"type: {step.type}",
            *([step.setting] if step.setting else []),
            *([f"auto_terminate: [{', '.join(ended)}]"] if ended else []),
            *([f"dead_letter: [{', '.join(dead)}]"] if dead else []),
        ]


@st.composite
def flows(draw: DrawFn) -> WrittenFlow:
    """A flow without mistakes: each processor but the sources is reached from an earlier one."""
    sources = draw(st.lists(st.sampled_from(SOURCES), min_size=1, max_size=2, unique=True))
    middle = draw(st.lists(st.sampled_from(STEPS), max_size=4, unique=True))
    ends = draw(st.lists(st.sampled_from(ENDS), min_size=1, max_size=2, unique=True))
    steps = {name: Step("Make, properties: {Count: 7}", _setting(draw), {"success": ()}) for name in sources}
    for name in middle:
        _lead(draw, steps, name)
        kind = draw(st.sampled_from(["Pass", "Fail", "PassOnWorker"]))
        ways: dict[str, tuple[str, ...]] = {"success": ()}
        if kind == "Fail":
            ways["failure"] = draw(st.sampled_from([(), ("",), (name,)]))
        steps[name] = Step(kind, _setting(draw), ways)
    for name in ends:
        _lead(draw, steps, name)
        steps[name] = Step("Collect", _setting(draw))
    names = [f"{source} {target}" for source in steps for target in steps]
    queues = draw(st.dictionaries(st.sampled_from(names), st.sampled_from(QUEUES), max_size=4))
    return WrittenFlow(steps, queues)


def edits_of(flow: WrittenFlow) -> SearchStrategy[WrittenFlow]:
    """The flow with something changed, or another one altogether."""
    return st.one_of(flows(), _small_edits(flow))


@st.composite
def _small_edits(draw: DrawFn, flow: WrittenFlow) -> WrittenFlow:
    name = draw(st.sampled_from(list(flow.steps)))
    step = flow.steps[name]
    kind = draw(st.sampled_from(["setting", "queue", "end", "dead letter", "rename"]))
    if kind == "rename":
        return _renamed(flow, name, f"{name}-two")
    if kind == "setting":
        step = replace(step, setting=_setting(draw))
    if kind == "end" and "success" in step.ways and name not in SOURCES:
        step = replace(step, ways={**step.ways, "success": (*step.ways["success"][:1], "")})
    if kind == "dead letter" and "failure" in step.ways:
        step = replace(step, ways={**step.ways, "failure": draw(st.sampled_from([(), ("",)]))})
    queues = dict(flow.queues)
    if kind == "queue" and step.ways.get("success"):
        queues[f"{name} {step.ways['success'][0]}"] = draw(st.sampled_from(QUEUES))
    return WrittenFlow({**flow.steps, name: step}, queues)


def _renamed(flow: WrittenFlow, old: str, new: str) -> WrittenFlow:
    def named(names: Sequence[str]) -> tuple[str, ...]:
        return tuple(new if name == old else name for name in names)

    steps = {
        named([name])[0]: replace(step, ways={way: named(targets) for way, targets in step.ways.items()})
        for name, step in flow.steps.items()
    }
    return WrittenFlow(steps, flow.queues)


def _setting(draw: DrawFn) -> str:
    return draw(st.sampled_from(SETTINGS))


def _lead(draw: DrawFn, steps: dict[str, Step], target: str) -> None:
    """Have an earlier processor lead there, and perhaps another one too."""
    earlier = [name for name in steps if "success" in steps[name].ways]
    for name in draw(st.lists(st.sampled_from(earlier), min_size=1, max_size=2, unique=True)):
        ways = steps[name].ways
        steps[name] = replace(steps[name], ways={**ways, "success": (*ways["success"], target)})
