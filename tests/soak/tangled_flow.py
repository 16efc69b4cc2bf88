"""A flow with everything in it that can go wrong, and one end that all of it must come to, however often it is killed.

Numbered flowfiles of a source that counts in its state branch into four routes, of which two share a queue; turn in a
loop; are refused at first, one in ten, and retried by the framework; are copied, one in a hundred, by two connections
of one relationship; and become files that are named by what they are, so that writing one twice changes nothing. A few
hold megabytes.
"""

import os
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

PLUGIN = '''\
"""Where the numbers come from, and what refuses them."""

from flowrun import Input, Processor, Property, Relationship, natural_number

LARGE = 3_000_000
BATCH = 100


def content_of(number, large_every):
    """Most are a few lines; one in so many has megabytes."""
    line = f"flowfile {number:08d}\\n".encode()
    return line * (LARGE // len(line) if number % large_every == large_every - 1 else number % 5)


class Count(Processor):
    """Makes each number once: how far it has come is a part of the commit that holds the flowfiles."""

    input = Input.FORBIDDEN
    blocking = False
    count = Property("Count", natural_number, "How many.")
    large_every = Property("Large Every", natural_number, "One in so many is large.")
    success = Relationship("success", "All.")

    def on_scheduled(self):
        self.is_done = False

    def has_pending(self):
        return not self.is_done

    def on_trigger(self, session):
        made = int(session.state.get("made", "0"))
        numbers = range(made, min(made + BATCH, self.count))
        for number in numbers:
            content = content_of(number, self.large_every)
            session.transfer(session.create(attributes={"number": str(number)}, content=content), self.success)
        if numbers:
            session.set_state({"made": str(numbers.stop)})
        self.is_done = not numbers


class Hesitate(Processor):
    """Refuses one in ten of the numbers, the first time that this process sees it."""

    blocking = False
    success = Relationship("success", "It was seen before, or is let through at once.")
    failure = Relationship("failure", "Not yet.")

    def on_scheduled(self):
        self.seen = set()

    def process(self, session, flowfile):
        number = int(flowfile.attributes["number"])
        if number % 10 == 3 and number not in self.seen:
            self.seen.add(number)
            session.transfer(flowfile, self.failure)
            return
        session.transfer(flowfile, self.success)
'''

FLOW = """\
flow: tangled
processors:
  make:
    type: Count
    schedule: {{every: 50 ms}}
    properties: {{Count: "{count}", Large Every: "{large_every}"}}
  branch:
    type: RouteOnAttribute
    properties:
      thirds: "${{number:mod(3):equals(0)}}"
      fives: "${{number:mod(3):equals(2):and(${{number:mod(5):equals(0)}})}}"
      hundreds: "${{number:mod(3):equals(1):and(${{number:mod(100):equals(1)}})}}"
  mark: {{type: UpdateAttribute, properties: {{kind: third}}}}
  append:
    type: ReplaceText
    properties:
      Replacement Strategy: Append
      Evaluation Mode: Entire text
      Maximum Buffer Size: 10 MB
      Replacement Value: "the end of ${{number}}"
    dead_letter: [failure]
  copy: {{type: UpdateAttribute, properties: {{kind: copied}}}}
  turn: {{type: UpdateAttribute, properties: {{turns: "${{turns:replaceNull(0):plus(1)}}"}}}}
  look: {{type: RouteOnAttribute, properties: {{again: "${{turns:lt(3)}}"}}}}
  hesitate:
    type: Hesitate
    retry: {{relationships: [failure], attempts: 100000, backoff: penalize, max_backoff: 20 ms}}
    penalty_duration: 10 ms
    dead_letter: [failure]
  name:
    type: UpdateAttribute
    properties: {{filename: "${{number}}.${{kind:replaceNull('plain')}}.${{turns}}"}}
  save:
    type: PutFile
    properties: {{Directory: "out/${{number:mod(100)}}", Conflict Resolution Strategy: replace}}
    auto_terminate: [success]
    dead_letter: [failure]
  save-copy:
    type: PutFile
    properties: {{Directory: copies, Conflict Resolution Strategy: replace}}
    auto_terminate: [success]
    dead_letter: [failure]
  name-copy: {{type: UpdateAttribute, properties: {{filename: "${{number}}.copy"}}}}
connections:
  - {{from: make, relationships: [success], to: branch, back_pressure: {{objects: 2000}}}}
  - {{from: branch, relationships: [thirds], to: mark, back_pressure: {{objects: 2000}}}}
  - {{from: branch, relationships: [hundreds], to: copy, back_pressure: {{objects: 2000}}}}
  - {{from: branch, relationships: [fives, unmatched], to: append, back_pressure: {{objects: 2000}}}}
  - copy --> append
  - copy --> name-copy
  - name-copy --> save-copy
  - {{from: mark, relationships: [success], to: turn, back_pressure: {{objects: 2000}}}}
  - {{from: append, relationships: [success], to: turn, back_pressure: {{objects: 2000}}}}
  - turn --> look
  - {{from: look, relationships: [again], to: turn, back_pressure: {{objects: 0, size: 0 B}}}}
  - {{from: look, relationships: [unmatched], to: hesitate, back_pressure: {{objects: 2000}}}}
  - {{from: hesitate, relationships: [success], to: name, back_pressure: {{objects: 2000}}}}
  - {{from: name, relationships: [success], to: save, back_pressure: {{objects: 2000}}}}
"""


def write_flow(folder: Path, *, count: int, large_every: int) -> Path:
    """The flow file, and its plug-in beside it."""
    (folder / "plugins").mkdir(parents=True)
    (folder / "plugins" / "tangled.py").write_text(PLUGIN)
    file = folder / "tangled.yaml"
    file.write_text(FLOW.format(count=count, large_every=large_every))
    return file


def expected_names(count: int) -> set[str]:
    """The files that there are in the end."""
    names = set()
    for number in range(count):
        is_copied = number % 3 == 1 and number % 100 == 1
        kind = "third" if number % 3 == 0 else "copied" if is_copied else "plain"
        names.add(f"out/{number % 100}/{number}.{kind}.3")
        if is_copied:
            names.add(f"copies/{number}.copy")
    return names


def files(folder: Path) -> Iterator[Path]:
    """All that was written, temporary files too."""
    for top in ("out", "copies"):
        for place, _, names in os.walk(folder / top):
            yield from (Path(place, name) for name in names)


def digests(folder: Path) -> dict[str, str]:
    """Every file with what is in it."""
    return {
        str(file.relative_to(folder)): blake2b(file.read_bytes(), digest_size=16).hexdigest() for file in files(folder)
    }
