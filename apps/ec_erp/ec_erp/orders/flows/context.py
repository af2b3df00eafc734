"""What a run over a set of orders shares: the moment, settings, shops, and what was learnt on the way.

Invariant: time is read once per run, so that all orders of a run see the same moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import frappe

from ec_erp.inventory.types import Balance, StockKey
from ec_erp.orders import store
from ec_erp.orders.flows.ruling import active_book
from ec_erp.orders.flows.working import WorkingOrder, guard_facts
from ec_erp.orders.rules.rulebook import EMPTY, RuleBook
from ec_erp.orders.types import GuardFacts, ShopTerms
from ec_erp.parties.rules.addresses import Restriction


@dataclass
class Run:
    """One run of the pipeline or of a command over orders.

    ``entered`` names orders that a person or program is entering; those of them in ``refusing`` are refused where they are short.
    """

    now: datetime
    settings: Any
    shops: dict[str, ShopTerms]
    book: RuleBook = EMPTY
    entered: frozenset[str] = frozenset()
    refusing: frozenset[str] = frozenset()
    balances: dict[StockKey, Balance] = field(default_factory=dict)
    restrictions: list[Restriction] | None = None
    groups: dict[str, dict[str, str]] = field(default_factory=dict)

    def terms(self, order: WorkingOrder) -> ShopTerms | None:
        """Return the terms of an order's shop."""
        shop = order.value("shop")
        return self.shops.get(shop.casefold()) if shop else None

    def facts(self, order: WorkingOrder) -> GuardFacts:
        """Return what the machine's guards look at."""
        return guard_facts(order, self.terms(order), self.settings, self.now)


def start_run(orders: Sequence[WorkingOrder], *, entered: Iterable[str] = ()) -> Run:
    """Load what a run over these orders shares."""
    shops = store.load_shops({order.shop for order in orders if order.shop})
    run = Run(frappe.utils.now_datetime(), order_settings(), shops, active_book(), frozenset(entered))
    run.refusing = frozenset(order.name for order in orders if order.name in run.entered and _refuses(run.terms(order)))
    return run


def _refuses(terms: ShopTerms | None) -> bool:
    """Tell whether an entered order that is short is refused: without a shop (at first), and where its shop wants that."""
    return terms is None or (terms.refuse_short and not terms.allow_partial)


def order_settings() -> Any:
    """Return the settings of orders (cached by the framework)."""
    return frappe.get_cached_doc("Order Settings")
