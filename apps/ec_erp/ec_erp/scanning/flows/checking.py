"""The scan check of deliveries, and handing parcels over.

Invariant: an intercepted order stops at the first scan, whatever is scanned.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import frappe

from ec_erp.documents.errors import text_of
from ec_erp.fulfilment.flows import checking, outbound, packing
from ec_erp.fulfilment.flows.settings import load_settings
from ec_erp.fulfilment.store.outbound import find_note
from ec_erp.fulfilment.types import CheckLine
from ec_erp.kernel.numbers import plain
from ec_erp.kernel.problems import N_, problem
from ec_erp.scanning import store
from ec_erp.scanning.flows.common import goods_of, stop
from ec_erp.scanning.types import DONE, INFO, OK, Answer, ScanLine, ScanRequest

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
    """Count scanned units."""
    piece = store.find_piece(request.code)
    skus = {line.sku for line in checking.lines_of(request.document)}
    goods = piece or store.find_batch(request.code, skus) or goods_of(request.code, _UNKNOWN)
    if goods.needs_serial and piece is None:
        stop(N_("Scan the serial number of {0}"), goods.sku_name)
    qty = goods.qty if piece else goods.qty * request.qty
    if goods.has_batch and not goods.batch and piece is None and load_settings().check_batches:
        stop(N_("Scan the batch number of {0}"), goods.sku_name)
    lines = checking.scan(request.document, goods.sku, qty, goods.serial, goods.batch)
    done = not any(line.left for line in lines)
    shown = f"{goods.sku_name} + {plain(qty)}" + "".join(
        f" · {part}" for part in (goods.serial, _number(goods.batch)) if part
    )
    return _answer(request.document, lines, DONE if done else OK, shown)


def _number(batch: str) -> str:
    return batch.rpartition("|")[2]


def act(request: ScanRequest, action: str) -> Answer:
    """Scan from the beginning again, or pack what is checked."""
    if action == RESTART:
        return _answer(request.document, checking.restart(request.document), INFO, frappe._("Scan every unit"))
    if action != PACK:
        stop(N_("There is no action {0} here"), action)
    (parcel,) = packing.pack([request.document])[request.document][:1]
    number = packing.parcel_here(parcel)["waybill_no"] or parcel
    message = text_of(problem(N_("Packed: stick {0} on it"), number))
    return Answer(DONE, message, frappe._("Scan the next delivery"), request.document, finished=True)


def _answer(note: str, lines: Sequence[CheckLine], outcome: str, message: str) -> Answer:
    names = store.sku_names(line.sku for line in lines)
    shown = tuple(
        ScanLine(
            line.sku,
            names.get(line.sku) or line.sku,
            line.checked,
            line.qty,
            hint=" ".join(filter(None, (_number(line.batch), *line.serials))),
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
        return text_of(problem(N_("All is there: pack it into {0}"), ", ".join(cartons)))
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
    title = text_of(problem(N_("{0} parcels handed over"), count))
    context = {"count": count}
    return Answer(OK, shown, frappe._("Scan the next parcel"), "hand-over", title, context=context)


def act_hand_over(_request: ScanRequest, action: str) -> Answer:
    """Refuse: there is nothing to do but scan."""
    stop(N_("There is no action {0} here"), action)
