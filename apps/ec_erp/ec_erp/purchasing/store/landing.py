"""Landed costs: the goods that bear them, which receipts bear some, what came of the shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import frappe

from ec_erp.documents.store import load_rows, update_rows
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.times import moment_of
from ec_erp.purchasing.types import LandedGoods, LandedReceipt

Row = dict[str, Any]
_LINE_FIELDS = (
    *("name", "parent", "idx", "sku", "warehouse", "accepted_qty", "returned_qty", "net_amount", "tax_amount", "batch"),
)


def load_receipt_heads(names: Iterable[str]) -> dict[str, LandedReceipt]:
    """Return receipts by name; unknown ones are left out."""
    fields = ["name", "company", "supplier", "docstatus", "posting_datetime"]
    return {
        row["name"]: LandedReceipt(
            row["name"],
            row["company"],
            row["supplier"],
            int(row["docstatus"]) == 1,
            moment_of(frappe.utils.get_datetime(row["posting_datetime"])),
        )
        for row in load_rows("Purchase Receipt", names, fields)
    }


def load_goods(receipts: Iterable[str], *, with_tax: bool) -> list[LandedGoods]:
    """Return what was kept of receipts, row by row, in the order of the receipts' names; ``with_tax`` counts tax as value."""
    rows = load_rows("Purchase Receipt Item", receipts, _LINE_FIELDS, key="parent")
    sizes = {
        row["name"]: row
        for row in load_rows("SKU", {row["sku"] for row in rows}, ["name", "weight_g", "volume_cm3", *_EDGES])
    }
    found = [_goods(row, sizes[row["sku"]], with_tax=with_tax) for row in sorted(rows, key=_order)]
    return [goods for goods in found if goods.qty > 0]


_EDGES = ("length_cm", "width_cm", "height_cm")


def _order(row: Row) -> tuple[str, int]:
    return row["parent"], row["idx"]


def _goods(row: Row, sku: Row, *, with_tax: bool) -> LandedGoods:
    accepted = decimal_of(row["accepted_qty"])
    kept = max(ZERO, accepted - decimal_of(row["returned_qty"]))
    value = decimal_of(row["net_amount"]) + (decimal_of(row["tax_amount"]) if with_tax else ZERO)
    edges = [decimal_of(sku[edge]) for edge in _EDGES]
    return LandedGoods(
        line=row["name"],
        receipt=row["parent"],
        sku=row["sku"],
        warehouse=row["warehouse"],
        qty=kept,
        value=value * kept / accepted if kept else ZERO,
        weight_g=decimal_of(sku["weight_g"]),
        volume_cm3=decimal_of(sku["volume_cm3"]) or edges[0] * edges[1] * edges[2],
        batch=row["batch"] or None,
    )


def load_costs_of(receipts: Iterable[str]) -> dict[str, list[str]]:
    """Return the submitted landed costs of receipts."""
    rows = load_rows("Landed Cost Receipt", receipts, ["parent", "purchase_receipt"], key="purchase_receipt")
    heads = load_rows("Landed Cost", {row["parent"] for row in rows}, ["name", "docstatus"])
    posted = {head["name"] for head in heads if int(head["docstatus"]) == 1}
    found: dict[str, list[str]] = {}
    for row in rows:
        if row["parent"] in posted:
            found.setdefault(row["purchase_receipt"], []).append(row["parent"])
    return found


def write_shares(rows: Mapping[str, Row]) -> None:
    """Write what of each row's share entered stock and what belongs to units that have left."""
    update_rows("Landed Cost Item", rows, touch=False)


def write_heads(rows: Mapping[str, Row]) -> None:
    """Write fields of landed costs that have been posted or cancelled."""
    update_rows("Landed Cost", rows, touch=False)
