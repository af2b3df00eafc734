"""The sites that tests run on: fresh, apart from each other, undone and gone afterwards."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from frappe_engine.context.local import Context, current
from frappe_engine.testing import TestSite, temporary_site
from frappe_engine.testing.sites import content_hash

NOTE = "written by a test"


def test_a_test_is_connected_as_administrator(frappe_connected: Any) -> None:
    frappe = frappe_connected
    assert frappe.session.user == "Administrator"
    assert frappe.db.exists("User", "Guest") == "Guest"
    assert frappe.flags.in_test


@pytest.mark.parametrize("time", ["first", "second"])
def test_what_a_test_writes_is_undone_after_it(frappe_connected: Any, time: str) -> None:
    assert not frappe_connected.db.exists("ToDo", {"description": NOTE}), time
    frappe_connected.get_doc({"doctype": "ToDo", "description": NOTE}).insert()
    assert frappe_connected.db.exists("ToDo", {"description": NOTE})


def test_own_sites_do_not_see_each_other(own_site: TestSite) -> None:
    with temporary_site() as other:
        for site in (own_site, other):
            with site.connected() as context:
                assert context.db.count("ToDo", {"description": NOTE}) == 0
                from frappe_engine.documents.document import get_doc

                get_doc({"doctype": "ToDo", "description": NOTE}).insert()
                context.db.commit()


def test_a_site_is_gone_after_its_block() -> None:
    with temporary_site() as site:
        folder, sites_path = site.folder, site.sites_path
        assert os.path.isdir(folder)
    assert not os.path.exists(sites_path)


def test_connecting_leaves_the_context_of_the_caller_alone(site: TestSite) -> None:
    before = current()
    with site.connected(user="Guest") as context:
        assert current() is context
        assert context.session.user == "Guest"
    assert current() is before


def test_statements_are_counted(connected_site: Context, sql_count: Callable[[], Any]) -> None:
    database = connected_site.db
    with sql_count() as seen:
        database.rows("SELECT 1")
        database.write_many("UPDATE `tabToDo` SET `idx` = ? WHERE `name` = ?", [(1, "a"), (2, "b")])
    database.rows("SELECT 2")
    assert seen.queries == ["SELECT 1", "UPDATE `tabToDo` SET `idx` = ? WHERE `name` = ?"]


def test_a_changed_file_asks_for_a_new_template(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "sample_app"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    before = content_hash(("sample_app",))
    (package / "hooks.py").write_text("app_name = 'sample_app'")
    assert content_hash(("sample_app",)) != before


def test_what_an_interrupted_maker_left_is_cleared_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from frappe_engine.testing import database, sites

    removed: list[str] = []
    monkeypatch.setattr(database, "remove_database", lambda _config, where: removed.append(where[0]))
    old = tmp_path / f"{database.server()}-0123.draft"
    old.mkdir()
    os.utime(old, (0, 0))
    sites._prune(str(tmp_path), str(tmp_path / "kept"))
    assert removed == [str(old)]
    assert not old.exists()
