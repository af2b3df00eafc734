"""Whether a customer may still order on account: pure.

Invariant: what is owed, what is ordered and not delivered yet, and the order itself together stay within the limit. Worked
table: docs/algorithms/customer-credit.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.problems import N_, Problem, problem


@dataclass(frozen=True, slots=True)
class Credit:
    """A customer's credit: ``limit`` (zero: none is set), what is owed (negative: paid ahead), open orders on account."""

    limit: Decimal
    owed: Decimal = ZERO
    ordered: Decimal = ZERO

    @property
    def free(self) -> Decimal:
        """What may still be ordered on account; negative where the limit is passed already."""
        return self.limit - self.owed - self.ordered


def undelivered(total: Decimal, delivered_percent: Decimal) -> Decimal:
    """Return the part of an order that is not owed yet, because it has not left."""
    return total * (1 - min(Decimal(100), delivered_percent) / 100)


def credit_problem(credit: Credit, total: Decimal) -> Problem | None:
    """Return why an order of this total goes beyond a customer's credit; None where it does not, or no limit is set."""
    if credit.limit <= 0 or total <= credit.free:
        return None
    message = N_("Owed {0}, on order {1}, this order {2}: more than the limit {3}")
    return problem(message, credit.owed, credit.ordered, total, credit.limit)
