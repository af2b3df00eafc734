"""Making orders out of orders: one out of several (merging), several out of one (splitting).

Invariants: what the buyer pays is the same before and after, to the cent; every line knows the order and line it came from;
derived orders run through the same life as any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.sets import insert_many
from ec_erp.kernel.money import split_amount
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.orders import store
from ec_erp.orders.flows.instalments import TERMS
from ec_erp.orders.flows.working import WorkingOrder
from ec_erp.orders.rules.splitting import LineMoney, Part, split_money

MERGED, SPLIT = "Merge", "Split"
_HEAD = (
    "company", "currency", "shop", "customer", "order_type", "order_datetime", "paid_datetime", "payment_type",
    "deposit_amount", "deposit_datetime", "presale_release", "presale_date", "presale_released", "receiver_name", "receiver_phone",
    "receiver_country", "receiver_province", "receiver_city", "receiver_district", "receiver_address",
    "receiver_postcode", "address_state", "region_code", "buyer_message", "seller_remark", "buyer_key", "tags",
    "priority", "ship_by", "carrier", "warehouse", "warehouse_by_hand", "sealed",
)  # fmt: skip
_SECRET = ("receiver_ciphertext", *TERMS)
_KEPT_OF_LINE = (
    "sku", "sku_name", "stock_uom", "warehouse", "rate", "tax_rate", "is_gift", "gift_rule", "is_presale", "combo_sku",
    "combo_qty", "platform_line_id", "platform_item_id", "platform_sku_id",
)  # fmt: skip
_MONEY = ("discount_amount", "amount", "discount_share", "tax_amount", "paid_amount")


def derive(documents: Sequence[Any]) -> None:
    """Insert and submit derived orders; their prices stay as they were shared."""
    for doc in documents:
        doc.flags.keep_prices = True
        doc.flags.ignore_permissions = True
    insert_many(documents, submit=True)


def new_order(parents: Sequence[WorkingOrder], origin: str, secret: Mapping[str, Any], **fields: Any) -> Any:
    """Return a new order with the head of the first parent."""
    first = parents[0]
    head = {field: first.head.get(field) for field in (*_HEAD, *store.custom_columns("Sales Order"))}
    return frappe.get_doc({"doctype": "Sales Order", **head, **secret, "origin": origin, "gifts_by_hand": 1, **fields})


def secrets_of(parents: Iterable[WorkingOrder]) -> dict[str, dict[str, Any]]:
    """Return what derived orders have of orders besides what flows read: the encrypted receiver, and when it is paid."""
    rows = store.load_heads([order.name for order in parents], _SECRET)
    return {name: {field: row.get(field) for field in _SECRET} for name, row in rows.items()}


def line_of(parent: WorkingOrder, row: Any, qty: Decimal, money: LineMoney, **fields: Any) -> dict[str, Any]:
    """Return a line of a derived order: ``qty`` of a parent's line, worth ``money``."""
    return {
        **{field: row.get(field) for field in (*_KEPT_OF_LINE, *store.custom_columns("Sales Order Item"))},
        "qty": float(qty),
        "combo_qty": float(_combo_qty(row, qty)),
        "discount_amount": float(money.discount),
        "amount": float(money.amount),
        "discount_share": float(money.discount_share),
        "tax_amount": float(money.tax),
        "paid_amount": float(money.paid),
        "net_amount": float(money.net),
        "root_order": row.get("root_order") or parent.name,
        "root_line": row.get("root_line") or row.name,
        "platform_order_id": row.get("platform_order_id") or parent.platform_order_id,
        **fields,
    }


def _combo_qty(row: Any, qty: Decimal) -> Decimal:
    """Return how much of its combo a quantity of a line is."""
    combo, whole = decimal_of(row.get("combo_qty")), decimal_of(row.get("qty"))
    return combo * qty / whole if combo and whole else combo


def money_of(row: Any) -> LineMoney:
    """Return the amounts of a line."""
    return LineMoney(*(decimal_of(row.get(field)) for field in _MONEY))


def charges_of(orders: Iterable[WorkingOrder]) -> list[dict[str, Any]]:
    """Return the charges of orders as rows for a derived one."""
    wanted = [order.name for order in orders if order.charges_total]
    fields = ("charge_type", "description", "amount", "tax_rate")
    return [{field: row[field] for field in fields} for row in store.load_charge_rows(wanted)]


def split_documents(
    parent: WorkingOrder, parts: Sequence[tuple[Part, Mapping[str, Any]]], secret: Mapping[str, Any]
) -> list[Any]:
    """Return the orders that a parent is split into; the first one carries shipping fee and charges."""
    rows = {row.name: row for row in parent.lines}
    money = {name: _shared(parent, row, parts) for name, row in rows.items()}
    deposits = _deposits(
        parent, [sum((money[share.line][at].paid for share in part), ZERO) for at, (part, _) in enumerate(parts)]
    )
    documents = []
    for number, (part, fields) in enumerate(parts):
        first = number == 0
        items = [
            line_of(parent, rows[share.line], share.qty, money[share.line][number], **_warehouse(fields))
            for share in part
        ]
        documents.append(
            new_order(
                [parent], SPLIT, secret,
                split_from=parent.name,
                items=items,
                discount_amount=sum(item["discount_share"] for item in items),
                shipping_fee=parent.shipping_fee if first else 0.0,
                deposit_amount=float(deposits[number]),
                charges=charges_of([parent]) if first else [],
                **fields,
            )
        )  # fmt: skip
    return documents


def _deposits(parent: WorkingOrder, paid: Sequence[Decimal]) -> list[Decimal]:
    """Return the shares of the deposit by what the buyer pays for the parts; the first one has the shipping fee and charges, too."""
    others = parent.decimal("grand_total") - sum(paid, ZERO)
    return split_amount(parent.decimal("deposit_amount"), [paid[0] + others, *paid[1:]], parent.currency)


def _shared(parent: WorkingOrder, row: Any, parts: Sequence[tuple[Part, Mapping[str, Any]]]) -> dict[int, LineMoney]:
    """Return the amounts of a line by the number of the part that takes some of it."""
    taken = {
        number: sum((share.qty for share in part if share.line == row.name), ZERO)
        for number, (part, _) in enumerate(parts)
    }
    numbers = [number for number, qty in taken.items() if qty > 0]
    return dict(
        zip(numbers, split_money(money_of(row), [taken[number] for number in numbers], parent.currency), strict=True)
    )


def _warehouse(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"warehouse": fields["warehouse"]} if "warehouse" in fields else {}
