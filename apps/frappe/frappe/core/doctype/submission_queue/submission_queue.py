"""Controller of the DocType Submission Queue: documents that are submitted (or cancelled) by a worker.

Invariant: while a document waits it is locked; however it ends it is unlocked, and who asked is told.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime

QUEUED, FINISHED, FAILED = "Queued", "Finished", "Failed"
ACTIONS = {"Submit": "submit", "Cancel": "cancel", "Update": "save"}


class SubmissionQueue(Document):
    """A document that is being submitted in the background."""

    @property
    def enqueued_by(self) -> Any:
        """Who asked for it."""
        return self.owner

    @property
    def queued_doc(self) -> Any:
        """The document it is about."""
        return frappe.get_doc(self.ref_doctype, self.ref_docname)

    @staticmethod
    def clear_old_logs(days: int = 30) -> None:
        """Delete what is older than `days`."""
        before = frappe.utils.add_days(now_datetime(), -days)
        frappe.db.delete("Submission Queue", {"creation": ["<", before]})

    def unlock_and_note(self, status: str, exception: str = "") -> None:
        """Free the document and say how it ended."""
        self.queued_doc.unlock()
        self.db_set({"status": status, "ended_at": now_datetime(), "exception": exception or None}, notify=True)

    @frappe.whitelist()
    def unlock_doc(self) -> None:
        """Free a document whose worker vanished. Raises `PermissionError`."""
        self.check_permission("write")
        if self.status != QUEUED:
            return
        if self.job_id and frappe.utils.background_jobs.is_job_enqueued(f"submission||{self.name}"):
            frappe.throw(_("The document is still being submitted"))
        self.unlock_and_note(FAILED, _("Unlocked by {0}").format(frappe.session.user))


def queue_submission(doc: Any, action: str, alert: bool = True) -> str:
    """Have a stored document submitted (or cancelled) by a worker; gives the entry's name. Locks the document.

    Raises `DocumentLockedError` when it waits already.
    """
    doc.lock()
    entry = frappe.get_doc(
        {
            "doctype": "Submission Queue",
            "status": QUEUED,
            "ref_doctype": doc.doctype,
            "ref_docname": doc.name,
        }
    ).insert(ignore_permissions=True, ignore_links=True)
    frappe.enqueue(
        background_submission, queue="default", job_id=f"submission||{entry.name}", enqueue_after_commit=True,
        entry_name=entry.name, action=action,
    )  # fmt: skip
    if alert:
        words = _("{0} {1} is handled in the background; you will be told when it is done.")
        frappe.msgprint(words.format(_(doc.doctype), frappe.bold(doc.name)), indicator="blue", alert=True)
    return str(entry.name)


def submit_in_background(doc: Any, action: str) -> bool:
    """Queue what a form submits where its DocType says so; tells whether it did. What forms ask."""
    if not doc.meta.get("queue_in_background") or action not in ("Submit", "Cancel"):
        return False
    queue_submission(doc, action)
    return True


def background_submission(entry_name: str, action: str) -> None:
    """Submit a document that was queued; what a worker does. Commits."""
    entry = frappe.get_doc("Submission Queue", entry_name)
    document = entry.queued_doc
    document.unlock()
    try:
        getattr(document, ACTIONS[action])()
        frappe.db.commit()
        entry.unlock_and_note(FINISHED)
    except Exception:  # noqa: BLE001 - who asked is told, with the cause
        reason = frappe.get_traceback()
        frappe.db.rollback()
        frappe.clear_messages()
        entry.unlock_and_note(FAILED, reason)
        frappe.log_error(_("Submission failed"), reason, entry.ref_doctype, entry.ref_docname)
    _tell(entry, action)
    frappe.db.commit()


def _tell(entry: Any, action: str) -> None:
    words = {FINISHED: _("{0} {1}: done ({2})"), FAILED: _("{0} {1}: failed ({2})")}[str(entry.status)]
    notice = {
        "doctype": "Notification Log",
        "for_user": entry.enqueued_by,
        "type": "Alert",
        "document_type": entry.ref_doctype,
        "document_name": entry.ref_docname,
        "subject": words.format(_(entry.ref_doctype), entry.ref_docname, _(action)),
    }
    frappe.get_doc(notice).insert(ignore_permissions=True, ignore_links=True)


@frappe.whitelist()
def get_latest_submissions(doctype: str, docname: str) -> dict[str, Any] | None:
    """Give the newest run for a document: `latest_submission`, `exc`, `status`; None where there was none."""
    frappe.has_permission(doctype, "read", docname, throw=True)
    found = frappe.get_all(
        "Submission Queue",
        {"ref_doctype": doctype, "ref_docname": docname},
        ["name", "exception", "status"],
        order_by="creation desc",
        limit=1,
    )
    if not found:
        return None
    return {"latest_submission": found[0].name, "exc": found[0].exception, "status": found[0].status}
