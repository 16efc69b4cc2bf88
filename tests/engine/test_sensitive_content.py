"""Sensitive content is hidden wherever its claim goes, until a processor writes something else."""

from pathlib import Path

from tests.engine.kit import Pass, flow

from flowrun import FlowFile, ProcessSession
from flowrun.clock import MovableClock
from flowrun.repository.disk import DiskRepository
from flowrun.runner import FlowRunner

FLOW = """
    processors:
      make: {type: Make, properties: {Size: 5}, sensitive_content: true}
      pass: {type: Pass}
      copy: {type: Copy}
      end: {type: Collect, enabled: false}
    connections: [make --> pass, pass --> copy, copy --> end]
"""
SEEN: list[tuple[str, bool]] = []


class Copy(Pass):
    """Send on a clone, and one with content of its own."""

    def process(self, session: ProcessSession, flowfile: FlowFile) -> None:
        clone = session.clone(flowfile)
        other = session.create(flowfile, content=b"harmless")
        for name, one in (("taken", flowfile), ("clone", clone), ("other", other)):
            SEEN.append((name, session.hides_content(one)))
            session.transfer(one, self.success)


def test_what_a_sensitive_processor_wrote_is_hidden_downstream_and_after_a_restart(tmp_path: Path) -> None:
    SEEN.clear()
    repository = DiskRepository(tmp_path)
    FlowRunner(flow(FLOW, Copy=Copy), repository, clock=MovableClock()).run(once=True)
    repository.close()

    again = DiskRepository(tmp_path)
    claims = [placement.flowfile.content for placement in again.recover().placements]
    again.close()

    assert SEEN == [("taken", True), ("clone", True), ("other", False)]
    assert [claim.sensitive for claim in claims if claim is not None] == [True, True, False]
