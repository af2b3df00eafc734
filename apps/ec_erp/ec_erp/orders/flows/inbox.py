"""The inbox of exceptions: everything that waits for somebody, with owner, due time and what to do.

Invariant: a row is there as long as its reason is; what other areas and apps report joins by the hook
``ec_erp_exception_sources`` (functions returning rows of the same shape).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import frappe

from ec_erp.documents import sentences
from ec_erp.documents.errors import refuse
from ec_erp.documents.store import row_exists
from ec_erp.kernel.problems import N_, problem, words
from ec_erp.kernel.times import moment_of
from ec_erp.orders import store
from ec_erp.orders.errors import OrderNotReady
from ec_erp.orders.flows import bulk
from ec_erp.orders.rules import blocks, machine

MOST = 2000
# What the fix of a reason does, as a bulk action.
_FIXES = {
    "clear": N_("Let Go On"),
    "reprocess": N_("Process Again"),
    "reserve": N_("Reserve Missing Stock"),
    "cancel": N_("Cancel"),
    "refund": N_("Take Out Refunded"),
    "gifts": N_("Take Out Unearned Gifts"),
    "rematch": N_("Process Again"),
    "take_address": N_("Take Over the New Address"),
}


def exceptions(filters: Mapping[str, Any], limit: int = 200) -> list[dict[str, Any]]:
    """Return open exceptions, overdue ones first, then by age.

    ``filters``: owner_role, code, shop, assigned_to, source, overdue, blocking. A row has source, reference_doctype,
    reference_name, title, code, owner_role, since, due, overdue, blocking, suggestion, fix, note, assigned_to, shop, status.
    """
    now = moment_of(frappe.utils.now_datetime())
    rows = [_row(found, now) for found in store.load_open_blocks(machine.LIVE, MOST)]
    for path in frappe.get_hooks("ec_erp_exception_sources") or []:
        rows += [_completed(row, now) for row in frappe.get_attr(path)()]
    wanted = [row for row in rows if _fits(row, filters)]
    wanted.sort(key=lambda row: (not row["overdue"], not row["blocking"], row["since"]))
    return wanted[:limit]


def counts(rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """Return how many exceptions there are by code and by owner."""
    result: dict[str, dict[str, int]] = {"code": {}, "owner_role": {}}
    for row in rows:
        for field, number in result.items():
            number[row[field]] = number.get(row[field], 0) + 1
    return result


def _row(found: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    return _completed(
        {
            "source": "order",
            "reference_doctype": "Sales Order",
            "reference_name": found["parent"],
            "title": found["customer"],
            "code": found["code"],
            "since": found["since"],
            "note": sentences.read_note(found["note"], found["details"]),
            "assigned_to": found["assigned_to"],
            "shop": found["shop"],
            "status": found["status"],
        },
        now,
    )


def _completed(row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    kind = blocks.kind_of(row["code"])
    since = moment_of(frappe.utils.get_datetime(row["since"])) if row.get("since") else now
    due = since + timedelta(hours=kind.sla_hours)
    empty = dict.fromkeys(("title", "note", "assigned_to", "shop", "status"))
    given = {
        "owner_role": kind.owner,
        "blocking": kind.blocking,
        "suggestion": frappe._(kind.suggestion),
        "fix": kind.fix,
    }
    return {**empty, **given, **row, "since": since, "due": due, "overdue": due < now}


def _fits(row: Mapping[str, Any], filters: Mapping[str, Any]) -> bool:
    flags = all(bool(row[field]) for field in ("overdue", "blocking") if filters.get(field))
    named = ("owner_role", "code", "shop", "assigned_to", "source")
    return flags and all(row[field] == filters[field] for field in named if filters.get(field))


def assign(names: Sequence[str], code: str, user: str | None) -> int:
    """Give an exception of orders to a person (or to nobody); return how many rows that were.

    Raises ``frappe.PermissionError`` for those who neither handle orders nor decide about this reason.
    """
    if not blocks.owns(code, frappe.get_roles()):
        frappe.has_permission("Sales Order", "write", throw=True)
    if user and not row_exists("User", user):
        refuse([problem(N_("{0} {1} does not exist"), words("User"), user)], frappe.LinkValidationError)
    return store.assign_blocks(names, code, user)


def fix(names: Sequence[str], code: str, *, only_preview: bool) -> list[bulk.Result]:
    """Do what is usually done about a reason to orders that have it, or return what that would do.

    Raises ``OrderNotReady`` for a reason that nothing does away with by itself.
    """
    kind = blocks.kind_of(code)
    if kind.fix not in _FIXES:
        refuse([problem(N_("{0} asks for a person: {1}"), words(code), words(kind.suggestion))], OrderNotReady)
    work = bulk.preview if only_preview else bulk.run
    return work(_FIXES[kind.fix], names, {"code": code})
