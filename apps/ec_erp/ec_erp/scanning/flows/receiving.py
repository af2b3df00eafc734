"""Receiving a purchase order by scans: counted goods stand on a draft receipt until it is finished.

Invariant: what is scanned is on one draft of the order and the user; nothing is in stock before it is finished.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.errors import text_of
from ec_erp.inventory.rules.pieces import serials_of
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.problems import N_, problem
from ec_erp.purchasing import store as purchasing
from ec_erp.purchasing.types import BoughtOrder
from ec_erp.scanning import store
from ec_erp.scanning.flows import numbers
from ec_erp.scanning.flows.common import goods_of, stop
from ec_erp.scanning.rules.days import day_of
from ec_erp.scanning.types import DONE, INFO, OK, Answer, Goods, ScanLine, ScanRequest

FINISH = "finish"
_MADE = "made"  # a new batch whose day of production is asked for
_UNKNOWN = N_("Nothing has the code {0}: scan goods, or a bin to put them into")


def open_order(code: str, user: str) -> Answer:
    """Begin or go on with the receipt of a purchase order."""
    name = store.find_purchase_order(code)
    if name is None:
        stop(N_("{0} is no purchase order that was submitted"), code)
    return _answer(_order(name), _draft(name, user), INFO, frappe._("Scan what has come"))


def scan(request: ScanRequest) -> Answer:
    """Count goods on the draft receipt, or name the bin where the next ones go."""
    bought = _order(request.document)
    if request.context.get(_MADE):
        return _take_day(bought, request)
    place = store.find_bin(request.code, bought.warehouse)
    if place is not None:
        message = text_of(problem(N_("Goods go into {0}"), place["bin_code"]))
        answer = _answer(bought, _draft(bought.name, request.user), INFO, message)
        return _with_bin(answer, place["name"])
    goods = numbers.read(request, _UNKNOWN, arriving=True)
    if not any(line.sku == goods.sku for line in bought.lines):
        stop(N_("{0} is not in the order {1}: put it aside"), goods.sku_name, bought.name)
    if not numbers.is_complete(goods):
        return _asked(bought, request, *numbers.ask(goods, request.context))
    if _is_new_batch(goods, request):
        message = text_of(problem(N_("Type the day on which {0} was made, as 20261123, or 0"), goods.batch))
        made = {"sku": goods.sku, "batch": goods.batch, "qty": float(goods.qty)}
        return _asked(bought, request, message, {**request.context, _MADE: made})
    return _counted(bought, request, goods, {})


def _counted(bought: BoughtOrder, request: ScanRequest, goods: Goods, dates: Mapping[str, Any]) -> Answer:
    bin_name = str(request.context.get("bin") or "")
    draft = _count(bought, _draft(bought.name, request.user), goods, {"bin": bin_name or None, **dates})
    open_lines = [line for line in _lines(bought, draft) if line.total is not None and line.done < line.total]
    answer = _answer(bought, draft, OK if open_lines else DONE, numbers.shown(goods))
    return replace(answer, context=numbers.remember(goods, request.context))


def _asked(bought: BoughtOrder, request: ScanRequest, message: str, context: Mapping[str, Any]) -> Answer:
    answer = _answer(bought, _draft(bought.name, request.user), INFO, message)
    return replace(answer, context=context, next=message)


def _is_new_batch(goods: Goods, request: ScanRequest) -> bool:
    """Tell whether goods that expire come with a batch that nobody has heard of."""
    if not goods.has_shelf_life or not goods.batch or store.find_batch(goods.batch, {goods.sku}):
        return False
    draft = _draft(request.document, request.user)
    rows = draft.items if draft else ()
    return not any(row.sku == goods.sku and _is_batch(row, goods) for row in rows)


def _take_day(bought: BoughtOrder, request: ScanRequest) -> Answer:
    """Take the day on which a new batch was made, ``0`` where nobody knows it, and count its goods."""
    made = dict(request.context[_MADE])
    day = None if request.code == "0" else day_of(request.code)
    if day is None and request.code != "0":
        stop(N_("{0} is no day: type it as 20261123, or 0"), request.code)
    context = {key: value for key, value in request.context.items() if key != _MADE}
    goods = replace(goods_of(str(made["sku"]), _UNKNOWN), qty=decimal_of(made["qty"]), batch=str(made["batch"]))
    dates = {"production_date": day.isoformat()} if day else {}
    return _counted(bought, replace(request, context=context), goods, dates)


def act(request: ScanRequest, action: str) -> Answer:
    """Finish: post the receipt, or send it to inspection where the goods need one."""
    if action != FINISH:
        stop(N_("There is no action {0} here"), action)
    bought = _order(request.document)
    draft = _draft(bought.name, request.user)
    if draft is None:
        stop(N_("Nothing was scanned for {0} yet"), bought.name)
    if draft.inspection == "To Inspect":
        message = text_of(problem(N_("{0} waits for inspection"), draft.name))
    else:
        draft.submit()
        message = text_of(problem(N_("{0} is posted: the goods are in stock"), draft.name))
    return Answer(DONE, message, frappe._("Scan the next purchase order"), bought.name, finished=True)


def _order(name: str) -> BoughtOrder:
    found = purchasing.load_orders([name]).get(name.casefold())
    if found is None:
        stop(N_("{0} is no purchase order that was submitted"), name)
    return found


def _draft(order: str, user: str) -> Any:
    name = store.find_draft_receipt(order, user)
    return frappe.get_doc("Purchase Receipt", name) if name else None


def _count(bought: BoughtOrder, draft: Any, goods: Goods, place: Mapping[str, Any]) -> Any:
    """Add units to the draft's row of the SKU, batch and bin; the receipt's own checks decide whether they may come."""
    values = {"sku": goods.sku, "qty": float(goods.qty), "batch": goods.batch or None, "serials": goods.serial, **place}
    if draft is None:
        head = {"doctype": "Purchase Receipt", "purchase_order": bought.name}
        return frappe.get_doc({**head, "items": [values]}).insert()
    row = next((one for one in draft.items if _is_same(one, goods, place)), None)
    if row is None:
        draft.append("items", values)
    else:
        _refuse_twice(draft, goods)
        row.qty = float(decimal_of(row.qty) + goods.qty)
        row.accepted_qty = None
        row.serials = "\n".join(filter(None, (row.serials, goods.serial)))
    draft.save()
    return draft


def _is_same(row: Any, goods: Goods, place: Mapping[str, Any]) -> bool:
    return row.sku == goods.sku and (row.bin or None) == place["bin"] and _is_batch(row, goods)


def _is_batch(row: Any, goods: Goods) -> bool:
    return numbers.batch_no(row.batch or "").casefold() == numbers.batch_no(goods.batch).casefold()


def _refuse_twice(draft: Any, goods: Goods) -> None:
    known = {serial.casefold() for row in draft.items for serial in serials_of(row.serials)}
    if goods.serial and goods.serial.casefold() in known:
        stop(N_("The serial number {0} was scanned already"), goods.serial)


def _lines(bought: BoughtOrder, draft: Any) -> tuple[ScanLine, ...]:
    counted: dict[str, Decimal] = {}
    for row in draft.items if draft else ():
        counted[row.sku] = counted.get(row.sku, ZERO) + decimal_of(row.qty)
    wanted: dict[str, Decimal] = {}
    for line in bought.lines:
        wanted[line.sku] = wanted.get(line.sku, ZERO) + line.open_qty
    names = store.sku_names(wanted)
    return tuple(ScanLine(sku, names.get(sku, sku), counted.get(sku, ZERO), qty) for sku, qty in wanted.items())


def _answer(bought: BoughtOrder, draft: Any, outcome: str, message: str) -> Answer:
    following = frappe._("Scan goods, or a bin to put them into; finish when all is counted")
    actions = (FINISH,) if draft else ()
    title = f"{bought.name} · {bought.supplier}"
    return Answer(outcome, message, following, bought.name, title, _lines(bought, draft), actions=actions)


def _with_bin(answer: Answer, bin_name: str) -> Answer:
    return replace(answer, context={"bin": bin_name}) if bin_name else answer
