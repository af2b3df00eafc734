"""What has happened at a key after some earlier arrival, and where transfers have brought goods.

Invariant: reads only. Statements grow with the rows that are read (beyond fixed chunks), not with documents or movements.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

import frappe

from ec_erp.documents.store import load_rows
from ec_erp.inventory.rules.arrivals import Arrived, Moved
from ec_erp.inventory.types import GOOD, StockKey
from ec_erp.kernel.numbers import ZERO, decimal_of

_TRANSFER = "Stock Transfer"
_PARTS, _ROWS = 50, 100_000  # of one statement

# All of it lies in one index. Vouchers are netted by the caller: databases group long texts slowly.
_MOVES = (
    "SELECT %s AS at, `seq`, `voucher_no`, CASE WHEN `voucher_type` = %s THEN 1 ELSE 0 END AS is_transfer, `qty_change`"
    " FROM `tabStock Ledger Entry` WHERE `sku` = %s AND `warehouse` = %s AND `seq` > %s AND `grade` = %s"
)


def load_arrivals(lines: Iterable[str]) -> dict[str, Arrived]:
    """Return the entry that brought the goods of a document's row, by row."""
    fields = ["voucher_line", "sku", "warehouse", "seq", "qty_change", "qty_after", "is_reversal"]
    found: dict[str, Arrived] = {}
    for row in load_rows("Stock Ledger Entry", lines, fields, key="voucher_line"):
        line, seq, qty = row["voucher_line"], int(row["seq"]), decimal_of(row["qty_change"])
        if qty > 0 and not row["is_reversal"] and (line not in found or found[line].seq < seq):
            before = max(ZERO, decimal_of(row["qty_after"]) - qty)
            found[line] = Arrived(StockKey(row["sku"], row["warehouse"]), qty, seq, before, rows=(line,))
    return found


def load_keys(skus: Iterable[str]) -> set[StockKey]:
    """Return where SKUs have ever been: transfers can have brought them there."""
    rows = load_rows("Stock Balance", skus, ["sku", "warehouse", "entry_count"], key="sku")
    return {StockKey(row["sku"], row["warehouse"]) for row in rows if row["entry_count"]}


def load_moves(after: Mapping[StockKey, int], heads: Mapping[StockKey, int]) -> Iterator[tuple[StockKey, list[Moved]]]:
    """Yield, key by key, the entries of good units after a number, in order; ``heads`` are the last numbers of the keys."""
    wanted = [(key, seq) for key, seq in sorted(after.items()) if heads.get(key, seq) > seq]
    for keys in _in_parts(wanted, heads):
        yield from _load_moves(keys)
    for key in after.keys() - {key for key, _ in wanted}:
        yield key, []


def _in_parts(
    wanted: Iterable[tuple[StockKey, int]], heads: Mapping[StockKey, int]
) -> Iterator[list[tuple[StockKey, int]]]:
    """Yield keys together as long as what is read of them stays small."""
    part: list[tuple[StockKey, int]] = []
    rows = 0
    for key, seq in wanted:
        if part and (rows + heads[key] - seq > _ROWS or len(part) == _PARTS):
            yield part
            part, rows = [], 0
        part.append((key, seq))
        rows += heads[key] - seq
    if part:
        yield part


def _load_moves(keys: list[tuple[StockKey, int]]) -> Iterator[tuple[StockKey, list[Moved]]]:
    values = [
        value for at, (key, seq) in enumerate(keys) for value in (at, _TRANSFER, key.sku, key.warehouse, seq, GOOD)
    ]
    moves: list[list[Moved]] = [[] for _ in keys]
    for at, seq, voucher, is_transfer, qty in frappe.db.sql(" UNION ALL ".join([_MOVES] * len(keys)), values):
        moves[at].append(Moved(seq, voucher, is_transfer, decimal_of(qty)))
    for (key, _), of_key in zip(keys, moves, strict=True):
        yield key, sorted(of_key)


def load_places(transfers: Iterable[str]) -> dict[tuple[str, str], list[Arrived]]:
    """Return where what transfers have taken out is now, by transfer and SKU; what lies at the target before what is on its way."""
    fields = [
        "voucher_type",
        "voucher_no",
        "voucher_line",
        "sku",
        "warehouse",
        "seq",
        "qty_change",
        "qty_after",
        "grade",
    ]
    rows = load_rows("Stock Ledger Entry", transfers, fields, key="voucher_no")
    totals: dict[tuple[str, str, str], _Total] = {}
    for row in sorted(rows, key=lambda row: int(row["seq"])):
        if row["voucher_type"] == _TRANSFER and (row["grade"] or GOOD) == GOOD:
            total = totals.setdefault((row["voucher_no"], row["sku"], row["warehouse"]), _Total())
            total.add(row["voucher_line"], decimal_of(row["qty_change"]), int(row["seq"]), decimal_of(row["qty_after"]))
    places: dict[tuple[str, str], list[Arrived]] = {}
    for (voucher, sku, warehouse), total in sorted(totals.items(), key=lambda item: (item[1].has_passed, item[0])):
        if total.qty > 0:
            places.setdefault((voucher, sku), []).append(total.arrived(StockKey(sku, warehouse)))
    return places


class _Total:
    """What one transfer has brought to one key; goods that were there on their way have left in part."""

    def __init__(self) -> None:
        self.qty, self.seq, self.after, self.has_passed = ZERO, 0, ZERO, False
        self.rows: dict[str, None] = {}

    def add(self, row: str, qty: Decimal, seq: int, after: Decimal) -> None:
        """Add an entry, in the order of their numbers."""
        if qty > 0:
            self.rows[row] = None
        self.qty, self.seq, self.after = self.qty + qty, seq, after
        self.has_passed = self.has_passed or qty < 0

    def arrived(self, key: StockKey) -> Arrived:
        """Return it as an arrival."""
        return Arrived(key, self.qty, self.seq, max(ZERO, self.after - self.qty), rows=tuple(self.rows))
