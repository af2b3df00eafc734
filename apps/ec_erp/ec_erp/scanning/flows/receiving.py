"""Receiving a purchase order by scans: counted goods stand on a draft receipt until it is finished.

Invariant: what is scanned is on one draft of the order and the user; nothing is in stock before it is finished.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.errors import text_of
from ec_erp.inventory.rules.pieces import serials_of
from ec_erp.kernel.numbers import ZERO, decimal_of, plain
from ec_erp.kernel.problems import N_, problem
from ec_erp.purchasing import store as purchasing
from ec_erp.purchasing.types import BoughtOrder
from ec_erp.scanning import store
from ec_erp.scanning.flows.common import goods_of, stop
from ec_erp.scanning.types import DONE, INFO, OK, Answer, Goods, ScanLine, ScanRequest

FINISH = "finish"
_SERIAL_OF = "serial_of"
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
    place = store.find_bin(request.code, bought.warehouse)
    if place is not None:
        message = text_of(problem(N_("Goods go into {0}"), place["bin_code"]))
        answer = _answer(bought, _draft(bought.name, request.user), INFO, message)
        return _with_bin(answer, place["name"])
    goods = _goods(request)
    if not any(line.sku == goods.sku for line in bought.lines):
        stop(N_("{0} is not in the order {1}: put it aside"), goods.sku_name, bought.name)
    if goods.needs_serial and not goods.serial:
        return _ask_serial(bought, goods, request)
    qty, bin_name = goods.qty * (1 if goods.serial else request.qty), str(request.context.get("bin") or "")
    draft = _count(bought, _draft(bought.name, request.user), replace(goods, qty=qty), bin_name)
    message = f"{goods.sku_name} + {plain(qty)}" + (f" · {goods.serial}" if goods.serial else "")
    open_lines = [line for line in _lines(bought, draft) if line.total is not None and line.done < line.total]
    answer = _with_bin(_answer(bought, draft, OK if open_lines else DONE, message), bin_name)
    return replace(answer, context={**answer.context, _SERIAL_OF: goods.sku}) if goods.serial else answer


def _goods(request: ScanRequest) -> Goods:
    """Return what was scanned: goods, or after goods with serial numbers the number of one piece."""
    found, waiting = store.find_goods(request.code), str(request.context.get(_SERIAL_OF) or "")
    if found is not None or not waiting:
        return found or goods_of(request.code, _UNKNOWN)
    return replace(goods_of(waiting, _UNKNOWN), qty=decimal_of(1), serial=request.code)


def _ask_serial(bought: BoughtOrder, goods: Goods, request: ScanRequest) -> Answer:
    message = text_of(problem(N_("Scan the serial number of {0}"), goods.sku_name))
    answer = _answer(bought, _draft(bought.name, request.user), INFO, message)
    return replace(answer, context={**request.context, _SERIAL_OF: goods.sku}, next=message)


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


def _count(bought: BoughtOrder, draft: Any, goods: Goods, bin_name: str) -> Any:
    """Add units to the draft's row of the SKU and bin; the receipt's own checks decide whether they may come."""
    sku, qty = goods.sku, goods.qty
    if draft is None:
        first = {"sku": sku, "qty": float(qty), "bin": bin_name or None, "serials": goods.serial}
        values = {"doctype": "Purchase Receipt", "purchase_order": bought.name, "items": [first]}
        return frappe.get_doc(values).insert()
    row = next((one for one in draft.items if one.sku == sku and (one.bin or "") == bin_name), None)
    if row is None:
        draft.append("items", {"sku": sku, "qty": float(qty), "bin": bin_name or None, "serials": goods.serial})
    else:
        _refuse_twice(draft, goods)
        row.qty = float(decimal_of(row.qty) + qty)
        row.accepted_qty = None
        row.serials = "\n".join(filter(None, (row.serials, goods.serial)))
    draft.save()
    return draft


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
