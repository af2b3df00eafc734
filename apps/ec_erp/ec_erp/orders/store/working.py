"""What flows read, change and write of orders at work: heads, lines, blocks and charges as rows.

Invariant: the rows changed together get the same columns, so that one statement writes them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import frappe

from ec_erp.documents.checks import NUMBER_FIELDS
from ec_erp.documents.store import insert_rows, load_rows, lock_rows, update_rows

Row = dict[str, Any]

# What flows read of the head, lines and blocks of an order they change; conditions of rules may ask for more.
WORKING_HEAD = (
    "docstatus",
    "status",
    "order_type",
    "origin",
    "company",
    "currency",
    "shop",
    "customer",
    "price_list",
    "platform_order_id",
    "platform_key",
    "order_datetime",
    "paid_datetime",
    "ship_by",
    "payment_type",
    "payment_state",
    "deposit_amount",
    "deposit_datetime",
    "presale_release",
    "presale_date",
    "presale_released",
    "cycle_times",
    "instalment_state",
    "warehouse",
    "warehouse_by_hand",
    "weight_g",
    "estimated_freight",
    "cleared_reasons",
    "carrier",
    "goods_total",
    "discount_amount",
    "shipping_fee",
    "charges_total",
    "total_qty",
    "total_tax",
    "grand_total",
    "prices_include_tax",
    "estimated_profit",
    "profit_terms",
    "charges_delivered",
    "delivered_percent",
    "stock_state",
    "books_state",
    "sync_state",
    "receiver_name",
    "receiver_phone",
    "receiver_country",
    "receiver_province",
    "receiver_city",
    "receiver_district",
    "receiver_address",
    "receiver_postcode",
    "address_state",
    "region_code",
    "buyer_message",
    "seller_remark",
    "buyer_key",
    "merge_key",
    "tags",
    "priority",
    "sealed",
    "is_brush",
    "gifts_by_hand",
    "hold_until",
    "reserved_until",
    "hold_expired",
    "needs_finance_audit",
    "has_open_case",
    "merged_into",
    "split_from",
    "resend_of",
    "resend_reason",
    "exceptions",
    "is_blocked",
)
WORKING_LINE = (
    "sku",
    "sku_name",
    "stock_uom",
    "warehouse",
    "qty",
    "rate",
    "price_origin",
    "price_terms",
    "discount_amount",
    "tax_rate",
    "amount",
    "discount_share",
    "paid_amount",
    "net_amount",
    "tax_amount",
    "is_gift",
    "gift_rule",
    "is_presale",
    "combo_sku",
    "combo_qty",
    "platform_line_id",
    "platform_order_id",
    "platform_item_id",
    "platform_sku_id",
    "root_order",
    "root_line",
    "stock_state",
    "reserved_qty",
    "delivered_qty",
    "delivered_amount",
    "returned_qty",
    "refunded_qty",
)
BLOCK_FIELDS = ("code", "blocking", "source", "since", "set_by", "note", "details")
_STAMPED = ("creation", "modified", "owner", "modified_by", "docstatus", "parent", "parenttype", "parentfield")


def custom_columns(doctype: str) -> list[str]:
    """Return the columns that an administrator has added to a DocType: rules may look at them."""
    columns = set(frappe.get_meta(doctype).get_valid_columns())
    return [row.fieldname for row in frappe.get_meta(doctype).get_custom_fields() if row.fieldname in columns]


def line_columns() -> list[str]:
    """Return what flows read and copy of a line, custom fields included."""
    return [*WORKING_LINE, *custom_columns("Sales Order Item")]


def lock_heads(names: Iterable[str], extra: Iterable[str] = ()) -> dict[str, Any]:
    """Lock orders, whatever their state, and return their heads as rows by name."""
    fields = dict.fromkeys((*WORKING_HEAD, *custom_columns("Sales Order"), *extra))
    return {name: frappe._dict(row) for name, row in lock_rows("Sales Order", names, list(fields)).items()}


def load_heads(names: Iterable[str], extra: Iterable[str] = ()) -> dict[str, Any]:
    """Return heads of orders as rows by name, without locking them."""
    fields = list(dict.fromkeys(("name", *WORKING_HEAD, *custom_columns("Sales Order"), *extra)))
    return {row["name"]: frappe._dict(row) for row in load_rows("Sales Order", names, fields)}


def load_line_rows(orders: Iterable[str], extra: Iterable[str] = ()) -> dict[str, list[Any]]:
    """Return the lines of orders as rows by order, in their order."""
    fields = list(dict.fromkeys(("name", "parent", "idx", *line_columns(), *extra)))
    return rows_by_parent(load_rows("Sales Order Item", orders, fields, key="parent"))


def load_block_rows(orders: Iterable[str]) -> dict[str, list[Any]]:
    """Return the blocks of orders as rows by order, in their order."""
    return rows_by_parent(load_rows("Order Block", orders, ("name", "parent", "idx", *BLOCK_FIELDS), key="parent"))


def rows_by_parent(rows: Iterable[Row]) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = {}
    for row in sorted(rows, key=lambda row: (row["parent"], row["idx"])):
        groups.setdefault(row["parent"], []).append(frappe._dict(row))
    return groups


def empty_value(field: str, doctype: str = "Sales Order") -> Any:
    """Return what stands in a column of orders or their lines where nothing was entered: 0 in numbers, None elsewhere."""
    known = frappe.get_meta(doctype).get_field(field)
    return 0 if known and known.fieldtype in (*NUMBER_FIELDS, "Check") else None


def filled(value: Any, empty: Any) -> Any:
    """Return a value as its column takes it: upstream leaves numbers of a new document None, the column does not."""
    return empty if value is None else value


def write_heads(rows: Mapping[str, Row], *, touch: bool) -> None:
    """Write changed fields of orders; every row has the same ones."""
    update_rows("Sales Order", rows, touch=touch)


def write_lines(changes: Mapping[str, Row], rows: Mapping[str, Any]) -> None:
    """Write changed fields of lines; all get the same columns (from ``rows``), so that one statement does it."""
    fields = sorted({field for change in changes.values() for field in change})
    empty = {field: empty_value(field, "Sales Order Item") for field in fields}
    kept = {
        name: {field: filled(rows[name].get(field), empty[field]) for field in fields}
        for name in changes
        if name in rows
    }
    update_rows("Sales Order Item", kept, touch=False)


def insert_lines(rows: Sequence[tuple[str, Any]]) -> None:
    """Add lines to submitted orders."""
    blank = _blank("Sales Order Item") if rows else {}
    insert_rows("Sales Order Item", [{**blank, **_child(blank, order, "items", row)} for order, row in rows])


def _blank(doctype: str) -> Row:
    """Return the columns of a DocType with what an empty row holds."""
    meta = frappe.get_meta(doctype)
    numbers = {row.fieldname for row in meta.fields if row.fieldtype in (*NUMBER_FIELDS, "Check")}
    columns = [column for column in meta.get_valid_columns() if column not in _STAMPED]
    return {column: 0 if column in numbers else None for column in columns}


def delete_lines(names: Sequence[str]) -> None:
    """Take lines out of submitted orders."""
    if names:
        frappe.db.delete("Sales Order Item", {"name": ("in", sorted(names))})


def insert_block_rows(rows: Sequence[tuple[str, Any]]) -> None:
    """Add blocks to orders."""
    blank = dict.fromkeys(("name", "idx", *BLOCK_FIELDS))
    insert_rows("Order Block", [{**blank, **_child(blank, order, "blocks", row)} for order, row in rows])


def write_blocks(changes: Mapping[str, Row]) -> None:
    """Write changed fields of blocks; all have the same ones."""
    update_rows("Order Block", changes, touch=False)


def delete_block_rows(names: Sequence[str]) -> None:
    """Take blocks off orders."""
    if names:
        frappe.db.delete("Order Block", {"name": ("in", sorted(names))})


def _child(columns: Iterable[str], order: str, table: str, row: Any) -> Row:
    kept = {column: row.get(column) for column in columns if row.get(column) is not None}
    return {**kept, "parent": order, "parenttype": "Sales Order", "parentfield": table, "docstatus": 1}


def load_fields(doctype: str, names: Iterable[str], fields: Iterable[str]) -> dict[str, Row]:
    """Return the given fields of documents by case-folded name; nothing is asked where no field is wanted."""
    wanted = sorted(set(fields) - {"name"})
    rows = load_rows(doctype, names, ["name", *wanted]) if wanted else []
    return {str(row["name"]).casefold(): row for row in rows}


def load_tree(doctype: str) -> dict[str, list[str]]:
    """Return every node of a tree with itself and all above it."""
    nodes = frappe.get_all(doctype, fields=["name", "lft", "rgt"], order_by="lft asc", limit=0)
    open_nodes: list[Row] = []
    found = {}
    for node in nodes:
        open_nodes = [above for above in open_nodes if above["rgt"] > node["lft"]] + [node]
        found[node["name"]] = [above["name"] for above in open_nodes]
    return found


def load_charge_rows(orders: Iterable[str]) -> list[Row]:
    """Return the charges of orders."""
    fields = ("parent", "idx", "charge_type", "description", "amount", "tax_rate")
    return sorted(load_rows("Order Charge", orders, fields, key="parent"), key=lambda row: (row["parent"], row["idx"]))
