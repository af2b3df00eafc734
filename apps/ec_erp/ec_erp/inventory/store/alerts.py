"""Open stock alerts, and whom rules tell of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import frappe

from ec_erp.documents.store import load_rows, update_rows
from ec_erp.inventory.rules.alerting import OpenAlert, told
from ec_erp.inventory.types import StockKey

Row = dict[str, Any]


def lock_open_alerts() -> list[OpenAlert]:
    """Lock and return the alerts that are open, so that two who look at once do not tell the same crossing twice."""
    rows = frappe.db.sql(
        "SELECT `name`, `sku`, `warehouse`, `state` FROM `tabStock Alert` WHERE `status` = 'Open' ORDER BY `name` FOR UPDATE",
        as_dict=True,
    )
    return [OpenAlert(row["name"], StockKey(row["sku"], row["warehouse"]), row["state"]) for row in rows]


def lock_rules() -> None:
    """Lock the rules in force: where nothing is open yet, there is nothing else that two who look at once could wait for."""
    frappe.db.sql("SELECT `name` FROM `tabStock Alert Rule` WHERE `disabled` = 0 ORDER BY `name` FOR UPDATE")


def write_alerts(changes: Mapping[str, Row]) -> None:
    """Write fields of alerts."""
    update_rows("Stock Alert", changes, touch=False)


def forget_rule(rule: str) -> None:
    """Take a rule that is deleted off the alerts that name it."""
    names = frappe.get_all("Stock Alert", filters={"rule": rule}, pluck="name")
    update_rows("Stock Alert", {name: {"rule": None} for name in names}, touch=False)


def load_told(rules: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the enabled users whom each rule tells."""
    wanted = sorted(set(rules))
    rows = load_rows("Stock Alert Recipient", wanted, ["parent", "role", "user"], key="parent")
    roles: dict[str, list[str]] = {}
    users: dict[str, list[str]] = {}
    for row in rows:
        for field, groups in (("role", roles), ("user", users)):
            if row[field]:
                groups.setdefault(row["parent"], []).append(row[field])
    members = _load_members({role for named in roles.values() for role in named})
    everybody = {
        *(user for named in users.values() for user in named),
        *(u for named in members.values() for u in named),
    }
    enabled = [row["name"] for row in load_rows("User", everybody, ["name", "enabled"]) if row["enabled"]]
    return told(wanted, roles, users, members, enabled)


def _load_members(roles: Iterable[str]) -> dict[str, list[str]]:
    members: dict[str, list[str]] = {}
    for row in load_rows("Has Role", roles, ["parent", "parenttype", "role"], key="role"):
        if row["parenttype"] == "User":
            members.setdefault(row["role"], []).append(row["parent"])
    return members


def load_people(users: Iterable[str]) -> dict[str, Row]:
    """Return mail address and language of users."""
    return {row["name"]: row for row in load_rows("User", users, ["name", "email", "language"])}


def load_mailing(rules: Iterable[str]) -> set[str]:
    """Return the rules that also write mail."""
    return {row["name"] for row in load_rows("Stock Alert Rule", rules, ["name", "by_mail"]) if row["by_mail"]}
