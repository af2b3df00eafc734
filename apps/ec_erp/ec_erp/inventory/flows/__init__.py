"""Moving, promising and keeping stock, for lists of documents. Callers hold the transaction.

Invariant: balances are locked before they are read, so what is decided is what is written; or they are changed by one
conditional statement.
"""

from ec_erp.inventory.flows.arrivals import Left, lock_what_is_left
from ec_erp.inventory.flows.asking import returns_on_the_way
from ec_erp.inventory.flows.batches import batch_name, full_batch_name, refuse_too_old, settle_batches, tracking_of
from ec_erp.inventory.flows.capacity import refuse_full_bins
from ec_erp.inventory.flows.grants import change_grants, lock_grants
from ec_erp.inventory.flows.moving import move_stock
from ec_erp.inventory.flows.promising import (
    change_promises,
    confirm,
    consume,
    release,
    reserve,
    restore,
)
from ec_erp.inventory.flows.quotas import group_of_shop, groups_of_shops, top_up
from ec_erp.inventory.flows.serials import free_pieces, hold_piece
from ec_erp.inventory.flows.warehouses import (
    check_serving,
    check_warehouse,
    check_warehouses,
    fill_warehouse,
    pick_warehouse,
)

__all__ = [
    "Left",
    "batch_name",
    "change_grants",
    "change_promises",
    "check_serving",
    "check_warehouse",
    "check_warehouses",
    "confirm",
    "consume",
    "fill_warehouse",
    "free_pieces",
    "full_batch_name",
    "group_of_shop",
    "groups_of_shops",
    "hold_piece",
    "lock_grants",
    "lock_what_is_left",
    "move_stock",
    "pick_warehouse",
    "refuse_full_bins",
    "refuse_too_old",
    "release",
    "reserve",
    "restore",
    "returns_on_the_way",
    "settle_batches",
    "top_up",
    "tracking_of",
]
