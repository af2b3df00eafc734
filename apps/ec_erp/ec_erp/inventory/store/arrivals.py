"""What has arrived of a key after some earlier arrival.

Invariant: reads only; a voucher that takes goods out and in again in the same place (another bin, another grade and back, a
cancelled delivery) brings nothing that was not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import frappe

from ec_erp.documents.store import load_rows
from ec_erp.inventory.types import GOOD, StockKey
from ec_erp.kernel.numbers import ZERO, decimal_of

_AT_ONCE = 50  # parts of one statement
_LATER = (
    "SELECT %s AS line, SUM(CASE WHEN net > 0 THEN net ELSE 0 END) AS later FROM (SELECT SUM(`qty_change`) AS net"
    " FROM `tabStock Ledger Entry` WHERE `sku` = %s AND `warehouse` = %s AND `seq` > %s AND `grade` = %s"
    " GROUP BY `voucher_type`, `voucher_no`) vouchers"
)


def load_arrival_numbers(lines: Iterable[str]) -> dict[str, int]:
    """Return the number in its chain of the entry that brought the goods of a document's row."""
    rows = load_rows(
        "Stock Ledger Entry", lines, ["voucher_line", "seq", "qty_change", "is_reversal"], key="voucher_line"
    )
    numbers: dict[str, int] = {}
    for row in rows:
        if row["qty_change"] > 0 and not row["is_reversal"]:
            numbers[row["voucher_line"]] = max(int(row["seq"]), numbers.get(row["voucher_line"], 0))
    return numbers


def load_later_arrivals(arrivals: Mapping[str, tuple[StockKey, int]]) -> dict[str, Decimal]:
    """Return, by row, how many good units of its key have arrived after the entry with this number."""
    found: dict[str, Decimal] = {}
    wanted = sorted(arrivals.items())
    for start in range(0, len(wanted), _AT_ONCE):
        found |= _later(wanted[start : start + _AT_ONCE])
    return found


def _later(arrivals: Sequence[tuple[str, tuple[StockKey, int]]]) -> dict[str, Decimal]:
    values = [value for line, (key, seq) in arrivals for value in (line, key.sku, key.warehouse, seq, GOOD)]
    rows = frappe.db.sql(" UNION ALL ".join([_LATER] * len(arrivals)), values, as_dict=True)
    return {row["line"]: decimal_of(row["later"]) if row["later"] else ZERO for row in rows}
