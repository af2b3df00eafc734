"""One scan from beginning to end: known ids get their answer again, refusals become answers, everything is logged.

Invariant: a scan that is refused leaves nothing behind but its log.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.errors import text_of
from ec_erp.kernel.problems import N_, problem
from ec_erp.orders.errors import OrderNotReady
from ec_erp.scanning import store
from ec_erp.scanning.errors import ScanRefused
from ec_erp.scanning.flows import checking, counting, moving, picking, putting_back, receiving, weighing
from ec_erp.scanning.flows.common import stop
from ec_erp.scanning.types import COLOURS, STOP, Answer, ScanRequest


@dataclass(frozen=True)
class Task:
    """A kind of work: who may do it, how it is opened by a code, what a scan does, what an action does.

    ``goes_on`` says that a code which is nothing of the open document may open another one.
    """

    label: str
    doctype: str
    right: str
    open: Callable[[str, str], Answer]
    scan: Callable[[ScanRequest], Answer]
    act: Callable[[ScanRequest, str], Answer]
    goes_on: bool = True


TASKS = {
    "receive": Task("Receive", "Purchase Receipt", "create", receiving.open_order, receiving.scan, receiving.act),
    "pick": Task("Pick", "Pick Task", "write", picking.open_task, picking.scan, picking.act),
    "check": Task("Check", "Delivery Note", "write", checking.open_note, checking.scan, checking.act),
    "count": Task("Count", "Stock Count", "write", counting.open_count, counting.scan, counting.act),
    "move": Task("Move", "Bin Move", "create", moving.open_move, moving.scan, moving.act, goes_on=False),
    "putback": Task("Put Back", "Put Back Task", "write", putting_back.open_task, putting_back.scan, putting_back.act),
    "weigh": Task("Weigh", "Parcel", "write", weighing.open_parcel, weighing.scan, weighing.act, goes_on=False),
    "ship": Task(
        "Hand Over",
        "Delivery Note",
        "submit",
        checking.open_hand_over,
        checking.hand_over,
        checking.act_hand_over,
        goes_on=False,
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
        _undo()
        other = _other_document(task, request, refusal)
        return other or Answer(
            STOP, str(refusal), _following(request, refusal), request.document, context=request.context
        )


def _undo() -> None:
    frappe.db.rollback(save_point="before_scan")
    frappe.clear_messages()


def _other_document(task: Task, request: ScanRequest, refusal: Exception) -> Answer | None:
    """Return the answer of the document that a code opens where it said nothing in the open one; None where it opens none."""
    if not (task.goes_on and request.document and request.code and isinstance(refusal, ScanRefused)):
        return None
    try:
        return task.open(request.code, request.user)
    except (frappe.ValidationError, frappe.PermissionError):
        _undo()
        return None


def _following(request: ScanRequest, refusal: Exception) -> str:
    """Return what to do after a refusal: goods of an order that was stopped go back to where they lay."""
    if not isinstance(refusal, OrderNotReady):
        return str(frappe._("Check it and scan again"))
    task = store.find_put_back_task(request.document or request.code)
    if task is None:
        return str(frappe._("Do not pack it: put it aside and scan the next one"))
    return text_of(problem(N_("Do not pack it: put the goods back by {0}"), task))


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
