"""What an order is expected to earn, term by term: pure.

Invariant: the terms add up to the profit to the currency's minor unit. Worked table: docs/algorithms/order-profit.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ec_erp.kernel.money import round_money

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Earning:
    """The terms of an estimate, in the order's currency; what is spent is negative."""

    net_sales: Decimal
    goods_cost: Decimal
    freight: Decimal
    commission: Decimal
    payment_fee: Decimal

    @property
    def profit(self) -> Decimal:
        """What is left."""
        return self.net_sales + self.goods_cost + self.freight + self.commission + self.payment_fee

    def terms(self) -> dict[str, float]:
        """Return every term by its name, as it is stored."""
        return {term: float(getattr(self, term)) for term in self.__slots__}


def estimate(
    paid: Decimal,
    tax: Decimal,
    goods_cost: Decimal,
    freight: Decimal,
    commission_percent: Decimal,
    payment_fee_percent: Decimal,
    currency: str,
) -> Earning:
    """Return what an order earns: ``paid`` is what the buyer pays, tax included; the percentages are of it."""
    return Earning(
        net_sales=round_money(paid - tax, currency),
        goods_cost=-round_money(goods_cost, currency),
        freight=-round_money(freight, currency),
        commission=-round_money(paid * commission_percent / _HUNDRED, currency),
        payment_fee=-round_money(paid * payment_fee_percent / _HUNDRED, currency),
    )
