"""The continuous check of stock: contradictions become incidents, and are resolved when they are gone.

Invariant: the check changes incidents and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import frappe

from ec_erp.documents.errors import text_of
from ec_erp.documents.store import update_rows
from ec_erp.inventory import store
from ec_erp.inventory.rules.incidents import Contradiction, advice, compare, meaning
from ec_erp.inventory.store import checks
from ec_erp.kernel.numbers import decimal_of

SETTINGS = "Inventory Settings"
SKUS_AT_ONCE = 500
# A transaction that was open when the last check ran may commit rows that bear an earlier time.
_MARGIN = timedelta(minutes=10)
_OWNERS = {"Oversold": "Customer Service", "Exposure": "Shop Operator"}


def check_stock(skus: Sequence[str] | None, moment: datetime) -> int:
    """Check the balances of SKUs, or all; return how many incidents are new."""
    changes = compare(checks.load_contradictions(skus), checks.load_open_incidents(skus))
    for one in changes.new:
        _raise(one, moment)
    seen = {
        name: {"last_noticed": moment, "expected": float(one.expected), "found": float(one.found)}
        for name, one in changes.again.items()
    }
    update_rows("Stock Incident", seen, touch=False)
    update_rows("Stock Incident", {name: {"status": "Resolved", "resolved_at": moment} for name in changes.over})
    return len(changes.new)


def skus_to_check() -> list[list[str]]:
    """Return the SKUs that have changed since the last check, some hundreds at a time; those with open incidents too."""
    last = frappe.get_single(SETTINGS).last_checked
    since = frappe.utils.get_datetime(last) - _MARGIN if last else None
    known = {one.key.sku for one in checks.load_open_incidents().values()}
    skus = sorted({*checks.load_skus_changed_since(since), *known})
    return [skus[start : start + SKUS_AT_ONCE] for start in range(0, len(skus), SKUS_AT_ONCE)]


def note_checked(field: str, moment: datetime) -> None:
    """Remember until when everything has been checked (last_checked, last_full_check)."""
    checks.write_checked(SETTINGS, field, moment)


def exceptions() -> list[dict[str, Any]]:
    """Return open incidents as rows of the inbox of exceptions."""
    return [
        {
            "source": "Inventory",
            "reference_doctype": "Stock Incident",
            "reference_name": row["name"],
            "code": row["invariant"],
            "owner_role": _OWNERS.get(row["invariant"], "EC Manager"),
            "since": row["first_noticed"],
            "blocking": 0,
            "suggestion": frappe._(advice(row["invariant"])),
            "note": row["remarks"] or f"{row['sku']} | {row['warehouse']}: {_said(row)}",
        }
        for row in checks.load_incidents_for_people()
    ]


def _said(row: Any) -> str:
    return text_of(meaning(row["invariant"], decimal_of(row["expected"]), decimal_of(row["found"])))


def fill_incident(doc: Any) -> None:
    """Show on an incident what it says and what to do, in the reader's language."""
    values = {"invariant": doc.invariant, "expected": doc.expected, "found": doc.found}
    doc.set_onload("meaning", _said(values))
    doc.set_onload("advice", frappe._(advice(doc.invariant)))


def _raise(one: Contradiction, moment: datetime) -> None:
    warehouse = store.load_warehouses([one.key.warehouse]).get(one.key.warehouse.casefold(), {})
    frappe.get_doc(
        {
            "doctype": "Stock Incident",
            "invariant": one.invariant,
            "sku": one.key.sku,
            "warehouse": one.key.warehouse,
            "company": warehouse.get("company"),
            "expected": float(one.expected),
            "found": float(one.found),
            "first_noticed": moment,
            "last_noticed": moment,
        }
    ).insert(ignore_permissions=True)
