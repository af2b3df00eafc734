"""What of outside providers waits for a person, as rows of the inbox of exceptions.

Invariant: a task or message is listed as long as nobody has seen to it.
"""

from __future__ import annotations

from typing import Any

import frappe

from ec_erp.kernel.problems import N_
from ec_erp.outer_warehouse import store
from ec_erp.outer_warehouse.rules import tasks as rules

TASK_FAILED, SENT_SHORT, MESSAGE_KEPT = (
    N_("Provider Task Failed"),
    N_("Provider Sent Short"),
    N_("Provider Message Kept"),
)
_SUGGESTIONS = {
    TASK_FAILED: N_("Mend what the message names and try again, or tell the provider by other means"),
    SENT_SHORT: N_("The provider sends no more: release the rest again, split or cancel it, then withdraw the task"),
    MESSAGE_KEPT: N_("Mend what the problem names and apply the message again; the goods have moved already"),
}


def exceptions() -> list[dict[str, Any]]:
    """Return failed and short tasks, and messages that were kept."""
    tasks = [
        _row(store.TASK, row, SENT_SHORT if row.status == rules.SHORT else TASK_FAILED, row.message)
        for row in store.load_stuck_tasks()
    ]
    return tasks + [_row(store.MESSAGE, row, MESSAGE_KEPT, row.problem) for row in store.load_kept_messages()]


def _row(doctype: str, row: Any, code: str, note: str | None) -> dict[str, Any]:
    return {
        "source": "warehouse",
        "reference_doctype": doctype,
        "reference_name": row.name,
        "title": f"{row.provider}: {row.order_no or row.kind}",
        "code": code,
        "owner_role": "Warehouse Staff",
        "since": row.modified,
        "blocking": False,
        "suggestion": frappe._(_SUGGESTIONS[code]),
        "fix": "",
        "note": note or "",
    }
