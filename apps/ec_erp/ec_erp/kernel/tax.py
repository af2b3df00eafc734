"""Value-added tax: one split of a price with tax into net and tax, and one the other way round.

Invariant: net + tax = gross to the minor unit, whichever side was given. See docs/algorithms/vat-split.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ec_erp.kernel.money import round_money
from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.values import quickly_made

_HUNDRED = Decimal(100)


@quickly_made
@dataclass(frozen=True, slots=True)
class TaxSplit:
    """An amount with its tax: ``net + tax == gross``."""

    net: Decimal
    tax: Decimal
    gross: Decimal


NOTHING = TaxSplit(ZERO, ZERO, ZERO)


def split_gross(gross: Decimal, rate_percent: Decimal, currency: str) -> TaxSplit:
    """Split an amount that includes tax: tax = round(gross × rate / (100 + rate)), net is the rest."""
    gross = round_money(gross, currency)
    tax = round_money(gross * rate_percent / (_HUNDRED + rate_percent), currency)
    return TaxSplit(gross - tax, tax, gross)


def split_net(net: Decimal, rate_percent: Decimal, currency: str) -> TaxSplit:
    """Add tax to an amount without it: tax = round(net × rate / 100)."""
    net = round_money(net, currency)
    tax = round_money(net * rate_percent / _HUNDRED, currency)
    return TaxSplit(net, tax, net + tax)


def split_price(amount: Decimal, rate_percent: Decimal, currency: str, *, includes_tax: bool) -> TaxSplit:
    """Split an amount that is gross where ``includes_tax``, else net."""
    if not amount:  # most orders have no shipping fee
        return NOTHING
    split = split_gross if includes_tax else split_net
    return split(amount, rate_percent, currency)
