"""Numbers and notices."""

from __future__ import annotations

from typing import Any

from frappe_engine.desk.connections import get_open_count, open_filters_of
from frappe_engine.desk.people import mentioned_users as extract_mentions

import frappe

__all__ = ["extract_mentions", "get_notification_config", "get_notifications", "get_open_count"]


def get_notification_config() -> Any:
    """Give what apps say about open documents, per DocType (hook `notification_config`)."""
    found = frappe._dict(for_doctype=frappe._dict(), for_other=frappe._dict(), targets=frappe._dict())
    for path in frappe.get_hooks("notification_config"):
        configured = frappe.get_attr(path)() or {}
        for key in found:
            found[key].update(configured.get(key) or {})
    return found


@frappe.whitelist()
def get_notifications() -> dict[str, Any]:
    """Give the number of open documents per DocType that apps count."""
    config = get_notification_config()
    readable = [name for name in config.for_doctype if frappe.has_permission(name, "read")]
    counts = {name: len(frappe.get_list(name, open_filters_of(name), pluck="name", limit=100)) for name in readable}
    return {"open_count_doctype": counts, "targets": {}}


@frappe.whitelist()
def get_notification_info() -> dict[str, Any]:
    """Give what counts as open, per DocType the user may read."""
    config = get_notification_config()
    return {
        "conditions": {
            name: value for name, value in config.for_doctype.items() if frappe.has_permission(name, "read")
        },
        "module_doctypes": {},
    }


def clear_notifications(user: str | None = None) -> None:
    """Numbers are counted when they are asked for, so there is nothing to forget."""


def clear_doctype_notifications(doc: Any, method: str | None = None, *args: Any, **kwargs: Any) -> None:
    """Numbers are counted when they are asked for, so there is nothing to forget."""


def notify_mentions(ref_doctype: str, ref_name: str, content: str) -> None:
    """Tell the users who are mentioned in a text."""
    from frappe_engine.desk.people import tell_mentioned

    tell_mentioned(frappe.get_doc(ref_doctype, ref_name), content)
