"""Reading, locking and writing purchase documents: the only place of the area that queries."""

from ec_erp.purchasing.store.documents import (
    load_order_lines_of,
    load_orders,
    load_receipts,
    load_status,
    lock_orders,
    lock_receipts,
    write_order_progress,
    write_returned,
    write_status,
)

__all__ = [
    "load_order_lines_of",
    "load_orders",
    "load_receipts",
    "load_status",
    "lock_orders",
    "lock_receipts",
    "write_order_progress",
    "write_returned",
    "write_status",
]
