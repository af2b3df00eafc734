"""Choosing the carrier of deliveries by the price tables, and what a parcel costs with it.

Invariant: a carrier that the delivery or its order names is kept; otherwise the cheapest rule that takes the parcel decides, and the choice
says why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.fulfilment.store import outbound as store
from ec_erp.kernel import freight
from ec_erp.kernel.numbers import ZERO, plain
from ec_erp.kernel.problems import N_, Problem, problem
from ec_erp.orders.flows.sourcing import freight_rates
from ec_erp.orders.rules import payment
from ec_erp.orders.store.carriers import count_parcels, load_caps


@dataclass(frozen=True)
class Choice:
    """The carrier of a delivery, why, and what asks the price of each of its parcels."""

    carrier: str | None
    why: tuple[Problem, ...]
    rate: freight.FreightRate | None = None
    parcel: freight.Parcel | None = None

    def cost_of(self, weight_g: Decimal) -> Decimal:
        """Return what a parcel of this weight costs; zero where no price table is known."""
        if self.rate is None or self.parcel is None:
            return ZERO
        found = freight.quote(self.rate, replace(self.parcel, weight_g=weight_g))
        return found.price if isinstance(found, freight.Quote) else ZERO


def choose(heads: Mapping[str, store.Row], weights_g: Mapping[str, Decimal]) -> dict[str, Choice]:
    """Return the carrier of each delivery. One without any carrier and price table has None and says so."""
    rates = freight_rates()
    facts = store.load_order_facts({head["sales_order"] for head in heads.values() if head["sales_order"]})
    day = frappe.utils.now_datetime().date()
    caps = load_caps()
    carried = count_parcels(day) if caps else {}
    chosen: dict[str, Choice] = {}
    for name, head in heads.items():
        order = facts.get(head["sales_order"] or "", {})
        chosen[name] = _choose(head, order, weights_g[name], rates, day, (caps, carried))
        carrier = chosen[name].carrier
        if carrier:
            carried[carrier] = carried.get(carrier, 0) + 1
    return chosen


def _choose(
    head: store.Row,
    order: Mapping[str, Any],
    weight_g: Decimal,
    rates: Sequence[freight.FreightRate],
    day: date,
    load: tuple[Mapping[str, freight.CarrierCap], Mapping[str, int]],
) -> Choice:
    """Choose one delivery's carrier; ``load`` is the caps of carriers and what they have of the day."""
    parcel = freight.Parcel(
        warehouse=head["warehouse"] or "",
        province=order.get("receiver_province") or "",
        weight_g=weight_g,
        cod=order.get("payment_type") == payment.COD,
        day=day,
    )
    named = head["carrier"] or order.get("carrier")
    own = [rate for rate in rates if named in (None, rate.carrier)]
    quotes, problems = freight.compare(own, parcel)
    if not quotes:
        why = N_("Named by the order; no price table takes it") if named else N_("No price table takes the parcel")
        return Choice(named, (problem(why), *problems))
    capped: list[Problem] = []
    if not named:
        quotes, capped = freight.under_caps(quotes, *load)
    best = quotes[0]
    rate = next(one for one in own if one.name == best.rate)
    message = N_("Named by the order: {0} for {1} by {2}") if named else N_("{0} is the best for {1} by {2}")
    told = problem(message, best.carrier, plain(best.price), best.rate)
    others = ", ".join(f"{one.carrier} {plain(one.price)}" for one in quotes[1:4])
    after = [problem(N_("After it: {0}"), others)] if others else []
    return Choice(best.carrier, (told, *after, *capped), rate, parcel)
