"""Goods that a provider has taken in: of purchase orders, of transfers, and back from buyers.

Invariant: what a provider has taken in stands in our books at the moment it names, defective pieces as such.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.errors import refuse
from ec_erp.fulfilment import store as deliveries
from ec_erp.fulfilment.types import DeliveredLine
from ec_erp.inventory.types import DEFECTIVE, GOOD
from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.problems import N_, problem
from ec_erp.outer_warehouse import store
from ec_erp.outer_warehouse.errors import ProviderRefused
from ec_erp.outer_warehouse.flows import common
from ec_erp.outer_warehouse.rules import messages
from ec_erp.outer_warehouse.rules import tasks as rules
from ec_erp.outer_warehouse.types import Arrival, MessageLine
from ec_erp.stockroom.flows import transfers

Body = Mapping[str, Any]


def receive(provider: store.Row, body: Body) -> common.Made:
    """Post what came of a purchase order or a transfer. Raises ``ProviderRefused`` for other numbers."""
    arrival = messages.read_arrival(body, common.zone())
    found = store.find_inbound_document(arrival.number)
    if found is None:
        refuse([problem(N_("{0} is no purchase order and no transfer on its way"), arrival.number)], ProviderRefused)
    assert found is not None
    lines = common.known_goods(arrival.lines)
    post = _receive_transfer if found[0] == "Stock Transfer" else _receive_purchase
    made = post(provider, arrival, lines)
    _write_confirmed(arrival.number, lines, final=body.get("final") is True)
    return made


def _receive_purchase(provider: store.Row, arrival: Arrival, lines: Sequence[MessageLine]) -> common.Made:
    """Receive pieces, defective ones as rejected: these are not taken into stock."""
    items = [
        {
            "sku": line.code,
            "qty": float(line.qty + line.defective),
            "rejected_qty": float(line.defective),
            "warehouse": provider["warehouse"],
            "batch": line.batch or None,
            "serials": "\n".join(line.serials) or None,
        }
        for line in lines
        if line.qty + line.defective
    ]
    doc = frappe.get_doc(
        {
            "doctype": "Purchase Receipt",
            "purchase_order": arrival.number,
            "posting_datetime": common.not_ahead(arrival.moment),
            "items": items,
        }
    )
    doc.insert()
    doc.submit()
    return [("Purchase Receipt", str(doc.name))]


def _receive_transfer(provider: store.Row, arrival: Arrival, lines: Sequence[MessageLine]) -> common.Made:
    doc = frappe.get_doc("Stock Transfer", arrival.number)
    doc.check_permission("submit")
    if doc.to_warehouse != provider["warehouse"]:
        refuse([problem(N_("{0} does not go to {1}"), doc.name, provider["warehouse"])], ProviderRefused)
    wanted = _totals(lines)
    came: dict[str, float] = {}
    for row in doc.items:
        on_the_way = Decimal(str(row.sent_qty)) - Decimal(str(row.received_qty)) - Decimal(str(row.lost_qty))
        used = min(wanted.get(row.sku, ZERO), on_the_way - Decimal(str(row.back_qty)))
        if used > 0:
            wanted[row.sku] -= used
            came[row.name] = float(used)
    message = N_("{0} of {1} are too many: they are not on their way with {2}")
    refuse([problem(message, qty, sku, doc.name) for sku, qty in wanted.items() if qty > 0], ProviderRefused)
    transfers.receive(doc, came)
    return [("Stock Transfer", str(doc.name))]


def _totals(lines: Iterable[MessageLine]) -> dict[str, Decimal]:
    totals: dict[str, Decimal] = {}
    for line in lines:
        totals[line.code] = totals.get(line.code, ZERO) + line.qty + line.defective
    return totals


def _write_confirmed(number: str, lines: Sequence[MessageLine], *, final: bool) -> None:
    name = store.find_inbound(number)
    if name is None:
        return
    task = store.lock_tasks([name])[name]
    after = rules.confirmed(store.load_lines([name]).get(name, []), _totals(lines))
    store.write_confirmed(after)
    status = rules.after_confirmation(after, final=final)
    now = frappe.utils.now_datetime()
    done_at = now if status in (rules.DONE, rules.SHORT) else None
    # What a person can do about goods that did not come stands on the purchase order or transfer.
    store.write_tasks({task["name"]: {"status": rules.DONE if status == rules.SHORT else status, "done_at": done_at}})


def take_back(provider: store.Row, body: Body) -> common.Made:
    """Take goods of an order's deliveries back, one return per delivery, the oldest first.

    Raises ``ProviderRefused`` for more than was delivered and for orders that are not known.
    """
    arrival = messages.read_arrival(body, common.zone())
    task = store.find_outbound(provider["name"], arrival.number)
    if task is None:
        refuse([problem(N_("{0} has no order {1}"), provider["name"], arrival.number)], ProviderRefused)
    order = store.load_tasks([str(task)])[str(task)]["reference_name"]
    notes = deliveries.lock_notes(store.load_deliveries_of(order))
    delivered = [line for note in notes.values() for line in note.lines]
    rows, missing = _spread(delivered, common.known_goods(arrival.lines), provider["warehouse"])
    message = N_("{0} of {1} are too many: they were not delivered with {2}")
    refuse([problem(message, qty, sku, order) for sku, qty in missing.items()], ProviderRefused)
    return [_return(note, arrival, items) for note, items in rows.items()]


def _spread(
    delivered: Sequence[DeliveredLine], lines: Sequence[MessageLine], warehouse: str
) -> tuple[dict[str, list[store.Row]], dict[str, Decimal]]:
    """Return rows of returns per delivery, and what fits none of them by SKU."""
    left = {line.line: line.qty - line.returned for line in delivered}
    rows: dict[str, list[store.Row]] = {}
    missing: dict[str, Decimal] = {}
    for line, grade, qty in _graded(lines):
        rest = qty
        for own in delivered:
            used = min(rest, left[own.line]) if own.sku == line.code else ZERO
            if used > 0:
                left[own.line] -= used
                rest -= used
                values = {"grade": grade, "warehouse": warehouse, "batch": line.batch or None}
                row = {"sku": own.sku, "qty": float(used), "return_against_item": own.line, **values}
                rows.setdefault(own.note, []).append(row)
        if rest:
            missing[line.code] = missing.get(line.code, ZERO) + rest
    return rows, missing


def _graded(lines: Iterable[MessageLine]) -> list[tuple[MessageLine, str, Decimal]]:
    both = [(line, grade, qty) for line in lines for grade, qty in ((GOOD, line.qty), (DEFECTIVE, line.defective))]
    return [one for one in both if one[2]]


def _return(note: str, arrival: Arrival, items: list[store.Row]) -> tuple[str, str]:
    doc = frappe.get_doc(
        {
            "doctype": "Delivery Note",
            "is_return": 1,
            "return_against": note,
            "posting_datetime": common.not_ahead(arrival.moment),
            "reference_no": arrival.number,
            "items": items,
        }
    )
    doc.insert()
    doc.submit()
    return "Delivery Note", str(doc.name)
