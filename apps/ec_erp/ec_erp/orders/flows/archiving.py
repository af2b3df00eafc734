"""Orders that ended long ago leave the lists of daily work: a mark on them, nothing is moved.

Invariants: only orders that have ended are archived; one that lives again is back in the lists at once; what searches, reports and
other documents find does not depend on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import frappe

from ec_erp.documents import memo
from ec_erp.documents.errors import refuse
from ec_erp.kernel.problems import N_, problem, words
from ec_erp.orders import store
from ec_erp.orders.errors import OrderNotReady
from ec_erp.orders.flows.context import order_settings
from ec_erp.orders.rules.archiving import may_be_archived, quiet_since

PAGE = 2000
ARCHIVED, BACK = N_("Archived"), N_("Back from the Archive")


@dataclass(frozen=True, slots=True)
class Place:
    """How far a walk over old orders has come: the moment of the last one, and the orders of that moment that were seen."""

    since: datetime | None = None
    seen: tuple[str, ...] = ()


def due_before(now: datetime) -> datetime | None:
    """Return since when nothing may have changed on orders that are archived now; None where the settings archive nothing."""
    months = int(order_settings().archive_after_months or 0)
    return quiet_since(now, months) if months else None


def archive_page(before: datetime, place: Place) -> tuple[int, Place | None]:
    """Archive what is due among the next orders behind a place; return how many, and where to go on (None: all was seen)."""
    page = store.load_unarchived(before, place.since, place.seen, PAGE)
    due = [row["name"] for row in page if row["modified"] <= before and _may(row)]
    _mark(due, archived=1, touch=False)
    if len(page) < PAGE:
        return len(due), None
    last = page[-1]["creation"]
    seen = tuple(row["name"] for row in page if row["creation"] == last)
    return len(due), Place(last, (*place.seen, *seen) if last == place.since else seen)


def archive_orders(names: Iterable[str], why: str = "") -> None:
    """Archive orders before their time. Raises ``OrderNotReady`` for those that have not come to their end."""
    rows = _lock(names)
    message = N_("{0} is {1}: only orders that have come to their end are archived")
    live = [problem(message, name, words(row["status"])) for name, row in rows.items() if not _may(row)]
    refuse(live, OrderNotReady)
    _mark_by_hand([name for name, row in rows.items() if not row["archived"]], ARCHIVED, why)


def bring_back(names: Iterable[str], why: str = "") -> None:
    """Bring archived orders back into the lists; they stay there for as many months again."""
    _mark_by_hand([name for name, row in _lock(names).items() if row["archived"]], BACK, why)


def _lock(names: Iterable[str]) -> dict[str, dict[str, Any]]:
    rows = store.lock_for_archive(names)
    missing = [problem(N_("{0} {1} does not exist"), words("Sales Order"), name) for name in set(names) - rows.keys()]
    refuse(missing, OrderNotReady)
    return rows


def _may(row: Mapping[str, object]) -> bool:
    return may_be_archived(str(row["status"]), has_open_case=bool(row["has_open_case"]))


def _mark_by_hand(names: list[str], code: str, why: str) -> None:
    now = frappe.utils.now_datetime()
    store.append_log(
        [{"sales_order": name, "kind": "Note", "code": code, "moment": now, "note": why} for name in names]
    )
    _mark(names, archived=int(code == ARCHIVED), touch=True)


def _mark(names: Iterable[str], *, archived: int, touch: bool) -> None:
    memo.forget("Sales Order")
    store.write_heads({name: {"archived": archived} for name in names}, touch=touch)
