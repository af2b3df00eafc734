"""Running a method of a document in the background, with the document locked until it ends (`Document.queue_action`).

Invariant: however the method ends, the document is unlocked; what it did is kept only when it ended well, and a failure
is told on the document.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.context.local import current
from frappe_engine.context.messages import clear_messages
from frappe_engine.context.translate import _
from frappe_engine.documents.errors import get_traceback
from frappe_engine.documents.life.loading import get_doc


def enqueue_action(document: Any, action: str, arguments: dict[str, Any]) -> Any:
    """Have a method of a (locked) document called by a worker, after this transaction; gives the job, if any yet."""
    from frappe_engine.jobs.enqueue import enqueue  # few processes put jobs into queues

    options = {name: arguments.pop(name) for name in ("queue", "timeout", "now") if name in arguments}
    return enqueue(
        "frappe.model.document.execute_action",
        job_name=f"{document.doctype}.{action}",
        enqueue_after_commit=True,
        **options,
        doctype=document.doctype,
        name=document.name,
        action=action,
        arguments=arguments,
    )


def execute_action(doctype: str, name: Any, action: str, arguments: dict[str, Any] | None = None) -> None:
    """Unlock a document and call its method; when that fails, undo it and leave a comment that says why."""
    document = get_doc(doctype, name)
    document.unlock()
    database = current().db
    database.savepoint("document_action")
    try:
        getattr(document, action)(**(arguments or {}))
    except Exception as error:  # noqa: BLE001 - the person who asked is told on the document
        reason = get_traceback()
        database.rollback(save_point="document_action")
        clear_messages()
        text = f"{_('Action Failed')}<br><br>{error}"
        get_doc(doctype, name).add_comment("Comment", text)
        get_doc(doctype, name).log_error(_("Action Failed"), reason)
    document.notify_update()
