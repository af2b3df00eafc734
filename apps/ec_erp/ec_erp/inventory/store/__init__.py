"""Reading, locking and writing stock: the only place of the area that queries.

Invariants: balances are locked in the order of their names; everything else of a key (places, layers, serial numbers) is
read and written only while its balance is locked; ledger entries are only ever added, each chained to the one before it.
"""

from ec_erp.inventory.store.balances import (
    add_to_balances,
    balance_name,
    create_balances,
    load_balances,
    load_balances_of,
    lock_balances,
    lock_balances_with_heads,
    walk_balances,
    write_balances,
)
from ec_erp.inventory.store.layers import load_open_layers, lock_layers, write_layers
from ec_erp.inventory.store.ledger import (
    HASHED_FIELDS,
    append_entries,
    load_chain,
    load_entries_of,
    load_origins,
)
from ec_erp.inventory.store.pieces import load_pieces, lock_pieces, write_pieces
from ec_erp.inventory.store.places import (
    load_batches,
    load_keys_of_places,
    load_keys_to_refreeze,
    lock_places,
    place_everything,
    place_name,
    write_places,
)
from ec_erp.inventory.store.quotas import (
    give_back_to_quotas,
    load_expired_quotas,
    load_groups_of_shops,
    load_quotas,
    load_quotas_to_top_up,
    lock_quotas,
    lock_quotas_named,
    use_quotas,
    write_quotas,
)
from ec_erp.inventory.store.reservations import (
    insert_reservations,
    load_expired_lines,
    load_held_totals,
    load_reservations,
    lock_reservations,
    write_reservations,
)
from ec_erp.inventory.store.warehouses import has_stock, load_bins, load_terms, load_warehouses

__all__ = [
    "HASHED_FIELDS",
    "add_to_balances",
    "append_entries",
    "balance_name",
    "create_balances",
    "give_back_to_quotas",
    "has_stock",
    "insert_reservations",
    "load_balances",
    "load_balances_of",
    "load_batches",
    "load_bins",
    "load_chain",
    "load_entries_of",
    "load_expired_lines",
    "load_expired_quotas",
    "load_groups_of_shops",
    "load_held_totals",
    "load_keys_of_places",
    "load_keys_to_refreeze",
    "load_open_layers",
    "load_origins",
    "load_pieces",
    "load_quotas",
    "load_quotas_to_top_up",
    "load_reservations",
    "load_terms",
    "load_warehouses",
    "lock_balances",
    "lock_balances_with_heads",
    "lock_layers",
    "lock_pieces",
    "lock_places",
    "lock_quotas",
    "lock_quotas_named",
    "lock_reservations",
    "place_everything",
    "place_name",
    "use_quotas",
    "walk_balances",
    "write_balances",
    "write_layers",
    "write_pieces",
    "write_places",
    "write_quotas",
    "write_reservations",
]
