"""Reading, locking and writing of providers, their tasks, messages and snapshots.

Invariant: a provider's secret is read for one call and kept nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import frappe
from frappe.utils.password import decrypt

from ec_erp.documents.kept import keep
from ec_erp.documents.store import load_rows, lock_rows, update_rows
from ec_erp.kernel.numbers import decimal_of
from ec_erp.outer_warehouse.rules import tasks as rules
from ec_erp.outer_warehouse.rules.tasks import Due, TaskLine
from ec_erp.outer_warehouse.types import Provider

Row = dict[str, Any]
PROVIDER, TASK, MESSAGE, SNAPSHOT = "Warehouse Provider", "Provider Task", "Provider Message", "Provider Snapshot"
_TASK_FIELDS = (
    *("provider", "kind", "status", "reference_doctype", "reference_name", "cancels", "order_no", "outer_no"),
    *("attempts", "sent_at", "warehouse"),
)


def load_provider_of_warehouses() -> dict[str, str]:
    """Return the provider of each warehouse that an outside provider runs."""
    return keep(PROVIDER, _load_provider_of_warehouses)


def _load_provider_of_warehouses() -> dict[str, str]:
    rows = frappe.get_all(PROVIDER, filters={"disabled": 0}, fields=["name", "warehouse"])
    return {row.warehouse: row.name for row in rows}


def load_providers_to_tell() -> list[str]:
    """Return the providers that may be told something now."""
    return list(frappe.get_all(PROVIDER, filters={"disabled": 0, "paused": 0}, pluck="name", order_by="name asc"))


def load_provider(name: str) -> Provider:
    """Return how to speak to a provider."""
    doc = frappe.get_doc(PROVIDER, name)
    return Provider(
        name=doc.name,
        warehouse=doc.warehouse,
        adapter=doc.adapter,
        base_url=(doc.base_url or "").rstrip("/"),
        owner_code=doc.owner_code or doc.name,
        timeout_s=int(doc.timeout_s or 15),
        secret=doc.get_password("secret", raise_exception=False) or "",
    )


def lock_provider(name: str) -> Row | None:
    """Lock a provider, so that its messages are taken one after the other; None where there is none in force."""
    row = lock_rows(PROVIDER, [name], ("warehouse", "disabled", "acts_as")).get(name)
    return None if row is None or row["disabled"] else row


def write_heard(name: str, moment: datetime) -> None:
    """Write when a provider was heard of last."""
    update_rows(PROVIDER, {name: {"last_heard": moment}}, touch=False)


def has_wave_rules(warehouse: str) -> bool:
    """Tell whether own people work in waves in a warehouse."""
    return bool(frappe.db.exists("Wave Rule", {"warehouse": warehouse, "disabled": 0}))


def has_live_tasks(provider: str) -> bool:
    """Tell whether a provider has orders that are not settled."""
    return bool(frappe.db.exists(TASK, {"provider": provider, "status": ("in", rules.LIVE)}))


def load_tasks_of(documents: Iterable[str], kind: str) -> list[Row]:
    """Return the tasks of a kind about documents, the oldest first."""
    rows = load_rows(TASK, documents, ["name", "creation", *_TASK_FIELDS], key="reference_name")
    return sorted((row for row in rows if row["kind"] == kind), key=lambda row: (row["creation"], row["order_no"]))


def load_tasks(names: Iterable[str]) -> dict[str, Row]:
    """Return tasks, unlocked, to know whose orders to lock first."""
    return {row["name"]: row for row in load_rows(TASK, names, ["name", *_TASK_FIELDS])}


def lock_tasks(names: Iterable[str]) -> dict[str, Row]:
    """Lock tasks and return them."""
    return {name: {"name": name, **row} for name, row in lock_rows(TASK, names, _TASK_FIELDS).items()}


def find_outbound(provider: str, order_no: str) -> str | None:
    """Return the task under whose number a provider knows an order."""
    filters = {"provider": provider, "order_no": order_no, "kind": rules.OUTBOUND}
    return frappe.db.get_value(TASK, filters)  # type: ignore[no-any-return]


def find_inbound(document: str) -> str | None:
    """Return the open notice about goods that will come."""
    filters = {"reference_name": document, "kind": rules.INBOUND, "status": ("in", rules.LIVE)}
    return frappe.db.get_value(TASK, filters)  # type: ignore[no-any-return]


def load_due(provider: str, now: datetime, leased: datetime, limit: int) -> list[Due]:
    """Return tasks that are due, cancellations first, the oldest first."""
    fields = ["name", "kind", "reference_name", "cancels"]
    waiting = frappe.get_all(
        TASK,
        filters={"provider": provider, "status": rules.QUEUED},
        or_filters=[["next_try", "is", "not set"], ["next_try", "<=", now]],
        fields=fields,
        order_by="creation asc, name asc",
        limit=limit,
    )
    lost = frappe.get_all(
        TASK,
        filters={"provider": provider, "status": rules.SENT, "sent_at": ("<", leased)},
        fields=fields,
        order_by="creation asc, name asc",
        limit=limit,
    )
    rows = [Due(row.name, row.kind, row.reference_name, row.cancels or "") for row in [*lost, *waiting]]
    return sorted(rows, key=lambda row: row.kind != rules.CANCEL)


def load_under_way(provider: str, leased: datetime) -> set[str]:
    """Return the orders' tasks whose message is on its way, and whose sender may still be alive."""
    filters = {
        "provider": provider,
        "kind": rules.OUTBOUND,
        "status": ("in", (rules.SENT, rules.CANCELLING)),
        "under_way": 1,
        "sent_at": (">=", leased),
    }
    return set(frappe.get_all(TASK, filters=filters, pluck="name"))


def load_orders_being_cancelled(provider: str) -> list[str]:
    """Return the orders whose cancellation a provider has not answered in the end."""
    filters = {"provider": provider, "kind": rules.CANCEL, "status": ("in", rules.OPEN)}
    return list(frappe.get_all(TASK, filters=filters, pluck="reference_name"))


def load_lines(tasks: Iterable[str]) -> dict[str, list[TaskLine]]:
    """Return the rows of tasks."""
    fields = ["name", "parent", "idx", "sku", "qty", "confirmed_qty"]
    groups: dict[str, list[TaskLine]] = {}
    for row in sorted(load_rows("Provider Task Line", tasks, fields, key="parent"), key=lambda row: row["idx"]):
        line = TaskLine(row["name"], row["sku"], decimal_of(row["qty"]), decimal_of(row["confirmed_qty"]))
        groups.setdefault(row["parent"], []).append(line)
    return groups


def load_lines_in_flight(warehouse: str, until: datetime) -> list[TaskLine]:
    """Return the rows of orders that a provider of a warehouse had been sent by a moment and has not settled."""
    filters = {
        "warehouse": warehouse,
        "kind": rules.OUTBOUND,
        "status": ("in", (rules.SENT, rules.ACCEPTED, rules.PART, rules.CANCELLING)),
        "sent_at": ("<=", until),
    }
    names = frappe.get_all(TASK, filters=filters, pluck="name")
    return [line for group in load_lines(names).values() for line in group]


def write_tasks(changes: Mapping[str, Row]) -> None:
    """Write fields of tasks."""
    update_rows(TASK, changes)


def write_confirmed(lines: Iterable[TaskLine]) -> None:
    """Write what was confirmed of rows of tasks."""
    update_rows("Provider Task Line", {line.line: {"confirmed_qty": float(line.confirmed)} for line in lines})


def load_message(key: str) -> Row | None:
    """Return a message by provider and its id, also where another request has just written it."""
    table = frappe.qb.DocType(MESSAGE)
    fields = (table.name, table.status, table.problem, table.kind, table.reference_doctype, table.reference_name)
    rows = frappe.qb.from_(table).select(*fields).where(table.message_key == key).for_update().run(as_dict=True)
    return dict(rows[0]) if rows else None


def lock_message(name: str) -> Row | None:
    """Lock a message and return it."""
    return lock_rows(MESSAGE, [name], ("provider", "kind", "status", "body")).get(name)


def write_message(name: str, values: Row) -> None:
    """Write what became of a message."""
    update_rows(MESSAGE, {name: values})


def load_receivers(orders: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the receivers of orders in plain text, as a provider prints them."""
    parts = ("name", "phone", "country", "province", "city", "district", "address", "postcode")
    fields = ["name", "receiver_ciphertext", "buyer_message", "seller_remark", *(f"receiver_{part}" for part in parts)]
    found = {}
    for row in load_rows("Sales Order", orders, fields):
        receiver = {part: row[f"receiver_{part}"] or "" for part in parts}
        if row["receiver_ciphertext"]:
            receiver |= frappe.parse_json(decrypt(row["receiver_ciphertext"]))
        found[row["name"]] = {**receiver, "remark": row["seller_remark"] or "", "message": row["buyer_message"] or ""}
    return found


def find_carriers(codes: Iterable[str]) -> dict[str, str]:
    """Return the carrier that each name or code stands for."""
    wanted = [code for code in codes if code]
    by_code = {
        row["carrier_code"]: row["name"]
        for row in load_rows("Carrier", wanted, ["name", "carrier_code"], key="carrier_code")
    }
    return by_code | {row["name"]: row["name"] for row in load_rows("Carrier", wanted, ["name"])}


def load_deliveries_of(order: str) -> list[str]:
    """Return the posted deliveries of an order, the oldest first."""
    filters = {"sales_order": order, "docstatus": 1, "is_return": 0}
    return list(
        frappe.get_all("Delivery Note", filters=filters, pluck="name", order_by="posting_datetime asc, name asc")
    )


def find_inbound_document(number: str) -> tuple[str, str] | None:
    """Return what goods that come in belong to: a submitted purchase order or transfer with a name."""
    for doctype in ("Purchase Order", "Stock Transfer"):
        if frappe.db.exists(doctype, {"name": number, "docstatus": 1}):
            return doctype, number
    return None


def load_inbound(doctype: str, name: str) -> tuple[str, list[tuple[str, Decimal]], Any]:
    """Return warehouse, goods and expected time of a purchase order or transfer that goes to one warehouse."""
    doc = frappe.get_doc(doctype, name)
    if doctype == "Stock Transfer":
        return doc.to_warehouse, [(row.sku, decimal_of(row.qty)) for row in doc.items], doc.get("expected_at")
    houses = {row.warehouse for row in doc.items}
    goods = [(row.sku, decimal_of(row.qty) - decimal_of(row.received_qty)) for row in doc.items]
    return (houses.pop() if len(houses) == 1 else ""), goods, doc.get("expected_at") or doc.get("expected_date")


def load_latest_snapshots(provider: str = "") -> list[Row]:
    """Return the newest snapshot of each provider (or of one)."""
    filters = {"provider": provider} if provider else {}
    fields = ["name", "provider", "warehouse", "taken_at", "is_whole", "stock_count", "unknown_codes"]
    rows = frappe.get_all(SNAPSHOT, filters=filters, fields=fields, order_by="taken_at asc, name asc")
    return list({row.provider: dict(row) for row in rows}.values())


def load_snapshot_items(name: str) -> dict[tuple[str, str], Decimal]:
    """Return quantities of a snapshot by SKU and grade."""
    rows = load_rows("Provider Snapshot Item", [name], ["sku", "grade", "qty"], key="parent")
    totals: dict[tuple[str, str], Decimal] = {}
    for row in rows:
        key = (row["sku"], row["grade"])
        totals[key] = totals.get(key, Decimal(0)) + decimal_of(row["qty"])
    return totals


def write_snapshot(name: str, values: Row) -> None:
    """Write fields of a snapshot."""
    update_rows(SNAPSHOT, {name: values})


def is_count_open(name: str) -> bool:
    """Tell whether a count is there and was not cancelled."""
    return bool(frappe.db.exists("Stock Count", {"name": name, "docstatus": ("<", 2)}))


def load_counted(count: str | None) -> dict[tuple[str, str], Decimal]:
    """Return what a posted count has booked by SKU and grade; nothing of drafts and cancelled ones."""
    if not count or not frappe.db.exists("Stock Count", {"name": count, "docstatus": 1}):
        return {}
    totals: dict[tuple[str, str], Decimal] = {}
    for row in load_rows("Stock Count Item", [count], ["sku", "grade", "variance"], key="parent"):
        key = (row["sku"], row["grade"])
        totals[key] = totals.get(key, Decimal(0)) + decimal_of(row["variance"])
    return totals


def load_sku_names(skus: Iterable[str]) -> dict[str, str]:
    """Return the names of SKUs."""
    return {row["name"]: row["sku_name"] or row["name"] for row in load_rows("SKU", skus, ["name", "sku_name"])}


def load_stuck_tasks(limit: int = 500) -> list[Any]:
    """Return tasks that wait for a person, the oldest first."""
    fields = ["name", "order_no", "kind", "status", "message", "modified", "provider"]
    filters = {"status": ("in", (rules.FAILED, rules.SHORT))}
    return list(frappe.get_all(TASK, filters=filters, fields=fields, order_by="modified asc", limit=limit))


def load_kept_messages(limit: int = 500) -> list[Any]:
    """Return messages that could not be applied, the oldest first."""
    fields = ["name", "order_no", "kind", "problem", "modified", "provider"]
    return list(
        frappe.get_all(MESSAGE, filters={"status": "Kept"}, fields=fields, order_by="modified asc", limit=limit)
    )
