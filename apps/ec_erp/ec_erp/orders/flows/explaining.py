"""Telling people why an order is as it is: what comes next, what stops it, what was decided and why.

Invariant: nothing here is calculated anew: what is told is what was decided and written at the time.
"""

from __future__ import annotations

from typing import Any

import frappe

from ec_erp.documents import sentences
from ec_erp.documents.errors import text_of
from ec_erp.kernel.numbers import decimal_of, plain
from ec_erp.kernel.times import moment_of
from ec_erp.orders import store
from ec_erp.orders.flows import promises
from ec_erp.orders.rules import blocks, machine
from ec_erp.orders.rules.next_step import Situation, next_step

# Kinds of entries whose details are told in words.
_TOLD = ("Transition", "Decision", "Block", "Edit")
# What is told of a changed line.
_OF_LINES = ("sku", "qty", "rate", "is_gift")


def explain_order(doc: Any) -> dict[str, Any]:
    """Return what comes next with an order, its exceptions and its history, in the user's language.

    Keys: ``next`` (one line), ``role`` (who is asked), ``promise`` (ship_by, urgency, colour; None without one),
    ``exceptions`` (reason, code, blocking, owner, role, mine, suggestion, since, note; ``reason`` and ``role`` are the names
    behind ``code`` and ``owner``, ``mine``: the user may take it off), ``history`` (at, user, kind, code, path, note,
    decisions), the latest first.
    """
    handles = bool(doc.blocks) and bool(doc.has_permission("submit"))
    return {
        **next_line(doc),
        "promise": _promise(doc),
        "exceptions": [_exception(row, handles=handles) for row in doc.blocks],
        "history": _history(doc.name),
    }


def next_line(doc: Any) -> dict[str, str]:
    """Return the one line about what comes next, the role that is asked, and the colour that fits."""
    found = next_step(_situation(doc), frappe.utils.now_datetime())
    stopped = bool(blocks.blocking([row.code for row in doc.blocks])) and doc.status in machine.LIVE
    colour = "red" if stopped else ("orange" if found.role else "blue")
    return {"next": text_of(found.text), "role": frappe._(found.role) if found.role else "", "colour": colour}


def _promise(doc: Any) -> dict[str, Any] | None:
    found = promises.promise_of(doc, moment_of(frappe.utils.now_datetime()))
    return found and {**found, "urgency": frappe._(found["urgency"])}


def _situation(doc: Any) -> Situation:
    return Situation(
        status=doc.status or machine.DRAFT,
        codes=[row.code for row in doc.blocks],
        hold_until=moment_of(frappe.utils.get_datetime(doc.hold_until)) if doc.hold_until else None,
        stock_state=doc.stock_state or "",
        warehouse=doc.warehouse or "",
        carrier=frappe._(doc.carrier) if doc.carrier else "",
        merged_into=doc.merged_into or "",
    )


def _exception(row: Any, *, handles: bool) -> dict[str, Any]:
    kind = blocks.kind_of(row.code)
    return {
        "reason": row.code,
        "code": frappe._(row.code),
        "blocking": kind.blocking,
        "owner": frappe._(kind.owner),
        "role": kind.owner,
        "mine": blocks.may_clear(row.code, frappe.get_roles(), handles=handles),
        "suggestion": frappe._(kind.suggestion),
        "since": row.since,
        "note": sentences.read_note(row.note, row.get("details")),
    }


def _history(name: str) -> list[dict[str, Any]]:
    return [
        {
            "at": row["moment"],
            "user": row["user"],
            "kind": frappe._(row["kind"]),
            "code": frappe._(row["code"] or ""),
            "path": _path(row["path"] or ""),
            "note": sentences.read_note(row["note"], row["details"] if row["kind"] == "Block" else None),
            "decisions": _told(row["kind"], row["details"]),
            "details": frappe.parse_json(row["details"]) if row["details"] and row["kind"] not in _TOLD else None,
        }
        for row in store.load_log(name)
    ]


def _path(path: str) -> str:
    """Return the statuses that were passed, in the user's language."""
    return " → ".join(frappe._(step.rpartition(" → ")[2]) for step in path.split("; ") if step)


def _told(kind: str, details: Any) -> list[dict[str, Any]]:
    if kind == "Edit" and details:
        return _changes(frappe.parse_json(details))
    return _decisions(details) if kind in ("Transition", "Decision") else []


def _changes(details: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what an edit changed, field by field: of the head, or of one line (``before`` and ``after``)."""
    if set(details) != {"before", "after"}:
        return [_change("Sales Order", name, *pair) for name, pair in details.items()]
    before, after = details["before"] or {}, details["after"] or {}
    named: dict[str, Any] = {"stage": frappe._("SKU"), "what": after.get("sku") or before.get("sku") or "", "why": []}
    if not after:
        return [named, _change("Sales Order Item", "qty", before.get("qty"), 0)]
    pairs = {name: (before.get(name), after.get(name)) for name in _OF_LINES}
    return [named, *(_change("Sales Order Item", name, *pair) for name, pair in pairs.items() if pair[0] != pair[1])]


def _change(doctype: str, fieldname: str, before: Any, after: Any) -> dict[str, Any]:
    return {
        "stage": _label(frappe.get_meta(doctype), fieldname),
        "what": f"{_value(before)} → {_value(after)}",
        "why": [],
    }


def _label(meta: Any, fieldname: str) -> str:
    field = meta.get_field(fieldname)
    return str(frappe._(field.label)) if field and field.label else fieldname


def _value(value: Any) -> str:
    return "–" if value in (None, "") else plain(decimal_of(value)) if isinstance(value, float) else str(value)


def _decisions(details: Any) -> list[dict[str, Any]]:
    kept = frappe.parse_json(details) if details else {}
    return [
        {
            "stage": frappe._(stage, context="Order Rule"),
            "what": sentences.tell(found),
            "why": [sentences.tell(why) for why in found.get("why", [])],
        }
        for stage, found in kept.items()
    ]
