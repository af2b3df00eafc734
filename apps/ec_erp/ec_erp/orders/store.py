"""Reading, locking and writing orders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import frappe
from frappe.query_builder.functions import Count

from ec_erp.documents.checks import NUMBER_FIELDS
from ec_erp.documents.memo import LOCKED, read_through
from ec_erp.documents.store import insert_rows, load_masters, load_rows, lock_rows, update_rows
from ec_erp.kernel.ids import row_ids
from ec_erp.kernel.numbers import decimal_of
from ec_erp.kernel.tax import TaxSplit
from ec_erp.orders.rules.blocks import blocking
from ec_erp.orders.types import OrderHead, OrderLine, OrderProgress, ShopTerms
from ec_erp.parties.rules.addresses import Restriction

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
_LOG_FIELDS = ("sales_order", "kind", "code", "moment", "from_status", "to_status", "path", "note")
_STAMPED = ("creation", "modified", "owner", "modified_by", "docstatus", "parent", "parenttype", "parentfield")
_SHOP_FIELDS = (
    "name",
    "company",
    "currency",
    "platform",
    "default_warehouse",
    "default_customer",
    "reserve_on",
    "allow_partial_reservation",
    "enabled",
    "merge_group",
    "auto_merge",
    "split_by_stock",
    "choose_warehouse",
    "delay_minutes",
    "unpaid_minutes",
    "ship_within_hours",
    "commission_percent",
    "payment_fee_percent",
    "price_list",
)
_HEAD_FIELDS = (
    "company",
    "status",
    "docstatus",
    "customer",
    "shop",
    "warehouse",
    "carrier",
    "charges_delivered",
    "shipping_fee",
    "charges_total",
    "is_blocked",
    "origin",
    "payment_type",
    "payment_state",
    "order_type",
)
_LINE_FIELDS = (
    "name",
    "parent",
    "idx",
    "sku",
    "warehouse",
    "qty",
    "rate",
    "tax_rate",
    "paid_amount",
    "net_amount",
    "tax_amount",
    "delivered_qty",
    "delivered_amount",
    "returned_qty",
    "refunded_qty",
)


def load_shops(names: Iterable[str]) -> dict[str, ShopTerms]:
    """Return shops by case-folded name."""
    return read_through("Shop", names, _load_shops)


def _load_shops(names: list[str]) -> dict[str, ShopTerms]:
    return {
        row["name"]: ShopTerms(
            name=row["name"],
            company=row["company"],
            currency=row["currency"],
            platform=row["platform"] or "",
            default_warehouse=row["default_warehouse"] or None,
            default_customer=row["default_customer"] or None,
            reserve_on=row["reserve_on"] or "Order",
            allow_partial=bool(row["allow_partial_reservation"]),
            enabled=bool(row["enabled"]),
            merge_group=row["merge_group"] or "",
            auto_merge=bool(row["auto_merge"]),
            split_by_stock=bool(row["split_by_stock"]),
            choose_warehouse=bool(row["choose_warehouse"]),
            delay_minutes=int(row["delay_minutes"] or 0),
            unpaid_minutes=int(row["unpaid_minutes"] or 0),
            ship_within_hours=int(row["ship_within_hours"] or 0),
            commission_percent=decimal_of(row["commission_percent"]),
            payment_fee_percent=decimal_of(row["payment_fee_percent"]),
            price_list=row["price_list"] or None,
        )
        for row in load_masters("Shop", names, _SHOP_FIELDS)
    }


def load_buyer_lists(customers: Iterable[str]) -> dict[str, tuple[str | None, str | None]]:
    """Return the price lists of customers and of their levels, by the customer's case-folded name."""
    return read_through("Customer", customers, _load_buyer_lists)


def _load_buyer_lists(names: list[str]) -> dict[str, tuple[str | None, str | None]]:
    rows = load_rows("Customer", names, ["name", "price_list", "customer_level"])
    levels = load_rows("Customer Level", {row["customer_level"] for row in rows}, ["name", "price_list"])
    of_level = {row["name"].casefold(): row["price_list"] or None for row in levels}
    return {
        row["name"]: (row["price_list"] or None, of_level.get((row["customer_level"] or "").casefold())) for row in rows
    }


def platform_key(shop: str, platform_order_id: str) -> str:
    """Return the text that makes a shop's order id unique while the order lives."""
    return f"{shop}|{platform_order_id}"


def load_orders_by_platform_key(keys: Iterable[str]) -> dict[str, str]:
    """Return which order has each platform key, by case-folded key; asked once for the keys of a batch."""
    return read_through("Platform Key", keys, _load_by_platform_key)


def _load_by_platform_key(keys: list[str]) -> dict[str, str]:
    rows = load_rows("Sales Order", keys, ["name", "platform_key"], key="platform_key")
    return {row["platform_key"]: row["name"] for row in rows}


def lock_orders(names: Iterable[str]) -> dict[str, OrderHead]:
    """Lock submitted orders and return them with their lines; drafts and cancelled ones are left out.

    Within one save an order that is locked already is not read again, unless a flow has changed it.
    """
    return {order.name: order for order in read_through("Sales Order" + LOCKED, names, _lock_orders).values()}


def _lock_orders(names: list[str]) -> dict[str, OrderHead]:
    rows = lock_rows("Sales Order", names, _HEAD_FIELDS)
    return _with_lines({name: row for name, row in rows.items() if row["docstatus"] == 1})


def load_orders(names: Iterable[str], *, lock: bool = False) -> dict[str, OrderHead]:
    """Return submitted orders with their lines by case-folded name; ``lock`` those that were not read yet."""
    return read_through("Sales Order", names, lock_orders if lock else _load_orders)


def _load_orders(names: list[str]) -> dict[str, OrderHead]:
    rows = load_rows("Sales Order", names, ["name", *_HEAD_FIELDS])
    return _with_lines({row["name"]: row for row in rows if row["docstatus"] == 1})


def _with_lines(heads: Mapping[str, Row]) -> dict[str, OrderHead]:
    lines: dict[str, list[OrderLine]] = {}
    for row in sorted(load_rows("Sales Order Item", heads, _LINE_FIELDS, key="parent"), key=lambda row: row["idx"]):
        lines.setdefault(row["parent"], []).append(_line(row))
    blocks = _blocks(name for name, row in heads.items() if row["is_blocked"])
    return {name: _head(name, row, lines.get(name, []), blocks.get(name, [])) for name, row in heads.items()}


def _blocks(orders: Iterable[str]) -> dict[str, list[str]]:
    blocks: dict[str, list[str]] = {}
    for row in load_rows("Order Block", orders, ["parent", "code"], key="parent"):
        blocks.setdefault(row["parent"], []).append(row["code"])
    return blocks


def _head(name: str, row: Row, lines: Sequence[OrderLine], codes: list[str]) -> OrderHead:
    return OrderHead(
        name=name,
        company=row["company"],
        status=row["status"],
        customer=row["customer"],
        shop=row["shop"] or None,
        warehouse=row["warehouse"] or None,
        carrier=row["carrier"] or None,
        shipping_fee=decimal_of(row["shipping_fee"]),
        charges_total=decimal_of(row["charges_total"]),
        charges_delivered=bool(row["charges_delivered"]),
        blocking=blocking(codes),
        lines=tuple(lines),
        origin=row["origin"] or "",
        payment_type=row["payment_type"] or "",
        payment_state=row["payment_state"] or "",
        order_type=row["order_type"] or "",
    )


def _line(row: Row) -> OrderLine:
    net, tax = decimal_of(row["net_amount"]), decimal_of(row["tax_amount"])
    return OrderLine(
        line=row["name"],
        order=row["parent"],
        sku=row["sku"],
        warehouse=row["warehouse"],
        qty=decimal_of(row["qty"]),
        price=TaxSplit(net, tax, net + tax),
        tax_rate=decimal_of(row["tax_rate"]),
        rate=decimal_of(row["rate"]),
        delivered=decimal_of(row["delivered_qty"]),
        delivered_amount=decimal_of(row["delivered_amount"]),
        returned=decimal_of(row["returned_qty"]),
        refunded=decimal_of(row["refunded_qty"]),
    )


def write_line_progress(lines: Iterable[OrderLine], reserved: Mapping[str, Any], states: Mapping[str, str]) -> None:
    """Write what has been delivered and returned, what is still reserved, and the stock state of lines."""
    update_rows(
        "Sales Order Item",
        {
            line.line: {
                "delivered_qty": float(line.delivered),
                "delivered_amount": float(line.delivered_amount),
                "returned_qty": float(line.returned),
                "reserved_qty": float(reserved[line.line]),
                "stock_state": states[line.line],
            }
            for line in lines
        },
    )


def write_progress(progress: Mapping[str, OrderProgress], charges_delivered: Mapping[str, bool], besides: Row) -> None:
    """Write what the heads of orders show, and the fields ``besides`` on all of them."""
    update_rows(
        "Sales Order",
        {
            name: {
                "status": state.status,
                "stock_state": state.stock_state,
                "books_state": state.books_state,
                "delivered_percent": float(state.delivered_percent),
                "charges_delivered": int(charges_delivered[name]),
                **besides,
            }
            for name, state in progress.items()
        },
    )


def add_returned(quantities: Mapping[str, float], orders: Iterable[str]) -> None:
    """Add quantities to what has come back of order lines, their orders locked."""
    lock_rows("Sales Order", orders, ["docstatus"])
    known = load_rows("Sales Order Item", quantities, ["name", "returned_qty"])
    update_rows(
        "Sales Order Item",
        {
            row["name"]: {"returned_qty": float(decimal_of(row["returned_qty"]) + decimal_of(quantities[row["name"]]))}
            for row in known
        },
    )


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
    return _by_parent(load_rows("Sales Order Item", orders, fields, key="parent"))


def load_block_rows(orders: Iterable[str]) -> dict[str, list[Any]]:
    """Return the blocks of orders as rows by order, in their order."""
    return _by_parent(load_rows("Order Block", orders, ("name", "parent", "idx", *BLOCK_FIELDS), key="parent"))


def _by_parent(rows: Iterable[Row]) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = {}
    for row in sorted(rows, key=lambda row: (row["parent"], row["idx"])):
        groups.setdefault(row["parent"], []).append(frappe._dict(row))
    return groups


def empty_value(field: str) -> Any:
    """Return what stands in an order's column where nothing was entered: 0 in numbers, None elsewhere."""
    known = frappe.get_meta("Sales Order").get_field(field)
    return 0 if known and known.fieldtype in (*NUMBER_FIELDS, "Check") else None


def write_heads(rows: Mapping[str, Row], *, touch: bool) -> None:
    """Write changed fields of orders; every row has the same ones."""
    update_rows("Sales Order", rows, touch=touch)


def write_lines(changes: Mapping[str, Row], rows: Mapping[str, Any]) -> None:
    """Write changed fields of lines; all get the same columns (from ``rows``), so that one statement does it."""
    fields = sorted({field for change in changes.values() for field in change})
    kept = {name: {field: rows[name].get(field) for field in fields} for name in changes if name in rows}
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


def append_log(rows: Sequence[Row]) -> None:
    """Add rows to the history of orders, in order; ``details`` may be anything that JSON can hold."""
    if not rows:
        return
    user = frappe.session.user
    names = row_ids(len(rows), frappe.utils.now_datetime(), frappe.generate_hash(length=5))
    insert_rows(
        "Order Log",
        [
            {
                "name": name,
                "user": user,
                **{field: row.get(field) for field in _LOG_FIELDS},
                "details": frappe.as_json(row["details"], indent=None) if row.get("details") else None,
            }
            for name, row in zip(names, rows, strict=True)
        ],
    )


def load_due_orders(status: Iterable[str], field: str, now: datetime, limit: int) -> list[str]:
    """Return orders in a status whose time ``field`` has come, the longest waiting first."""
    filters = {"docstatus": 1, "status": ("in", list(status)), field: ("<=", now)}
    return [str(n) for n in frappe.get_all("Sales Order", filters, pluck="name", order_by=f"{field} asc", limit=limit)]


def load_preorders(release: str, limit: int) -> list[str]:
    """Return preorders whose presale goods are released in a given way and are not yet, the longest waiting first."""
    filters = {
        "docstatus": 1,
        "status": "Preorder",
        "presale_release": release,
        "presale_released": 0,
        "payment_state": "Paid",
    }
    return [
        str(name)
        for name in frappe.get_all("Sales Order", filters, pluck="name", order_by="order_datetime asc", limit=limit)
    ]


def load_quiet_orders(status: str, before: datetime, limit: int) -> list[str]:
    """Return orders in a status that nothing has changed since a moment, the longest quiet first."""
    filters = {"docstatus": 1, "status": status, "modified": ("<=", before)}
    return [
        str(name) for name in frappe.get_all("Sales Order", filters, pluck="name", order_by="modified asc", limit=limit)
    ]


def load_unarchived(before: datetime, since: datetime | None, seen: Sequence[str], limit: int) -> list[Row]:
    """Return orders older than a moment that are in the lists still, the oldest first, made ``since`` but not ``seen`` yet."""
    filters: list[list[Any]] = [["archived", "=", 0], ["creation", "<=", before]]
    filters += [["creation", ">=", since]] if since else []
    filters += [["name", "not in", list(seen)]] if seen else []
    fields = ["name", "creation", "modified", "status", "has_open_case"]
    return list(frappe.get_all("Sales Order", filters, fields, order_by="creation asc, name asc", limit=limit))


def lock_for_archive(names: Iterable[str]) -> dict[str, Row]:
    """Lock orders and return what says whether they may be archived."""
    return lock_rows("Sales Order", names, ["status", "has_open_case", "archived"])


def load_log(order: str, limit: int = 200) -> list[Row]:
    """Return the history of an order, the latest entry first."""
    fields = [*_LOG_FIELDS, "user", "details"]
    return list(frappe.get_all("Order Log", {"sales_order": order}, fields, order_by="name desc", limit=limit))


def with_progress(order: OrderHead, lines: Iterable[OrderLine]) -> OrderHead:
    """Return the order with some of its lines replaced."""
    changed = {line.line: line for line in lines}
    return replace(order, lines=tuple(changed.get(line.line, line) for line in order.lines))


def load_fields(doctype: str, names: Iterable[str], fields: Iterable[str]) -> dict[str, Row]:
    """Return the given fields of documents by case-folded name; nothing is asked where no field is wanted."""
    wanted = sorted(set(fields) - {"name"})
    rows = load_rows(doctype, names, ["name", *wanted]) if wanted else []
    return {str(row["name"]).casefold(): row for row in rows}


def load_mergeable(keys: Iterable[str], statuses: Iterable[str]) -> list[str]:
    """Return orders that share one of the merge keys and may still be merged."""
    wanted = sorted({key for key in keys if key})
    if not wanted:
        return []
    filters = {"docstatus": 1, "merge_key": ("in", wanted), "status": ("in", list(statuses)), "sealed": 0}
    return [str(name) for name in frappe.get_all("Sales Order", filters, pluck="name", order_by="order_datetime asc")]


def load_children(field: str, parents: Iterable[str]) -> dict[str, list[str]]:
    """Return the submitted orders whose ``field`` (split_from, merged_into) names each parent."""
    groups: dict[str, list[str]] = {}
    for row in load_rows("Sales Order", parents, ["name", "docstatus", field], key=field):
        if row["docstatus"] == 1:
            groups.setdefault(row[field], []).append(row["name"])
    return {parent: sorted(names) for parent, names in groups.items()}


def load_restored(name: str) -> str | None:
    """Return the order that has come back for a cancelled one and is not cancelled itself."""
    found = frappe.db.get_value("Sales Order", {"amended_from": name, "docstatus": ("!=", 2)}, "name")
    return str(found) if found else None


def load_charge_rows(orders: Iterable[str]) -> list[Row]:
    """Return the charges of orders."""
    fields = ("parent", "idx", "charge_type", "description", "amount", "tax_rate")
    return sorted(load_rows("Order Charge", orders, fields, key="parent"), key=lambda row: (row["parent"], row["idx"]))


def load_sources(companies: Iterable[str]) -> list[Row]:
    """Return the warehouses that orders of companies may leave from, with the regions they deliver to."""
    filters = {"company": ("in", sorted(set(companies))), "disabled": 0, "warehouse_type": ("not in", _NO_SOURCE)}
    rows = frappe.get_all("Warehouse", filters, ["name", "company", "priority", "daily_cap"], order_by="name asc")
    regions: dict[str, list[tuple[str, str]]] = {}
    for row in load_rows(
        "Warehouse Coverage", [row.name for row in rows], ("parent", "province", "city"), key="parent"
    ):
        regions.setdefault(row["parent"], []).append((row["province"] or "", row["city"] or ""))
    return [{**row, "coverage": tuple(regions.get(row.name, ()))} for row in rows]


_NO_SOURCE = ("Defective", "Virtual", "Transit")


def load_loads(warehouses: Iterable[str], since: datetime) -> dict[str, int]:
    """Return how many orders each warehouse was given since a moment."""
    table = frappe.qb.DocType("Sales Order")
    rows = (
        frappe.qb.from_(table)
        .select(table.warehouse, Count(table.name).as_("orders"))
        .where(table.docstatus == 1)
        .where(table.warehouse.isin(sorted(set(warehouses))))
        .where(table.order_datetime >= since)
        .groupby(table.warehouse)
        .run(as_dict=True)
    )
    return {row["warehouse"]: int(row["orders"]) for row in rows}


def load_freight_rows() -> list[Row]:
    """Return the freight rules with their bands."""
    if not frappe.db.table_exists("Freight Rule"):
        return []
    fields = ["name", "carrier", "warehouse", "priority", "valid_from", "valid_to", "cod"]
    rules = frappe.get_all("Freight Rule", {"disabled": 0}, fields, order_by="name asc")
    bands: dict[str, list[Row]] = {}
    columns = ("parent", "idx", "provinces", "first_weight_g", "first_price", "step_weight_g", "step_price",
               "promise_hours", "excluded")  # fmt: skip
    for row in sorted(load_rows("Freight Rule Band", [rule.name for rule in rules], columns, key="parent"), key=_place):
        bands.setdefault(row["parent"], []).append(dict(row))
    return [{**rule, "bands": bands.get(rule.name, [])} for rule in rules]


def _place(row: Row) -> tuple[str, int]:
    return row["parent"], row["idx"]


def load_restrictions() -> list[Restriction]:
    """Return where nobody, a carrier or a warehouse does not deliver."""
    fields = ["name", "province", "city", "district", "carrier", "warehouse", "reason", "valid_from", "valid_to"]
    getdate = frappe.utils.getdate
    return [
        Restriction(
            **{field: row.get(field) or "" for field in fields[:7]},
            valid_from=getdate(row.valid_from) if row.valid_from else None,
            valid_to=getdate(row.valid_to) if row.valid_to else None,
        )
        for row in frappe.get_all("Delivery Restriction", {"disabled": 0}, fields, order_by="carrier asc, name asc")
    ]


def load_watched_customers() -> dict[str, tuple[str, float]]:
    """Return list and credit limit of the customers that are on a list or have a limit."""
    either = [["buyer_list", "is", "set"], ["credit_limit", ">", 0]]
    rows = frappe.get_all("Customer", fields=["name", "buyer_list", "credit_limit"], or_filters=either)
    return {row.name: (row.buyer_list or "", float(row.credit_limit or 0)) for row in rows}


def load_credit_limits(customers: Sequence[str], *, lock: bool = False) -> dict[str, Decimal]:
    """Return the credit limits of customers, locked where asked."""
    if lock:
        rows = lock_rows("Customer", customers, ["credit_limit"])
        return {name: decimal_of(row["credit_limit"]) for name, row in rows.items()}
    found = load_rows("Customer", customers, ["name", "credit_limit"])
    return {row["name"]: decimal_of(row["credit_limit"]) for row in found}


def load_orders_on_account(company: str, customers: Sequence[str], statuses: Iterable[str]) -> list[Row]:
    """Return accepted orders on account of customers in the given statuses."""
    filters = {
        "docstatus": 1,
        "company": company,
        "customer": ("in", list(customers)),
        "payment_state": "On Account",
        "status": ("in", list(statuses)),
    }
    fields = ["name", "customer", "grand_total", "refunded_amount", "delivered_percent", "exceptions"]
    return list(frappe.get_all("Sales Order", filters, fields))


def load_primary_suppliers(skus: Iterable[str]) -> dict[str, str]:
    """Return who SKUs are bought from first; those without a supplier are left out."""
    rows = load_rows("Supplier SKU", skus, ("sku", "supplier", "is_primary"), key="sku")
    ordered = sorted(rows, key=lambda row: (bool(row["is_primary"]), row["supplier"]))
    return {row["sku"]: row["supplier"] for row in ordered}


def load_split_classes(skus: Iterable[str]) -> dict[str, str]:
    """Return what SKUs may share a parcel with: their split class; those without one are left out."""
    rows = load_rows("SKU", skus, ("name", "split_class"))
    return {row["name"]: row["split_class"] for row in rows if row["split_class"]}


def load_rule_documents(doctype: str) -> list[Any]:
    """Return the enabled rules of a kind."""
    heads = frappe.get_all(doctype, {"enabled": 1}, ["*"], order_by="name asc")
    names = [row.name for row in heads]
    tables = {
        field.fieldname: _by_parent(frappe.get_all(field.options, {"parent": ("in", names)}, ["*"]))
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


def list_orders(filters: Any, limit: int) -> list[str]:
    """Return the orders that list filters find and the user may read."""
    return list(
        frappe.get_list("Sales Order", filters=filters, pluck="name", order_by="name asc", limit_page_length=limit)
    )


def list_promised(filters: Mapping[str, Any], limit: int) -> list[Any]:
    """Return orders with a promise that are still to leave and that the user may read, the earliest promise first."""
    fields = ["name", "customer", "shop", "warehouse", "status", "ship_by", "is_blocked", "exceptions", "stock_state"]
    open_ones = {"docstatus": 1, "status": ("in", list(_TO_LEAVE)), "ship_by": ("is", "set"), **filters}
    return list(
        frappe.get_list(
            "Sales Order", filters=open_ones, fields=fields, order_by="ship_by asc", limit_page_length=limit
        )
    )


_TO_LEAVE = (
    "To Process",
    "Preorder",
    "To Audit",
    "To Finance Audit",
    "Audited",
    "To Ship",
    "Picking",
    "Packed",
)


def lock_gift_budgets(rules: Iterable[str]) -> dict[str, tuple[Any, Any]]:
    """Lock gift rules; return budget and what has been given of each."""
    rows = lock_rows("Gift Rule", rules, ["budget_qty", "given_qty"])
    return {name: (decimal_of(row["budget_qty"]), decimal_of(row["given_qty"])) for name, row in rows.items()}


def write_given(given: Mapping[str, Any]) -> None:
    """Write what gift rules have given."""
    update_rows("Gift Rule", {rule: {"given_qty": float(qty)} for rule, qty in given.items()}, touch=False)


def load_recent_orders(since: datetime, shop: str | None, limit: int) -> list[str]:
    """Return submitted orders placed since a moment, the latest first."""
    filters: Row = {"docstatus": 1, "order_datetime": (">=", since), "order_type": "Sale"}
    if shop:
        filters["shop"] = shop
    return [
        str(name)
        for name in frappe.get_all("Sales Order", filters, pluck="name", order_by="order_datetime desc", limit=limit)
    ]


def load_open_blocks(statuses: Iterable[str], limit: int) -> list[Row]:
    """Return the reasons on orders in the given statuses, the oldest first."""
    block, order = frappe.qb.DocType("Order Block"), frappe.qb.DocType("Sales Order")
    rows = (
        frappe.qb.from_(block)
        .inner_join(order)
        .on(order.name == block.parent)
        .select(
            block.parent,
            block.code,
            block.since,
            block.note,
            block.details,
            block.assigned_to,
            order.customer,
            order.shop,
            order.status,
        )
        .where(order.docstatus == 1)
        .where(order.status.isin(list(statuses)))
        .orderby(block.since)
        .limit(limit)
        .run(as_dict=True)
    )
    return list(rows)


def assign_blocks(orders: Iterable[str], code: str, user: str | None) -> int:
    """Write who looks at a reason of orders; return how many rows that were."""
    rows = [row for row in load_rows("Order Block", orders, ["name", "code"], key="parent") if row["code"] == code]
    update_rows("Order Block", {row["name"]: {"assigned_to": user} for row in rows}, touch=False)
    return len(rows)
