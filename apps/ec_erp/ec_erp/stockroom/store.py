"""Reading and writing documents of the stockroom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.store import load_rows, update_rows
from ec_erp.inventory.store.checks import SumCheck
from ec_erp.inventory.types import GOOD
from ec_erp.kernel.numbers import decimal_of
from ec_erp.kernel.times import moment_of
from ec_erp.stockroom.types import CountPlace, Moved, TransferLine

Row = dict[str, Any]


def lock_document(doctype: str, name: str) -> Any:
    """Lock a document and return it as it is now."""
    return frappe.get_doc(doctype, name, for_update=True)


def transfer_line(row: Any) -> TransferLine:
    """Return a row of a transfer as rules see it."""
    return TransferLine(
        line=row.name,
        sku=row.sku,
        qty=decimal_of(row.qty),
        sent=decimal_of(row.sent_qty),
        received=decimal_of(row.received_qty),
        lost=decimal_of(row.lost_qty),
        back=decimal_of(row.back_qty),
        cost=decimal_of(row.cost),
    )


def write_transfer_lines(lines: Iterable[TransferLine]) -> None:
    """Write what became of rows of transfers."""
    update_rows("Stock Transfer Item", {line.line: line_values(line) for line in lines}, touch=False)


def line_values(line: TransferLine) -> Row:
    """Return the fields of a transfer's row that follow from what became of it."""
    return {
        "sent_qty": float(line.sent),
        "received_qty": float(line.received),
        "lost_qty": float(line.lost),
        "back_qty": float(line.back),
        "cost": float(line.cost),
    }


def write_heads(doctype: str, values: Mapping[str, Row], *, touch: bool = False) -> None:
    """Write fields of documents; ``touch`` tells open forms that an action has changed them."""
    update_rows(doctype, values, touch=touch)


def write_rows(doctype: str, values: Mapping[str, Row]) -> None:
    """Write fields of rows of documents."""
    update_rows(doctype, values, touch=False)


def load_transit_warehouse(company: str) -> str | None:
    """Return the warehouse where a company's goods are while they are on their way."""
    filters = {"company": company, "warehouse_type": "Transit", "disabled": 0}
    names = frappe.get_all("Warehouse", filters=filters, pluck="name", order_by="creation asc", limit=1)
    return str(names[0]) if names else None


def load_places(warehouse: str, skus: Iterable[str] | None = None) -> dict[CountPlace, Decimal]:
    """Return what the books say lies in each place of a warehouse: bins and batches, or the SKU alone."""
    filters: Row = {"warehouse": warehouse}
    if skus is not None:
        filters["sku"] = ("in", sorted(set(skus)) or [""])
    rows = frappe.get_all("Bin Balance", filters=filters, fields=["sku", "bin", "batch", "grade", "on_hand"])
    places = {_place(row): decimal_of(row["on_hand"]) for row in rows}
    placed = {place.sku for place in places}
    for row in frappe.get_all("Stock Balance", filters=filters, fields=["sku", "on_hand", "defective"]):
        if row["sku"] not in placed:
            defective = decimal_of(row["defective"])
            places[CountPlace(row["sku"])] = decimal_of(row["on_hand"]) - defective
            if defective:
                places[CountPlace(row["sku"], grade="Defective")] = defective
    return places


def load_moved(warehouse: str, skus: Iterable[str], since: datetime, *, placed: set[str]) -> list[Moved]:
    """Return movements with an event time after a moment; SKUs that are not ``placed`` have no bins and batches."""
    rows = frappe.get_all(
        "Stock Ledger Entry",
        filters={"warehouse": warehouse, "sku": ("in", sorted(set(skus))), "posting_datetime": (">", since)},
        fields=["sku", "bin", "batch", "grade", "qty_change", "posting_datetime"],
    )
    return [
        Moved(
            _place(row) if row["sku"] in placed else CountPlace(row["sku"], grade=row["grade"] or GOOD),
            decimal_of(row["qty_change"]),
            moment_of(frappe.utils.get_datetime(row["posting_datetime"])),
        )
        for row in rows
    ]


def load_pieces(warehouse: str, skus: Iterable[str]) -> dict[CountPlace, list[str]]:
    """Return the serial numbers that the books have in each place of a warehouse, but for those that lie in baskets."""
    rows = frappe.get_all(
        "Serial No",
        filters={"warehouse": warehouse, "sku": ("in", sorted(set(skus))), "status": "In Stock"},
        fields=["name", "sku", "bin", "batch", "grade"],
    )
    found: dict[CountPlace, list[str]] = {}
    for row in rows:
        found.setdefault(_place(row), []).append(row["name"])
    return found


def load_skus_of_barcodes(barcodes: Iterable[str]) -> dict[str, str]:
    """Return the SKU of each barcode; what is no barcode but a SKU code stands for itself."""
    wanted = list(barcodes)
    codes = {row["name"]: row["name"] for row in load_rows("SKU", wanted, ["name"])}
    return codes | {
        row["barcode"]: row["parent"] for row in load_rows("SKU Barcode", wanted, ["barcode", "parent"], key="barcode")
    }


def load_skus_moved_since(warehouse: str, day: Any) -> list[str]:
    """Return the SKUs that have moved in a warehouse since a day."""
    filters = {"warehouse": warehouse, "posting_datetime": (">=", day)}
    return list(frappe.get_all("Stock Ledger Entry", filters=filters, pluck="sku", distinct=True))


def load_places_to_count(warehouse: str) -> set[tuple[str, str, str]]:
    """Return places (SKU, bin, batch) on counts that pickers have asked for and that are not posted."""
    filters = {"warehouse": warehouse, "docstatus": 0, "reference_no": ("like", "PK-%")}
    names = frappe.get_all("Stock Count", filters=filters, pluck="name")
    rows = load_rows("Stock Count Item", names, ["sku", "bin", "batch"], key="parent") if names else []
    return {(row["sku"], row["bin"] or "", row["batch"] or "") for row in rows}


def set_counted_by(warehouse: str, skus: Iterable[str], count: str | None) -> None:
    """Mark balances as being counted by a document, or let them go."""
    names = [f"{sku}|{warehouse}" for sku in sorted(set(skus))]
    if names:
        frappe.db.set_value("Stock Balance", {"name": ("in", names)}, "counted_by", count, update_modified=False)


def load_marked_skus(warehouse: str, count: str) -> list[str]:
    """Return the SKUs of a warehouse that a count holds frozen."""
    return list(frappe.get_all("Stock Balance", filters={"warehouse": warehouse, "counted_by": count}, pluck="sku"))


def stock_sums() -> list[SumCheck]:
    """Return the check of what is on its way: Σ sent − received − lost − sent back of transfers to a warehouse."""
    sums = (
        "SELECT line.`sku`, head.`to_warehouse` AS warehouse,"
        " SUM(line.`sent_qty` - line.`received_qty` - line.`lost_qty` - line.`back_qty`) AS total"
        " FROM `tabStock Transfer Item` line JOIN `tabStock Transfer` head ON head.`name` = line.`parent`"
        " WHERE head.`docstatus` = 1 AND head.`status` IN ('Out', 'Part In') {scope}"
        " GROUP BY line.`sku`, head.`to_warehouse`"
    )
    return [SumCheck("In Transit", "b.`in_transit`", sums)]


def _place(row: Mapping[str, Any]) -> CountPlace:
    return CountPlace(row["sku"], row["bin"] or "", row["batch"] or "", row["grade"] or GOOD)
