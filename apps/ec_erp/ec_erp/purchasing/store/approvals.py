"""Approval rules, and the approvals that purchase orders need and have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import frappe

from ec_erp.documents.memo import read_through
from ec_erp.documents.store import load_rows, update_rows
from ec_erp.kernel.numbers import decimal_of
from ec_erp.purchasing.types import Approval, ApprovalRule

_KIND = "Purchase Approval Rule"
_RULE_FIELDS = ["name", "step", "role", "company", "supplier", "min_amount", "price_deviation_percent", "allow_own"]
_FIELDS = ("name", "parent", "idx", "step", "role", "rule", "reason", "approved_by", "approved_at")


def load_approval_rules() -> list[ApprovalRule]:
    """Return the rules that are in force."""
    return read_through(_KIND, ["*"], _load_rules)["*"]


def _load_rules(keys: list[str]) -> dict[str, list[ApprovalRule]]:
    rows = frappe.get_all(_KIND, filters={"disabled": 0}, fields=_RULE_FIELDS, order_by="name asc")
    return {keys[0]: [_rule(row) for row in rows]}


def _rule(row: Any) -> ApprovalRule:
    return ApprovalRule(
        name=row.name,
        step=row.step,
        role=row.role,
        company=row.company or None,
        supplier=row.supplier or None,
        min_amount=decimal_of(row.min_amount),
        deviation_percent=decimal_of(row.price_deviation_percent),
        allow_own=bool(row.allow_own),
    )


def load_approvals(orders: Iterable[str]) -> dict[str, list[Approval]]:
    """Return the approvals of orders, in their order; callers hold the orders' locks."""
    groups: dict[str, list[Approval]] = {}
    for row in sorted(load_rows("Purchase Approval", orders, _FIELDS, key="parent"), key=lambda row: row["idx"]):
        groups.setdefault(row["parent"], []).append(
            Approval(
                step=row["step"],
                role=row["role"],
                rule=row["rule"] or "",
                reason=row["reason"] or "",
                approved_by=row["approved_by"] or None,
                approved_at=row["approved_at"] or None,
                row=row["name"],
            )
        )
    return groups


def write_approvals(approvals: Mapping[str, Sequence[Approval]]) -> None:
    """Write who approved orders."""
    update_rows(
        "Purchase Approval",
        {
            approval.row: {
                "approved": 1,
                "approved_by": approval.approved_by,
                "approved_at": approval.approved_at,
            }
            for group in approvals.values()
            for approval in group
            if approval.approved_by
        },
    )
