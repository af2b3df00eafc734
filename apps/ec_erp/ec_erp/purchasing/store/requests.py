"""Purchase requests and what has been ordered of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from ec_erp.documents.store import load_rows, lock_rows, update_rows
from ec_erp.kernel.numbers import decimal_of
from ec_erp.purchasing.types import RequestedLine

Row = dict[str, Any]
_FIELDS = ("name", "parent", "idx", "sku", "qty", "ordered_qty", "warehouse", "supplier", "schedule_date")


def lock_requests(names: Iterable[str]) -> dict[str, list[RequestedLine]]:
    """Lock submitted requests and return their lines by request."""
    heads = [name for name, row in lock_rows("Purchase Request", names, ["docstatus"]).items() if row["docstatus"] == 1]
    groups: dict[str, list[RequestedLine]] = {name: [] for name in heads}
    for row in sorted(load_rows("Purchase Request Item", heads, _FIELDS, key="parent"), key=lambda row: row["idx"]):
        groups[row["parent"]].append(
            RequestedLine(
                line=row["name"],
                request=row["parent"],
                sku=row["sku"],
                warehouse=row["warehouse"] or "",
                qty=decimal_of(row["qty"]),
                ordered=decimal_of(row["ordered_qty"]),
                supplier=row["supplier"] or None,
                needed=row["schedule_date"],
            )
        )
    return groups


def write_ordered(ordered: Mapping[str, Decimal], status_of: Mapping[str, str]) -> None:
    """Write what has been ordered of lines, and the status of requests."""
    update_rows("Purchase Request Item", {name: {"ordered_qty": float(qty)} for name, qty in ordered.items()})
    update_rows("Purchase Request", {name: {"status": status} for name, status in status_of.items()})


def load_companies(names: Iterable[str]) -> dict[str, str]:
    """Return the company of requests."""
    return {row["name"]: row["company"] for row in load_rows("Purchase Request", names, ["name", "company"])}
