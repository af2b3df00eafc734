"""What has arrived of a key after some earlier arrival.

Invariant: reads only; a voucher that takes goods out and in again in the same place (another bin, another grade and back, a
cancelled delivery) brings nothing that was not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.store import load_rows
from ec_erp.inventory.rules.arrivals import Arrived, SentOn
from ec_erp.inventory.types import GOOD, StockKey
from ec_erp.kernel.numbers import ZERO, decimal_of

_TRANSFER = "Stock Transfer"
_AT_ONCE = 50  # parts of one statement
_LATER = (
    "SELECT %s AS line, SUM(CASE WHEN net > 0 THEN net ELSE 0 END) AS later FROM (SELECT SUM(`qty_change`) AS net"
    " FROM `tabStock Ledger Entry` WHERE `sku` = %s AND `warehouse` = %s AND `seq` > %s AND `grade` = %s"
    " GROUP BY `voucher_type`, `voucher_no`) vouchers"
)

# Units that transfers have taken out of a key, between the numbers of units that have left it since an entry.
_SENT = (
    "SELECT %s AS line, voucher_no, upto - gone AS first_unit, upto AS last_unit FROM (SELECT voucher_type, voucher_no, gone,"
    " SUM(gone) OVER (ORDER BY first_seq) AS upto FROM (SELECT `voucher_type` AS voucher_type, `voucher_no` AS voucher_no,"
    " -SUM(`qty_change`) AS gone, MIN(`seq`) AS first_seq FROM `tabStock Ledger Entry` WHERE `sku` = %s AND `warehouse` = %s"
    " AND `seq` > %s AND `grade` = %s GROUP BY `voucher_type`, `voucher_no` HAVING SUM(`qty_change`) < 0) leaving) counted"
    " WHERE voucher_type = %s AND upto > %s AND upto - gone < %s"
)


def load_arrivals(lines: Iterable[str]) -> dict[str, Arrived]:
    """Return the entry that brought the goods of a document's row, by row."""
    fields = ["voucher_line", "sku", "warehouse", "seq", "qty_change", "qty_after", "is_reversal"]
    found: dict[str, Arrived] = {}
    for row in load_rows("Stock Ledger Entry", lines, fields, key="voucher_line"):
        line, seq, qty = row["voucher_line"], int(row["seq"]), decimal_of(row["qty_change"])
        if qty > 0 and not row["is_reversal"] and (line not in found or found[line].seq < seq):
            before = max(ZERO, decimal_of(row["qty_after"]) - qty)
            found[line] = Arrived(StockKey(row["sku"], row["warehouse"]), qty, seq, before)
    return found


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


def load_targets(skus: Iterable[str]) -> set[StockKey]:
    """Return where transfers have ever brought SKUs."""
    wanted = sorted(set(skus))
    if not wanted:
        return set()
    query = (
        "SELECT DISTINCT `sku`, `warehouse` FROM `tabStock Ledger Entry`"
        " WHERE `sku` IN %(skus)s AND `voucher_type` = %(kind)s AND `qty_change` > 0"
    )
    rows = frappe.db.sql(query, {"skus": tuple(wanted), "kind": _TRANSFER}, as_dict=True)
    return {StockKey(row["sku"], row["warehouse"]) for row in rows}


def load_sent_on(arrivals: Mapping[str, Arrived]) -> dict[str, list[SentOn]]:
    """Return, by row, the transfers that took units of an arrival elsewhere, with the places where these are now."""
    found: list[dict[str, Any]] = []
    wanted = sorted(arrivals.items())
    for start in range(0, len(wanted), _AT_ONCE):
        found += _sent(wanted[start : start + _AT_ONCE])
    places = _load_places({row["voucher_no"] for row in found})
    sent: dict[str, list[SentOn]] = {}
    for row in found:
        key = arrivals[row["line"]].key
        to = tuple(place for place in places.get((row["voucher_no"], key.sku), ()) if place.key != key)
        first, last = decimal_of(row["first_unit"]), decimal_of(row["last_unit"])
        sent.setdefault(row["line"], []).append(SentOn(row["voucher_no"], first, last, to))
    return sent


def _sent(arrivals: Sequence[tuple[str, Arrived]]) -> list[dict[str, Any]]:
    values: list[Any] = []
    for line, one in arrivals:
        bounds = (float(one.before), float(one.before + one.qty))
        values += [line, one.key.sku, one.key.warehouse, one.seq, GOOD, _TRANSFER, *bounds]
    return list(frappe.db.sql(" UNION ALL ".join([_SENT] * len(arrivals)), values, as_dict=True))


def _load_places(transfers: Iterable[str]) -> dict[tuple[str, str], list[Arrived]]:
    """Return where what transfers have taken out is now, by transfer and SKU; what still lies at the target first."""
    fields = ["voucher_type", "voucher_no", "sku", "warehouse", "seq", "qty_change", "grade"]
    totals: dict[tuple[str, str, str], tuple[Decimal, int]] = {}
    for row in load_rows("Stock Ledger Entry", transfers, fields, key="voucher_no"):
        if row["voucher_type"] == _TRANSFER and (row["grade"] or GOOD) == GOOD:
            at = (row["voucher_no"], row["sku"], row["warehouse"])
            qty, seq = totals.get(at, (ZERO, 0))
            totals[at] = (qty + decimal_of(row["qty_change"]), max(seq, int(row["seq"])))
    places: dict[tuple[str, str], list[Arrived]] = {}
    for (voucher, sku, warehouse), (qty, seq) in sorted(totals.items()):
        if qty > 0:
            places.setdefault((voucher, sku), []).append(Arrived(StockKey(sku, warehouse), qty, seq))
    return places
