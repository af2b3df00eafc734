"""Rules of orders and gifts, what of them is published, and what gifts were given.

Invariant: a budget is read and written only while its rule is locked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import frappe

from ec_erp.documents.store import lock_rows, update_rows
from ec_erp.kernel.numbers import decimal_of
from ec_erp.orders.store.working import rows_by_parent


def load_rule_documents(doctype: str) -> list[Any]:
    """Return the enabled rules of a kind."""
    heads = frappe.get_all(doctype, {"enabled": 1}, ["*"], order_by="name asc")
    names = [row.name for row in heads]
    tables = {
        field.fieldname: rows_by_parent(frappe.get_all(field.options, {"parent": ("in", names)}, ["*"]))
        for field in frappe.get_meta(doctype).get_table_fields()
    }
    return [
        frappe.get_doc({"doctype": doctype, **row, **{name: rows.get(row.name, []) for name, rows in tables.items()}})
        for row in heads
    ]


def load_rule_names(doctype: str) -> dict[str, bool]:
    """Return all rules of a kind with whether they are enabled."""
    return {row.name: bool(row.enabled) for row in _switches(doctype)}


def _switches(doctype: str) -> list[Any]:
    return list(frappe.get_all(doctype, fields=["name", "enabled"]))


def write_published(doctype: str) -> None:
    """Say on the enabled rules of a kind that what they say is published, and on all others that they are not."""
    states = {row.name: "Published" if row.enabled else "Not Published" for row in _switches(doctype)}
    update_rows(doctype, {name: {"publish_state": state} for name, state in states.items()}, touch=False)
    for name in states:
        frappe.clear_document_cache(doctype, name)


def lock_gift_budgets(rules: Iterable[str]) -> dict[str, tuple[Any, Any]]:
    """Lock gift rules; return budget and what has been given of each."""
    rows = lock_rows("Gift Rule", rules, ["budget_qty", "given_qty"])
    return {name: (decimal_of(row["budget_qty"]), decimal_of(row["given_qty"])) for name, row in rows.items()}


def write_given(given: Mapping[str, Any]) -> None:
    """Write what gift rules have given."""
    update_rows("Gift Rule", {rule: {"given_qty": float(qty)} for rule, qty in given.items()}, touch=False)
