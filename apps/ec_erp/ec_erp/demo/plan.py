"""The demo's month, decided from a seed and a date: pure, so that the same date always gives the same month.

Invariant: nothing is planned that the planned purchases do not cover.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from ec_erp.demo import data

SEED = 20_26
DAYS = 30
ORDERS = 300
BUYERS = 120


@dataclass(frozen=True)
class PlannedSku:
    """A SKU with its price and cost."""

    code: str
    name: str
    product: data.DemoProduct
    barcode: str
    price: float
    cost: float
    weight_g: int
    popularity: float


@dataclass(frozen=True)
class PlannedBuyer:
    """A buyer as a platform shows one: masked."""

    name: str
    shop: data.DemoShop
    phone: str
    place: tuple[str, str, str]


@dataclass(frozen=True)
class PlannedOrder:
    """An order with what becomes of it: ``fate`` is draft, open, shipped, returned, cancelled, unpaid or waiting."""

    reference: str
    buyer: PlannedBuyer
    moment: datetime
    lines: tuple[tuple[PlannedSku, int], ...]
    discount: float
    shipping_fee: float
    message: str
    fate: str
    ships: datetime
    carrier: str


@dataclass(frozen=True)
class PlannedPurchase:
    """A purchase from one supplier; ``received`` is how much of it comes, when."""

    reference: str
    supplier: str
    moment: datetime
    arrives: datetime
    warehouse: str
    lines: tuple[tuple[PlannedSku, int], ...]
    received: float


@dataclass
class Month:
    """Everything that is planned, each list in the order of time."""

    skus: list[PlannedSku] = field(default_factory=list)
    buyers: list[PlannedBuyer] = field(default_factory=list)
    purchases: list[PlannedPurchase] = field(default_factory=list)
    orders: list[PlannedOrder] = field(default_factory=list)


def plan_month(last_day: date) -> Month:
    """Return the month that ends with a day."""
    dice = random.Random(SEED)
    month = Month(skus=list(_skus(dice)))
    month.buyers = [_buyer(dice, number) for number in range(BUYERS)]
    first_day = last_day - timedelta(days=DAYS - 1)
    month.purchases = [*_first_purchases(dice, month.skus, first_day), *_later_purchases(dice, month.skus, first_day)]
    month.orders = _orders(dice, month, first_day, last_day)
    return month


def barcode_of(number: int) -> str:
    """Return an EAN-13 with the prefix for use inside a shop and its check digit."""
    digits = f"2{number:011d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-total % 10}"


def _skus(dice: random.Random) -> Iterator[PlannedSku]:
    number = 0
    for product in data.PRODUCTS:
        for suffix, variant, price in product.variants:
            number += 1
            yield PlannedSku(
                code=f"{data.ABBR}-{product.code}-{suffix}",
                name=f"{product.name} {variant}",
                product=product,
                barcode=barcode_of(number),
                price=price,
                cost=round(price * product.cost_share, 2),
                weight_g=product.weight_g,
                popularity=min(dice.paretovariate(1.3), 6.0),
            )


def _buyer(dice: random.Random, number: int) -> PlannedBuyer:
    shop = dice.choices(data.SHOPS, [shop.share for shop in data.SHOPS])[0]
    phone = f"{dice.choice(data.PHONE_PREFIXES)}****{dice.randint(0, 9999):04d}"
    name = f"{dice.choice(data.SURNAMES)}** {shop.prefix}{number:04d}"
    return PlannedBuyer(name, shop, phone, dice.choice(data.PLACES))


def _first_purchases(dice: random.Random, skus: Sequence[PlannedSku], first_day: date) -> Iterator[PlannedPurchase]:
    """Fill both warehouses on the first day, supplier by supplier, before the first order."""
    for number, (supplier, *_rest) in enumerate(data.SUPPLIERS):
        own = [sku for sku in skus if sku.product.supplier == number]
        for place, warehouse in enumerate(("杭州主仓", "义乌分仓")):
            lines = tuple((sku, _first_quantity(dice, sku, place)) for sku in own)
            moment = datetime.combine(first_day, time(8, 5 + number))
            reference = f"首批-{number + 1}-{place + 1}"
            yield PlannedPurchase(reference, supplier, moment, moment + timedelta(minutes=30), warehouse, lines, 1.0)


def _first_quantity(dice: random.Random, sku: PlannedSku, place: int) -> int:
    """Enough for the month in the main warehouse, a little in the other one."""
    return int(18 + 9 * sku.popularity) if place == 0 else dice.randint(8, 24)


def _later_purchases(dice: random.Random, skus: Sequence[PlannedSku], first_day: date) -> Iterator[PlannedPurchase]:
    """Buy again during the month; the last ones have come in part or not at all."""
    shares = (1.0, 1.0, 1.0, 0.5, 0.0)
    for number, share in enumerate(shares):
        supplier_number = number % len(data.SUPPLIERS)
        supplier, _contact, days, _terms = data.SUPPLIERS[supplier_number]
        own = [sku for sku in skus if sku.product.supplier == supplier_number]
        chosen = sorted(dice.sample(own, min(4, len(own))), key=lambda sku: sku.code)
        moment = datetime.combine(first_day + timedelta(days=6 + 5 * number), time(10, 15))
        arrives = min(moment + timedelta(days=days), datetime.combine(first_day + timedelta(days=DAYS - 1), time(9)))
        lines = tuple((sku, 10 * dice.randint(3, 8)) for sku in chosen)
        yield PlannedPurchase(f"补货-{number + 1}", supplier, moment, arrives, "杭州主仓", lines, share)


def _orders(dice: random.Random, month: Month, first_day: date, last_day: date) -> list[PlannedOrder]:
    moments = sorted(_moment(dice, first_day) for _ in range(ORDERS))
    return [_order(dice, month, moment, number, last_day) for number, moment in enumerate(moments, start=1)]


def _moment(dice: random.Random, first_day: date) -> datetime:
    day = first_day + timedelta(days=dice.randrange(DAYS))
    hour = dice.choices(range(9, 23), [2, 3, 4, 4, 3, 3, 3, 3, 3, 4, 5, 6, 6, 4])[0]
    return datetime.combine(day, time(hour, dice.randrange(60), dice.randrange(60)))


def _order(dice: random.Random, month: Month, moment: datetime, number: int, last_day: date) -> PlannedOrder:
    buyer = dice.choice(month.buyers)
    wanted = {
        sku.code: sku
        for sku in dice.choices(month.skus, [sku.popularity for sku in month.skus], k=dice.choice((1, 1, 2, 3)))
    }
    lines = tuple((wanted[code], dice.choices((1, 2, 3), (7, 2, 1))[0]) for code in sorted(wanted))
    goods = sum(sku.price * qty for sku, qty in lines)
    return PlannedOrder(
        reference=f"{buyer.shop.prefix}{moment:%y%m%d}{number:05d}",
        buyer=buyer,
        moment=moment,
        lines=lines,
        discount=5.0 if goods > 60 and dice.random() < 0.4 else 0.0,
        shipping_fee=0.0 if goods > 39 else 6.0,
        message=dice.choice(data.BUYER_MESSAGES),
        fate=_fate(dice, buyer.shop, (last_day - moment.date()).days),
        ships=datetime.combine(moment.date() + timedelta(days=1), time(16, dice.randrange(60), dice.randrange(60))),
        carrier=dice.choice(("SF Express", "ZTO Express", "YTO Express", "JD Logistics")),
    )


def _fate(dice: random.Random, shop: data.DemoShop, age_days: int) -> str:
    roll = dice.random()
    if age_days <= 1:
        late = {"Pay": "unpaid", "Audit": "waiting"}.get(shop.reserve_on, "draft" if roll < 0.1 else "open")
        return late if roll < 0.6 else "open"
    if roll < 0.04:
        return "cancelled"
    return "returned" if roll < 0.09 and age_days > 6 else "shipped"
