"""Layers of FIFO goods: what is left of each receipt.

Invariant: read and written while the balance of their key is locked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import frappe

from ec_erp.documents.store import insert_rows, update_rows
from ec_erp.inventory.rules.layers import in_order
from ec_erp.inventory.types import GOOD, Layer, StockKey
from ec_erp.kernel.numbers import decimal_of
from ec_erp.kernel.times import moment_of

Row = dict[str, Any]
Layers = dict[StockKey, tuple[Layer, ...]]

_FIELDS = ("name", "sku", "warehouse", "batch", "grade", "received", "seq", "voucher_line", "qty_left", "value_left")


def lock_layers(keys: Iterable[StockKey]) -> Layers:
    """Lock and return the open layers of keys whose balances are locked already."""
    return _read(keys, lock=True)


def load_open_layers(keys: Iterable[StockKey]) -> Layers:
    """Return the open layers of keys."""
    return _read(keys, lock=False)


def _read(keys: Iterable[StockKey], *, lock: bool) -> Layers:
    wanted = set(keys)
    if not wanted:
        return {}
    table = frappe.qb.DocType("Stock Layer")
    query = (
        frappe.qb.from_(table)
        .select(*(table[field] for field in _FIELDS))
        .where(table.sku.isin(sorted({key.sku for key in wanted})))
        .where(table.warehouse.isin(sorted({key.warehouse for key in wanted})))
        .where(table.qty_left > 0)
    )
    grouped: dict[StockKey, list[Layer]] = {key: [] for key in wanted}
    for row in (query.for_update() if lock else query).run(as_dict=True):
        if StockKey(row["sku"], row["warehouse"]) in wanted:
            layer = _layer(row)
            grouped[layer.key].append(layer)
    return {key: in_order(layers) for key, layers in grouped.items()}


def _layer(row: Row) -> Layer:
    return Layer(
        key=StockKey(row["sku"], row["warehouse"]),
        qty=decimal_of(row["qty_left"]),
        value=decimal_of(row["value_left"]),
        received=moment_of(frappe.utils.get_datetime(row["received"])),
        seq=int(row["seq"] or 0),
        name=row["name"],
        batch=row["batch"] or "",
        grade=row["grade"] or GOOD,
        line=row["voucher_line"] or "",
    )


def write_layers(before: Mapping[StockKey, tuple[Layer, ...]], after: Layers, company_of: Mapping[str, str]) -> None:
    """Write the layers of keys that changed; new ones are those without a name."""
    known = {layer.name: layer for layers in before.values() for layer in layers}
    changed = {
        layer.name: {"qty_left": float(layer.qty), "value_left": float(layer.value)}
        for layers in after.values()
        for layer in layers
        if layer.name and layer != known.get(layer.name)
    }
    new = [layer for layers in after.values() for layer in layers if not layer.name]
    update_rows("Stock Layer", changed)
    insert_rows("Stock Layer", [_row(layer, company_of) for layer in new])


def _row(layer: Layer, company_of: Mapping[str, str]) -> Row:
    return {
        "name": frappe.generate_hash(length=12),
        "sku": layer.key.sku,
        "warehouse": layer.key.warehouse,
        "company": company_of.get(layer.key.warehouse),
        "batch": layer.batch or None,
        "grade": layer.grade,
        "received": layer.received,
        "seq": layer.seq,
        "voucher_line": layer.line or None,
        "qty_left": float(layer.qty),
        "value_left": float(layer.value),
    }
