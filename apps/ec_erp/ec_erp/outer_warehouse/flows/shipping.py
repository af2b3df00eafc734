"""Orders that a provider has sent out, or will not send out.

Invariant: what a provider says has left leaves our books at the moment it names, once, with a delivery and its parcels.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.errors import refuse
from ec_erp.documents.sets import insert_many
from ec_erp.fulfilment.flows.packing import HANDED_OVER
from ec_erp.fulfilment.flows.waybills import DONE as WAYBILL_DONE
from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.problems import N_, problem
from ec_erp.orders import flows as orders
from ec_erp.outer_warehouse import store
from ec_erp.outer_warehouse.errors import ProviderRefused
from ec_erp.outer_warehouse.flows import common, queueing
from ec_erp.outer_warehouse.rules import messages
from ec_erp.outer_warehouse.rules import tasks as rules
from ec_erp.outer_warehouse.types import MessageLine, SentParcel, Shipment

Body = Mapping[str, Any]
BLOCK, SOURCE = "Manual", "Warehouse"


def confirm(provider: store.Row, body: Body) -> common.Made:
    """Deliver what has left of an order, parcel by parcel; what is left of its task waits, or is short where it is final.

    Raises ``ProviderRefused`` for orders, codes and carriers that are not known, and what deliveries raise.
    """
    shipment = messages.read_shipment(body, common.zone())
    task = _task_of(provider["name"], shipment.order_no)
    parcels = [replace(parcel, lines=tuple(common.known_goods(parcel.lines))) for parcel in shipment.parcels]
    note = _deliver(task, replace(shipment, parcels=tuple(parcels)))
    _write_confirmed(task, parcels, final=shipment.final)
    return [("Delivery Note", note)]


def let_go(provider: store.Row, body: Body) -> common.Made:
    """Take an order back that a provider will not send out. One that we have not recalled is blocked until a person looks."""
    task = _task_of(provider["name"], str(body["order_no"]).strip())
    reason = str(body.get("reason") or frappe._("No reason was given"))[:400]
    now = frappe.utils.now_datetime()
    asked = [
        row["name"]
        for row in store.load_tasks_of([task["reference_name"]], rules.CANCEL)
        if row["cancels"] == task["name"]
    ]
    changes = {task["name"]: {"status": rules.CANCELLED, "done_at": now, "message": reason}}
    changes |= {name: {"status": rules.DONE, "done_at": now} for name in asked}
    store.write_tasks(changes)
    if task["status"] not in (rules.CANCELLING, rules.CANCELLED):
        orders.block_orders({task["reference_name"]: f"{provider['name']}: {reason}"}, BLOCK, SOURCE)
    return [(store.TASK, task["name"])]


def _task_of(provider: str, order_no: str) -> store.Row:
    """Lock the order and the task that a provider knows by a number."""
    name = store.find_outbound(provider, order_no)
    if name is None:
        refuse([problem(N_("{0} has no order {1}"), provider, order_no)], ProviderRefused)
    assert name is not None
    queueing.lock_orders_of(store.load_tasks([name]).values())
    return store.lock_tasks([name])[name]


def _deliver(task: store.Row, shipment: Shipment) -> str:
    lines = _joined(line for parcel in shipment.parcels for line in parcel.lines)
    carriers = _carriers(shipment.parcels)
    first = shipment.parcels[0]
    doc = frappe.get_doc(
        {
            "doctype": "Delivery Note",
            "sales_order": task["reference_name"],
            "warehouse": task["warehouse"],
            "posting_datetime": common.not_ahead(shipment.moment),
            "carrier": carriers.get(first.carrier),
            "waybill_no": first.waybill_no or None,
            "reference_no": shipment.order_no,
            "handed_over": 1,
            "items": [_row(line, task["warehouse"]) for line in lines],
        }
    )
    doc.insert()
    insert_many([_parcel(doc, task, parcel, carriers) for parcel in shipment.parcels])
    doc.submit()
    return str(doc.name)


def _joined(lines: Iterable[MessageLine]) -> list[MessageLine]:
    """Return one line per SKU and batch."""
    joined: dict[tuple[str, str], MessageLine] = {}
    for line in lines:
        known = joined.get((line.code, line.batch), replace(line, qty=ZERO, serials=()))
        joined[(line.code, line.batch)] = replace(known, qty=known.qty + line.qty, serials=known.serials + line.serials)
    return [line for line in joined.values() if line.qty]


def _row(line: MessageLine, warehouse: str) -> store.Row:
    return {
        "sku": line.code,
        "qty": float(line.qty),
        "warehouse": warehouse,
        "batch": line.batch or None,
        "serials": "\n".join(line.serials) or None,
    }


def _carriers(parcels: Sequence[SentParcel]) -> dict[str, str]:
    wanted = {parcel.carrier for parcel in parcels if parcel.carrier}
    known = store.find_carriers(wanted)
    unknown = sorted(wanted - set(known))
    refuse([problem(N_("There is no carrier with the name or code {0}"), code) for code in unknown], ProviderRefused)
    return known


def _parcel(note: Any, task: store.Row, parcel: SentParcel, carriers: Mapping[str, str]) -> Any:
    rows: dict[str, str] = {}
    for row in note.items:
        rows.setdefault(row.sku, row.name)
    doc = frappe.get_doc(
        {
            "doctype": "Parcel",
            "delivery_note": note.name,
            "sales_order": note.sales_order,
            "warehouse": task["warehouse"],
            "status": HANDED_OVER,
            "carrier": carriers.get(parcel.carrier),
            "waybill_no": parcel.waybill_no or None,
            "waybill_state": WAYBILL_DONE,
            "weight_g": float(parcel.weight_g),
            "packed_at": note.posting_datetime,
            "currency": note.currency,
            "items": [
                {"sku": line.code, "qty": float(line.qty), "delivery_note_item": rows.get(line.code)}
                for line in parcel.lines
                if line.qty
            ],
        }
    )
    doc.flags.ignore_permissions = True  # who may post the delivery may say how it was packed
    return doc


def _write_confirmed(task: store.Row, parcels: Sequence[SentParcel], *, final: bool) -> None:
    quantities: dict[str, Decimal] = {}
    for line in (line for parcel in parcels for line in parcel.lines):
        quantities[line.code] = quantities.get(line.code, ZERO) + line.qty
    lines = rules.confirmed(store.load_lines([task["name"]]).get(task["name"], []), quantities)
    store.write_confirmed(lines)
    status = rules.after_confirmation(lines, final=final)
    values: store.Row = {"status": status, "next_try": None}
    if status in (rules.DONE, rules.SHORT):
        values["done_at"] = frappe.utils.now_datetime()
    store.write_tasks({task["name"]: values})
