"""Processors that pass on shares of numbered items, so that at every moment all shares of an item add up to one.

A flowfile's attribute `shares` says which items it stands for and how much of each (`3:1/4 7:1`), `blocks` which
contents it must hold. Whoever copies a flowfile divides its shares, also for the copies that the engine makes where a
relationship has several connections. What leaves the flow is added up in the state of the processor that ends it, as a
part of the commit.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from flowrun import (
    FlowFile,
    Input,
    Processor,
    ProcessorError,
    ProcessSession,
    Property,
    Relationship,
    natural_number,
)

Shares = dict[int, Fraction]
SIZES = (0, 1, 40, 5_000, 300_000, 1_200_000)


class World:
    """What is outside of the flow: `trouble` is how often work fails, the rest is what was done out there."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.trouble = 0.0
        self.acknowledged: set[int] = set()
        self.delivered: set[int] = set()
        self.wrong: list[str] = []

    def happens(self, probability: float) -> bool:
        return self.dice.random() < probability

    def parts(self, flowfile: FlowFile) -> int:
        """How many to make of it: one, once it has gone far, for a loop would make ever more."""
        return self.dice.randint(1, 3) if int(flowfile.attributes["hops"]) < 4 else 1

    def fail_perhaps(self) -> None:
        """Fail as processors do."""
        if self.happens(self.trouble):
            raise self.dice.choice([ProcessorError("not now"), ValueError("a mistake"), SystemExit(0)])


def block(item: int) -> bytes:
    """The content that an item begins with."""
    size = SIZES[(item * 7) % len(SIZES)] if item % 5 == 0 else SIZES[item % 4]
    return f"[{item}".encode() + b"x" * size + b"]"


def read_shares(text: str) -> Shares:
    pairs = (pair.split(":") for pair in text.split())
    return {int(item): Fraction(share) for item, share in pairs}


def write_shares(shares: Mapping[int, Fraction]) -> str:
    return " ".join(f"{item}:{share}" for item, share in sorted(shares.items()))


def added(some: Iterable[Shares]) -> Shares:
    total: Shares = {}
    for shares in some:
        for item, share in shares.items():
            total[item] = total.get(item, Fraction(0)) + share
    return total


class Step(Processor):
    """What all have in common. `Ways` says how many connections each relationship has: `success=2 again=1`."""

    world: World
    ways = Property("Ways", str, "How many connections each relationship has.", default="")
    success = Relationship("success", "Done.")

    def shares(self, flowfile: FlowFile) -> Shares:
        return read_shares(flowfile.attributes["shares"])

    def send(self, session: ProcessSession, flowfile: FlowFile, relationship: Relationship, *, parts: int = 1) -> None:
        """Send it on as one of so many copies."""
        ways = dict(pair.split("=") for pair in self.ways.split())
        divisor = parts * int(ways[relationship.name])
        shares = {item: share / divisor for item, share in self.shares(flowfile).items()}
        hops = str(int(flowfile.attributes["hops"]) + 1)
        changed = session.put_attributes(flowfile, {"shares": write_shares(shares), "hops": hops})
        session.transfer(changed, relationship, cause=f"after {hops} hops")

    def process(self, session: ProcessSession, flowfile: FlowFile) -> None:
        self.world.fail_perhaps()
        self.work(session, flowfile)
        self.world.fail_perhaps()

    def work(self, session: ProcessSession, flowfile: FlowFile) -> None:
        """Pass it on."""
        self.send(session, flowfile, self.success)


class Make(Step):
    """Make items, a few at a time, and acknowledge them when they are safe."""

    input = Input.FORBIDDEN
    first = Property("First", natural_number, "The first item.", default="0")
    count = Property("Count", natural_number, "How many.", default="10")

    def has_pending(self) -> bool:
        return not self.is_done

    def on_scheduled(self) -> None:
        self.is_done = False

    def on_trigger(self, session: ProcessSession) -> None:
        made = int(session.state.get("made", "0"))
        numbers = range(made, min(made + self.world.dice.randint(1, 5), self.count))
        for item in [self.first + number for number in numbers]:
            attributes = {"shares": f"{item}:1", "blocks": str(item), "hops": "0", "priority": str(item % 3)}
            self.send(session, session.create(attributes=attributes, content=block(item)), self.success)
            self.world.fail_perhaps()
            session.on_commit(lambda item=item: self.world.acknowledged.add(item))  # type: ignore[misc]
        if numbers:
            session.set_state({"made": str(numbers.stop)})
        self.is_done = not numbers


class Fork(Step):
    """Send on several copies."""

    def work(self, session: ProcessSession, flowfile: FlowFile) -> None:
        copies = [session.clone(flowfile) for _ in range(self.world.parts(flowfile))]
        for copy in (*copies, flowfile):
            self.send(session, copy, self.success, parts=len(copies) + 1)


class Split(Step):
    """Send on children, and end the parent."""

    def work(self, session: ProcessSession, flowfile: FlowFile) -> None:
        content, parts = session.read(flowfile), self.world.parts(flowfile)
        for _ in range(parts):
            self.send(session, session.create(flowfile, content=content), self.success, parts=parts)
        session.remove(flowfile)


class Rewrite(Step):
    """Write the same content anew, in one piece or in many, sometimes twice."""

    def work(self, session: ProcessSession, flowfile: FlowFile) -> None:
        for _ in range(self.world.dice.randint(1, 2)):
            if self.world.happens(0.5):
                flowfile = session.write(flowfile, session.read(flowfile))
                continue
            with session.open(flowfile) as source, session.open_write(flowfile) as target:
                while piece := source.read(70_000):
                    target.write(piece)
                    self.world.fail_perhaps()
            flowfile = target.flowfile
        self.send(session, flowfile, self.success)


class Deliver(Step):
    """Do something in the world outside that may be done twice."""

    batch = True

    def work(self, session: ProcessSession, flowfile: FlowFile) -> None:
        self.world.delivered.update(self.shares(flowfile))
        self.send(session, flowfile, self.success)


class Again(Step):
    """Send some back, to be worked on once more, and penalize some."""

    again = Relationship("again", "Once more.")

    def work(self, session: ProcessSession, flowfile: FlowFile) -> None:
        if self.world.happens(0.3):
            session.penalize(flowfile, self.world.dice.choice([0.0, 0.5, 40.0]))
        goes_back = int(flowfile.attributes["hops"]) < 6 and self.world.happens(0.5)
        self.send(session, flowfile, self.again if goes_back else self.success)


class Fail(Step):
    """Send some to failure, spoiled."""

    failure = Relationship("failure", "Not done.")

    def work(self, session: ProcessSession, flowfile: FlowFile) -> None:
        fails = self.world.happens(0.4)
        if fails:
            session.remove(session.write(session.clone(flowfile), b"spoiled"))
        self.send(session, flowfile, self.failure if fails else self.success)


class Merge(Step):
    """Make one of several; what is too much for it stays in the queue."""

    def on_trigger(self, session: ProcessSession) -> None:
        parents = session.get_batch(self.world.dice.randint(1, 6))
        if not parents:
            return
        self.world.fail_perhaps()
        attributes = {
            "shares": write_shares(added(self.shares(parent) for parent in parents)),
            "blocks": " ".join(parent.attributes["blocks"] for parent in parents),
            "hops": max((parent.attributes["hops"] for parent in parents), key=int),
        }
        content = b"".join(session.read(parent) for parent in parents)
        merged = session.create(*parents, attributes=attributes, content=content)
        for parent in parents:
            session.remove(parent)
        self.world.fail_perhaps()
        self.send(session, merged, self.success)


class End(Step):
    """End flowfiles, and keep account of them in the state."""

    success = Relationship("success", "Never.", only_with={"Ways": ("never",)})

    def work(self, session: ProcessSession, flowfile: FlowFile) -> None:
        expected = b"".join(block(int(item)) for item in flowfile.attributes["blocks"].split())
        if session.read(flowfile) != expected:
            self.world.wrong.append(f"{flowfile}: {session.read(flowfile)[:80]!r} instead of {expected[:80]!r}")
        total = added([read_shares(session.state.get("ended", "")), self.shares(flowfile)])
        session.set_state({"ended": write_shares(total)})
        session.remove(flowfile)


STEPS: Sequence[type[Step]] = (Step, Fork, Split, Rewrite, Deliver, Again, Fail, Merge)


def classes_of(world: World) -> dict[str, type[Processor]]:
    """Every kind twice, on the engine thread and blocking, all in the same world."""
    kinds: dict[str, type[Processor]] = {}
    for kind in (*STEPS, Make, End):
        for blocking in (False, True):
            name = f"{kind.__name__}{'OnWorker' if blocking else ''}"
            kinds[name] = type(name, (kind,), {"world": world, "blocking": blocking, "__doc__": kind.__doc__})
    return kinds
