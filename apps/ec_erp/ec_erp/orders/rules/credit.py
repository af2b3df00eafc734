"""Whether a customer may still order on account: by the limit, and by what is overdue: pure.

Invariant: what is owed, what is ordered and not delivered yet, and the order itself together stay within the limit. Worked
table: docs/algorithms/customer-credit.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.problems import N_, Problem, problem, words


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


STOP, LET_GO_ON = "Stop New Orders", "Let Go On"


@dataclass(frozen=True, slots=True)
class OverduePolicy:
    """Whether overdue instalments stop a customer's new orders on account, after how many days, and who says so (a DocType)."""

    stops: bool = False
    grace_days: int = 0
    whose: str = ""


def overdue_policy(levels: Iterable[tuple[str, str, int]]) -> OverduePolicy:
    """Return the policy of the first level that says anything; levels are (DocType, choice, days of grace)."""
    for whose, choice, days in levels:
        if choice:
            return OverduePolicy(choice == STOP, days, whose)
    return OverduePolicy()


def overdue_problem(policy: OverduePolicy, unpaid: Iterable[tuple[date, Decimal]], today: date) -> Problem | None:
    """Return why what is unpaid, as (day due, amount), stops an order; None where nothing is late enough."""
    late = [(day, amount) for day, amount in unpaid if amount > 0 and (today - day).days > policy.grace_days]
    if not policy.stops or not late:
        return None
    message = N_("{0} overdue since {1}: more than {2} days, which is what the {3} allows")
    amount, since = sum((amount for _, amount in late), ZERO), min(day for day, _ in late)
    return problem(message, amount, since.isoformat(), policy.grace_days, words(policy.whose))
