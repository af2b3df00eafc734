"""What is remembered of documents - as targets of links, as values from the cache - never goes beyond what holds."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from frappe_engine.database.database import Database
from frappe_engine.testing.statements import counted_statements


@pytest.fixture
def link_to(frappe: Any) -> Iterator[Callable[[str], Any]]:
    """Give a function that stores a document linking to a voucher."""
    common = {
        "doctype": "DocType",
        "module": "Core",
        "custom": 1,
        "permissions": [{"role": "System Manager", "read": 1}],
    }
    numbers = [{"fieldname": "note", "fieldtype": "Data", "label": "Note"}]
    frappe.get_doc({**common, "name": "Linked Voucher", "is_submittable": 1, "fields": numbers}).insert()
    link = {"fieldname": "voucher", "fieldtype": "Link", "options": "Linked Voucher", "label": "Voucher"}
    frappe.get_doc({**common, "name": "Linking Slip", "fields": [link]}).insert()
    yield lambda name: frappe.get_doc({"doctype": "Linking Slip", "voucher": name}).insert()
    for doctype in ("Linking Slip", "Linked Voucher"):
        frappe.delete_doc("DocType", doctype, force=True)
    frappe.db.commit()


def voucher(frappe: Any) -> Any:
    """Store a submitted voucher."""
    return frappe.get_doc({"doctype": "Linked Voucher", "docstatus": 1}).insert()


def test_a_new_document_is_known_as_a_target(frappe: Any, link_to: Callable[[str], Any]) -> None:
    link_to(voucher(frappe).name)
    name = voucher(frappe).name
    with counted_statements() as seen:
        link_to(name.upper())
    assert "tabLinked Voucher" not in str(seen)


def test_other_fields_may_change_meanwhile(frappe: Any, link_to: Callable[[str], Any]) -> None:
    name = voucher(frappe).name
    frappe.db.set_value("Linked Voucher", name, "note", "changed")
    with counted_statements() as seen:
        link_to(name)
    assert "tabLinked Voucher" not in str(seen)


def test_a_cancelled_one_is_refused(frappe: Any, link_to: Callable[[str], Any]) -> None:
    document = voucher(frappe)
    document.cancel()
    with pytest.raises(frappe.CancelledLinkError):
        link_to(document.name)
    other = voucher(frappe)
    frappe.db.set_value("Linked Voucher", other.name, "docstatus", 2)
    with pytest.raises(frappe.CancelledLinkError):
        link_to(other.name)


@pytest.mark.parametrize(
    "remove",
    [
        lambda frappe, name: frappe.db.delete("Linked Voucher", {"name": name}),
        lambda frappe, name: frappe.db.rollback(save_point="before_voucher"),
    ],
)
def test_one_that_is_gone_is_refused(frappe: Any, link_to: Callable[[str], Any], remove: Callable[..., Any]) -> None:
    frappe.db.savepoint("before_voucher")
    name = voucher(frappe).name
    remove(frappe, name)
    with pytest.raises(frappe.LinkValidationError):
        link_to(name)


def test_a_cached_document_is_read_anew_after_a_rollback(frappe: Any) -> None:
    name = frappe.get_doc({"doctype": "ToDo", "description": "as stored"}).insert().name
    frappe.db.savepoint("as_stored")
    frappe.db.set_value("ToDo", name, "description", "changed")
    assert frappe.get_cached_value("ToDo", name, "description") == "changed"
    frappe.db.rollback(save_point="as_stored")
    assert frappe.get_cached_value("ToDo", name, "description") == "as stored"


def test_rows_changed_are_counted_by_the_cursor(frappe: Any) -> None:
    names = [frappe.get_doc({"doctype": "ToDo", "description": "x"}).insert().name for _time in range(3)]
    frappe.db.sql("update `tabToDo` set priority = 'High' where name in %s", (names,))
    assert frappe.db._cursor.rowcount == 3


def test_values_from_the_cache_do_not_load_rows_and_documents_do(frappe: Any) -> None:
    name = frappe.get_doc({"doctype": "ToDo", "description": "a"}).insert().name
    role = frappe.get_doc({"doctype": "Role", "role_name": "Remembered"}).insert().name
    user = {"doctype": "User", "email": "remembered@example.com", "first_name": "R", "send_welcome_email": 0}
    user = frappe.get_doc({**user, "roles": [{"role": role}]}).insert().name
    frappe.local.document_cache = {}
    with counted_statements() as seen:
        assert frappe.get_cached_value("User", user, ["first_name", "enabled"]) == ["R", 1]
        assert frappe.get_cached_value("User", user, "email") == user
    assert len(seen) == 1, str(seen)
    assert [row.role for row in frappe.get_cached_doc("User", user).roles] == [role]
    frappe.db.set_value("User", user, "first_name", "S")
    assert frappe.get_cached_value("User", user, "first_name") == "S"
    assert frappe.get_cached_value("ToDo", name, "description", as_dict=True) == {"description": "a"}


def test_a_value_of_nothing_leaves_no_message(frappe: Any) -> None:
    frappe.msgprint("said before")
    assert frappe.get_cached_value("ToDo", "no such", "status") is None
    assert [message["message"] for message in frappe.get_message_log()] == ["said before"]


def test_nothing_that_was_read_in_part_stays_open(frappe: Any) -> None:
    """On SQLite an unfinished read would keep the moment it began with, and a later write could not start."""
    for number in range(3):
        frappe.get_doc({"doctype": "ToDo", "description": str(number)}).insert()
    frappe.db.commit()
    frappe.db.row("SELECT `name` FROM `tabToDo`")
    other = Database(frappe.db.pool, frappe.db.cur_db_name)
    other.write("UPDATE `tabToDo` SET `priority` = 'Low'")
    other.commit()
    other.close()
    frappe.db.sql("update `tabToDo` set `status` = 'Closed'")
    assert frappe.db._cursor.rowcount >= 3
    frappe.db.commit()


def test_a_connection_goes_back_without_its_cursor(frappe: Any) -> None:
    other = Database(frappe.db.pool, frappe.db.cur_db_name)
    other.rows("SELECT 1")
    given_back: list[Any] = []
    take_back = other.pool.give_back
    other.pool.give_back = lambda raw: given_back.append(other._cursor) or take_back(raw)  # type: ignore[func-returns-value]
    try:
        other.close()
    finally:
        del other.pool.give_back
    assert given_back == [None]


@pytest.mark.parametrize("name", [None, ""])
def test_a_single_need_not_be_named(frappe: Any, name: Any) -> None:
    doctype = "Website Settings"
    frappe.db.set_single_value(doctype, "app_name", "Unnamed")
    assert frappe.get_cached_value(doctype, name, "app_name") == "Unnamed"
    assert frappe.get_cached_value(doctype, name, ["app_name", "name"]) == ["Unnamed", doctype]
    assert frappe.get_cached_doc(doctype, name).name == frappe.get_doc(doctype, name).name == doctype
    frappe.db.set_single_value(doctype, "app_name", "Changed")
    assert frappe.get_cached_value(doctype, name, "app_name") == "Changed"
    assert frappe.get_cached_value("User", name, "email") is None
    with pytest.raises(frappe.DoesNotExistError):
        frappe.get_cached_doc("User", name)
