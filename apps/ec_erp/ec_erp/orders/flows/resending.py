"""Sending goods again, or others in their place, for an order that has left: at no price, linked to it.

Invariant: never more is sent again than has left and has not been sent again before.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.errors import refuse
from ec_erp.documents.sets import insert_many
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.problems import N_, Problem, problem, words
from ec_erp.orders import store
from ec_erp.orders.errors import OrderNotReady
from ec_erp.orders.flows import deriving
from ec_erp.orders.flows.going_on import lock_all
from ec_erp.orders.flows.working import WorkingOrder
from ec_erp.orders.types import RESEND, SENT_AGAIN


def resend_order(name: str, lines: Mapping[str, Decimal], reason: str, *, order_type: str = RESEND) -> Any:
    """Return a new, accepted order that sends quantities of an order's lines again, given as {line: quantity}; none: all.

    Raises ``OrderNotReady`` where nothing has left, more is asked than has left, or no reason is given.
    """
    (order,) = lock_all([name])
    unknown = [problem(N_("{0} is not known"), order_type)] if order_type not in SENT_AGAIN else []
    refuse(unknown, OrderNotReady)
    refuse([problem(N_("{0} is missing"), words("Why"))] if not reason.strip() else [], OrderNotReady)
    open_qty = _open(order)
    wanted = dict(lines) or {line: qty for line, qty in open_qty.items() if qty > 0}
    message = N_("Of {0} of {1} only {2} can be sent again")
    wrong = [line for line, qty in wanted.items() if qty <= 0 or qty > open_qty.get(line, ZERO)]
    skus = {row.name: row.sku for row in order.lines}
    refuse([problem(message, skus.get(line, line), name, open_qty.get(line, ZERO)) for line in wrong], OrderNotReady)
    refuse([] if wanted else [_why_nothing(order)], OrderNotReady)
    document = _document(order, wanted, reason, order_type)
    insert_many([document], submit=True)
    store.append_log([{"sales_order": name, "kind": "Note", "code": order_type, "moment": frappe.utils.now_datetime(),
                       "note": f"{document.name}: {reason}"}])  # fmt: skip
    return document


def _why_nothing(order: WorkingOrder) -> Problem:
    """Return why nothing of an order can be sent again."""
    left = any(decimal_of(row.delivered_qty) for row in order.lines)
    message = N_("All that has left of {0} was sent again already") if left else N_("Nothing of {0} has left yet")
    return problem(message, order.name)


def _open(order: WorkingOrder) -> dict[str, Decimal]:
    """Return what has left of each line and was not sent again yet."""
    left = {row.name: decimal_of(row.delivered_qty) for row in order.lines}
    again = store.load_children("resend_of", [order.name]).get(order.name, [])
    for rows in store.load_line_rows(again).values():
        for row in rows:
            if row.root_line in left:
                left[row.root_line] -= decimal_of(row.qty)
    return left


def _document(order: WorkingOrder, wanted: Mapping[str, Decimal], reason: str, order_type: str) -> Any:
    kept = ("sku", "warehouse", "tax_rate", "platform_line_id")
    items = [
        {
            **{field: row.get(field) for field in kept},
            "qty": float(wanted[row.name]),
            "rate": 0.0,
            "root_order": order.name,
            "root_line": row.name,
        }
        for row in order.lines
        if row.name in wanted
    ]
    return deriving.new_order(
        [order],
        "Resend",
        deriving.secrets_of([order])[order.name],
        order_type=order_type,
        resend_of=order.name,
        resend_reason=reason[:140],
        order_datetime=frappe.utils.now_datetime(),
        payment_type="On Account",
        items=items,
        sealed=1,
        carrier=None,
        ship_by=None,
    )
