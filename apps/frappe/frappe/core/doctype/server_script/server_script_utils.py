"""Finding the scripts of the site: by event, by method, by list.

Invariant: which scripts there are is read once and kept until one changes; a site without scripts pays one look-up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from frappe_engine.context.local import current
from frappe_engine.database.database import process_cache_of
from frappe_engine.documents.listeners import forget_listeners

import frappe

# events of documents, and what administrators call them
EVENT_MAP = {
    "before_insert": "Before Insert",
    "after_insert": "After Insert",
    "before_validate": "Before Validate",
    "validate": "Before Save",
    "on_update": "After Save",
    "before_rename": "Before Rename",
    "after_rename": "After Rename",
    "before_submit": "Before Submit",
    "on_submit": "After Submit",
    "before_cancel": "Before Cancel",
    "on_cancel": "After Cancel",
    "before_discard": "Before Discard",
    "on_discard": "After Discard",
    "on_trash": "Before Delete",
    "after_delete": "After Delete",
    "before_update_after_submit": "Before Save (Submitted Document)",
    "on_update_after_submit": "After Save (Submitted Document)",
    "before_print": "Before Print",
    "on_payment_paid": "On Payment Paid",
    "on_payment_failed": "On Payment Failed",
    "on_payment_authorized": "On Payment Authorization",
}
KEY = "server_scripts|"


def get_server_script_map() -> dict[str, Any]:
    """Give the enabled scripts: {DocType: {event: [names]}, "_api": {method: name}, "permission_query": {DocType: name}}."""
    found: dict[str, Any] = process_cache_of(current()).get_or_load(KEY, _load)
    return found


def _load() -> dict[str, Any]:
    found: dict[str, Any] = {"_api": {}, "permission_query": {}}
    fields = ["name", "script_type", "reference_doctype", "doctype_event", "api_method"]
    for script in frappe.get_all("Server Script", filters={"disabled": 0}, fields=fields, order_by="name"):
        if script.script_type == "DocType Event":
            found.setdefault(script.reference_doctype, {}).setdefault(script.doctype_event, []).append(script.name)
        elif script.script_type == "Permission Query":
            found["permission_query"][script.reference_doctype] = script.name
        elif script.script_type == "API":
            found["_api"][script.api_method] = script.name
    return found


def forget_scripts(script: Any = None) -> None:
    """Read anew which scripts there are, in every process."""
    process_cache_of(current()).forget(KEY)
    forget_listeners()


def listeners(doctype: str) -> dict[str, list[Callable[[Any, str], None]]]:
    """Give who listens to documents of a DocType: one function per event that a script names."""
    own = get_server_script_map().get(doctype)
    if not own:
        return {}
    return {event: [run_server_script_for_doc_event] for event, words in EVENT_MAP.items() if words in own}


def run_server_script_for_doc_event(doc: Any, event: str) -> None:
    """Run the scripts for this event of a document, in the order of their names; not while apps are installed."""
    flags = frappe.flags
    if flags.in_install or flags.in_migrate or flags.in_patch or flags.in_uninstall:
        return
    words = EVENT_MAP.get(event)
    for name in get_server_script_map().get(doc.doctype, {}).get(words, ()):
        frappe.get_cached_doc("Server Script", name).execute_doc(doc)


def find_api_script(method: str) -> Callable[..., Any] | None:
    """Give a function that runs the script of a method, None when there is none."""
    name = get_server_script_map()["_api"].get(method)
    if name is None:
        return None
    return lambda **values: _run_api(name, values)


def _run_api(name: str, values: dict[str, Any]) -> None:
    frappe.get_cached_doc("Server Script", name).execute_method(**values)


def permission_query(doctype: str, user: str) -> str | None:
    """Give what a script adds to the conditions of a DocType's lists, None when there is none."""
    if frappe.flags.in_safe_exec:
        return None
    name = get_server_script_map()["permission_query"].get(doctype)
    return frappe.get_cached_doc("Server Script", name).get_permission_query_conditions(user) if name else None


def run_scheduled(name: str) -> None:
    """Run a script at its time."""
    frappe.get_doc("Server Script", name).execute_scheduled_method()


def rate_limited(script: Any, run: Callable[[], Any]) -> Callable[[], Any]:
    """Give a function that runs a script as often as its limit lets one caller."""
    if not script.enable_rate_limit or not getattr(frappe.local, "request", None):
        return run
    from frappe.rate_limiter import rate_limit  # the layer of requests

    def limited() -> Any:
        return run()

    limited.__qualname__ = f"server_script_{frappe.scrub(script.name)}"
    return rate_limit(limit=script.rate_limit_count, seconds=script.rate_limit_seconds)(limited)
