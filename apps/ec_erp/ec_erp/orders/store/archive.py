"""Old orders that leave the lists.

Invariant: an order is archived only while it is locked and looked at once more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import frappe

from ec_erp.documents.store import lock_rows

Row = dict[str, Any]


def load_unarchived(before: datetime, since: datetime | None, seen: Sequence[str], limit: int) -> list[Row]:
    """Return orders older than a moment that are in the lists still, the oldest first, made ``since`` but not ``seen`` yet."""
    filters: list[list[Any]] = [["archived", "=", 0], ["creation", "<=", before]]
    filters += [["creation", ">=", since]] if since else []
    filters += [["name", "not in", list(seen)]] if seen else []
    fields = ["name", "creation", "modified", "status", "has_open_case"]
    return list(frappe.get_all("Sales Order", filters, fields, order_by="creation asc, name asc", limit=limit))


def lock_for_archive(names: Iterable[str]) -> dict[str, Row]:
    """Lock orders and return what says whether they may be archived."""
    return lock_rows("Sales Order", names, ["status", "has_open_case", "archived"])
