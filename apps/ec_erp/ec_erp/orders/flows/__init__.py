"""Orders: drafting and pricing, accepting, processing, auditing, changing, cancelling, following deliveries, for lists of orders.

Invariant: nothing here commits; what is decided about an order is decided while it is locked.
"""

from ec_erp.orders.flows.accepting import accept_orders
from ec_erp.orders.flows.archiving import archive_orders, bring_back
from ec_erp.orders.flows.blocking import block_orders, unblock_orders
from ec_erp.orders.flows.bulk import run_in_background
from ec_erp.orders.flows.cancelling import cancel_orders
from ec_erp.orders.flows.copying import convert_order, copy_order, restore_order
from ec_erp.orders.flows.delivering import (
    Fulfilment,
    debtors_of,
    forget_progress,
    lock_orders,
    record_deliveries,
    record_fulfilment,
    record_returns,
    record_sync,
    refuse_blocked,
    take_out_of_work,
)
from ec_erp.orders.flows.drafting import (
    charge_splits,
    check_order,
    fill_charges,
    fill_order,
    follow_edit,
    prefetch,
    price_order,
    settle_order,
    shipping_split,
    shop_of,
)
from ec_erp.orders.flows.editing import edit_order
from ec_erp.orders.flows.explaining import explain_order, next_line
from ec_erp.orders.flows.going_on import (
    audit_orders,
    collect_payments,
    finance_audit_orders,
    finish_orders,
    pay_orders,
    process_orders,
    reserve_missing,
)
from ec_erp.orders.flows.instalments import schedule_of
from ec_erp.orders.flows.list_prices import tell_origins
from ec_erp.orders.flows.mapping import map_lines
from ec_erp.orders.flows.merging import merge_orders, preview_merge
from ec_erp.orders.flows.presale import pay_deposits, release_presale
from ec_erp.orders.flows.recalling import recall_orders
from ec_erp.orders.flows.refunding import refund_lines, take_out_gifts, take_out_refunded
from ec_erp.orders.flows.resending import resend_order
from ec_erp.orders.flows.splitting import split_order
from ec_erp.orders.flows.undoing import undo_merge, undo_split
from ec_erp.orders.rules.editing import LineEdit

__all__ = [
    "Fulfilment",
    "LineEdit",
    "accept_orders",
    "archive_orders",
    "audit_orders",
    "block_orders",
    "bring_back",
    "cancel_orders",
    "charge_splits",
    "check_order",
    "collect_payments",
    "convert_order",
    "copy_order",
    "debtors_of",
    "edit_order",
    "explain_order",
    "fill_charges",
    "fill_order",
    "finance_audit_orders",
    "finish_orders",
    "follow_edit",
    "forget_progress",
    "lock_orders",
    "map_lines",
    "merge_orders",
    "next_line",
    "pay_deposits",
    "pay_orders",
    "prefetch",
    "preview_merge",
    "price_order",
    "process_orders",
    "recall_orders",
    "record_deliveries",
    "record_fulfilment",
    "record_returns",
    "record_sync",
    "refund_lines",
    "refuse_blocked",
    "release_presale",
    "resend_order",
    "reserve_missing",
    "restore_order",
    "run_in_background",
    "schedule_of",
    "settle_order",
    "shipping_split",
    "shop_of",
    "split_order",
    "take_out_gifts",
    "take_out_of_work",
    "take_out_refunded",
    "tell_origins",
    "unblock_orders",
    "undo_merge",
    "undo_split",
]
