"""Reservations: what is put aside for lines of documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.store import insert_rows, load_rows, lock_rows, update_rows
from ec_erp.inventory.types import Reservation, StockKey
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.times import moment_of

Row = dict[str, Any]

_FIELDS = (
    "name",
    "sku",
    "warehouse",
    "qty",
    "consumed_qty",
    "released_qty",
    "kind",
    "soft",
    "quota",
    "quota_qty",
    "expires_at",
    "held_since",
    "priority",
)


def load_reservations(lines: Iterable[str]) -> dict[str, Reservation]:
    """Return reservations by the row of a document they belong to."""
    return {row["name"]: _reservation(row) for row in load_rows("Stock Reservation", lines, _FIELDS)}


def lock_reservations(lines: Iterable[str]) -> dict[str, Reservation]:
    """Lock and return reservations by the row of a document they belong to."""
    rows = lock_rows("Stock Reservation", lines, _FIELDS[1:])
    return {name: _reservation({"name": name, **row}) for name, row in rows.items()}


def _reservation(row: Row) -> Reservation:
    return Reservation(
        line=row["name"],
        key=StockKey(row["sku"], row["warehouse"]),
        qty=decimal_of(row["qty"]),
        consumed=decimal_of(row["consumed_qty"]),
        released=decimal_of(row["released_qty"]),
        kind=row["kind"] or "Order",
        soft=bool(row["soft"]),
        quota=row["quota"] or None,
        from_quota=decimal_of(row["quota_qty"]),
        expires=_moment(row["expires_at"]),
        since=_moment(row["held_since"]),
        priority=int(row["priority"] or 0),
    )


def _moment(value: Any) -> Any:
    return moment_of(frappe.utils.get_datetime(value)) if value else None


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
                "kind": new.kind,
                "priority": new.priority,
                "held_since": new.since,
                **order_of[new.line],
                **_row(new),
            }
            for new in reservations
        ],
    )


def write_reservations(reservations: Iterable[Reservation]) -> None:
    """Write changed reservations back."""
    update_rows("Stock Reservation", {changed.line: _row(changed) for changed in reservations})


def _row(reservation: Reservation) -> Row:
    return {
        "qty": float(reservation.qty),
        "consumed_qty": float(reservation.consumed),
        "released_qty": float(reservation.released),
        "soft": int(reservation.soft),
        "quota": reservation.quota,
        "quota_qty": float(reservation.from_quota),
        "expires_at": reservation.expires,
        "status": reservation.status,
    }


def load_held_totals() -> dict[StockKey, tuple[Decimal, Decimal]]:
    """Return what reservations hold per key: in all, and for unpaid orders."""
    rows = frappe.get_all(
        "Stock Reservation",
        fields=["sku", "warehouse", "qty", "consumed_qty", "released_qty", "soft"],
        filters={"status": "Held"},
    )
    totals: dict[StockKey, tuple[Decimal, Decimal]] = {}
    for row in rows:
        key = StockKey(row["sku"], row["warehouse"])
        held = decimal_of(row["qty"]) - decimal_of(row["consumed_qty"]) - decimal_of(row["released_qty"])
        whole, unpaid = totals.get(key, (ZERO, ZERO))
        totals[key] = (whole + held, unpaid + (held if row["soft"] else ZERO))
    return totals
