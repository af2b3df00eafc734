"""Running work in a transaction of its own, again where it lost against another writer.

Invariant: work is committed once or not at all; only shells (commands, jobs, workers) call this, never a flow.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeVar

import frappe

Result = TypeVar("Result")

TRIES = 10
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.005, 0.5


def in_transaction(work: Callable[[], Result], *, tries: int = TRIES) -> Result:
    """Run ``work`` and commit; where it met a deadlock, a lock timeout or another's row of the same name, start again.

    Raises what ``work`` raises (rolled back), and the last deadlock when all tries are used up.
    """
    for attempt in range(1, tries + 1):
        try:
            result = work()
            frappe.db.commit()
        except Exception as error:
            frappe.db.rollback()
            if attempt == tries or not lost_to_another(error):
                raise
            time.sleep(random.uniform(0, min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2**attempt)))
        else:
            return result
    raise AssertionError("unreachable")


def lost_to_another(error: Exception) -> bool:
    """Tell whether an error says that another writer was there first, so that trying again helps."""
    if isinstance(error, (frappe.QueryDeadlockError, frappe.QueryTimeoutError)):
        return True
    return bool(error.args) and bool(frappe.db.is_primary_key_violation(error))
