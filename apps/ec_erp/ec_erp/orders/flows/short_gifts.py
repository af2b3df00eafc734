"""Gifts that orders did not get when their stock was put aside: dropped, replaced or waited for, as their rule says.

Invariant: what a person has decided about gifts stays; a gift that is taken back gives its budget back, and so does one that
another takes the place of, which then takes as much of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ec_erp.inventory import store as inventory_store
from ec_erp.inventory.types import StockKey
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.problems import N_, Problem, problem
from ec_erp.orders import store
from ec_erp.orders.flows import preparing, reserving
from ec_erp.orders.flows.context import Run
from ec_erp.orders.flows.working import WorkingOrder, open_qty
from ec_erp.orders.rules import gifting, rulebook
from ec_erp.orders.rules.rulebook import GiftRule

_DERIVED = ("Merge", "Split")
_Short = list[tuple[WorkingOrder, list[Any]]]


@dataclass
class _Change:
    """What is being done about short gifts: what is free to give instead, what budgets get back, which orders ask again."""

    free: dict[StockKey, Decimal]
    back: dict[str, Decimal] = field(default_factory=dict)
    told: dict[str, list[Problem]] = field(default_factory=dict)
    asking: list[WorkingOrder] = field(default_factory=list)


def follow_short_gifts(orders: Sequence[WorkingOrder], run: Run) -> None:
    """Do for what orders have asked for and did not get of gifts what their rules say; orders that were merged or split, too.

    That is where another order was faster, or where the warehouse that was chosen has the goods and not the gift. What takes
    the place of a gift is put aside at once; where somebody else has it by then, the order goes without it.
    """
    rules = {rule.name: rule for rule in run.book.gifts}
    short = _by_rule([(order, rows) for order in orders if (rows := _short_rows(order, rules))])
    if not short:
        return
    replaced = _follow(short, rules, replacing=True)
    if replaced:
        reserving.reserve(replaced, run)
        here = {name: rule for name, rule in rules.items() if rule.when_short == rulebook.REPLACE}
        again = [(order, rows) for order in replaced if (rows := _short_rows(order, here))]
        _follow(again, rules, replacing=False)
    for order, _ in short:
        reserving.show_stock(order, run)


def _short_rows(order: WorkingOrder, rules: Mapping[str, GiftRule]) -> list[Any]:
    return [row for row in order.lines if row.get("gift_rule") in rules and _lacks(row)] if rules else []


def _lacks(row: Any) -> bool:
    return open_qty(row) > decimal_of(row.reserved_qty) and not decimal_of(row.get("delivered_qty"))


def _by_rule(short: _Short) -> _Short:
    """Leave out the gifts that a person has decided about: on the order, or on the one that a derived order has them from."""
    kept = [(order, rows) for order, rows in short if not order.gifts_by_hand]
    derived = [(order, rows) for order, rows in short if order.gifts_by_hand and order.origin in _DERIVED]
    if not derived:
        return kept
    roots = store.load_fields(
        "Sales Order", {row.root_order for _, rows in derived for row in rows if row.root_order}, ["gifts_by_hand"]
    )
    edited = store.load_edited([order.name for order, _ in derived], "Gifts")
    for order, rows in derived:
        mine = [row for row in rows if not roots.get((row.root_order or "").casefold(), {}).get("gifts_by_hand")]
        if mine and order.name not in edited:
            kept.append((order, mine))
    return kept


def _follow(short: _Short, rules: Mapping[str, GiftRule], *, replacing: bool) -> list[WorkingOrder]:
    """Drop, replace or wait for gifts that are short; return the orders that have others in their place now."""
    change = _Change(_free(short, rules) if replacing else {})
    for order, rows in short:
        for row in rows:
            _follow_row(order, row, rules[row.gift_rule], change)
        preparing.show_units(order)
        _tell(order, change.told.get(order.name, []))
    preparing.count_given(change.back)
    return change.asking


def _follow_row(order: WorkingOrder, row: Any, rule: GiftRule, change: _Change) -> None:
    told = change.told.setdefault(order.name, [])
    held = decimal_of(row.reserved_qty)
    missing = open_qty(row) - held
    if rule.when_short == rulebook.WAIT:
        told.append(
            problem(N_("{0} × {1} by the gift rule {2} are out of stock: the order waits"), missing, row.sku, rule.name)
        )
        return
    instead = gifting.instead_of(rule, row.sku)
    key = StockKey(instead, row.warehouse or order.warehouse or "")
    given = max(ZERO, min(missing, change.free.get(key, ZERO) - decimal_of(rule.keep_available)))
    _take_back(order, row, missing)
    if given:
        change.free[key] -= given
        preparing.add_gift(order, rule.name, instead, given, **_roots(row))
        order.log("Gift", rule.name, f"{instead}: 0 → {given}")
        told.append(problem(N_("{0} × {1} in place of {2}, which is out of stock"), given, instead, row.sku))
        change.asking += [order] if order not in change.asking else []
    if missing > given:
        message = N_("{0} × {1} by the gift rule {2} are out of stock and dropped")
        told.append(problem(message, missing - given, row.sku, rule.name))
    change.back[rule.name] = change.back.get(rule.name, ZERO) + given - missing


def _take_back(order: WorkingOrder, row: Any, missing: Decimal) -> None:
    qty = decimal_of(row.qty)
    left = qty - missing
    order.put_line(row, qty=float(left)) if left else order.drop_line(row)
    order.log("Gift", row.gift_rule, f"{row.sku}: {qty} → {left}")


def _roots(row: Any) -> dict[str, Any]:
    """Return where the line of a derived order came from, for what takes its place."""
    return {name: row.get(name) for name in ("root_order", "root_line", "platform_order_id") if row.get(name)}


def _free(short: _Short, rules: Mapping[str, GiftRule]) -> dict[StockKey, Decimal]:
    """Return what is free of what may take the place of gifts that are short."""
    keys = set(_places(short, rules))
    return {key: balance.free for key, balance in inventory_store.load_balances(keys).items()} if keys else {}


def _places(short: _Short, rules: Mapping[str, GiftRule]) -> Iterator[StockKey]:
    for order, rows in short:
        for row in rows:
            instead = gifting.instead_of(rules[row.gift_rule], row.sku)
            if instead:
                yield StockKey(instead, row.warehouse or order.warehouse or "")


def _tell(order: WorkingOrder, told: Sequence[Problem]) -> None:
    if told:
        order.explain_more("Gifts", N_("What was short"), told)
