"""What a SKU is sold for: prices of a list, from a quantity on, for a while; else the SKU's own price of the list's kind.

Invariant: the same list, SKU, quantity and day give the same price, and every price says where it comes from.
Prices are stated as the company states selling prices. Worked tables: docs/algorithms/price-list.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ec_erp.kernel.money import round_money
from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.problems import N_, Problem, problem

RETAIL, WHOLESALE, MEMBER = "Retail", "Wholesale", "Member"
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class PriceSet:
    """The prices that a SKU has by itself; zero where none is known."""

    retail: Decimal = ZERO
    wholesale: Decimal = ZERO
    member: Decimal = ZERO

    def of(self, kind: str) -> Decimal:
        """Return the price of a kind, zero where it is not known."""
        return {WHOLESALE: self.wholesale, MEMBER: self.member}.get(kind, self.retail)


@dataclass(frozen=True, slots=True)
class ListTerms:
    """A price list: whose kind of price it starts from, how many percent of it, and when it holds."""

    name: str
    kind: str = RETAIL
    percent: Decimal = _HUNDRED
    currency: str = ""
    disabled: bool = False
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class ListedPrice:
    """A price of a list for a SKU, from a quantity on, for a while."""

    price: Decimal
    min_qty: Decimal = ZERO
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """A price per stock unit and why it is that."""

    rate: Decimal
    why: Problem


def is_valid(valid_from: date | None, valid_to: date | None, day: date) -> bool:
    """Tell whether a day lies between two days, both included; an empty one is no bound."""
    return (valid_from is None or valid_from <= day) and (valid_to is None or day <= valid_to)


def list_problem(terms: ListTerms, currency: str, day: date) -> Problem | None:
    """Return why a list can't be used for an order in a currency on a day, None where it can."""
    if terms.disabled:
        return problem(N_("The price list {0} is disabled"), terms.name)
    if terms.currency and terms.currency != currency:
        return problem(N_("The price list {0} is in {1}, not in {2}"), terms.name, terms.currency, currency)
    if not is_valid(terms.valid_from, terms.valid_to, day):
        return problem(N_("The price list {0} does not hold on {1}"), terms.name, day)
    return None


def choose_list(candidates: Iterable[ListTerms | None], currency: str, day: date) -> ListTerms | None:
    """Return the first list that can be used: the order's, the customer's, the level's, the shop's."""
    return next((terms for terms in candidates if terms and list_problem(terms, currency, day) is None), None)


def quote(
    own: PriceSet, terms: ListTerms | None, listed: Sequence[ListedPrice], qty: Decimal, day: date, currency: str
) -> Quote:
    """Return the price of a SKU for a quantity on a day.

    Of the list's prices that hold and are reached the one with the highest quantity counts, the latest start on a tie. Else
    the list's percentage of the SKU's price of the list's kind, rounded to the minor unit; where that price is not known,
    of the retail price. Without a list: the retail price.
    """
    if terms is None:
        return Quote(own.retail, problem(N_("Retail price")))
    reached = [one for one in listed if one.min_qty <= qty and is_valid(one.valid_from, one.valid_to, day)]
    if reached:
        best = max(reached, key=lambda one: (one.min_qty, one.valid_from or date.min))
        return Quote(best.price, _why_listed(terms, best))
    kind = terms.kind if own.of(terms.kind) else RETAIL
    return Quote(_percent_of(own.of(kind), terms.percent, currency), _why_derived(terms, kind))


def _percent_of(price: Decimal, percent: Decimal, currency: str) -> Decimal:
    return price if percent == _HUNDRED else round_money(price * percent / _HUNDRED, currency)


def _why_listed(terms: ListTerms, best: ListedPrice) -> Problem:
    if best.min_qty > 0:
        return problem(N_("{0}, from {1} on"), terms.name, best.min_qty)
    return problem(N_("{0}, listed price"), terms.name)


def _why_derived(terms: ListTerms, kind: str) -> Problem:
    message = {
        RETAIL: N_("{0}, {1} % of the retail price"),
        WHOLESALE: N_("{0}, {1} % of the wholesale price"),
        MEMBER: N_("{0}, {1} % of the member price"),
    }
    return problem(message[kind], terms.name, terms.percent)


def period_problems(valid_from: date | None, valid_to: date | None) -> list[Problem]:
    """Return what is wrong with a period."""
    if valid_from and valid_to and valid_to < valid_from:
        return [problem(N_("The price ends before it begins"))]
    return []
