"""`frappe.db`, lists and the cache."""

from __future__ import annotations

import uuid
from importlib import import_module
from typing import Any

import pytest


@pytest.fixture
def frappe(frappe_connected: Any) -> Any:
    """The package, with the ToDos a and b and nothing else in their table."""
    frappe_connected.db.delete("ToDo")
    for description in "ab":
        frappe_connected.get_doc({"doctype": "ToDo", "description": description, "priority": "Low"}).insert()
    return frappe_connected


def test_values_are_read_and_written(frappe: Any) -> None:
    name = frappe.db.exists("ToDo", {"description": "a"})
    frappe.db.set_value("ToDo", name, {"priority": "High", "color": "#FF0000"})
    assert frappe.get_value("ToDo", name, ["priority", "color"]) == ("High", "#FF0000")
    assert frappe.db.get_value("ToDo", name, "priority", as_dict=True) == {"priority": "High"}
    assert frappe.db.get_values("ToDo", {"priority": "Low"}, "description") == (("b",),) or [("b",)]
    assert frappe.db.get_value("ToDo", "nosuch", "priority") is None


def test_lists_take_filters(frappe: Any) -> None:
    for lister in (frappe.get_all, frappe.get_list, frappe.db.get_all, frappe.db.get_list):
        assert lister("ToDo", filters={"description": "b"}, pluck="description") == ["b"]
    assert frappe.db.count("ToDo", {"priority": "Low"}) == 2
    assert frappe.db.sql_list("select description from tabToDo order by description") == ["a", "b"]


def test_singles_have_values(frappe: Any) -> None:
    frappe.db.set_single_value("System Settings", "app_name", "Shop")
    assert frappe.db.get_single_value("System Settings", "app_name") == "Shop"
    assert frappe.db.get_singles_dict("System Settings").app_name == "Shop"


def test_defaults_are_of_the_site_or_a_user(frappe: Any) -> None:
    frappe.db.set_default("kept", "1")
    assert frappe.db.get_default("kept") == "1"
    frappe.defaults.set_user_default("kept", "2")
    assert frappe.defaults.get_user_default("kept") == "2"
    assert frappe.defaults.get_defaults().kept in ("2", ["2", "1"])
    frappe.db.set_global("everywhere", "x")
    assert frappe.db.get_global("everywhere") == "x"


def test_texts_are_quoted(frappe: Any) -> None:
    assert frappe.db.escape("it's") in ("'it\\'s'", "'it''s'")
    assert frappe.db.sql(f"select {frappe.db.escape(chr(39))}")[0][0] == "'"


def test_the_database_describes_itself(frappe: Any) -> None:
    assert {"name", "description", "_assign"} <= set(frappe.db.get_table_columns("ToDo"))
    assert frappe.db.has_column("ToDo", "priority")
    assert frappe.db.table_exists("ToDo")
    assert frappe.db.has_table("ToDo")
    assert not frappe.db.has_table("No Such Thing")
    assert frappe.db.a_row_exists("ToDo")


def test_a_statement_may_differ_by_database(frappe: Any) -> None:
    both = {"mariadb": "select 1", "sqlite": "select 1", "postgres": "select 2"}
    assert frappe.db.multisql(both)[0][0] == 1


def test_savepoints_undo_a_part(frappe: Any) -> None:
    frappe.db.savepoint("here")
    frappe.db.delete("ToDo", {"description": "a"})
    frappe.db.rollback(save_point="here")
    assert frappe.db.count("ToDo") == 2


def test_many_rows_are_inserted_at_once(frappe: Any) -> None:
    frappe.db.bulk_insert("ToDo", ["name", "description"], [("n1", "x"), ("n2", "y")])
    assert frappe.db.count("ToDo") == 4


def test_long_runs_may_commit_by_themselves(frappe: Any) -> None:
    before = frappe.db.auto_commit_on_many_writes
    frappe.db.auto_commit_on_many_writes = 1
    try:
        frappe.db.set_value("ToDo", {"description": "a"}, "priority", "High")
    finally:
        frappe.db.auto_commit_on_many_writes = before
    assert frappe.db.get_value("ToDo", {"description": "a"}, "priority") == "High"


def test_the_cache_keeps_values(frappe: Any) -> None:
    cache = frappe.cache
    cache.set_value("api-test", {"a": 1})
    assert frappe.cache().get_value("api-test") == {"a": 1}
    assert cache.exists("api-test")
    assert [
        key for key in cache.get_keys("api-test") if b"api-test" in (key if isinstance(key, bytes) else key.encode())
    ]
    cache.delete_value("api-test")
    assert cache.get_value("api-test") is None
    cache.set_value("api-test-1", 1)
    cache.delete_keys("api-test-")
    assert cache.get_value("api-test-1") is None
    cache.set_value("api-test", 1)
    cache.delete_key("api-test")
    assert not cache.exists("api-test")
    assert cache.make_key("x") != cache.make_key("y")


def test_the_cache_keeps_hashes(frappe: Any) -> None:
    cache = frappe.cache
    cache.hset("api-hash", "a", [1])
    assert cache.hget("api-hash", "a") == [1]
    assert cache.hget("api-hash", "b", lambda: "made") == "made"
    assert set(cache.hgetall("api-hash")) in ({"a", "b"}, {b"a", b"b"})
    cache.hdel("api-hash", "a")
    assert cache.hget("api-hash", "a") is None


def test_calls_of_the_cache_wait_in_a_pipeline(frappe: Any) -> None:
    with frappe.cache.pipeline() as pipeline:
        pipeline.set("api-piped", 1)
        assert frappe.cache.get("api-piped") is None
        assert pipeline.execute() == [True]
    assert frappe.cache.get("api-piped") in (1, b"1")


def test_results_are_kept_by_decorators(frappe: Any) -> None:
    from frappe.utils.caching import redis_cache

    calls: list[int] = []

    @redis_cache(ttl=60)
    def square(number: int) -> int:
        calls.append(number)
        return number * number

    @frappe.request_cache
    def cube(number: int) -> int:
        calls.append(number)
        return number**3

    square.clear_cache()
    assert (square(3), square(3), cube(2), cube(2)) == (9, 9, 8, 8)
    assert calls == [3, 2]


@pytest.mark.api("Document.clear_cache")
def test_cached_documents_follow_their_changes(frappe: Any) -> None:
    name = frappe.db.exists("ToDo", {"description": "a"})
    assert frappe.get_cached_doc("ToDo", name).priority == "Low"
    document = frappe.get_doc("ToDo", name)
    document.priority = "High"
    document.save()
    assert frappe.get_cached_value("ToDo", name, "priority") == "High"
    document.clear_cache()
    assert frappe.get_cached_doc("ToDo", name).priority == "High"


@pytest.fixture
def own_frappe(own_site: Any) -> Any:
    """The package, connected to a site of the test's own, whose tables it may change."""
    with own_site.connected():
        yield import_module("frappe")


def test_indexes_are_made_once(own_frappe: Any) -> None:
    for _time in range(2):
        own_frappe.db.add_index("ToDo", ["color"], "color_index")
    assert own_frappe.db.has_index("tabToDo", "color_index")
    assert not own_frappe.db.has_index("tabToDo", "no_such_index")


def test_a_unique_key_refuses_the_second_row(own_frappe: Any) -> None:
    own_frappe.db.add_unique("ToDo", ["color", "priority"], "once")
    own_frappe.get_doc({"doctype": "ToDo", "description": "a", "color": "#FF0000", "priority": "Low"}).insert()
    with pytest.raises(own_frappe.UniqueValidationError):
        own_frappe.get_doc({"doctype": "ToDo", "description": "b", "color": "#FF0000", "priority": "Low"}).insert()


def test_unique_identifiers_are_stored_as_text(frappe: Any) -> None:
    key = uuid.UUID("12345678-1234-5678-1234-567812345678")
    note = frappe.get_doc({"doctype": "Note", "title": "uuid", "content": key}).insert()
    assert frappe.db.get_value("Note", {"content": key}, "content") == str(key)
    frappe.db.bulk_insert("Error Log", ["name", "method"], [["uuid-1", key], ["uuid-2", "text"]])
    assert frappe.db.get_value("Error Log", "uuid-1", "method") == str(key)
    assert frappe.get_doc("Note", note.name).content == str(key)
