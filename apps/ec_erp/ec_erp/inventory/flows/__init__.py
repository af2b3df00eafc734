"""Moving, promising and keeping stock, for lists of documents. Callers hold the transaction.

Invariant: balances are locked before they are read, so what is decided is what is written; or they are changed by one
conditional statement.
"""

from ec_erp.inventory.flows.moving import move_stock
from ec_erp.inventory.flows.promising import (
    change_promises,
    confirm,
    consume,
    release,
    reserve,
    restore,
)
from ec_erp.inventory.flows.warehouses import (
    check_warehouse,
    check_warehouses,
    fill_warehouse,
    pick_warehouse,
)

__all__ = [
    "change_promises",
    "check_warehouse",
    "check_warehouses",
    "confirm",
    "consume",
    "fill_warehouse",
    "move_stock",
    "pick_warehouse",
    "release",
    "reserve",
    "restore",
]
