"""Taking over what somebody outside wants changed about an order that was stopped for it.

Invariant: what the warehouse has is called back first, so that nothing leaves for the old address meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable

from ec_erp.documents.errors import refuse
from ec_erp.kernel.problems import N_, problem
from ec_erp.orders.errors import OrderNotReady
from ec_erp.orders.flows.blocking import unblock_orders, wanted_changes
from ec_erp.orders.flows.editing import edit_order
from ec_erp.orders.flows.going_on import lock_all
from ec_erp.orders.flows.recalling import recall_orders
from ec_erp.orders.rules import blocks, machine


def take_over_addresses(names: Iterable[str], why: str = "") -> None:
    """Give orders the address that a reason *Address Changed* brought along, and let them go on.

    Raises ``OrderNotReady`` for orders without one (merged ones have several buyers' words) and for those delivered in part.
    """
    for name in names:
        (order,) = lock_all([name])
        changes = wanted_changes(order, blocks.ADDRESS_CHANGED)
        message = N_("Nothing says the new address of {0}: recall the order and edit its receiver")
        refuse([problem(message, name)] if not changes else [], OrderNotReady)
        if order.status in machine.RELEASED:
            recall_orders([name], why)
        edit_order(name, changes, why=why)
        unblock_orders([name], blocks.ADDRESS_CHANGED, why)
