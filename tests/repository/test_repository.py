"""The contract of a repository, held by every implementation."""

from msgspec.structs import replace
from tests.repository.conftest import Reopen

from flowrun.flowfile import ContentClaim, FlowFile, Placement
from flowrun.repository import Commit, Repository, StateChange


def placed(repository: Repository, *, content: bytes = b"", queue: str = "a --> b", **attributes: str) -> Placement:
    claim = repository.content.write(content) if content else None
    flowfile_id = repository.next_id()
    flowfile = FlowFile(flowfile_id, {"uuid": f"u{flowfile_id}", **attributes}, claim, 5.0, 4.0)
    placement = Placement(flowfile, queue, 10.0)
    repository.commit(Commit(10.0, placed=(placement,), content=_claims(claim)))
    return placement


def _claims(claim: ContentClaim | None) -> tuple[ContentClaim, ...]:
    return (claim,) if claim is not None else ()


def test_a_new_repository_is_empty(repository: Repository, reopen: Reopen) -> None:
    recovered = reopen(repository).recover()

    assert recovered.placements == ()
    assert recovered.state == {}


def test_a_placed_flowfile_is_there_after_a_restart_as_it_was(repository: Repository, reopen: Reopen) -> None:
    placement = placed(repository, content=b"hello", name="Ada")
    later = Placement(placement.flowfile, "c --> d", 20.0, 99.0, 3, ("source",), "why")
    repository.commit(Commit(21.0, (placement.flowfile.id,), (later,)))

    again = reopen(repository)

    assert again.recover().placements == (later,)
    assert again.content.read(later.flowfile.content or ContentClaim(0, 0, 0)) == b"hello"


def test_a_taken_flowfile_that_is_not_placed_is_gone(repository: Repository, reopen: Reopen) -> None:
    placement = placed(repository, content=b"hello")
    repository.commit(Commit(11.0, (placement.flowfile.id,)))

    assert reopen(repository).recover().placements == ()


def test_changes_of_attributes_survive_a_restart(repository: Repository, reopen: Reopen) -> None:
    placement = placed(repository, old="1", gone="2")
    changed = replace(placement.flowfile, attributes={"uuid": placement.flowfile.uuid, "old": "3", "new": "4"})
    changes = {changed.id: {"old": "3", "gone": None, "new": "4"}}
    repository.commit(Commit(11.0, (changed.id,), (Placement(changed, "b --> c", 11.0),), changes))

    [found] = reopen(repository).recover().placements

    assert found.flowfile.attributes == {"uuid": changed.uuid, "old": "3", "new": "4"}


def test_new_content_replaces_the_old_which_is_let_go(repository: Repository, reopen: Reopen) -> None:
    placement = placed(repository, content=b"old")
    claim = repository.content.write(b"new content")
    changed = replace(placement.flowfile, content=claim)
    repository.commit(Commit(11.0, (changed.id,), (Placement(changed, "b --> c", 11.0),), content=(claim,)))

    again = reopen(repository)
    [found] = again.recover().placements

    assert again.content.read(found.flowfile.content or claim) == b"new content"


def test_content_that_two_flowfiles_share_stays_until_both_are_gone(repository: Repository) -> None:
    first = placed(repository, content=b"shared")
    claim = first.flowfile.content
    assert claim is not None
    second = Placement(FlowFile(repository.next_id(), {"uuid": "clone"}, claim), "x --> y", 10.0)
    repository.commit(Commit(10.0, placed=(second,)))
    repository.commit(Commit(11.0, (first.flowfile.id,)))
    repository.sync()

    assert repository.content.read(claim) == b"shared"


def test_processor_state_survives_a_restart(repository: Repository, reopen: Reopen) -> None:
    repository.commit(Commit(1.0, state=(StateChange("count", {"n": "1"}),)))
    repository.commit(Commit(2.0, state=(StateChange("count", {"n": "2"}), StateChange("other", {}))))

    assert reopen(repository).recover().state == {"count": {"n": "2"}, "other": {}}


def test_ids_are_never_used_again(repository: Repository, reopen: Reopen) -> None:
    used = placed(repository).flowfile.id
    repository.commit(Commit(11.0, (used,)))

    again = reopen(repository)
    again.recover()

    assert again.next_id() > used


def test_large_content_is_written_and_read_in_pieces(repository: Repository, reopen: Reopen) -> None:
    writer = repository.content.open_write()
    for piece in range(40):
        writer.write(bytes([piece]) * 50_000)
    writer.close()
    flowfile = FlowFile(repository.next_id(), {"uuid": "large"}, writer.claim)
    repository.commit(Commit(1.0, placed=(Placement(flowfile, "a --> b", 1.0),), content=(writer.claim,)))

    again = reopen(repository)
    again.recover()
    with again.content.open(writer.claim) as stream:
        stream.seek(50_000 * 39)
        tail = stream.read()

    assert writer.claim.length == 2_000_000
    assert tail == bytes([39]) * 50_000


def test_content_that_was_given_up_leaves_nothing(repository: Repository) -> None:
    writer = repository.content.open_write()
    writer.write(b"x" * 1_000_000)
    writer.abandon()
    claim = repository.content.write(b"next")

    assert repository.content.read(claim) == b"next"


def test_a_thousand_flowfiles_in_one_commit_come_back_in_order(repository: Repository, reopen: Reopen) -> None:
    flowfiles = [FlowFile(repository.next_id(), {"uuid": str(n)}) for n in range(1000)]
    repository.commit(Commit(1.0, placed=tuple(Placement(f, "a --> b", 1.0) for f in flowfiles)))

    assert [p.flowfile for p in reopen(repository).recover().placements] == flowfiles
