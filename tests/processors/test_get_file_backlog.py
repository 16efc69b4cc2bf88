"""The memory of GetFile: what waits, what is in flight, what just went."""

from flowrun_processors.get_file.backlog import Backlog
from flowrun_processors.get_file.listing import SourceFile


def file(name: str) -> SourceFile:
    return SourceFile(f"/in/{name}", "")


def backlog_of(*names: str) -> Backlog:
    backlog = Backlog()
    list_again(backlog, *names)
    return backlog


def list_again(backlog: Backlog, *names: str) -> None:
    assert backlog.begin_listing(0.0, 0.0)
    backlog.end_listing([file(name) for name in names], 0.0)


def take(backlog: Backlog, maximum: int = 100) -> str:
    return "".join(taken.path[-1] for taken in backlog.take(maximum))


def test_two_triggers_never_take_the_same_file() -> None:
    backlog = backlog_of("a", "b", "c")

    assert (take(backlog, 2), take(backlog, 2), take(backlog, 2)) == ("ab", "c", "")


def test_a_file_in_flight_is_not_found_again() -> None:
    backlog = backlog_of("a", "b")
    taken = take(backlog, 1)
    list_again(backlog, "a", "b")

    assert (taken, take(backlog)) == ("a", "b")


def test_a_listing_that_began_before_a_file_was_deleted_does_not_bring_it_back() -> None:
    backlog = backlog_of("a")
    [taken] = backlog.take(1)
    assert backlog.begin_listing(0.0, 0.0)
    backlog.finish(taken, is_gone=True)
    backlog.end_listing([file("a")], 0.0)
    stale = take(backlog)
    list_again(backlog, "a")

    assert (stale, take(backlog)) == ("", "a")


def test_a_kept_file_comes_again_once_it_is_not_in_flight() -> None:
    backlog = backlog_of("a")
    [taken] = backlog.take(1)
    list_again(backlog, "a")
    in_flight = take(backlog)
    backlog.finish(taken, is_gone=False)
    list_again(backlog, "a")

    assert (in_flight, take(backlog)) == ("", "a")


def test_files_given_back_go_first() -> None:
    backlog = backlog_of("a", "b", "c")
    taken = backlog.take(2)
    backlog.give_back(taken)

    assert take(backlog) == "abc"


def test_files_that_waited_go_before_those_that_came_later() -> None:
    backlog = backlog_of("x", "y", "z")
    taken = take(backlog, 1)
    list_again(backlog, "a", "z", "y")

    assert (taken, take(backlog)) == ("x", "yza")


def test_a_file_that_is_not_listed_any_more_does_not_wait_any_more() -> None:
    backlog = backlog_of("a", "b")
    list_again(backlog, "b")

    assert take(backlog) == "b"


def test_a_listing_that_failed_changes_nothing() -> None:
    backlog = backlog_of("a")
    assert backlog.begin_listing(5.0, 1.0)
    backlog.end_listing(None, 5.0)

    assert backlog.begin_listing(5.0, 1.0)
    assert take(backlog) == "a"


def test_one_listing_at_a_time_and_none_while_many_files_wait() -> None:
    backlog = backlog_of("a")
    assert backlog.begin_listing(0.0, 0.0)

    assert not backlog.begin_listing(0.0, 0.0)
    backlog.end_listing([file(f"{number}") for number in range(100)], 0.0)
    assert not backlog.begin_listing(0.0, 0.0)
    backlog.take(1)
    assert backlog.begin_listing(0.0, 0.0)


def test_a_poll_is_over_when_its_first_listing_is_taken_even_if_later_ones_bring_more() -> None:
    backlog = backlog_of("a", "b")
    backlog.take(1)
    list_again(backlog, "b", "c", "d")
    before = backlog.has_pending
    backlog.take(1)

    assert before
    assert not backlog.has_pending
