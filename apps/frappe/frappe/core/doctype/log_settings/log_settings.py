"""Controller of the DocType Log Settings: how long logs are kept, and clearing what is older.

Invariant: only logs are cleared: DocTypes that are listed here or whose apps list them (hook `default_log_clearing_doctypes`).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Protocol, runtime_checkable

import frappe
from frappe import _
from frappe.model.document import Document, get_controller
from frappe.utils import cint, now_datetime
from frappe.utils.install import LOG_DAYS

# DocType: days; what a new site clears, and logs that may be listed beside it
DEFAULTS = {
    **LOG_DAYS,
    "Data Import Log": 365,
    "Document Share Key": 30,
    "Integration Request": 90,
    "Notification Log": 90,
    "View Log": 365,
}
KEPT_STATES = {"Email Queue": ("Not Sent", "Sending")}
CHUNK = 1000


class LogSettings(Document):
    """How long the logs of this site are kept."""

    def validate(self) -> None:
        """Refuse what is no log."""
        known = _supported()
        for row in self.logs_to_clear:
            if row.ref_doctype not in known:
                frappe.throw(_("{0} is no log that is cleared").format(_(row.ref_doctype)))
            if cint(row.days) < 1:
                frappe.throw(_("{0} must be positive").format(_("Days")))

    def clear_logs(self) -> dict[str, int]:
        """Delete what is older than each log is kept; give how many rows, by DocType. Commits every thousand."""
        days = {row.ref_doctype: cint(row.days) for row in self.logs_to_clear}
        return {
            doctype: clear_log_table(doctype, kept) for doctype, kept in days.items() if frappe.db.table_exists(doctype)
        }


@runtime_checkable
class LogType(Protocol):
    """A DocType of records that become old: its class says how they are cleared."""

    @staticmethod
    def clear_old_logs(days: int) -> None:
        """Delete the records that are older than `days`."""


def _supported() -> dict[str, int]:
    hooks = frappe.get_hooks("default_log_clearing_doctypes") or {}
    found = dict(DEFAULTS)
    for doctype, days in hooks.items() if isinstance(hooks, dict) else ():
        found[doctype] = cint(days[-1] if isinstance(days, list) else days)
    return found


def clear_log_table(doctype: str, days: int = 90) -> int:
    """Delete the rows of a log (and their own rows) that are older than `days`; give how many.

    A DocType whose controller has `clear_old_logs(days)` does it in its own way.
    """
    own_way = getattr(get_controller(doctype), "clear_old_logs", None)
    if own_way:
        return _cleared_in_its_own_way(doctype, own_way, max(days, 1))
    filters: dict[str, Any] = {"creation": ["<", now_datetime() - timedelta(days=max(days, 1))]}
    if doctype in KEPT_STATES:
        filters["status"] = ["not in", KEPT_STATES[doctype]]
    gone = 0
    while names := frappe.get_all(doctype, filters, pluck="name", limit=CHUNK, order_by="creation"):
        for field in frappe.get_meta(doctype).table_fields:
            frappe.db.delete(field.options, {"parent": ["in", names], "parenttype": doctype})
        frappe.db.delete(doctype, {"name": ["in", names]})
        frappe.db.commit()
        gone += len(names)
    return gone


def _cleared_in_its_own_way(doctype: str, clear: Any, days: int) -> int:
    before = frappe.db.count(doctype)
    clear(days=days)
    frappe.db.commit()
    return max(before - frappe.db.count(doctype), 0)


def run_log_clean_up() -> None:
    """Clear the logs; run once a day."""
    frappe.get_single("Log Settings").clear_logs()


@frappe.whitelist()
def has_unseen_error_log() -> Any:
    """Say whether there are errors nobody looked at: `show_alert` and `message`."""
    if not frappe.has_permission("Error Log", "read") or not frappe.db.exists("Error Log", {"seen": 0}):
        return None
    return {"show_alert": True, "message": _("You have unseen errors: see the Error Log")}


@frappe.whitelist()
def get_log_doctypes(doctype: str, txt: str, searchfield: str, start: int, page_len: int, filters: Any) -> list[Any]:
    """Give the logs that are cleared, for a link's search."""
    found = [[name] for name in sorted(_supported()) if (txt or "").lower() in name.lower()]
    return found[cint(start) : cint(start) + (cint(page_len) or 20)]
