"""Reading, locking and writing stock: balances, ledger entries, reservations.

Invariants: balances are locked in the order of their names; entries are only ever added, each chained to the one
before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import frappe

from ec_erp.documents.listeners import announce
from ec_erp.documents.memo import read_through
from ec_erp.documents.store import insert_rows, load_rows, lock_rows, update_rows
from ec_erp.inventory.types import (
    Balance,
    Head,
    PostedMove,
    Reservation,
    StockKey,
    ValuedMove,
    VoucherRef,
)
from ec_erp.kernel.hashing import chain_hash
from ec_erp.kernel.ids import row_ids
from ec_erp.kernel.numbers import decimal_of
from ec_erp.kernel.times import moment_of

Row = dict[str, Any]

_BALANCE_FIELDS = (
    "sku",
    "warehouse",
    "on_hand",
    "reserved",
    "frozen",
    "on_order",
    "value",
    "last_cost",
    "entry_count",
    "head_hash",
)
# What an entry's hash covers, in this order. Changing it breaks every chain that exists.
HASHED_FIELDS = (
    "seq",
    "sku",
    "warehouse",
    "batch",
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
_RESERVATION_FIELDS = ("name", "sku", "warehouse", "qty", "consumed_qty", "released_qty")


def balance_name(key: StockKey) -> str:
    """Return the name of a key's balance; neither part contains the separator."""
    return f"{key.sku}|{key.warehouse}"


def load_warehouses(names: Iterable[str]) -> dict[str, Row]:
    """Return company and disabled flag of warehouses by case-folded name."""
    return read_through("Warehouse", names, _load_warehouses)


def _load_warehouses(names: list[str]) -> dict[str, Row]:
    return {row["name"]: row for row in load_rows("Warehouse", names, ["name", "company", "disabled"])}


def lock_balances(keys: Iterable[StockKey], *, create: Mapping[StockKey, str] | None = None) -> dict[StockKey, Balance]:
    """Lock balances and return them; keys without one are left out, unless ``create`` names their company."""
    rows = _lock(keys, create or {})
    return {StockKey(row["sku"], row["warehouse"]): _balance(row) for row in rows}


def lock_balances_with_heads(
    keys: Iterable[StockKey], *, create: Mapping[StockKey, str]
) -> tuple[dict[StockKey, Balance], dict[StockKey, Head]]:
    """Lock balances and return them with the heads of their chains, for appending entries."""
    rows = {StockKey(row["sku"], row["warehouse"]): row for row in _lock(keys, create)}
    heads = {key: Head(int(row["entry_count"] or 0), row["head_hash"] or "") for key, row in rows.items()}
    return {key: _balance(row) for key, row in rows.items()}, heads


def _lock(keys: Iterable[StockKey], create: Mapping[StockKey, str]) -> list[Row]:
    names = {balance_name(key) for key in keys}
    if create:
        _create_missing_balances(create)
    return list(lock_rows("Stock Balance", names, _BALANCE_FIELDS).values())


def _create_missing_balances(company_of: Mapping[StockKey, str]) -> None:
    names = {balance_name(key): key for key in company_of}
    known = {row["name"] for row in load_rows("Stock Balance", names, ["name"])}
    insert_rows(
        "Stock Balance",
        [
            {"name": name, "sku": key.sku, "warehouse": key.warehouse, "company": company_of[key], **_empty_buckets()}
            for name, key in sorted(names.items())
            if name not in known
        ],
        skip_existing=True,
    )


def _empty_buckets() -> Row:
    buckets = ("on_hand", "available", "reserved", "frozen", "locked", "on_order", "in_transit", "value", "entry_count")
    return dict.fromkeys(buckets, 0)


def _balance(row: Row) -> Balance:
    return Balance(
        on_hand=decimal_of(row["on_hand"]),
        reserved=decimal_of(row["reserved"]),
        frozen=decimal_of(row["frozen"]),
        on_order=decimal_of(row["on_order"]),
        value=decimal_of(row["value"]),
        last_cost=decimal_of(row["last_cost"]) or None,
    )


def write_balances(balances: Mapping[StockKey, Balance], heads: Mapping[StockKey, Head] | None = None) -> None:
    """Write locked balances back, with the heads of their chains where entries were added."""
    update_rows(
        "Stock Balance",
        {balance_name(key): _balance_row(balance, (heads or {}).get(key)) for key, balance in balances.items()},
    )


def _balance_row(balance: Balance, head: Head | None) -> Row:
    row: Row = {
        "on_hand": float(balance.on_hand),
        "reserved": float(balance.reserved),
        "on_order": float(balance.on_order),
        "available": float(balance.available),
    }
    if head is not None:
        row["value"] = float(balance.value)
        row["last_cost"] = float(balance.last_cost or 0)
        row["entry_count"] = head.seq
        row["head_hash"] = head.hash
    return row


def append_entries(
    entries: Sequence[tuple[VoucherRef, ValuedMove]], heads: Mapping[StockKey, Head]
) -> dict[StockKey, Head]:
    """Add valued movements to the stock ledger, in order; return the heads of all chains afterwards."""
    moment = frappe.utils.now_datetime()
    names = row_ids(len(entries), moment, frappe.generate_hash(length=5))
    state = dict(heads)
    rows: list[Row] = []
    for name, (ref, entry) in zip(names, entries, strict=True):
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
    return {
        "sku": entry.move.key.sku,
        "warehouse": entry.move.key.warehouse,
        "company": ref.company,
        "qty_change": float(entry.move.qty),
        "qty_after": float(entry.qty_after),
        "value_change": float(entry.value_change),
        "value_after": float(entry.value_after),
        "unit_cost": float(entry.unit_cost),
        "cost_source": entry.cost_source,
        "voucher_type": ref.voucher_type,
        "voucher_no": ref.voucher_no,
        "voucher_line": entry.move.line,
        "posting_datetime": ref.posting_datetime,
        "is_reversal": int(ref.is_reversal),
        "reverses": entry.move.reverses,
    }


def load_entries_of(voucher_type: str, voucher_nos: Iterable[str]) -> list[PostedMove]:
    """Return the stock ledger entries that documents made (not those of their cancellation), latest first."""
    table = frappe.qb.DocType("Stock Ledger Entry")
    rows = (
        frappe.qb.from_(table)
        .select(
            table.name,
            table.voucher_no,
            table.voucher_line,
            table.sku,
            table.warehouse,
            table.qty_change,
            table.value_change,
        )
        .where(table.voucher_type == voucher_type)
        .where(table.voucher_no.isin(sorted(set(voucher_nos))))
        .where(table.is_reversal == 0)
        .run(as_dict=True)
    )
    return [_posted_move(row) for row in sorted(rows, key=lambda row: row["name"], reverse=True)]


def _posted_move(row: Row) -> PostedMove:
    return PostedMove(
        name=row["name"],
        voucher_no=row["voucher_no"],
        line=row["voucher_line"] or "",
        key=StockKey(row["sku"], row["warehouse"]),
        qty_change=decimal_of(row["qty_change"]),
        value_change=decimal_of(row["value_change"]),
    )


def load_reservations(lines: Iterable[str]) -> dict[str, Reservation]:
    """Return reservations by the order line they belong to."""
    rows = load_rows("Stock Reservation", lines, _RESERVATION_FIELDS)
    return {row["name"]: _reservation(row) for row in rows}


def _reservation(row: Row) -> Reservation:
    return Reservation(
        line=row["name"],
        key=StockKey(row["sku"], row["warehouse"]),
        qty=decimal_of(row["qty"]),
        consumed=decimal_of(row["consumed_qty"]),
        released=decimal_of(row["released_qty"]),
    )


def insert_reservations(reservations: Sequence[Reservation], order_of: Mapping[str, Row]) -> None:
    """Add new reservations; ``order_of`` gives company, voucher_type and voucher_no of each line."""
    insert_rows(
        "Stock Reservation",
        [
            {
                "name": new.line,
                "voucher_line": new.line,
                "sku": new.key.sku,
                "warehouse": new.key.warehouse,
                **order_of[new.line],
                **_reservation_row(new),
            }
            for new in reservations
        ],
    )


def write_reservations(reservations: Iterable[Reservation]) -> None:
    """Write changed reservations back."""
    update_rows("Stock Reservation", {changed.line: _reservation_row(changed) for changed in reservations})


def _reservation_row(reservation: Reservation) -> Row:
    return {
        "qty": float(reservation.qty),
        "consumed_qty": float(reservation.consumed),
        "released_qty": float(reservation.released),
        "status": reservation.status,
    }


def walk_balances(page: int = 1000) -> Iterator[list[Row]]:
    """Yield all balances in pages, in the order of their names."""
    fields = ["name", "company", "available", *_BALANCE_FIELDS]
    last = ""
    while rows := frappe.get_all(
        "Stock Balance", fields=fields, filters={"name": (">", last)}, order_by="name asc", limit=page
    ):
        yield rows
        last = rows[-1]["name"]


def load_chain(key: StockKey) -> list[Row]:
    """Return all entries of a key in the order of its chain, moments as datetimes."""
    rows = frappe.get_all(
        "Stock Ledger Entry",
        filters={"sku": key.sku, "warehouse": key.warehouse},
        fields=["name", "prev_hash", "hash", *HASHED_FIELDS],
        order_by="seq asc",
    )
    for row in rows:
        row["posting_datetime"] = moment_of(frappe.utils.get_datetime(row["posting_datetime"]))
        row["creation"] = moment_of(frappe.utils.get_datetime(row["creation"]))
    return list(rows)


def load_held_totals() -> dict[StockKey, Any]:
    """Return what reservations hold, summed per key."""
    rows = frappe.get_all(
        "Stock Reservation",
        fields=["sku", "warehouse", "qty", "consumed_qty", "released_qty"],
        filters={"status": "Held"},
    )
    totals: dict[StockKey, Any] = {}
    for row in rows:
        key = StockKey(row["sku"], row["warehouse"])
        held = decimal_of(row["qty"]) - decimal_of(row["consumed_qty"]) - decimal_of(row["released_qty"])
        totals[key] = totals.get(key, decimal_of(0)) + held
    return totals
