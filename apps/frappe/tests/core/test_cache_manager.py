"""Documents that are kept in a map until their controller forgets them."""

from typing import Any


def test_a_map_stays_until_it_is_cleared(frappe: Any) -> None:
    from frappe.cache_manager import clear_doctype_map, get_doctype_map

    frappe.get_doc({"doctype": "Note", "title": "kept"}).insert()
    kept = get_doctype_map("Note", "by title", {"title": "kept"})
    assert [row.title for row in kept] == ["kept"]
    frappe.db.delete("Note", {"title": "kept"})
    assert len(get_doctype_map("Note", "by title", {"title": "kept"})) == 1
    clear_doctype_map("Note", "another")
    assert len(get_doctype_map("Note", "by title", {"title": "kept"})) == 1
    clear_doctype_map("Note")
    assert get_doctype_map("Note", "by title", {"title": "kept"}) == []


def test_defaults_are_read_anew_after_they_were_cleared(frappe: Any) -> None:
    from frappe.cache_manager import clear_defaults_cache, clear_doctype_cache, clear_global_cache, clear_user_cache

    assert frappe.db.get_default("colour of boxes") is None
    frappe.db.sql(
        "insert into `tabDefaultValue` (name, parent, parenttype, parentfield, defkey, defvalue)"
        " values ('x-1', '__default', '__default', 'system_defaults', 'colour of boxes', 'red')"
    )
    for clear in (clear_defaults_cache, clear_user_cache, clear_doctype_cache, clear_global_cache):
        clear()
    assert frappe.db.get_default("colour of boxes") == "red"


def test_documents_are_forgotten_with_their_doctype(frappe: Any) -> None:
    note = frappe.get_doc({"doctype": "Note", "title": "before"}).insert()
    assert frappe.get_cached_value("Note", note.name, "title") == "before"
    frappe.db.sql("update `tabNote` set title = 'after' where name = %s", note.name)
    frappe.clear_cache(doctype="Note")
    assert frappe.get_cached_value("Note", note.name, "title") == "after"
