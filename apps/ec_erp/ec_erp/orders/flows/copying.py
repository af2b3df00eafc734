"""Orders from orders: a copy as a draft, a cancelled one brought back, one turned into another kind.

Invariant: both orders say in their history what came of what, and why; an order is brought back once, and never beside one that
stands for the same order of a platform.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.errors import refuse
from ec_erp.documents.sets import insert_many
from ec_erp.kernel.numbers import decimal_of
from ec_erp.kernel.problems import N_, Problem, problem, words
from ec_erp.orders import store
from ec_erp.orders.errors import OrderNotReady
from ec_erp.orders.flows import deriving, list_prices, preparing
from ec_erp.orders.flows.context import start_run
from ec_erp.orders.flows.drafting import shipping_split
from ec_erp.orders.flows.going_on import go_on, lock_all
from ec_erp.orders.flows.pricing import reprice
from ec_erp.orders.flows.working import WorkingOrder, is_delivered_in_part
from ec_erp.orders.rules import machine, payment
from ec_erp.orders.types import SALE, SENT_AGAIN

COPY, RESTORE, CONVERT = "Copy", "Restore", "Order Type"
_HEAD = (
    "company", "currency", "shop", "customer", "price_list", "order_type", "payment_type", "receiver_name", "receiver_phone",
    "receiver_country", "receiver_province", "receiver_city", "receiver_district", "receiver_address",
    "receiver_postcode", "receiver_ciphertext", "buyer_message", "seller_remark", "buyer_key", "tags", "warehouse", "warehouse_by_hand",
    "discount_amount", "shipping_fee", "resend_of", "resend_reason",
)  # fmt: skip
# What an order that comes back keeps, besides what a copy takes.
_KEPT = (
    "order_datetime", "paid_datetime", "payment_reference", "deposit_amount", "deposit_datetime", "presale_release",
    "presale_date", "presale_released", "ship_by", "platform_order_id", "split_from", "gifts_by_hand", "sealed", "is_brush",
)  # fmt: skip
_LINE = (
    "sku", "warehouse", "qty", "rate", "discount_amount", "tax_rate", "is_gift", "is_presale", "combo_sku", "combo_qty",
)  # fmt: skip
_ORIGIN_OF_LINE = (
    "gift_rule", "platform_line_id", "platform_order_id", "platform_item_id", "platform_sku_id", "platform_title", "root_order",
    "root_line", "price_origin", "price_terms",
)  # fmt: skip
_CHARGE = ("charge_type", "description", "amount", "tax_rate")


def copy_order(name: str, why: str = "") -> Any:
    """Return a new draft with the receiver, lines and prices of an order; gifts that rules gave are decided anew."""
    source = frappe.get_doc("Sales Order", name)
    rows = [row for row in source.items if not row.gift_rule]
    document = frappe.get_doc({**_values(source, _HEAD, rows, _LINE), "origin": COPY})
    document.insert()
    _tell(COPY, source.name, document.name, why)
    return document


def restore_order(name: str, why: str) -> Any:
    """Bring a cancelled order back as a new, accepted one, payment and platform order id included; return it.

    Raises ``OrderNotReady`` for orders that are not cancelled, were brought back before, or were made by merging, and
    ``DuplicateOrder`` where another order stands for the platform's.
    """
    source = frappe.get_doc("Sales Order", name)
    refuse(_restore_problems(source, why), OrderNotReady)
    values = _values(source, (*_HEAD, *_KEPT), source.items, (*_LINE, *_ORIGIN_OF_LINE))
    document = frappe.get_doc({**values, "origin": RESTORE, "amended_from": source.name})
    insert_many([document], submit=True)
    _tell(RESTORE, source.name, document.name, why)
    return document


def _restore_problems(source: Any, why: str) -> list[Problem]:
    found = [problem(N_("{0} is missing"), words("Why"))] if not why.strip() else []
    if source.docstatus != 2 or source.status != machine.CANCELLED:
        return [*found, problem(N_("The order {0} is {1}: only a cancelled one can come back"), source.name,
                        words(source.status))]  # fmt: skip
    again = store.load_restored(source.name)
    parent = store.load_heads([source.split_from]).get(source.split_from) if source.split_from else None
    if again:
        found.append(problem(N_("The order {0} has come back already as {1}"), source.name, again))
    if source.origin == deriving.MERGED or (source.split_from and (parent is None or parent.status != machine.SPLIT)):
        found.append(problem(N_("{0} was made of other orders: go on with those"), source.name))
    return found


def _values(source: Any, fields: Sequence[str], rows: Sequence[Any], columns: Sequence[str]) -> dict[str, Any]:
    head = (*fields, *store.custom_columns("Sales Order"))
    line = (*columns, *store.custom_columns("Sales Order Item"))
    return {
        "doctype": "Sales Order",
        **{field: source.get(field) for field in head},
        "items": [{field: row.get(field) for field in line} for row in rows],
        "charges": [{field: row.get(field) for field in _CHARGE} for row in source.charges],
    }


def _tell(code: str, source: str, made: str, why: str) -> None:
    now = frappe.utils.now_datetime()
    told = ((source, f"→ {made}"), (made, f"← {source}"))
    store.append_log(
        [
            {
                "sales_order": order,
                "kind": "Note",
                "code": code,
                "moment": now,
                "note": ": ".join(filter(None, (link, why))),
            }
            for order, link in told
        ]
    )


def convert_order(name: str, order_type: str, why: str, *, original: str | None = None) -> WorkingOrder:
    """Turn an order that is not released yet into another kind, and process it again; return it.

    Goods sent again (Resend, Replacement) cost nothing and belong to an ``original`` order that has left; a sale costs what the
    lists say. Raises ``OrderNotReady`` naming everything that stands against it.
    """
    (order,) = lock_all([name])
    run = start_run([order])
    refuse(_convert_problems(order, order_type, why, original), OrderNotReady)
    order.why = why
    order.log("Edit", CONVERT, why, {"order_type": [order.order_type, order_type]})
    order.put(order_type=order_type, resend_of=original, resend_reason=why[:140] if original else None)
    _charge_nothing(order) if original else _charge_list_prices(order)
    reprice([order])
    if (order.status, machine.REPROCESS) in machine.TRANSITIONS:
        order.step(machine.REPROCESS, run.facts(order))
    go_on([order], run)
    return order


def _convert_problems(order: WorkingOrder, order_type: str, why: str, original: str | None) -> list[Problem]:
    found = [problem(N_("{0} is missing"), words("Why"))] if not why.strip() else []
    if order_type not in (SALE, *SENT_AGAIN) or order_type == (order.order_type or SALE):
        found.append(problem(N_("{0} is not known"), order_type) if order_type != (order.order_type or SALE) else
                     problem(N_("The order {0} is {1} already"), order.name, words(order_type)))  # fmt: skip
    if order.status not in (*machine.WAITING, *machine.PREPARING) or is_delivered_in_part(order):
        message = N_("The order {0} is {1}: recall it from the warehouse first")
        found.append(problem(message, order.name, words(order.status)))
    if order_type in SENT_AGAIN:
        found += _free_problems(order, original)
    elif original:
        found.append(problem(N_("A sale belongs to no other order")))
    return found


def _free_problems(order: WorkingOrder, original: str | None) -> list[Problem]:
    head = store.load_heads([original]).get(original) if original else None
    left = head is not None and head.docstatus == 1 and decimal_of(head.delivered_percent) > 0
    if head is None or not left or head.customer != order.customer or head.company != order.company:
        return [problem(N_("Name an order of {0} that has left: what is sent again belongs to it"), order.customer)]
    if order.payment_state in (payment.PAID, payment.DEPOSIT_PAID) or order.charges_total:
        return [problem(N_("The order {0} is paid or has charges: it stays a sale"), order.name)]
    return []


def _charge_nothing(order: WorkingOrder) -> None:
    """Take prices, discounts and shipping off an order, and the gifts that a sale has earned."""
    preparing.count_gifts([order], -1)
    for row in [row for row in order.lines if row.get("gift_rule")]:
        order.drop_line(row)
    for row in order.lines:
        order.put_line(row, rate=0.0, discount_amount=0.0, price_origin=None, price_terms=None)
    fee = shipping_split(order)
    order.put(
        discount_amount=0.0,
        shipping_fee=0.0,
        total_tax=float(order.decimal("total_tax") - fee.tax),
        grand_total=float(order.decimal("grand_total") - fee.gross),
        payment_type=payment.ON_ACCOUNT,
        payment_state=payment.CREDIT,
        sealed=1,
    )


def _charge_list_prices(order: WorkingOrder) -> None:
    """Give the lines of an order that has cost nothing the prices of the lists that hold for it."""
    rows = [row for row in order.lines if row.sku and not row.get("is_gift")]
    wanted: list[tuple[str, Decimal]] = [(row.sku, decimal_of(row.qty)) for row in rows]
    for row, found in zip(rows, list_prices.quote(order.head, wanted), strict=True):
        values: Mapping[str, Any] = {"rate": float(found.rate), **list_prices.origin_of(found)} if found else {}
        order.put_line(row, **values)
    order.put(sealed=0)
