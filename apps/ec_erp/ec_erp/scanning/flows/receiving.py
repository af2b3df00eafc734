"""Receiving a purchase order or a delivery appointment by scans: counted goods stand on draft receipts until it is finished.

Invariant: what is scanned is on one draft of each order and user; nothing is in stock before it is finished.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import frappe

from ec_erp.documents.errors import text_of
from ec_erp.inventory.rules.pieces import serials_of
from ec_erp.kernel.numbers import decimal_of
from ec_erp.kernel.problems import N_, problem
from ec_erp.scanning import store
from ec_erp.scanning.flows import numbers
from ec_erp.scanning.flows.arriving import Drafts, Work, drafts_of, find_work, lines_of, order_for, work_of
from ec_erp.scanning.flows.common import goods_of, stop
from ec_erp.scanning.rules.days import day_of
from ec_erp.scanning.types import DONE, INFO, OK, Answer, Goods, ScanRequest

FINISH = "finish"
_MADE = "made"  # a new batch whose day of production is asked for
_UNKNOWN = N_("Nothing has the code {0}: scan goods, or a bin to put them into")


def open_order(code: str, user: str) -> Answer:
    """Begin or go on with the receipt of a purchase order or a delivery appointment."""
    name = find_work(code)
    if name is None:
        stop(N_("{0} is no purchase order and no delivery appointment that was submitted"), code)
    work = work_of(name)
    return _answer(work, drafts_of(work, user), INFO, frappe._("Scan what has come"))


def scan(request: ScanRequest) -> Answer:
    """Count goods on the draft receipt, or name the bin where the next ones go."""
    work = work_of(request.document)
    if request.context.get(_MADE):
        return _take_day(work, request)
    place = store.find_bin(request.code, work.warehouse)
    if place is not None:
        message = text_of(problem(N_("Goods go into {0}"), place["bin_code"]))
        answer = _answer(work, drafts_of(work, request.user), INFO, message)
        return _with_bin(answer, place["name"])
    goods = numbers.read(request, _UNKNOWN, arriving=True)
    if goods.sku not in work.expected:
        stop(N_("{0} is not in the order {1}: put it aside"), goods.sku_name, work.document)
    if not numbers.is_complete(goods):
        return _asked(work, request, *numbers.ask(goods, request.context))
    if _is_new_batch(work, goods, request):
        message = text_of(problem(N_("Type the day on which {0} was made, as 20261123, or 0"), goods.batch))
        made = {"sku": goods.sku, "batch": goods.batch, "qty": float(goods.qty)}
        return _asked(work, request, message, {**request.context, _MADE: made})
    return _counted(work, request, goods, {})


def _counted(work: Work, request: ScanRequest, goods: Goods, dates: Mapping[str, Any]) -> Answer:
    bin_name = str(request.context.get("bin") or "")
    drafts = drafts_of(work, request.user)
    _count(work, drafts, goods, {"bin": bin_name or None, **dates})
    open_lines = [line for line in lines_of(work, drafts) if line.total is not None and line.done < line.total]
    answer = _answer(work, drafts, OK if open_lines else DONE, numbers.shown(goods))
    return replace(answer, context=numbers.remember(goods, request.context))


def _asked(work: Work, request: ScanRequest, message: str, context: Mapping[str, Any]) -> Answer:
    answer = _answer(work, drafts_of(work, request.user), INFO, message)
    return replace(answer, context=context, next=message)


def _is_new_batch(work: Work, goods: Goods, request: ScanRequest) -> bool:
    """Tell whether goods that expire come with a batch that nobody has heard of."""
    if not goods.has_shelf_life or not goods.batch or store.find_batch(goods.batch, {goods.sku}):
        return False
    rows = [row for draft in drafts_of(work, request.user).values() for row in draft.items]
    return not any(row.sku == goods.sku and _is_batch(row, goods) for row in rows)


def _take_day(work: Work, request: ScanRequest) -> Answer:
    """Take the day on which a new batch was made, ``0`` where nobody knows it, and count its goods."""
    made = dict(request.context[_MADE])
    day = None if request.code == "0" else day_of(request.code)
    if day is None and request.code != "0":
        stop(N_("{0} is no day: type it as 20261123, or 0"), request.code)
    context = {key: value for key, value in request.context.items() if key != _MADE}
    goods = replace(goods_of(str(made["sku"]), _UNKNOWN), qty=decimal_of(made["qty"]), batch=str(made["batch"]))
    dates = {"production_date": day.isoformat()} if day else {}
    return _counted(work, replace(request, context=context), goods, dates)


def act(request: ScanRequest, action: str) -> Answer:
    """Finish: post the receipts, or send them to inspection where the goods need one."""
    if action != FINISH:
        stop(N_("There is no action {0} here"), action)
    work = work_of(request.document)
    drafts = drafts_of(work, request.user)
    if not drafts:
        stop(N_("Nothing was scanned for {0} yet"), work.document)
    told = " · ".join(_finish(draft) for draft in drafts.values())
    return Answer(DONE, told, frappe._("Scan the next purchase order"), work.document, finished=True)


def _finish(draft: Any) -> str:
    """Post a draft, unless it waits for inspection; return what has become of it."""
    if draft.inspection == "To Inspect":
        return text_of(problem(N_("{0} waits for inspection"), draft.name))
    draft.submit()
    return text_of(problem(N_("{0} is posted: the goods are in stock"), draft.name))


def _count(work: Work, drafts: Drafts, goods: Goods, place: Mapping[str, Any]) -> None:
    """Add units to the draft's row of the SKU, batch and bin; the receipt's own checks decide whether they may come."""
    values = {"sku": goods.sku, "qty": float(goods.qty), "batch": goods.batch or None, "serials": goods.serial, **place}
    order = order_for(work, drafts, goods)
    draft = drafts.get(order)
    if draft is None:
        head = {"doctype": "Purchase Receipt", "purchase_order": order}
        head |= {"delivery_appointment": work.appointment.name} if work.appointment else {}
        drafts[order] = frappe.get_doc({**head, "items": [values]}).insert()
        return
    row = next((one for one in draft.items if _is_same(one, goods, place)), None)
    if row is None:
        draft.append("items", values)
    else:
        _refuse_twice(draft, goods)
        row.qty = float(decimal_of(row.qty) + goods.qty)
        row.accepted_qty = None
        row.serials = "\n".join(filter(None, (row.serials, goods.serial)))
    draft.save()


def _is_same(row: Any, goods: Goods, place: Mapping[str, Any]) -> bool:
    return row.sku == goods.sku and (row.bin or None) == place["bin"] and _is_batch(row, goods)


def _is_batch(row: Any, goods: Goods) -> bool:
    return numbers.batch_no(row.batch or "").casefold() == numbers.batch_no(goods.batch).casefold()


def _refuse_twice(draft: Any, goods: Goods) -> None:
    known = {serial.casefold() for row in draft.items for serial in serials_of(row.serials)}
    if goods.serial and goods.serial.casefold() in known:
        stop(N_("The serial number {0} was scanned already"), goods.serial)


def _answer(work: Work, drafts: Drafts, outcome: str, message: str) -> Answer:
    following = frappe._("Scan goods, or a bin to put them into; finish when all is counted")
    actions = (FINISH,) if drafts else ()
    return Answer(outcome, message, following, work.document, work.title, lines_of(work, drafts), actions=actions)


def _with_bin(answer: Answer, bin_name: str) -> Answer:
    return replace(answer, context={"bin": bin_name}) if bin_name else answer
