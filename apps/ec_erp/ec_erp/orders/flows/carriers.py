"""Carriers that people name: what is refused of them, of their caps and of orders.

Invariant: nobody gives a parcel to a carrier that is disabled; what it has already it keeps.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ec_erp.documents.errors import refuse
from ec_erp.kernel.numbers import decimal_of
from ec_erp.kernel.problems import N_, problem, words
from ec_erp.orders.store.carriers import load_switched_off

_ALL = Decimal(100)


def check_carrier(doc: Any) -> None:
    """Refuse a carrier that is to have more than all parcels of a day."""
    message = N_("{0} can't be more than 100 %")
    too_much = decimal_of(doc.share_cap_percent) > _ALL
    refuse([problem(message, words("Largest Share of a Day (%)"))] if too_much else [])


def refuse_switched_off(carrier: str | None) -> None:
    """Refuse a carrier that takes no parcels any more, where somebody names it."""
    off = bool(carrier) and carrier in load_switched_off()
    refuse([problem(N_("The carrier {0} is disabled"), carrier)] if off else [])
