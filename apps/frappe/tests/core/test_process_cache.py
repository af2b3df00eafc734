"""What a process remembers never shows what was not committed."""

from collections.abc import Callable
from typing import Any

import pytest
from frappe_engine.context.local import current
from frappe_engine.database.database import process_cache_of
from frappe_engine.documents import listeners
from frappe_engine.documents.listeners import listeners_of


def test_rights_follow_a_role_given_to_a_user(frappe: Any, make_user: Callable[..., Any]) -> None:
    user = make_user("a@example.com", "Translator")
    assert not frappe.has_permission("Webhook", "write", user="a@example.com")
    user.add_roles("System Manager")
    assert frappe.has_permission("Webhook", "write", user="a@example.com")


def test_rights_of_a_user_who_was_rolled_back_are_forgotten(frappe: Any, make_user: Callable[..., Any]) -> None:
    make_user("a@example.com", "System Manager")
    assert frappe.has_permission("Webhook", "write", user="a@example.com")
    frappe.db.rollback()
    assert not frappe.has_permission("Webhook", "write", user="a@example.com")


def test_a_kind_that_this_transaction_changed_is_not_kept(frappe: Any) -> None:
    cache = process_cache_of(current())
    frappe.db.set_value("ToDo", "none", "status", "Open")
    cache.forget_kind("sample|a")
    assert cache.get_or_load("sample|a|1", lambda: "uncommitted") == "uncommitted"
    assert "sample|a|1" not in cache.entries
    assert cache.get_or_load("sample|b|1", lambda: "other") == "other"
    assert cache.entries.pop("sample|b|1") == "other"


def test_what_a_transaction_changed_is_loaded_once_and_for_itself(frappe: Any) -> None:
    cache = process_cache_of(current())
    frappe.db.set_value("ToDo", "none", "status", "Open")
    loads: list[int] = []
    cache.forget("sample|1")
    for _again in range(3):
        cache.get_or_load("sample|1", lambda: loads.append(1))
    assert len(loads) == 1
    cache.forget("sample|1")
    cache.get_or_load("sample|1", lambda: loads.append(1))
    assert len(loads) == 2


def told(frappe: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is said to other processes from here on."""
    heard: list[str] = []
    monkeypatch.setattr(process_cache_of(current()).shared.backend, "publish", heard.extend)
    return heard


def test_a_document_under_a_new_hash_is_news_to_nobody_until_it_changes(frappe: Any, monkeypatch: Any) -> None:
    heard = told(frappe, monkeypatch)
    task = frappe.get_doc({"doctype": "ToDo", "description": "new"}).insert()
    key = f"doc|ToDo|{task.name}"
    assert frappe.get_cached_value("ToDo", task.name, "description") == "new"
    assert key not in process_cache_of(current()).entries
    frappe.db.commit()
    assert key not in heard
    assert frappe.get_cached_value("ToDo", task.name, "description") == "new"
    task.db_set("description", "changed")
    frappe.db.commit()
    assert key in heard
    assert frappe.get_cached_value("ToDo", task.name, "description") == "changed"
    task.delete()
    frappe.db.commit()


def test_a_new_document_that_its_transaction_changes_again_is_told(frappe: Any, monkeypatch: Any) -> None:
    heard = told(frappe, monkeypatch)
    task = frappe.get_doc({"doctype": "ToDo", "description": "new"}).insert()
    task.description = "newer"
    task.save()
    assert frappe.get_cached_value("ToDo", task.name, "description") == "newer"
    frappe.db.commit()
    assert f"doc|ToDo|{task.name}" in heard
    task.delete()
    frappe.db.commit()


def test_documents_that_keep_their_names_are_told_from_the_start(frappe: Any, monkeypatch: Any) -> None:
    heard = told(frappe, monkeypatch)
    role = frappe.get_doc({"doctype": "Role", "role_name": "Sample Teller"}).insert()
    task = frappe.get_doc({"doctype": "ToDo", "description": "named"}).insert(set_name="sample-named-task")
    frappe.db.commit()
    assert {"doc|Role|Sample Teller", "doc|ToDo|sample-named-task"} <= set(heard)
    for document in (role, task):
        document.delete()
    frappe.db.commit()


def test_who_listens_is_asked_anew_after_a_change_and_after_it_was_undone(frappe: Any) -> None:
    name = "Sample listened to"
    assert "before_insert" not in listeners_of("ToDo")
    script = {"script_type": "DocType Event", "reference_doctype": "ToDo", "doctype_event": "Before Insert"}
    frappe.get_doc({"doctype": "Server Script", "name": name, "script": "pass", **script}).insert()
    assert "before_insert" in listeners_of("ToDo")
    assert "before_insert" not in process_cache_of(current()).definitions.listeners.get("ToDo", {})
    frappe.db.rollback()
    assert "before_insert" not in listeners_of("ToDo")


def test_an_event_that_was_quiet_is_heard_as_soon_as_somebody_listens(frappe: Any, monkeypatch: Any) -> None:
    def saved(**own: Any) -> str:
        document = frappe.get_doc({"doctype": "ToDo", "description": "said"})
        document.__dict__.update(own)
        return str(document.insert().description)

    def overhear(document: Any, _event: str) -> None:
        document.description = "heard"

    assert saved() == "said"
    assert ("ToDo", type(frappe.new_doc("ToDo")), "before_insert") in process_cache_of(current()).definitions.quiet
    monkeypatch.setattr(listeners, "_ask", lambda _doctype: {"before_insert": (overhear,)})
    listeners.forget_listeners("ToDo")
    assert saved() == "heard"
    monkeypatch.undo()
    frappe.db.rollback()
    assert saved() == "said"
    assert saved(before_insert=lambda: frappe.flags.update(asked="by itself")) == "said"
    assert frappe.flags.asked == "by itself"
    frappe.db.rollback()


def test_listeners_of_one_doctype_alone_are_asked_anew(frappe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(*events: str) -> None:
        monkeypatch.setattr(listeners, "_ask", lambda _doctype: dict.fromkeys(events, ()))

    answer("before_insert")
    listeners.forget_listeners("ToDo")
    assert list(listeners_of("ToDo")) == ["before_insert"]
    frappe.db.rollback()
    assert list(listeners_of("ToDo")) == ["before_insert"]  # kept for all from here on
    frappe.db.set_value("ToDo", "none", "status", "Open")
    answer("on_trash")
    listeners.forget_listeners("ToDo")
    assert list(listeners_of("ToDo")) == ["on_trash"]
    monkeypatch.undo()
    frappe.db.rollback()
    assert "on_trash" not in listeners_of("ToDo")
