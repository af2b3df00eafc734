"""The lists that people watch stock by: bounds, oversold goods, age, turnover, what does not sell, what is not there.

Invariant: reads only; the number of queries does not depend on how many keys are looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from ec_erp.inventory.rules import watching as rules
from ec_erp.inventory.rules.demand import DailySales, daily_sales
from ec_erp.inventory.store import movements
from ec_erp.inventory.store import watching as store
from ec_erp.inventory.store.asked import Asked
from ec_erp.inventory.types import StockKey
from ec_erp.kernel.numbers import ZERO, decimal_of

Row = dict[str, Any]
BUCKETS = ("age_0", "age_31", "age_61", "age_91", "age_181", "age_366")
KINDS = ("category", "brand", "goods_class")
_NEVER = 100_000


def asked_of(filters: Mapping[str, Any]) -> Asked | None:
    """Return what filters ask for: company, warehouse, sku, category, brand, class; None where nothing is of that kind."""
    skus: tuple[str, ...] = (filters["sku"],) if filters.get("sku") else ()
    kinds = {field: filters[field] for field in KINDS if filters.get(field)}
    if kinds and not skus:
        skus = tuple(store.load_skus_of(kinds))
        if not skus:
            return None
    return Asked(filters.get("company") or "", (filters["warehouse"],) if filters.get("warehouse") else (), skus)


def alerts(asked: Asked, today: date, *, every: bool = False) -> list[Row]:
    """Return keys outside of their bounds, the emptiest first; with ``every`` also those within."""
    terms = store.load_alert_rules()
    if not terms:
        return []
    longest = max((rule.window_days for rule in terms), default=0)
    sales = daily_sales_of(asked, today, longest)
    rows = []
    for balance in store.load_balances(asked):
        rule = rules.terms_for(terms, sku=balance["sku"], category=balance["category"] or "",
                               warehouse=balance["warehouse"], company=balance["company"])  # fmt: skip
        if rule is not None:
            key = StockKey(balance["sku"], balance["warehouse"])
            rows.append(_alert(balance, rule, sales.get(key) or _nothing_sold(longest)))
    shown = [row for row in rows if every or row["state"] != rules.WITHIN]
    return sorted(shown, key=lambda row: (row["state"] != rules.BELOW, row["cover_days"] or 0, row["sku"]))


def _alert(balance: Row, rule: rules.AlertTerms, sales: DailySales) -> Row:
    found, available = rules.bounds(rule, sales), decimal_of(balance["available"])
    gap = found.lower - available if available < found.lower else max(ZERO, available - found.upper)
    state = rules.alert(available, found)
    return {
        **_head(balance),
        "available": float(available),
        "lower": float(found.lower),
        "upper": float(found.upper),
        "state": state,
        "gap": float(gap) if state != rules.WITHIN else 0.0,
        "per_day": float(found.per_day),
        "cover_days": _float(rules.cover_days(available, found.per_day)),
        "rule": rule.name,
    }


def oversold(asked: Asked) -> list[Row]:
    """Return what is promised beyond what is there, with the documents in the order in which they will be short."""
    balances = store.load_oversold(asked)
    holds = store.load_holds(row["sku"] for row in balances)
    rows = []
    for balance in balances:
        there = decimal_of(balance["on_hand"]) - decimal_of(balance["frozen"])
        own = holds.get(StockKey(balance["sku"], balance["warehouse"]), [])
        missing = {"missing": float(decimal_of(balance["reserved"]) - there), "there": float(there)}
        for at, (hold, short) in enumerate(rules.who_is_short(there, own), start=1):
            rows.append({**_head(balance), **missing, **_short(at, hold, short)})
    return rows


def _short(at: int, hold: rules.Hold, short: Decimal) -> Row:
    return {
        "rank": at,
        "voucher_type": hold.voucher_type,
        "voucher_no": hold.voucher_no,
        "held": float(hold.qty),
        "short": float(short),
        "priority": hold.priority,
        "since": hold.since,
    }


def ageing(asked: Asked, today: date, *, by_warehouse: bool = False) -> list[Row]:
    """Return what is on hand by age, in units and value, the most valuable old goods first."""
    received = movements.load_received(asked, today, by_warehouse=by_warehouse)
    layers = store.load_layers(asked, today) if by_warehouse else {}
    balances = store.load_balances(asked, where="b.`on_hand` > 0")
    currencies = store.load_currencies({row["company"] for row in balances})
    rows = [
        _aged(balance, received, layers, currencies, by_warehouse=by_warehouse)
        for balance in _held(balances, by_warehouse=by_warehouse)
    ]
    return sorted(rows, key=lambda row: ([-row[f"{bucket}_value"] for bucket in reversed(BUCKETS)], row["sku"]))


def _held(balances: Sequence[Row], *, by_warehouse: bool) -> Iterable[Row]:
    """Return balances one by one, or added up by SKU and company."""
    if by_warehouse:
        return balances
    totals: dict[tuple[str, str], Row] = {}
    for row in balances:
        at = (row["sku"], row["company"])
        if at in totals:
            for field in ("on_hand", "value"):
                totals[at][field] = float(decimal_of(totals[at][field]) + decimal_of(row[field]))
        else:
            totals[at] = {**row, "warehouse": None}
    return totals.values()


def _aged(
    balance: Row,
    received: Mapping[tuple[str, str], Sequence[Decimal]],
    layers: Mapping[StockKey, tuple[list[Decimal], list[Decimal]]],
    currencies: Mapping[str, str],
    *,
    by_warehouse: bool,
) -> Row:
    on_hand, value = decimal_of(balance["on_hand"]), decimal_of(balance["value"])
    exact = layers.get(StockKey(balance["sku"], balance["warehouse"] or ""))
    if exact is not None:
        ages, worth = exact
    else:
        place = balance["warehouse"] if by_warehouse else balance["company"]
        ages = rules.spread_age(on_hand, received.get((balance["sku"], place), [ZERO] * len(BUCKETS)))
        worth = rules.share_value(value, ages, currencies[balance["company"]])
    row = {**_head(balance), "on_hand": float(on_hand), "value": float(value)}
    for bucket, qty, amount in zip(BUCKETS, ages, worth, strict=True):
        row |= {f"{bucket}_qty": float(qty), f"{bucket}_value": float(amount)}
    return row


def turnover(asked: Asked, first: date, last: date, *, by: str) -> list[Row]:
    """Return average stock value, cost of sales and turnover days of a span, by sku, category, brand, class, warehouse or platform.

    The average is that of the beginning, of every month's end and of the end. A platform has the share of each SKU's stock
    that it has of its sales.
    """
    days = (last - first).days + 1
    average = movements.load_average_values(asked, sample_days(first, last))
    costs = movements.load_cost_of_sales(asked, first, last)
    if by == "platform":
        groups = _by_platform(average, costs)
    else:
        groups = _grouped(average, costs, by)
    rows = [
        {
            "group": name,
            "average_value": float(value),
            "cost_of_sales": float(cost),
            "turnover_days": _float(rules.turnover_days(value, cost, days)),
            "turns": float(cost / value) if value else None,
        }
        for name, (value, cost) in groups.items()
        if value or cost
    ]
    return sorted(rows, key=lambda row: (-(row["turnover_days"] or _NEVER), str(row["group"])))


def sample_days(first: date, last: date) -> list[date]:
    """Return the days after which stock values are averaged: the one before the first, the last of each month, the last."""
    ends = {first - timedelta(days=1), last}
    day = first.replace(day=1)
    while day <= last:
        if day > first:
            ends.add(day - timedelta(days=1))
        day = (day + timedelta(days=32)).replace(day=1)
    return sorted(ends)


def _grouped(average: Mapping[StockKey, Decimal], costs: Sequence[Row], by: str) -> dict[str, tuple[Decimal, Decimal]]:
    skus = {key.sku for key in average} | {row["sku"] for row in costs}
    kinds = store.load_kinds(skus, by) if by in KINDS else {}

    def name(key: StockKey) -> str:
        return {"sku": key.sku, "warehouse": key.warehouse}.get(by, kinds.get(key.sku, ""))

    groups: dict[str, tuple[Decimal, Decimal]] = {}
    for key, value in average.items():
        known = groups.get(name(key), (ZERO, ZERO))
        groups[name(key)] = (known[0] + value, known[1])
    for row in costs:
        key = StockKey(row["sku"], row["warehouse"])
        known = groups.get(name(key), (ZERO, ZERO))
        groups[name(key)] = (known[0], known[1] + decimal_of(row["cost"]))
    return groups


def _by_platform(average: Mapping[StockKey, Decimal], costs: Sequence[Row]) -> dict[str, tuple[Decimal, Decimal]]:
    stock: dict[str, Decimal] = {}
    sold: dict[str, Decimal] = {}
    for key, value in average.items():
        stock[key.sku] = stock.get(key.sku, ZERO) + value
    for row in costs:
        sold[row["sku"]] = sold.get(row["sku"], ZERO) + decimal_of(row["cost"])
    groups: dict[str, tuple[Decimal, Decimal]] = {}
    for row in costs:
        cost, whole = decimal_of(row["cost"]), sold[row["sku"]]
        share = stock.get(row["sku"], ZERO) * cost / whole if whole else ZERO
        known = groups.get(row["platform"] or "", (ZERO, ZERO))
        groups[row["platform"] or ""] = (known[0] + share, known[1] + cost)
    return groups


def slow_movers(asked: Asked, today: date, *, days: int, slow_cover: Decimal, every: bool = False) -> list[Row]:
    """Return goods that did not sell for ``days`` days (Dead) or last longer than ``slow_cover`` days (Slow)."""
    sales = movements.load_sold(asked, today - timedelta(days=days))
    rows = []
    for balance in store.load_balances(asked, where="b.`on_hand` > 0"):
        sold, last = sales.get(StockKey(balance["sku"], balance["warehouse"]), (ZERO, None))
        since, cover = (
            (today - last).days if last else None,
            rules.cover_days(decimal_of(balance["on_hand"]), sold / days),
        )
        kind = rules.movement_class(since, cover, dead_after=days, slow_cover=slow_cover)
        if every or kind != rules.MOVING:
            held = {"on_hand": float(balance["on_hand"]), "value": float(balance["value"])}
            moved = {"sold": float(sold), "last_sale": last, "days_since_sale": since, "cover_days": _float(cover)}
            rows.append({**_head(balance), **held, **moved, "state": kind})
    return sorted(rows, key=lambda row: (row["state"] != rules.DEAD, -row["value"], row["sku"]))


def out_of_stock(asked: Asked, today: date, *, days: int) -> list[Row]:
    """Return what is not available and was sold in the last days, with an estimate of what was not sold for it."""
    sales = daily_sales_of(asked, today, days)
    rows = []
    for balance in store.load_balances(asked, where="b.`available` <= 0"):
        found = sales.get(StockKey(balance["sku"], balance["warehouse"]))
        if found is None or found.total <= 0:
            continue
        per_day, days_out, lost = rules.lost_sales(found)
        price = decimal_of(balance["standard_rate"])
        rows.append(
            {
                **_head(balance),
                "available": float(balance["available"]),
                "sold": float(found.total),
                "per_day": float(per_day),
                "days_out": days_out,
                "lost_qty": float(lost),
                "lost_amount": float((lost * price).quantize(Decimal("0.01"))),
            }
        )
    return sorted(rows, key=lambda row: (-row["lost_amount"], -row["lost_qty"], row["sku"]))


def daily_sales_of(asked: Asked, today: date, days: int) -> dict[StockKey, DailySales]:
    """Return the sales of the last whole days: today is not over and does not count."""
    wanted = [today - timedelta(days=back) for back in range(1, days + 1)]
    first = wanted[-1] if wanted else today
    sold, changes = movements.load_days(asked, first)
    on_hand = {StockKey(row["sku"], row["warehouse"]): decimal_of(row["on_hand"]) for row in store.load_balances(asked)}
    return {key: daily_sales(sold.get(key, {}), changes.get(key, {}), held, wanted) for key, held in on_hand.items()}


def _nothing_sold(days: int) -> DailySales:
    return DailySales((ZERO,) * days, (False,) * days)


def _head(balance: Row) -> Row:
    return {
        "sku": balance["sku"],
        "sku_name": balance["sku_name"],
        "warehouse": balance["warehouse"],
        "company": balance["company"],
    }


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
