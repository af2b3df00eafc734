"""Failures of the inventory area."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from ec_erp.documents.errors import DocumentRefused, refuse_with
from ec_erp.inventory.types import Shortage
from ec_erp.kernel.problems import N_, problem


class StockShortage(DocumentRefused):
    """More is asked for than is there. ``shortages`` holds every SKU and warehouse concerned."""

    shortages: tuple[Shortage, ...] = ()


class WrongWarehouse(DocumentRefused):
    """A document names a warehouse that is disabled or belongs to another company."""


class TrackingRefused(DocumentRefused):
    """A document says too little, or something wrong, of batches, bins or serial numbers."""


class BeingCounted(DocumentRefused):
    """Goods that a frozen count is counting can't move."""


class QuotaRefused(DocumentRefused):
    """A quota asks for more than is free, or gives back more than it has."""


def refuse_shortages(shortages: Sequence[Shortage]) -> None:
    """Raise one ``StockShortage`` that names every shortage; do nothing where there is none."""
    if shortages:
        _refuse(tuple(shortages))


def _refuse(shortages: tuple[Shortage, ...]) -> NoReturn:
    message = N_("Not enough {0} in {1}: {2} needed, {3} available")
    problems = [
        problem(message, short.key.sku, short.key.warehouse, short.needed, short.available) for short in shortages
    ]
    try:
        refuse_with(problems, StockShortage)
    except StockShortage as error:
        error.shortages = shortages
        raise
