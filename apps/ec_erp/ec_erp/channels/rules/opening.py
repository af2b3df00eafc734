"""What a file needs to have in stock before its first document, and what that costs.

Invariant: with exactly this opening stock no document of the file finds the shelf empty, and one unit less would not
do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from ec_erp.channels.types import OUTGOING, IncomingDocument
from ec_erp.kernel.money import round_money
from ec_erp.kernel.numbers import ZERO

COST_SHARE = Decimal("0.60")


@dataclass(slots=True)
class SkuSurvey:
    """What a file says about one SKU: spellings and prices with their counts, running stock and its lowest point."""

    code: str
    names: Counter[str] = field(default_factory=Counter)
    sale_prices: Counter[Decimal] = field(default_factory=Counter)
    other_prices: Counter[Decimal] = field(default_factory=Counter)
    running: Decimal = ZERO
    lowest: Decimal = ZERO

    @property
    def name(self) -> str:
        """The spelling used most often (the first one on a tie), the code where there is none."""
        return self.names.most_common(1)[0][0] if self.names else self.code

    @property
    def price(self) -> Decimal | None:
        """The price charged most often, the lowest on a tie; of returns where nothing was sold; None without any."""
        prices = self.sale_prices or self.other_prices
        if not prices:
            return None
        most = max(prices.values())
        return min(price for price, count in prices.items() if count == most)

    def unit_cost(self, currency: str) -> Decimal:
        """Return 60 % of the price, rounded; zero where no price is known: nothing is invented."""
        return round_money(COST_SHARE * self.price, currency) if self.price is not None else ZERO

    @property
    def needed(self) -> Decimal:
        """The least stock with which every movement so far finds what it takes."""
        return -self.lowest


@dataclass(slots=True)
class Survey:
    """What a file asks for in all: SKUs, buyers, time of the first new document, number of documents."""

    skus: dict[str, SkuSurvey] = field(default_factory=dict)
    buyers: dict[str, str] = field(default_factory=dict)
    first_moment: datetime | None = None
    documents: int = 0
    new_documents: int = 0

    def add(self, document: IncomingDocument, *, is_new: bool) -> None:
        """Count a document; only new ones move stock."""
        self.documents += 1
        self.buyers.setdefault(document.buyer_id, document.region)
        for line in document.lines:
            sku = self.skus.setdefault(line.sku_code, SkuSurvey(line.sku_code))
            if line.description:
                sku.names[line.description] += 1
            if line.rate:
                prices = sku.sale_prices if document.kind == OUTGOING[0] else sku.other_prices
                prices[line.rate] += 1
        if is_new:
            self._move(document)

    def _move(self, document: IncomingDocument) -> None:
        self.new_documents += 1
        if self.first_moment is None or document.moment < self.first_moment:
            self.first_moment = document.moment
        sign = -1 if document.kind in OUTGOING else 1
        for line in document.lines:
            sku = self.skus[line.sku_code]
            sku.running += sign * line.qty
            sku.lowest = min(sku.lowest, sku.running)


def opening_lines(
    survey: Survey, available: dict[str, Decimal], currency: str
) -> Iterable[tuple[SkuSurvey, Decimal, Decimal]]:
    """Yield (SKU, quantity to buy, unit cost) for what the file needs beyond what is available already."""
    for code in sorted(survey.skus):
        sku = survey.skus[code]
        missing = sku.needed - available.get(code, ZERO)
        if missing > 0:
            yield sku, missing, sku.unit_cost(currency)
