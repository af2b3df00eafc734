"""Replaying everything a site has stored, and telling what comes out differently."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ec_erp.replay.flows.books import book_differences
from ec_erp.replay.flows.documents import order_differences, purchase_differences
from ec_erp.replay.flows.stock import stock_differences
from ec_erp.replay.types import Difference

Progress = Callable[[str], None]
STAGES: tuple[tuple[str, Callable[[], Iterator[Difference]]], ...] = (
    ("balances, bins, layers, serial numbers", stock_differences),
    ("orders, deliveries, reservations", order_differences),
    ("purchase orders, receipts", purchase_differences),
    ("documents and the ledgers", book_differences),
)


def replay(progress: Progress = lambda _stage: None) -> Iterator[Difference]:
    """Yield every stored figure of the current site that a replay does not come to; ``progress`` is told each stage."""
    for stage, find in STAGES:
        progress(stage)
        yield from find()
