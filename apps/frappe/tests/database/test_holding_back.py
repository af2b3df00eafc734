"""Writes that are held back: who could see the difference sees none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from frappe_engine.context.errors import InReadOnlyMode
from frappe_engine.database.database import Database, connect
from frappe_engine.testing import TestSite, temporary_site

KEY = "HELD-"
COUNT = "select count(*) from `tabSeries` where name = %s"


@pytest.fixture(scope="module")
def site() -> Iterator[TestSite]:
    """A site for the tests of this module."""
    with temporary_site() as made:
        yield made


@pytest.fixture
def db(site: TestSite) -> Iterator[Database]:
    """A connection whose row of a series is held back."""
    with site.connected() as context:
        context.db.sql("delete from `tabSeries` where name like %s", KEY + "%")
        context.db.commit()
        context.db.hold_back(["tabSeries"], lambda: add(context.db))
        yield context.db
        context.db.rollback()


def add(database: Any, key: str = KEY) -> None:
    database.write("INSERT INTO `tabSeries` (`name`, `current`) VALUES (?, 1)", (key,))


def waits(database: Database) -> bool:
    """Tell whether something is held back: the next statement about other tables writes one row less."""
    return bool(database._held_back)


def test_a_statement_about_other_tables_leaves_it_waiting(db: Database) -> None:
    db.sql("select name from `tabUser`")
    db.set_value("User", "Administrator", "first_name", "Admin")
    assert waits(db)


@pytest.mark.parametrize(
    "ask",
    [
        lambda db: db.sql(COUNT, KEY)[0][0],
        lambda db: db.row("SELECT COUNT(*) FROM `tabSeries` WHERE `name` = ?", (KEY,))[0],
        lambda db: next(db.iterate("SELECT COUNT(*) FROM `tabSeries` WHERE `name` = ?", (KEY,)))[0],
        lambda db: next(db.sql(COUNT, KEY, as_iterator=True))[0],
        lambda db: db.write_many("UPDATE `tabSeries` SET `current` = ? WHERE `name` = ?", [(5, KEY)]),
    ],
    ids=["sql", "row", "iterate", "iterator", "many"],
)
def test_who_names_the_table_finds_it_written(db: Database, ask: Callable[[Database], int]) -> None:
    assert ask(db) == 1
    assert not waits(db)


def test_the_commit_writes_it(db: Database, site: TestSite) -> None:
    assert db.in_transaction()
    db.commit()
    with site.connected() as other:
        assert other.db.sql(COUNT, KEY)[0][0] == 1


def test_a_rollback_drops_it(db: Database) -> None:
    db.rollback()
    assert db.sql(COUNT, KEY)[0][0] == 0


def test_it_belongs_to_what_came_before_a_savepoint(db: Database) -> None:
    db.savepoint("later")
    db.rollback(save_point="later")
    assert db.sql(COUNT, KEY)[0][0] == 1


@pytest.mark.parametrize("back", [lambda db: db.rollback(save_point="s"), lambda db: db.sql("rollback to savepoint s")])
def test_what_waits_since_a_savepoint_goes_with_it(db: Database, back: Callable[[Database], Any]) -> None:
    db.savepoint("s")
    db.hold_back(["tabSeries"], lambda: add(db, KEY + "2"))
    back(db)
    assert [db.sql(COUNT, key)[0][0] for key in (KEY, KEY + "2")] == [1, 0]


def test_a_savepoint_in_sql_writes_it_first(db: Database) -> None:
    db.sql("savepoint by_hand")
    assert not waits(db)


def test_all_are_written_in_their_order(db: Database) -> None:
    db.hold_back(
        ["tabUser"], lambda: db.write("UPDATE `tabSeries` SET `current` = `current` + 7 WHERE `name` = ?", (KEY,))
    )
    db.sql("select name from `tabUser`")
    assert db.sql("select current from `tabSeries` where name = %s", KEY)[0][0] == 8


def test_the_next_transaction_begins_without_it(db: Database, site: TestSite) -> None:
    db.rollback()
    other = connect({"db_type": db.db_type, **dict(site_config(site))}, site.sites_path, site.name)
    other.hold_back(["tabSeries"], lambda: add(other, KEY + "3"))
    other.close()
    assert not waits(other)


def test_nothing_is_held_back_where_nothing_may_be_written(db: Database) -> None:
    db.commit()
    db.begin(read_only=True)
    with pytest.raises(InReadOnlyMode):
        db.hold_back(["tabSeries"], lambda: add(db))


def site_config(site: TestSite) -> Any:
    """Give what a connection to the site needs."""
    with site.connected() as context:
        return context.conf
