"""The scan check of deliveries, and handing parcels over.

Invariant: an intercepted order stops at the first scan, whatever is scanned.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal

import frappe

from ec_erp.documents.errors import text_of
from ec_erp.fulfilment.flows import checking, outbound, packing
from ec_erp.fulfilment.flows.settings import load_settings
from ec_erp.fulfilment.store.outbound import find_note
from ec_erp.fulfilment.types import CheckLine
from ec_erp.kernel.problems import N_, problem
from ec_erp.scanning import store
from ec_erp.scanning.flows import numbers
from ec_erp.scanning.flows.common import goods_of, stop
from ec_erp.scanning.types import DONE, INFO, OK, Answer, Goods, ScanLine, ScanRequest

RESTART, PACK = "restart", "pack"
_UNKNOWN = N_("Nothing has the code {0}: scan the goods of this delivery")


def open_note(code: str, _user: str) -> Answer:
    """Begin the check of a delivery: its number, its order, the platform's number, or a waybill."""
    note = find_note(code)
    if note is None:
        stop(N_("{0} is no delivery that is to be checked"), code)
    frappe.get_doc("Delivery Note", note).check_permission("write")
    outbound.lock_with_orders([note])
    return _answer(note, checking.lines_of(note), INFO, frappe._("Scan every unit"))


def scan(request: ScanRequest) -> Answer:
    """Count scanned units, or pack into the carton that was scanned when all are there."""
    skus = {line.sku for line in checking.lines_of(request.document)}
    goods = _read(request.code, skus)
    if goods.is_package and goods.sku not in skus:
        return _take_carton(request.document, goods)
    _refuse_without_number(goods)
    qty = goods.qty if goods.serial else goods.qty * request.qty
    batch = "" if goods.serial else goods.batch
    lines = checking.scan(request.document, goods.sku, qty, goods.serial, batch)
    told = numbers.shown(replace(goods, qty=qty, batch=batch))
    return _answer(request.document, lines, OK if any(line.left for line in lines) else DONE, told)


def _read(code: str, skus: Collection[str]) -> Goods:
    """Return what was scanned: a piece, a batch of the delivery's goods, or goods."""
    return store.find_piece(code) or store.find_batch(code, skus) or goods_of(code, _UNKNOWN)


def _refuse_without_number(goods: Goods) -> None:
    """Raise ``ScanRefused`` for goods whose serial or batch number has to be scanned instead."""
    if goods.serial:
        return
    if goods.needs_serial:
        stop(N_("Scan the serial number of {0}"), goods.sku_name)
    if goods.has_batch and not goods.batch and load_settings().check_batches:
        stop(N_("Scan the batch number of {0}"), goods.sku_name)


def _take_carton(note: str, goods: Goods) -> Answer:
    """Pack into the carton that was scanned. Raises ``ScanRefused`` while goods are missing."""
    outbound.lock_with_orders([note])
    if any(line.left for line in checking.lines_of(note)):
        stop(N_("Scan all goods first, then the carton {0}"), goods.sku_name)
    return _packed(note, goods.sku)


def act(request: ScanRequest, action: str) -> Answer:
    """Scan from the beginning again, or pack what is checked."""
    if action == RESTART:
        return _answer(request.document, checking.restart(request.document), INFO, frappe._("Scan every unit"))
    if action != PACK:
        stop(N_("There is no action {0} here"), action)
    return _packed(request.document)


def _packed(note: str, package: str = "") -> Answer:
    """Pack a delivery, into the carton that somebody took; say which labels to stick on its parcels."""
    parcels = packing.pack([note], packages={note: package} if package else None)[note]
    labels = [packing.parcel_here(parcel)["waybill_no"] or parcel for parcel in parcels]
    message = N_("Packed: stick {0} on it") if len(parcels) == 1 else N_("Packed in {1} parcels: stick {0} on them")
    told = text_of(problem(message, ", ".join(labels), len(parcels)))
    return Answer(DONE, told, frappe._("Scan the next delivery"), note, finished=True)


def _answer(note: str, lines: Sequence[CheckLine], outcome: str, message: str) -> Answer:
    names = store.sku_names(line.sku for line in lines)
    shown = tuple(
        ScanLine(
            line.sku,
            names.get(line.sku) or line.sku,
            line.checked,
            line.qty,
            hint=" ".join(filter(None, (numbers.batch_no(line.batch), *line.serials))),
        )
        for line in lines
    )
    done = not any(line.left for line in lines)
    following = _pack_it(note) if done else frappe._("Scan the next unit")
    return Answer(outcome, message, following, note, note, shown, actions=(PACK,) if done else (RESTART,))


def _pack_it(note: str) -> str:
    """Return what to do with a delivery that is all there: pack it, and into which cartons."""
    cartons = [carton for carton, *_ in packing.recommend(note) if carton]
    if cartons:
        return text_of(problem(N_("All is there: pack it into {0}, or scan the carton you take"), ", ".join(cartons)))
    return str(frappe._("All is there: pack it"))


def open_hand_over(code: str, user: str) -> Answer:
    """Begin handing parcels over with the first one."""
    return hand_over(ScanRequest("", code, Decimal(1), {}, user))


def hand_over(request: ScanRequest) -> Answer:
    """Hand a parcel over; its delivery is posted with the last one."""
    left, parcel = packing.hand_over_parcel(request.code)
    count = int(request.context.get("count") or 0) + 1
    message = (
        N_("{0} is handed over") if left else N_("{0} is handed over; other parcels of the delivery are still here")
    )
    shown = text_of(problem(message, parcel["waybill_no"] or parcel["name"]))
    title = text_of(problem(N_("Parcels handed over: {0}"), count))
    context = {"count": count}
    return Answer(OK, shown, frappe._("Scan the next parcel"), "hand-over", title, context=context)


def act_hand_over(_request: ScanRequest, action: str) -> Answer:
    """Refuse: there is nothing to do but scan."""
    stop(N_("There is no action {0} here"), action)
