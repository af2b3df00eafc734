"""Turns for the numbers of a series: threads of a process wait for each other before they wait in the server, and never for ever."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from frappe_engine.context.errors import QueryDeadlockError
from frappe_engine.context.local import Context, use_context
from frappe_engine.database import number_turns
from frappe_engine.database.database import connect
from frappe_engine.database.number_turns import NumberTurns
from frappe_engine.testing import TestSite, temporary_site

KEY, OTHER = "TURNS-", "OTHER-TURNS-"


@pytest.fixture(scope="module")
def numbered_site() -> Iterator[TestSite]:
    """A site for the tests of this module, which commit numbers."""
    with temporary_site() as made:
        yield made


@pytest.fixture
def first(numbered_site: TestSite) -> Iterator[Context]:
    """A context on a server, where threads wait for rows (SQLite has turns for all writers)."""
    with numbered_site.connected() as context:
        if context.db.is_sqlite:
            pytest.skip("SQLite has one writer")
        for key in (KEY, OTHER):
            context.db.sql("replace into `tabSeries` (name, current) values (%s, 0)", key)
        context.db.commit()
        yield context


@pytest.fixture
def second(first: Context, numbered_site: TestSite) -> Iterator[Any]:
    """Another connection of the same process."""
    database = connect(first.conf, numbered_site.sites_path, numbered_site.name)
    yield database
    database.close()


def started(work: Callable[[], Any], context: Context | None = None) -> threading.Thread:
    """Run a function in a thread, on the same site, and let it come to where it waits."""

    def run() -> None:
        with use_context(Context(**(context.__dict__ if context else {}))):
            work()

    thread = threading.Thread(target=run)
    thread.start()
    time.sleep(0.2)
    return thread


def test_one_thread_at_a_time_has_the_turn_and_the_next_gets_it() -> None:
    turns, seen = NumberTurns(), []
    mine = turns.take(KEY)
    thread = started(lambda: seen.append(turns.take(KEY)))
    assert not seen
    mine.release()
    thread.join(5)
    assert seen == [mine]


def test_series_do_not_wait_for_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(number_turns, "LONGEST_WAIT_S", 0.01)
    turns = NumberTurns()
    taken = turns.take(KEY)
    assert taken
    assert turns.take(OTHER)


def test_who_has_waited_long_enough_goes_on_without_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(number_turns, "LONGEST_WAIT_S", 0.01)
    turns = NumberTurns()
    taken = turns.take(KEY)
    assert taken
    assert turns.take(KEY) is None


def test_series_that_nobody_asks_for_are_forgotten() -> None:
    turns = NumberTurns()
    for number in range(100):
        turns.take(f"{KEY}{number}-").release()
    assert len(turns._turns) <= 1


def test_a_forked_process_does_not_wait_for_its_parent() -> None:
    turns = NumberTurns()
    taken = turns.take(KEY)
    fork = multiprocessing.get_context("fork")
    process = fork.Process(target=lambda: exit(0 if turns.take(KEY) else 1))
    process.start()
    process.join(10)
    assert taken
    assert process.exitcode == 0


def test_the_second_thread_asks_the_server_only_when_the_first_has_finished(first: Context, second: Any) -> None:
    got: list[int] = []
    assert first.db.take_numbers(KEY) == 1
    thread = started(lambda: got.append(second.take_numbers(KEY)), first)
    assert second.statements == 0
    first.db.commit()
    thread.join(10)
    assert got == [2]


def test_a_number_that_is_undone_goes_to_the_one_who_waits(first: Context, second: Any) -> None:
    got: list[int] = []
    first.db.take_numbers(KEY)
    thread = started(lambda: got.append(second.take_numbers(KEY)), first)
    first.db.rollback()
    thread.join(10)
    assert got == [1]


def test_a_connection_that_is_given_back_passes_the_turn_on(first: Context, second: Any) -> None:
    second.take_numbers(KEY)
    second.close()
    began = time.monotonic()
    assert first.db.take_numbers(KEY) == 1
    assert time.monotonic() - began < number_turns.LONGEST_WAIT_S / 2


def test_who_holds_rows_waits_in_the_server_which_sees_a_deadlock(
    first: Context, second: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(number_turns, "LONGEST_WAIT_S", 30)
    other, errors = "update `tabSeries` set current = current + 1 where name = %s", []
    second.sql(other, OTHER)
    first.db.take_numbers(KEY)

    def work() -> None:
        try:
            second.take_numbers(KEY)
        except QueryDeadlockError as error:
            errors.append(error)
            second.rollback()

    thread = started(work, first)
    try:
        first.db.sql(other, OTHER)
    except QueryDeadlockError as error:
        errors.append(error)
        first.db.rollback()
    thread.join(10)
    assert len(errors) == 1
    assert not thread.is_alive()


def test_numbers_of_many_threads_have_no_gap_though_some_are_undone(numbered_site: TestSite, first: Context) -> None:
    kept: list[int] = []

    def work() -> None:
        database = connect(first.conf, numbered_site.sites_path, numbered_site.name)
        for turn in range(10):
            taken = database.take_numbers(KEY)
            if turn % 3:
                database.commit()
                kept.append(taken)
            else:
                database.rollback()
        database.close()

    threads = [started(work, first) for _thread in range(4)]
    for thread in threads:
        thread.join(30)
    assert sorted(kept) == list(range(1, 25))
