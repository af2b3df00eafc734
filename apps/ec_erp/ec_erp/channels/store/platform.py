"""What channels ask of the database: documents that came in before, buyers, what may come back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import frappe

from ec_erp.channels.rules.pushed import PushedOrder, PushedRefund
from ec_erp.channels.types import RETURN, SALE, OpenDelivery
from ec_erp.documents.store import insert_rows, load_rows, lock_rows, update_rows
from ec_erp.inventory.store import balance_name
from ec_erp.inventory.types import StockKey
from ec_erp.kernel.numbers import decimal_of
from ec_erp.orders.store import platform_key

Row = dict[str, Any]

# Where a document of each kind is found again: DocType, field of its reference, further conditions.
_HOMES: dict[str, tuple[str, str, Row]] = {
    SALE: ("Sales Order", "platform_order_id", {}),
    RETURN: ("Delivery Note", "reference_no", {"is_return": 1}),
    "write-off": ("Stock Entry", "reference_no", {"purpose": "Issue"}),
    "found": ("Stock Entry", "reference_no", {"purpose": "Receipt"}),
}


def load_known_references(shop: str, kind: str, references: Iterable[str]) -> set[str]:
    """Return which of the references the shop has documents for already, cancelled ones included."""
    wanted = sorted(set(references))
    if not wanted:
        return set()
    doctype, field, conditions = _HOMES[kind]
    filters = {"shop": shop, field: ("in", wanted), **conditions}
    return {str(value) for value in frappe.get_all(doctype, filters=filters, pluck=field)}


def load_existing(doctype: str, names: Iterable[str]) -> set[str]:
    """Return which names exist, case-folded."""
    return {str(row["name"]).casefold() for row in load_rows(doctype, names, ["name"])}


def load_available(skus: Iterable[str], warehouse: str) -> dict[str, Any]:
    """Return what is available of SKUs in a warehouse; SKUs without a balance are left out."""
    names = {balance_name(StockKey(sku, warehouse)) for sku in skus}
    return {row["sku"]: decimal_of(row["available"]) for row in load_rows("Stock Balance", names, ["sku", "available"])}


def load_open_deliveries(shop: str, customers: Iterable[str], skus: Iterable[str]) -> dict[str, list[OpenDelivery]]:
    """Return delivered lines that goods may come back for, by customer, latest delivery first."""
    note, item = frappe.qb.DocType("Delivery Note"), frappe.qb.DocType("Delivery Note Item")
    rows = (
        frappe.qb.from_(item)
        .inner_join(note)
        .on(note.name == item.parent)
        .select(note.customer, note.posting_datetime, item.name, item.sku, item.rate, item.qty, item.returned_qty)
        .where(note.shop == shop)
        .where(note.docstatus == 1)
        .where(note.is_return == 0)
        .where(note.customer.isin(sorted(set(customers))))
        .where(item.sku.isin(sorted(set(skus))))
        .run(as_dict=True)
    )
    rows.sort(key=lambda row: (row["posting_datetime"], row["name"]), reverse=True)
    return _by_customer(rows)


def _by_customer(rows: Sequence[Row]) -> dict[str, list[OpenDelivery]]:
    groups: dict[str, list[OpenDelivery]] = {}
    for row in rows:
        left = decimal_of(row["qty"]) - decimal_of(row["returned_qty"])
        if left > 0:
            delivered = OpenDelivery(row["name"], row["sku"], decimal_of(row["rate"]), left)
            groups.setdefault(row["customer"], []).append(delivered)
    return groups


def listing_key(shop: str, item_id: str, sku_id: str) -> str:
    """Return the text that makes a listing unique."""
    return f"{shop}|{item_id}|{sku_id}"[:140]


def load_listings(shop: str, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Any]:
    """Return the listings of a shop by (item, SKU on the platform)."""
    wanted = {listing_key(shop, *key): key for key in keys}
    fields = ("name", "listing_key", "sku", "multiplier", "match_state", "match_mode", "outer_code")
    rows = load_rows("Listing", wanted, fields, key="listing_key")
    return {wanted[row["listing_key"]]: frappe._dict(row, sku=_usable(row)) for row in rows}


def load_listings_of_sku(sku: str) -> list[str]:
    """Return the listings that stand for a SKU."""
    return list(frappe.get_all("Listing", filters={"sku": sku}, pluck="name", limit=0))


def _usable(row: Row) -> str | None:
    return row["sku"] if row["match_state"] == "Matched" else None


def load_orders_waiting_for(shop: str, item_id: str, sku_id: str) -> list[str]:
    """Return orders of a shop with lines of an item that have no SKU yet."""
    order, line = frappe.qb.DocType("Sales Order"), frappe.qb.DocType("Sales Order Item")
    rows = (
        frappe.qb.from_(line)
        .inner_join(order)
        .on(order.name == line.parent)
        .select(order.name, line.platform_sku_id)
        .where(order.docstatus == 1)
        .where(order.shop == shop)
        .where(line.platform_item_id == item_id)
        .where(line.sku.isnull())
        .run(as_dict=True)
    )
    return sorted({row["name"] for row in rows if (row["platform_sku_id"] or "") == sku_id})


def load_buyers(shop: str, buyers: Iterable[str]) -> dict[str, str]:
    """Return the customers of a shop by the platform's id of the buyer."""
    rows = load_rows("Customer", buyers, ["name", "buyer_id", "shop"], key="buyer_id")
    return {row["buyer_id"]: row["name"] for row in rows if row["shop"] == shop}


def load_taken_names(names: Iterable[str]) -> set[str]:
    """Return which of these names customers bear already, in lower case."""
    rows = load_rows("Customer", names, ["customer_name"], key="customer_name")
    return {row["customer_name"].casefold() for row in rows}


_PLATFORM_FIELDS = ("order_key", "platform_order_id", "platform_modified", "platform_status", "process_state", "sales_orders",
                    "payload")  # fmt: skip


def lock_platform_orders(shop: str, order_ids: Iterable[str]) -> dict[str, Any]:
    """Lock what is kept of a shop's orders; return it by the platform's id."""
    keys = [platform_key(shop, order_id) for order_id in order_ids]
    names = [row["name"] for row in load_rows("Platform Order", keys, ["name"], key="order_key")]
    rows = lock_rows("Platform Order", names, _PLATFORM_FIELDS)
    return {row["platform_order_id"]: frappe._dict(row, name=name) for name, row in rows.items()}


def update_platform_order(known: Any, order: PushedOrder, payload: Any, happened: Sequence[str]) -> None:
    """Keep a newer version of an order; the one before stays beside it."""
    version = {
        "name": frappe.generate_hash(length=10),
        "parent": known.name,
        "parenttype": "Platform Order",
        "parentfield": "versions",
        "idx": frappe.db.count("Platform Order Version", {"parent": known.name}) + 1,
        "platform_modified": known.platform_modified,
        "platform_status": known.platform_status,
        "changes": ", ".join(happened),
        "payload": known.payload if isinstance(known.payload, str) else frappe.as_json(known.payload, indent=None),
    }
    insert_rows("Platform Order Version", [version])
    fields = {
        "platform_modified": order.modified,
        "platform_status": order.status,
        "payload": frappe.as_json(payload, indent=None),
    }
    update_rows("Platform Order", {known.name: fields})


def load_live_orders(shop: str, order_id: str) -> dict[str, str]:
    """Return the orders that stand for a platform's order now, with their status: merged and split ones are followed."""
    fields = ["name", "status", "merged_into", "docstatus"]
    found = load_rows("Sales Order", [platform_key(shop, order_id)], fields, key="platform_key")
    live: dict[str, str] = {}
    seen: set[str] = set()
    while found:
        seen |= {row["name"] for row in found}
        live |= {row["name"]: row["status"] for row in found if row["status"] not in ("Merged", "Split", "Cancelled")}
        merged = {row["merged_into"] for row in found if row["status"] == "Merged" and row["merged_into"]} - seen
        split = [row["name"] for row in found if row["status"] == "Split"]
        found = load_rows("Sales Order", merged, fields) + load_rows("Sales Order", split, fields, key="split_from")
        found = [row for row in found if row["docstatus"] == 1 and row["name"] not in seen]
    return live


def load_shared(orders: Iterable[str], order_id: str) -> list[str]:
    """Return which of the orders were merged from several orders of the platform."""
    fields = ("parent", "platform_order_id")
    rows = load_rows("Sales Order Item", orders, fields, key="parent")
    return sorted({row["parent"] for row in rows if row["platform_order_id"] not in (None, "", order_id)})


def load_lines_of(orders: Iterable[str], order_id: str) -> list[Any]:
    """Return the lines of orders that came from a platform's order, gifts last."""
    fields = (
        "name", "parent", "idx", "sku", "combo_sku", "platform_line_id", "platform_order_id", "platform_item_id",
        "platform_sku_id", "qty", "delivered_qty", "refunded_qty", "is_gift", "gift_rule",
    )  # fmt: skip
    rows = [frappe._dict(row) for row in load_rows("Sales Order Item", orders, fields, key="parent")]
    own = [row for row in rows if not row.gift_rule and row.platform_order_id in (None, "", order_id)]
    return sorted(own, key=lambda row: (row.is_gift, row.parent, row.idx))


def load_refund(shop: str, refund_id: str) -> Any:
    """Return what is kept of a refund, locked; None where it is new."""
    names = [
        row["name"] for row in load_rows("Platform Refund", [platform_key(shop, refund_id)], ["name"], key="refund_key")
    ]
    rows = lock_rows("Platform Refund", names, ["platform_modified", "platform_status", "process_state"])
    return next((frappe._dict(row, name=name) for name, row in rows.items()), None)


def refund_values(shop: str, refund: PushedRefund, payload: Any, effect: str, *, failed: bool) -> Row:
    """Return the fields of a kept refund."""
    return {
        "shop": shop,
        "platform_refund_id": refund.refund_id,
        "platform_order_id": refund.order_id,
        "refund_key": platform_key(shop, refund.refund_id),
        "platform_status": refund.status,
        "platform_modified": refund.modified,
        "amount": float(refund.amount),
        "goods_back": int(refund.goods_back),
        "process_state": "Failed" if failed else "Done",
        "effect": effect,
        "payload": frappe.as_json(payload, indent=None),
    }


def update_refund(name: str, values: Mapping[str, Any]) -> None:
    """Keep a newer version of a refund."""
    update_rows("Platform Refund", {name: dict(values)})


def delete_platform_order(name: str) -> None:
    """Take what is kept of an order away, because it is tried again from the beginning."""
    frappe.db.delete("Platform Order", {"name": name})


def load_ciphertext(order: str) -> str | None:
    """Return the encrypted receiver of a sales order, None where there is none."""
    found = frappe.db.get_value("Sales Order", order, "receiver_ciphertext")
    return str(found) if found else None


def load_failed_orders(limit: int = 500) -> list[Any]:
    """Return platform orders that could not be taken over, the oldest first."""
    fields = ["name", "shop", "platform_order_id", "error", "modified"]
    filters = {"process_state": "Failed"}
    return list(frappe.get_all("Platform Order", filters, fields, order_by="modified asc", limit=limit))
