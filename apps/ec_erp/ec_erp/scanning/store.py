"""Finding what codes stand for, and the log of scans.

Invariant: a scan's id is written before anything else, so that two sendings of one scan wait for each other.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.store import insert_rows, load_rows, update_rows
from ec_erp.fulfilment.store.putting_back import find_task
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.scanning.types import Goods

Row = dict[str, Any]
_GOODS_FIELDS = (
    "name",
    "sku_name",
    "has_serial",
    "serial_policy",
    "has_batch",
    "is_package",
    "shelf_life_days",
    "shelf_life_months",
)


def find_goods(code: str) -> Goods | None:
    """Return the SKU that a barcode or SKU code stands for, with the units that one scan of it counts."""
    barcodes = load_rows("SKU Barcode", [code], ["parent", "qty"], key="barcode")
    name = barcodes[0]["parent"] if barcodes else code
    skus = load_rows("SKU", [name], list(_GOODS_FIELDS))
    if not skus:
        return None
    qty = decimal_of(barcodes[0]["qty"]) if barcodes else decimal_of(1)
    sku = skus[0]
    strong = bool(sku["has_serial"]) and sku["serial_policy"] != "Weak"
    named = bool(sku["has_batch"])
    return Goods(
        sku["name"],
        sku["sku_name"] or sku["name"],
        qty or decimal_of(1),
        needs_serial=strong,
        has_batch=named,
        is_package=bool(sku["is_package"]),
        has_shelf_life=bool(sku["shelf_life_days"] or sku["shelf_life_months"]),
    )


def find_batch(code: str, skus: Iterable[str] | None = None) -> Goods | None:
    """Return one unit of the batch of some SKUs that a code names: its number, or SKU and number.

    Without SKUs a number counts where the batches of one SKU alone have it.
    """
    rows = load_rows("Batch", [code], ["name", "sku"]) or load_rows("Batch", [code], ["name", "sku"], key="batch_no")
    known = {row["sku"] for row in rows}
    wanted = set(skus) if skus is not None else known if len(known) == 1 else set()
    found = sorted((row for row in rows if row["sku"] in wanted), key=lambda row: str(row["name"]))
    goods = find_goods(found[0]["sku"]) if found else None
    return replace(goods, qty=decimal_of(1), batch=found[0]["name"]) if goods else None


def find_piece(serial: str) -> Goods | None:
    """Return the piece with a serial number, and the batch it is of."""
    rows = load_rows("Serial No", [serial], ["name", "sku", "batch"])
    goods = find_goods(rows[0]["sku"]) if rows else None
    batch = str(rows[0]["batch"] or "") if rows else ""
    return replace(goods, qty=decimal_of(1), serial=rows[0]["name"], batch=batch) if goods else None


def sku_names(skus: Iterable[str]) -> dict[str, str]:
    """Return the names of SKUs."""
    return {row["name"]: row["sku_name"] or row["name"] for row in load_rows("SKU", skus, ["name", "sku_name"])}


def find_bin(code: str, warehouse: str | None = None) -> Row | None:
    """Return the bin that a code stands for: its barcode, its name, or its code within the warehouse.

    Without a warehouse the code counts where only one bin of all has it.
    """
    fields = ["name", "warehouse", "bin_code", "barcode", "disabled"]
    rows = [*load_rows("Storage Bin", [code], fields, key="barcode"), *load_rows("Storage Bin", [code], fields)]
    coded = load_rows("Storage Bin", [code], fields, key="bin_code")
    rows += coded if warehouse or len(coded) == 1 else []
    return next((row for row in rows if not warehouse or row["warehouse"] == warehouse), None)


def warehouse_of_bin(name: str | None) -> str | None:
    """Return the warehouse of a bin; None for none."""
    return frappe.get_cached_value("Storage Bin", name, "warehouse") if name else None


def claim_scan(scan_id: str, row: Row) -> Row | None:
    """Write a scan's row; return the answer it got where it was sent before, None where it is new.

    Two sendings of one scan wait for each other here: the second one finds what the first one has written.
    """
    insert_rows("Scan Log", [{"name": scan_id, "scan_id": scan_id, **row}], skip_existing=True)
    return load_answer(scan_id)


def load_answer(scan_id: str) -> Row | None:
    """Return the answer that a scan got, also where another request has just written it."""
    table = frappe.qb.DocType("Scan Log")
    rows = frappe.qb.from_(table).select(table.answer).where(table.name == scan_id).for_update().run(as_dict=True)
    return dict(json.loads(rows[0]["answer"])) if rows and rows[0]["answer"] else None


def write_answer(scan_id: str, outcome: str, answer: Row) -> None:
    """Keep the answer of a scan."""
    update_rows(
        "Scan Log", {scan_id: {"outcome": outcome, "answer": json.dumps(answer, ensure_ascii=False)}}, touch=False
    )


def find_put_back_task(code: str) -> str | None:
    """Return the put-back task that a code opens: its name, the delivery, the order or its number on the platform."""
    return find_task(code)


def warehouse_of_task(task: str) -> str:
    """Return the warehouse of a put-back task."""
    return str(frappe.db.get_value("Put Back Task", task, "warehouse") or "")


def is_document(doctype: str, name: str) -> bool:
    """Tell whether there is a document with a name."""
    return bool(frappe.db.exists(doctype, name))


def has_bins(warehouse: str) -> bool:
    """Tell whether goods lie in bins in a warehouse."""
    return bool(frappe.get_cached_value("Warehouse", warehouse, "has_bins"))


def load_qty_in_bin(place: str, sku: str) -> Decimal:
    """Return how many units of a SKU lie in a bin, of all batches and grades."""
    rows = frappe.get_all("Bin Balance", filters={"bin": place, "sku": sku}, pluck="on_hand", limit=0)
    return sum((decimal_of(qty) for qty in rows), ZERO)


def bin_code(name: str) -> str:
    """Return the code of a bin."""
    return str(frappe.get_cached_value("Storage Bin", name, "bin_code"))


def bin_codes(bins: Iterable[str]) -> dict[str, str]:
    """Return the codes of bins by their names."""
    return {row["name"]: row["bin_code"] for row in load_rows("Storage Bin", bins, ["name", "bin_code"])}


def find_draft_receipt(order: str, user: str, appointment: str = "") -> str | None:
    """Return the draft receipt of an order (as far as it came with an appointment) that a user is scanning."""
    filters = {"purchase_order": order, "docstatus": 0, "owner": user}
    if appointment:
        filters["delivery_appointment"] = appointment
    return frappe.db.get_value("Purchase Receipt", filters, order_by="creation desc")  # type: ignore[no-any-return]


def find_purchase_order(code: str) -> str | None:
    """Return the submitted purchase order with a name or reference."""
    if frappe.db.exists("Purchase Order", {"name": code, "docstatus": 1}):
        return code
    found = frappe.db.get_value("Purchase Order", {"reference_no": code, "docstatus": 1})
    return str(found) if found else None


def find_appointment(code: str) -> str | None:
    """Return the submitted delivery appointment with a name or the supplier's number of the delivery."""
    if frappe.db.exists("Delivery Appointment", {"name": code, "docstatus": 1}):
        return code
    filters = {"reference_no": code, "docstatus": 1, "status": ("in", ("Confirmed", "Received"))}
    found = frappe.db.get_value("Delivery Appointment", filters)
    return str(found) if found else None


def find_pick_task(code: str, user: str) -> str | None:
    """Return a pick task by its name, or the open one of a wave."""
    if frappe.db.exists("Pick Task", code):
        return code
    filters = {"wave": code, "status": ("in", ("To Pick", "Picking"))}
    rows = frappe.get_all("Pick Task", filters=filters, fields=["name", "picker"], order_by="creation asc, name asc")
    return next((row.name for row in rows if row.picker in (None, "", user)), None)
