"""One scan from beginning to end: known ids get their answer again, refusals become answers, everything is logged.

Invariant: a scan that is refused leaves nothing behind but its log.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.kernel.problems import N_
from ec_erp.scanning import store
from ec_erp.scanning.flows import checking, counting, moving, picking, putting_back, receiving, weighing
from ec_erp.scanning.flows.common import stop
from ec_erp.scanning.types import COLOURS, STOP, Answer, ScanRequest


@dataclass(frozen=True)
class Task:
    """A kind of work: who may do it, how it is opened by a code, what a scan does, what an action does."""

    label: str
    doctype: str
    right: str
    open: Callable[[str, str], Answer]
    scan: Callable[[ScanRequest], Answer]
    act: Callable[[ScanRequest, str], Answer]


TASKS = {
    "receive": Task("Receive", "Purchase Receipt", "create", receiving.open_order, receiving.scan, receiving.act),
    "pick": Task("Pick", "Pick Task", "write", picking.open_task, picking.scan, picking.act),
    "check": Task("Check", "Delivery Note", "write", checking.open_note, checking.scan, checking.act),
    "count": Task("Count", "Stock Count", "write", counting.open_count, counting.scan, counting.act),
    "move": Task("Move", "Bin Move", "create", moving.open_move, moving.scan, moving.act),
    "putback": Task("Put Back", "Put Back Task", "write", putting_back.open_task, putting_back.scan, putting_back.act),
    "weigh": Task("Weigh", "Parcel", "write", weighing.open_parcel, weighing.scan, weighing.act),
    "ship": Task(
        "Hand Over", "Delivery Note", "submit", checking.open_hand_over, checking.hand_over, checking.act_hand_over
    ),
}


def run(task: str, request: ScanRequest, scan_id: str, action: str = "") -> dict[str, Any]:
    """Answer a scan or an action; the same ``scan_id`` gets the same answer and counts once."""
    if task not in TASKS:
        stop(N_("There is no task {0}"), task)
    row = {
        "task": TASKS[task].label,
        "document": request.document or request.code,
        "code": action or request.code,
        "qty": float(request.qty),
        "scanned_by": request.user,
        "scanned_at": frappe.utils.now_datetime(),
    }
    before = store.claim_scan(scan_id, row)
    if before is not None:
        return {**before, "repeated": True}
    answer = shown(_answer(TASKS[task], request, action))
    store.write_answer(scan_id, answer["outcome"], answer)
    return answer


def _answer(task: Task, request: ScanRequest, action: str) -> Answer:
    frappe.db.savepoint("before_scan")
    try:
        _refuse_strangers(task, request.document)
        if action:
            return task.act(request, action)
        return task.scan(request) if request.document else task.open(request.code, request.user)
    except (frappe.ValidationError, frappe.PermissionError) as refusal:
        frappe.db.rollback(save_point="before_scan")
        frappe.clear_messages()
        following = frappe._("Check it and scan again")
        return Answer(STOP, str(refusal), following, request.document, context=request.context)


def _refuse_strangers(task: Task, document: str) -> None:
    """Raise ``frappe.PermissionError`` for who may not do this work, or not on this document."""
    frappe.has_permission(task.doctype, task.right, throw=True)
    if task.right == "write" and document and store.is_document(task.doctype, document):
        frappe.get_doc(task.doctype, document).check_permission(task.right)


def shown(answer: Answer) -> dict[str, Any]:
    """Return an answer as it goes over the wire: numbers as floats, the colour and the sound beside the outcome."""
    plain = asdict(answer)
    plain["lines"] = [
        {key: float(value) if isinstance(value, Decimal) else value for key, value in line.items()}
        for line in plain["lines"]
    ]
    return {**plain, "colour": COLOURS[answer.outcome], "sound": answer.outcome, "repeated": False}
