"""Changes of grade: good pieces become defective ones, or the reverse, at the value of their pool.

Invariant: quantity and value of the warehouse stay; only the pools of its grades change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ec_erp.documents import memo
from ec_erp.inventory import flows as inventory
from ec_erp.inventory.types import DEFECTIVE, GOOD, ON_HAND
from ec_erp.kernel.numbers import decimal_of
from ec_erp.posting.flows.post import cancel, post, voucher_of
from ec_erp.posting.types import MovedLine, Relocation
from ec_erp.stockroom import store
from ec_erp.stockroom.flows import common

_GRADES = {"Good to Defective": (GOOD, DEFECTIVE), "Defective to Good": (DEFECTIVE, GOOD)}


def fill(doc: Any) -> None:
    """Complete company and time."""
    common.fill_head(doc, doc.warehouse)
    if doc.docstatus == 0:
        doc.status = "Draft"


def check(doc: Any) -> None:
    """Refuse what can't change its grade."""
    common.check_rows(doc)
    inventory.check_warehouses(doc.company, [doc.warehouse])
    inventory.settle_batches(doc.items, arriving=False)
    doc.total_qty = float(sum(decimal_of(row.qty) for row in doc.items))


def post_changes(docs: Sequence[Any]) -> None:
    """Post submitted changes; promised goods that turn out broken leave what is available below zero."""
    with memo.remembering():
        valued = post([Relocation(voucher_of(doc), tuple(_line(doc, row) for row in doc.items)) for doc in docs])
    rows = {}
    for doc, entries in zip(docs, valued, strict=True):
        for at, row in enumerate(doc.items):
            row.cost = float(-entries[2 * at].value_change)
            rows[row.name] = {"cost": row.cost}
    store.write_rows("Grade Change Item", rows)
    _set_status(docs, "Done")


def cancel_changes(docs: Sequence[Any]) -> None:
    """Post the reversal of cancelled changes."""
    cancel(docs)
    _set_status(docs, "Cancelled")


def _line(doc: Any, row: Any) -> MovedLine:
    before, after = _GRADES[doc.direction]
    leaves = inventory.tracking_of(row, before)
    arrives = replace(leaves, grade=after, bin=row.to_bin or None)
    return MovedLine(
        row.name,
        row.sku,
        doc.warehouse,
        doc.warehouse,
        decimal_of(row.qty),
        reach=ON_HAND,
        leaves=leaves,
        arrives=arrives,
    )


def _set_status(docs: Sequence[Any], status: str) -> None:
    for doc in docs:
        doc.status = status
    store.write_heads("Grade Change", {doc.name: {"status": status} for doc in docs})
