"""Transactions: who waits for whom, what is undone, and which callbacks run when."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from frappe_engine.context.errors import ImplicitCommitError, InReadOnlyMode, QueryDeadlockError, QueryTimeoutError
from frappe_engine.context.local import Context, use_context
from frappe_engine.database import turns
from frappe_engine.database.database import connect, drop_pool, pool_for
from frappe_engine.database.transaction import Pool
from frappe_engine.testing import TestSite, temporary_site

KEY = "TRANSACTIONS-"


@pytest.fixture(scope="module")
def busy_site() -> Iterator[TestSite]:
    """A site for the tests of this module, which commit one number each."""
    with temporary_site() as made:
        yield made


@pytest.fixture
def counter(busy_site: TestSite) -> Iterator[Context]:
    """A connection to a site with one committed number."""
    with busy_site.connected() as context:
        context.db.sql("replace into `tabSeries` (name, current) values (%s, 1)", KEY)
        context.db.commit()
        yield context


@pytest.fixture
def second(counter: Context, busy_site: TestSite) -> Iterator[Any]:
    """Another connection to the same site."""
    database = connect(counter.conf, busy_site.sites_path, busy_site.name)
    yield database
    database.close()


def number(database: Any) -> int:
    return int(database.sql("select current from `tabSeries` where name = %s", KEY)[0][0])


def add(database: Any) -> None:
    database.sql("update `tabSeries` set current = current + 1 where name = %s", KEY)


def test_reading_begins_no_write_transaction(counter: Context) -> None:
    number(counter.db)
    assert not counter.db.in_transaction()
    add(counter.db)
    assert counter.db.in_transaction()
    counter.db.rollback()
    assert not counter.db.in_transaction()


def test_a_reader_sees_the_last_commit(counter: Context, second: Any) -> None:
    add(counter.db)
    assert number(second) == 1
    counter.db.commit()
    assert number(second) == 2


def test_rollback_undoes_everything(counter: Context) -> None:
    add(counter.db)
    add(counter.db)
    counter.db.rollback()
    assert number(counter.db) == 1


def test_a_connection_that_is_given_back_is_undone(counter: Context, second: Any) -> None:
    add(second)
    second.close()
    assert number(counter.db) == 1


def test_a_savepoint_undoes_what_came_after_it(counter: Context) -> None:
    add(counter.db)
    counter.db.savepoint("here")
    add(counter.db)
    counter.db.rollback(save_point="here")
    counter.db.commit()
    assert number(counter.db) == 2


def test_a_released_savepoint_keeps_what_came_after_it(counter: Context) -> None:
    counter.db.savepoint("here")
    add(counter.db)
    counter.db.release_savepoint("here")
    assert number(counter.db) == 2


def test_a_nested_block_that_raises_is_undone(counter: Context) -> None:
    with counter.db.nested("outer"):
        add(counter.db)
        with suppress(KeyError), counter.db.nested("inner"):
            add(counter.db)
            raise KeyError
    assert number(counter.db) == 2


@pytest.mark.parametrize("name", ["", "a b", "x; drop table y", "1a", "ä`"])
def test_names_of_savepoints_are_checked(counter: Context, name: str) -> None:
    with pytest.raises(ValueError, match="savepoint"):
        counter.db.savepoint(name)


def callbacks(database: Any) -> list[str]:
    """Note which callbacks run, in order."""
    ran: list[str] = []
    for name in ("before_commit", "after_commit", "before_rollback", "after_rollback"):
        getattr(database, name).add(lambda name=name: ran.append(name))
    return ran


def test_commit_runs_its_callbacks_once(counter: Context) -> None:
    ran = callbacks(counter.db)
    add(counter.db)
    counter.db.commit()
    counter.db.rollback()
    counter.db.commit()
    assert ran == ["before_commit", "after_commit"]


def test_rollback_runs_its_callbacks_once(counter: Context) -> None:
    ran = callbacks(counter.db)
    add(counter.db)
    counter.db.rollback()
    counter.db.commit()
    assert ran == ["before_rollback", "after_rollback"]


def test_callbacks_run_in_order_and_may_add_more(counter: Context) -> None:
    ran: list[int] = []
    counter.db.after_commit.add(lambda: (ran.append(1), counter.db.after_commit.add(lambda: ran.append(3))))
    counter.db.after_commit.add(lambda: ran.append(2))
    counter.db.commit()
    assert ran == [1, 2, 3]


def test_what_is_written_before_commit_is_committed(counter: Context, second: Any) -> None:
    counter.db.before_commit.add(lambda: add(counter.db))
    counter.db.commit()
    assert number(second) == 2


def test_callbacks_after_a_savepoint_rollback_still_run(counter: Context) -> None:
    ran = callbacks(counter.db)
    counter.db.savepoint("here")
    counter.db.rollback(save_point="here")
    counter.db.commit()
    assert ran == ["before_commit", "after_commit"]


def in_thread(context: Context, work: Callable[[], None]) -> tuple[threading.Thread, list[BaseException]]:
    """Run `work` beside this thread on the same site; give the thread and what it raised."""
    errors: list[BaseException] = []

    def run() -> None:
        try:
            with use_context(Context(**context.__dict__)):
                work()
        except BaseException as error:  # noqa: BLE001 - handed to the test
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, errors


def test_a_writer_waits_for_the_writer_before_it(counter: Context, second: Any) -> None:
    add(counter.db)
    done = threading.Event()

    def work() -> None:
        add(second)
        done.set()
        second.commit()

    thread, errors = in_thread(counter, work)
    assert not done.wait(0.2)
    counter.db.commit()
    thread.join(10)
    assert done.is_set()
    assert not errors
    assert number(counter.db) == 3


def test_a_locking_read_waits_and_then_sees_what_was_written(counter: Context, second: Any) -> None:
    add(counter.db)
    seen: list[int] = []

    def work() -> None:
        seen.append(second.sql("select current from `tabSeries` where name = %s for update", KEY)[0][0])
        second.rollback()

    thread, errors = in_thread(counter, work)
    counter.db.commit()
    thread.join(10)
    assert not errors
    assert seen == [2]


def test_giving_up_on_a_lock_is_a_timeout(counter: Context, second: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST_WAIT_S", 0.1)
    if not second.is_sqlite:
        second.sql("set session innodb_lock_wait_timeout = 1")
        second.before_rollback.add(lambda: second.sql("set session innodb_lock_wait_timeout = 50"))
    add(counter.db)
    thread, errors = in_thread(counter, lambda: add(second))
    thread.join(20)
    assert [type(error) for error in errors] == [QueryTimeoutError]
    assert errors[0].http_status_code == 508  # type: ignore[attr-defined]
    second.rollback()


def test_a_lost_deadlock_has_its_own_error(counter: Context, second: Any) -> None:
    if counter.db.is_sqlite:
        pytest.skip("SQLite has one writer, so no deadlocks")
    counter.db.sql("insert into `tabSeries` (name, current) values ('OTHER-', 1)")
    counter.db.commit()
    other = "update `tabSeries` set current = current + 1 where name = 'OTHER-'"
    add(counter.db)
    second.sql(other)
    thread, errors = in_thread(counter, lambda: add(second))
    try:
        counter.db.sql(other)
    except QueryDeadlockError as error:
        errors.append(error)
    counter.db.rollback()
    thread.join(20)
    assert [type(error) for error in errors] == [QueryDeadlockError]


def test_a_statement_that_would_commit_is_refused(counter: Context) -> None:
    if counter.db.is_sqlite:
        pytest.skip("SQLite changes tables inside the transaction")
    add(counter.db)
    with pytest.raises(ImplicitCommitError):
        counter.db.sql("alter table `tabSeries` comment = 'x'")
    counter.db.rollback()


def test_a_change_of_structure_commits_what_was_written_before(counter: Context, second: Any) -> None:
    add(counter.db)
    counter.db.sql_ddl("create table `tabScratch` (`name` varchar(140))")
    assert number(second) == 2
    counter.db.sql_ddl("drop table `tabScratch`")


def test_idle_connections_are_used_again(busy_site: TestSite) -> None:
    with busy_site.connected() as context:
        pool = pool_for(context.conf, busy_site.sites_path, busy_site.name)
        first, other = pool.take(), pool.take()
        pool.give_back(first)
        assert pool.take() is first
        pool.give_back(first)
        pool.give_back(other)


def test_a_pool_keeps_only_so_many_idle_connections() -> None:
    class Opened:
        closed = False

        def close(self) -> None:
            self.closed = True

    pool = Pool(type("Driver", (), {"open": staticmethod(Opened)}))
    taken = [pool.take() for _ in range(40)]
    for connection in taken:
        pool.give_back(connection)
    assert sum(connection.closed for connection in taken) == 8
    pool.close()
    assert all(connection.closed for connection in taken)


def test_many_threads_count_without_losing_one(counter: Context, busy_site: TestSite) -> None:
    def work() -> None:
        database = connect(counter.conf, busy_site.sites_path, busy_site.name)
        for _ in range(5):
            add(database)
            database.commit()
        database.close()

    running = [in_thread(counter, work) for _ in range(8)]
    for thread, _errors in running:
        thread.join(60)
    assert [errors for _thread, errors in running if errors] == []
    assert number(counter.db) == 41


def test_auto_commit_and_many_writes(counter: Context, second: Any) -> None:
    counter.db.sql("update `tabSeries` set current = 7 where name = %s", KEY, auto_commit=1)
    assert number(second) == 7
    counter.db.auto_commit_on_many_writes = True
    counter.db.MAX_WRITES_PER_TRANSACTION = 2
    for _ in range(4):
        add(counter.db)
    assert number(second) == 10


def test_the_writer_that_waits_longest_is_next(counter: Context, busy_site: TestSite) -> None:
    """Many processes on one SQLite file: none waits for ever while others write again and again."""
    if counter.db.db_type != "sqlite":
        pytest.skip("InnoDB keeps its own queues")
    forks = multiprocessing.get_context("fork")
    waited = forks.Queue()
    end = time.monotonic() + 2.5
    drop_pool(busy_site.config, busy_site.sites_path, busy_site.name)
    workers = [forks.Process(target=_write_until, args=(busy_site, end, waited)) for _ in range(12)]
    for worker in workers:
        worker.start()
    counts = [waited.get(timeout=60) for _ in workers]
    for worker in workers:
        worker.join(60)
    assert min(counts) * 6 >= max(counts), counts


def _write_until(site: TestSite, end: float, waited: Any) -> None:
    count = 0
    with site.connected() as context:
        while time.monotonic() < end:
            context.db.begin()
            time.sleep(0.002)
            context.db.rollback()
            count += 1
    waited.put(count)
    waited.close()
    waited.join_thread()
    os._exit(0)  # nothing of the parent's clean-up belongs to a fork


def test_what_a_statement_changed_is_known_after_the_commit(connected_site: Context) -> None:
    database = connected_site.db
    database.write("UPDATE `tabUser` SET `bio` = ? WHERE `name` = ?", ("x", "Guest"))
    changed = database.write("UPDATE `tabUser` SET `bio` = ? WHERE `name` = ?", ("y", "Guest"))
    unchanged = database.write("UPDATE `tabUser` SET `bio` = ? WHERE `name` = ?", ("y", "nobody"))
    database.commit()
    assert (changed.rowcount, unchanged.rowcount) == (1, 0)
    database.write("UPDATE `tabUser` SET `bio` = NULL WHERE `name` = 'Guest'")
    database.commit()


def test_a_transaction_that_only_reads_refuses_to_write_until_it_ends(own_site: TestSite) -> None:
    with own_site.connected() as context:
        database = context.db
        database.set_default("mark", "1")
        with pytest.raises(ImplicitCommitError):
            database.begin(read_only=True)
        database.commit()
        database.begin(read_only=True)
        assert database.exists("User", "Guest")
        with pytest.raises(InReadOnlyMode):
            database.set_default("mark", "2")
        database.rollback()
        assert database.get_default("mark") == "1"
        database.set_default("mark", "3")
        database.commit()
        assert database.get_default("mark") == "3"
