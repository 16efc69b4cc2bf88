"""The flowfiles that are in queues as the repository knows them: the truth that a snapshot writes down."""

from flowrun.flowfile import ContentClaim, Placement
from flowrun.repository.commit import Commit


class LiveFlowFiles:
    """Every queued flowfile by id, and which content claims a commit gains or loses."""

    def __init__(self) -> None:
        self.placements: dict[int, Placement] = {}

    def apply(self, commit: Commit) -> tuple[list[ContentClaim], list[ContentClaim]]:
        """Make the commit true here; gives the claims that are held from now on, and those that are no more."""
        placements = self.placements
        if commit.passes_on:
            placements.update(zip(commit.taken, commit.placed, strict=True))
            return [], []
        gained: list[ContentClaim] = []
        lost: list[ContentClaim] = []
        for placement in commit.placed:
            flowfile = placement.flowfile
            before = placements.get(flowfile.id)
            placements[flowfile.id] = placement
            content = flowfile.content
            if before is None:
                if content is not None:
                    gained.append(content)
            elif before.flowfile.content is not content:
                if content is not None:
                    gained.append(content)
                if before.flowfile.content is not None:
                    lost.append(before.flowfile.content)
        for flowfile_id in commit.gone():
            before = placements.pop(flowfile_id, None)
            if before is not None and before.flowfile.content is not None:
                lost.append(before.flowfile.content)
        return gained, lost
