"""When goods of a batch expire, until when they may be sold, and whether they may still be received.

Invariant: a batch is never sold after the day it expires. Worked table: docs/algorithms/fefo.md.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from ec_erp.kernel.problems import N_, Problem, problem


def expiry_of(production: date | None, expiry: date | None, shelf_life_days: int, months: int = 0) -> date | None:
    """Return the day a batch expires: as given, else the production date plus the shelf life, else None.

    A shelf life in months ends on the same day of the month, or on the month's last where it has no such day; months come
    before days where both are named.
    """
    if expiry or not production or not (shelf_life_days or months):
        return expiry
    return _months_later(production, months) if months else production + timedelta(days=shelf_life_days)


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def latest_sale_of(expiry: date | None, sale_limit_days: int) -> date | None:
    """Return the last day of sale: the expiry less the days that buyers must have left; None without an expiry."""
    return expiry - timedelta(days=sale_limit_days) if expiry else None


def date_problems(production: date | None, expiry: date | None) -> list[Problem]:
    """Return what is wrong with the dates of a batch."""
    if production and expiry and expiry < production:
        return [problem(N_("The batch expires on {0}, before it was made on {1}"), expiry, production)]
    return []


def receiving_problems(batch: str, expiry: date | None, receive_limit_days: int, day: date) -> list[Problem]:
    """Return why a batch can't be received on a day: it has fewer days left than the SKU asks for."""
    if not expiry or not receive_limit_days or (expiry - day).days >= receive_limit_days:
        return []
    message = N_("The batch {0} has {1} days left; at least {2} are needed to receive it")
    return [problem(message, batch, (expiry - day).days, receive_limit_days)]
