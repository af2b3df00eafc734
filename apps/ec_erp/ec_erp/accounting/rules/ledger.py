"""What makes an entry of the general ledger a good one.

Invariant: a voucher's lines add up to zero; lines of one account and the same dimensions are one line.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from ec_erp.accounting.types import ClosedPeriod, Dimensions, Line
from ec_erp.kernel.numbers import ZERO


class Unbalanced(ValueError):
    """Debits and credits of a voucher differ: a posting rule is wrong. Never shown for what a person typed."""


def merged(lines: Iterable[Line]) -> list[Line]:
    """Return lines with amounts of the same account, dimensions and remarks added up; zero lines are dropped."""
    totals: dict[tuple[str, Dimensions, str], Decimal] = {}
    for line in lines:
        key = (line.account, line.dimensions, line.remarks)
        totals[key] = totals.get(key, ZERO) + line.amount
    return [Line(account, amount, dims, remarks) for (account, dims, remarks), amount in totals.items() if amount]


def balanced(lines: Iterable[Line]) -> list[Line]:
    """Return the merged lines; raise ``Unbalanced`` unless they add up to zero."""
    result = merged(lines)
    total = sum((line.amount for line in result), ZERO)
    if total:
        raise Unbalanced(f"lines add up to {total}: {[(line.account, str(line.amount)) for line in result]}")
    return result


def closing_period(company: str, day: date, closed: Iterable[ClosedPeriod]) -> ClosedPeriod | None:
    """Return the closed period of the company that contains the day, or None."""
    for period in closed:
        if period.company == company and period.first_day <= day <= period.last_day:
            return period
    return None
