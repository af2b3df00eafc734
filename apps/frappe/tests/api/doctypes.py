"""DocTypes that the tests of the API use: a voucher with rows, and a tree."""

from __future__ import annotations

from typing import Any

RIGHTS = {"role": "System Manager", **dict.fromkeys(["read", "write", "create", "delete"], 1)}
ALL_RIGHTS = {**RIGHTS, **dict.fromkeys(["submit", "cancel", "amend"], 1)}
ROW_FIELDS = [
    {"fieldname": "item", "fieldtype": "Data", "label": "Item", "reqd": 1, "in_list_view": 1},
    {"fieldname": "qty", "fieldtype": "Float", "label": "Qty"},
    {"fieldname": "amount", "fieldtype": "Currency", "label": "Amount", "precision": "2"},
]
VOUCHER_FIELDS = [
    {"fieldname": "naming_series", "fieldtype": "Select", "label": "Series", "options": "APV-.####\nAPX-.####"},
    {"fieldname": "title", "fieldtype": "Data", "label": "Title", "reqd": 1},
    {"fieldname": "kind", "fieldtype": "Select", "label": "Kind", "options": "\nA\nB"},
    {"fieldname": "from_date", "fieldtype": "Date", "label": "From"},
    {"fieldname": "to_date", "fieldtype": "Date", "label": "To"},
    {"fieldname": "amount", "fieldtype": "Currency", "label": "Amount", "precision": "2"},
    {"fieldname": "hidden_cost", "fieldtype": "Currency", "label": "Cost", "permlevel": 1},
    {"fieldname": "who", "fieldtype": "Link", "options": "User", "label": "Who"},
    {"fieldname": "who_name", "fieldtype": "Data", "label": "Name", "fetch_from": "who.full_name"},
    {"fieldname": "country", "fieldtype": "Link", "options": "Country", "label": "Country"},
    {"fieldname": "note", "fieldtype": "Small Text", "label": "Note", "allow_on_submit": 1},
    {"fieldname": "secret", "fieldtype": "Password", "label": "Secret"},
    {"fieldname": "rows", "fieldtype": "Table", "options": "API Row", "label": "Rows"},
    {"fieldname": "amended_from", "fieldtype": "Link", "options": "API Voucher", "label": "Amended From", "no_copy": 1},
]


def make(frappe: Any) -> None:
    """Make the DocTypes that are not there yet, and a user with the role Blogger alone."""
    common = {"doctype": "DocType", "module": "Core", "custom": 1, "permissions": [RIGHTS]}
    tree = {"is_tree": 1, "nsm_parent_field": "parent_api_tree", "autoname": "field:title"}
    for values in (
        {"name": "API Row", "istable": 1, "permissions": [], "fields": ROW_FIELDS},
        {
            "name": "API Voucher", "is_submittable": 1, "track_changes": 1, "track_views": 1, "title_field": "title",
            "permissions": [ALL_RIGHTS], "autoname": "naming_series:", "search_fields": "kind,who", "fields": VOUCHER_FIELDS,
        },
        {"name": "API Tree", **tree, "fields": [{"fieldname": "title", "fieldtype": "Data", "label": "Title", "reqd": 1}]},
    ):  # fmt: skip
        if not frappe.db.exists("DocType", values["name"]):
            frappe.get_doc({**common, **values}).insert()
    if not frappe.db.exists("User", "api@example.com"):
        person = {"doctype": "User", "email": "api@example.com", "first_name": "Ann", "send_welcome_email": 0}
        frappe.get_doc({**person, "user_type": "System User", "roles": [{"role": "Report Manager"}]}).insert()


def voucher(frappe: Any, **values: Any) -> Any:
    """Give a new voucher with one row, not stored yet."""
    return frappe.get_doc({"doctype": "API Voucher", "title": "T", "rows": [{"item": "x", "qty": 2}], **values})


SEEN: list[object] = []


def note_validate(doc: Any, method: str | None = None) -> None:
    """Keep what a document knows of its change while it is checked."""
    doc.run_method("set_missing_values")
    before = doc.get_doc_before_save()
    same = doc._doc_before_save is before
    SEEN.append((doc.has_value_changed("title"), before and before.title, same, doc._action))


def note_event(doc: Any, method: str | None = None) -> None:
    """Keep which event was told."""
    SEEN.append(method)


def refuse(doc: Any, method: str | None = None) -> None:
    """Refuse a document."""
    raise ValueError("refused")
