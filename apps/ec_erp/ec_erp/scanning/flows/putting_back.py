"""Putting goods of recalled orders back by scans: the goods, then the bin they are put into.

Invariant: nothing counts before the bin is scanned; where a warehouse has no bins the goods alone count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.errors import text_of
from ec_erp.fulfilment.flows import recalling
from ec_erp.fulfilment.rules import putting_back
from ec_erp.fulfilment.types import PutBackLine
from ec_erp.kernel.numbers import ZERO, decimal_of, plain
from ec_erp.kernel.problems import N_, problem
from ec_erp.scanning import store
from ec_erp.scanning.flows import numbers
from ec_erp.scanning.flows.common import stop
from ec_erp.scanning.types import DONE, INFO, OK, Answer, Goods, ScanLine, ScanRequest

MISSING = "missing"
_UNKNOWN = N_("Nothing has the code {0}: scan goods, or the bin they go to")


@dataclass(frozen=True, slots=True)
class Held:
    """What a person holds between the basket and the bin."""

    sku: str
    qty: Decimal
    batch: str = ""
    serials: tuple[str, ...] = ()


def open_task(code: str, _user: str) -> Answer:
    """Begin or go on with a put-back task: its number, the delivery, or the order."""
    name = store.find_put_back_task(code)
    if name is None:
        stop(N_("Nothing of {0} is to be put back"), code)
    return _answer(name, recalling.lines_of(name), {}, INFO, frappe._("Scan what you take out of the basket"))


def scan(request: ScanRequest) -> Answer:
    """Take goods out of the basket, or put them into a bin."""
    lines = recalling.lines_of(request.document)
    held = _held(request.context)
    place = store.find_bin(request.code, store.warehouse_of_task(request.document))
    if place is not None:
        if held is None:
            stop(N_("Scan the goods first, then the bin"))
        return _put(request.document, held, place)
    goods = numbers.read(request, _UNKNOWN)
    if held and (goods.sku, goods.batch or held.batch) != (held.sku, held.batch):
        stop(N_("Put down what you hold first: {0} × {1}"), plain(held.qty), held.sku)
    if goods.needs_serial and not goods.serial:
        message, waiting = numbers.ask(goods, request.context)
        return replace(_answer(request.document, lines, waiting, INFO, message), next=message)
    return _take(request.document, lines, goods, _with(held, goods))


def _held(context: Mapping[str, Any]) -> Held | None:
    """Return what a person has in the hand, as the device gives it back."""
    qty = decimal_of(context.get("qty"))
    if not qty:
        return None
    return Held(str(context.get("sku")), qty, str(context.get("batch") or ""), tuple(context.get("serials") or ()))


def _with(held: Held | None, goods: Goods) -> Held:
    before = held or Held(goods.sku, ZERO, goods.batch)
    if goods.serial in before.serials:
        stop(N_("The serial number {0} was scanned already"), goods.serial)
    serials = (*before.serials, *filter(None, [goods.serial]))
    return Held(goods.sku, before.qty + goods.qty, before.batch, serials)


def act(request: ScanRequest, action: str) -> Answer:
    """Say that the rest of the current row is not there."""
    current = recalling.next_line(recalling.lines_of(request.document))
    if action != MISSING or current is None:
        stop(N_("There is no action {0} here"), action)
    lines = recalling.report_missing(request.document, current.line)
    return _after(request.document, lines, text_of(problem(N_("{0} is missing: count its bin"), current.sku_name)))


def _take(task: str, lines: Sequence[PutBackLine], goods: Goods, held: Held) -> Answer:
    own = [line for line in lines if line.left > 0 and putting_back.is_of(line, held.sku, held.batch)]
    left = sum((line.left for line in own), ZERO)
    if held.qty > left:
        stop(N_("{0} is not to be put back, or not so many: {1} are left"), goods.sku_name, plain(left))
    if not any(line.bin for line in own):
        return _put(task, held, None)
    context = {"sku": held.sku, "qty": float(held.qty), "batch": held.batch, "serials": list(held.serials)}
    message = " ".join(filter(None, (goods.sku_name, "×", plain(held.qty), numbers.batch_no(held.batch))))
    return _answer(task, lines, context, OK, message)


def _put(task: str, held: Held, place: Mapping[str, Any] | None) -> Answer:
    lines = recalling.put(task, held.sku, held.qty, place["name"] if place else "", held.batch, held.serials)
    where = place["bin_code"] if place else frappe._("Warehouse")
    return _after(task, lines, text_of(problem(N_("{0} lies in {1} now"), plain(held.qty), where)))


def _after(task: str, lines: Sequence[PutBackLine], message: str) -> Answer:
    if recalling.next_line(lines) is None:
        return Answer(DONE, message, frappe._("All is put back: scan the next task"), task, task, finished=True)
    return _answer(task, lines, {}, OK, message)


def _answer(task: str, lines: Sequence[PutBackLine], context: Mapping[str, Any], outcome: str, message: str) -> Answer:
    codes = store.bin_codes(line.bin for line in lines)
    held = str(context.get("sku") or "")
    own = (line for line in lines if line.left > 0 and putting_back.is_of(line, held, str(context.get("batch") or "")))
    current = next(own, None) or recalling.next_line(lines)
    shown = tuple(
        ScanLine(
            line.sku,
            line.sku_name,
            line.done,
            line.qty,
            codes.get(line.bin, ""),
            numbers.batch_no(line.batch),
            current=line is current,
        )
        for line in lines
    )
    following = frappe._("Scan what you take out of the basket")
    if held and current:
        following = text_of(problem(N_("Put it into {0}, or scan another bin"), codes.get(current.bin, "?")))
    return Answer(outcome, message, following, task, task, shown, context, (MISSING,))
