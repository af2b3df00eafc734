"""The stock ledger: adding entries to the chains of their keys, and reading them.

Invariant: entries are only ever added.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import frappe

from ec_erp.documents.listeners import announce
from ec_erp.documents.store import insert_rows, load_rows
from ec_erp.inventory.types import GOOD, Head, PostedMove, StockKey, Tracking, ValuedMove, VoucherRef
from ec_erp.kernel.hashing import chain_hash
from ec_erp.kernel.ids import row_ids
from ec_erp.kernel.numbers import decimal_of
from ec_erp.kernel.times import moment_of

Row = dict[str, Any]

# What an entry's hash covers, in this order. Changing it breaks every chain that exists.
HASHED_FIELDS = (
    "seq",
    "sku",
    "warehouse",
    "batch",
    "grade",
    "bin",
    "serials",
    "qty_change",
    "qty_after",
    "value_change",
    "value_after",
    "unit_cost",
    "cost_source",
    "voucher_type",
    "voucher_no",
    "voucher_line",
    "is_reversal",
    "reverses",
    "posting_datetime",
    "company",
    "creation",
)
_POSTED_FIELDS = (
    "name",
    "voucher_no",
    "voucher_line",
    "sku",
    "warehouse",
    "batch",
    "grade",
    "bin",
    "serials",
    "qty_change",
    "value_change",
)


def append_entries(
    entries: Sequence[tuple[VoucherRef, ValuedMove]], heads: Mapping[StockKey, Head]
) -> dict[StockKey, Head]:
    """Add valued movements to the stock ledger, in order; return the heads of all chains afterwards."""
    single = [(ref, part) for ref, entry in entries for part in entry.parts or (entry,)]
    moment = frappe.utils.now_datetime()
    names = row_ids(len(single), moment, frappe.generate_hash(length=5))
    state = dict(heads)
    rows: list[Row] = []
    for name, (ref, entry) in zip(names, single, strict=True):
        key = entry.move.key
        row = _entry_row(ref, entry) | {"name": name, "creation": moment}
        head = state.get(key, Head())
        row["seq"], row["prev_hash"] = head.seq + 1, head.hash
        row["hash"] = chain_hash(head.hash, HASHED_FIELDS, row)
        state[key] = Head(row["seq"], row["hash"])
        rows.append(row)
    insert_rows("Stock Ledger Entry", rows)
    announce("Stock Ledger Entry", rows)
    return state


def _entry_row(ref: VoucherRef, entry: ValuedMove) -> Row:
    move, tracking = entry.move, entry.move.tracking
    return {
        "sku": move.key.sku,
        "warehouse": move.key.warehouse,
        "company": ref.company,
        "batch": tracking.batch or None,
        "grade": tracking.grade,
        "bin": tracking.bin or None,
        "serials": "\n".join(tracking.serials) or None,
        "qty_change": float(move.qty),
        "qty_after": float(entry.qty_after),
        "value_change": float(entry.value_change),
        "value_after": float(entry.value_after),
        "unit_cost": float(entry.unit_cost),
        "cost_source": entry.cost_source,
        "voucher_type": ref.voucher_type,
        "voucher_no": ref.voucher_no,
        "voucher_line": move.line,
        "posting_datetime": ref.posting_datetime,
        "is_reversal": int(ref.is_reversal),
        "reverses": move.reverses,
    }


def load_entries_of(voucher_type: str, voucher_nos: Iterable[str]) -> list[PostedMove]:
    """Return the stock ledger entries that documents made (not those of their cancellation), latest first."""
    table = frappe.qb.DocType("Stock Ledger Entry")
    rows = (
        frappe.qb.from_(table)
        .select(*(table[field] for field in _POSTED_FIELDS))
        .where(table.voucher_type == voucher_type)
        .where(table.voucher_no.isin(sorted(set(voucher_nos))))
        .where(table.is_reversal == 0)
        .run(as_dict=True)
    )
    return [_posted_move(row) for row in sorted(rows, key=lambda row: row["name"], reverse=True)]


def load_origins(lines: Iterable[str]) -> dict[str, tuple[tuple[Tracking, Any], ...]]:
    """Return, per row of earlier documents, in which batches their goods left, latest first."""
    fields = ["voucher_line", "is_reversal", *_POSTED_FIELDS[3:]]
    origins: dict[str, list[tuple[Tracking, Any]]] = {}
    for row in load_rows("Stock Ledger Entry", lines, fields, key="voucher_line"):
        if not row["is_reversal"] and row["qty_change"] < 0:
            origins.setdefault(row["voucher_line"], []).append((_tracking(row), -decimal_of(row["qty_change"])))
    return {line: tuple(reversed(parts)) for line, parts in origins.items()}


def _posted_move(row: Row) -> PostedMove:
    return PostedMove(
        name=row["name"],
        voucher_no=row["voucher_no"],
        line=row["voucher_line"] or "",
        key=StockKey(row["sku"], row["warehouse"]),
        qty_change=decimal_of(row["qty_change"]),
        value_change=decimal_of(row["value_change"]),
        tracking=_tracking(row),
    )


def _tracking(row: Mapping[str, Any]) -> Tracking:
    serials = tuple((row["serials"] or "").split())
    return Tracking(row["batch"] or None, row["bin"] or None, row["grade"] or GOOD, serials)


def load_chain(key: StockKey) -> list[Row]:
    """Return all entries of a key in the order of its chain, moments as datetimes."""
    return [row for page in walk_chain(key) for row in page]


def walk_chain(key: StockKey, page: int = 5000) -> Iterator[list[Row]]:
    """Yield the entries of a key in the order of its chain, in pages, moments as datetimes."""
    last = 0
    while rows := frappe.get_all(
        "Stock Ledger Entry",
        filters={"sku": key.sku, "warehouse": key.warehouse, "seq": (">", last)},
        fields=["name", "prev_hash", "hash", *HASHED_FIELDS],
        order_by="seq asc",
        limit=page,
    ):
        for row in rows:
            row["posting_datetime"] = moment_of(frappe.utils.get_datetime(row["posting_datetime"]))
            row["creation"] = moment_of(frappe.utils.get_datetime(row["creation"]))
        yield rows
        last = rows[-1]["seq"]
