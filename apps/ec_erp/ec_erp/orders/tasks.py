"""What the scheduler has orders do besides the clock of every five minutes.

Invariant: a long walk is many short transactions, so that nobody waits for it; it can run again at any time.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

import frappe

from ec_erp.documents.retry import in_transaction
from ec_erp.orders.flows import archiving


def archive_due(now: datetime | None = None) -> int:
    """Archive the orders that ended, and that nothing has changed, since as many months as the settings say; return how many."""
    before = archiving.due_before(now or frappe.utils.now_datetime())
    place: archiving.Place | None = archiving.Place() if before else None
    count = 0
    while before and place is not None:
        done, place = in_transaction(partial(archiving.archive_page, before, place))
        count += done
    return count
