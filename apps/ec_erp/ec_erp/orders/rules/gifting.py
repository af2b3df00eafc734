"""Which gifts an order has earned: pure.

Invariant: the same order earns the same gifts however often it is looked at; a gift never comes out of stock that must
stay or beyond a rule's budget, and what is cut is said. Worked table: docs/algorithms/order-gifts.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_FLOOR, Decimal

from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.problems import N_, Problem, problem
from ec_erp.orders.rules.conditions import OrderFacts, matching_lines
from ec_erp.orders.rules.rulebook import REPLACE, WAIT, GiftItem, GiftRule, RuleBook, applies


@dataclass(frozen=True, slots=True)
class Gift:
    """Goods that an order gets for nothing, by which rule."""

    rule: str
    sku: str
    qty: Decimal


@dataclass(frozen=True, slots=True)
class Stock:
    """What gifts may come out of: free stock by SKU (not named: nobody asks), and what is left of the budgets by rule."""

    free: Mapping[str, Decimal]
    budgets: Mapping[str, Decimal]


def gifts(book: RuleBook, facts: OrderFacts, stock: Stock, now: datetime) -> tuple[list[Gift], list[Problem]]:
    """Return the gifts of an order, and why (or why not)."""
    found: list[Gift] = []
    told: list[Problem] = []
    for rule, times in earned_rules(book, facts, now):
        for item in rule.items:
            missing = _give(rule, item, decimal_of(item.qty) * times, stock, found, told)
            if missing:
                told.append(
                    problem(N_("{0} more of {1} are earned, but budget or stock are used up"), missing, item.sku)
                )
    return found, told


def _give(
    rule: GiftRule, item: GiftItem, wanted: Decimal, stock: Stock, found: list[Gift], told: list[Problem]
) -> Decimal:
    """Give what there is of an item, else of what takes its place; return what is earned and not given."""
    qty = min(wanted, _allowed(rule, item.sku, stock, found))
    told.append(problem(N_("{0} × {1} by the gift rule {2}"), qty, item.sku, rule.name))
    if qty > 0:
        found.append(Gift(rule.name, item.sku, qty))
    missing = wanted - qty
    if not missing or rule.when_short != REPLACE or not item.instead:
        return missing
    instead = min(missing, _allowed(rule, item.instead, stock, found))
    if instead > 0:
        told.append(problem(N_("{0} × {1} in place of {2}, which is out of stock"), instead, item.instead, item.sku))
        found.append(Gift(rule.name, item.instead, instead))
    return missing - instead


def gift_meant(book: RuleBook, rule: str, sku: str) -> str:
    """Return the SKU that a given gift stands for: its own, or that of the gift in whose place it was given."""
    items = [item for known in book.gifts if known.name == rule for item in known.items]
    return next((item.sku for item in items if item.instead == sku), sku)


def instead_of(rule: GiftRule, sku: str) -> str:
    """Return what a rule gives where a gift is out of stock; empty where it gives nothing else."""
    return next((item.instead for item in rule.items if item.sku == sku and rule.when_short == REPLACE), "")


def earned_rules(book: RuleBook, facts: OrderFacts, now: datetime) -> list[tuple[GiftRule, int]]:
    """Return the rules that an order earns and how often, in their order; of a group of tiers the highest one alone."""
    matching = [rule for rule in book.gifts if applies(rule, facts, now) is not None]
    earned = {rule.name: (rule, times) for rule in matching if (times := times_earned(rule, facts)) > 0}
    top: dict[str, GiftRule] = {}
    for rule, _ in earned.values():
        best = top.get(rule.tier_group)
        if best is None or _rank(rule) > _rank(best):
            top[rule.tier_group] = rule
    left = [pair for pair in earned.values() if not pair[0].tier_group or pair[0] is top[pair[0].tier_group]]
    return sorted(left, key=lambda pair: (pair[0].priority, pair[0].name))


def _rank(rule: GiftRule) -> tuple[Decimal, int, str]:
    return decimal_of(rule.threshold), -rule.priority, rule.name


def times_earned(rule: GiftRule, facts: OrderFacts) -> int:
    """Return how often an order earns a rule's gifts, from the lines that match (gifts themselves do not count)."""
    at = [
        place
        for place in matching_lines(rule.conditions, facts, match_all=rule.match_all)
        if _counts(facts.lines[place])
    ]
    if not at:
        return 0
    threshold = decimal_of(rule.threshold)
    if rule.basis == "Order" or threshold <= 0:
        return 1
    field = "qty" if rule.basis == "Quantity" else "paid_amount"
    total = sum((decimal_of(facts.lines[place].get(field)) for place in at), ZERO)
    times = int((total / threshold).to_integral_value(ROUND_FLOOR))
    return min(times, rule.most_times) if rule.most_times else times


def _counts(line: Mapping[str, object]) -> bool:
    return not line.get("is_gift")


def _allowed(rule: GiftRule, sku: str, stock: Stock, given: Sequence[Gift]) -> Decimal:
    used_of_sku = sum((gift.qty for gift in given if gift.sku == sku), ZERO)
    used_of_rule = sum((gift.qty for gift in given if gift.rule == rule.name), ZERO)
    most = Decimal("Infinity")
    keep = decimal_of(rule.keep_available)
    if keep > 0 or (rule.when_short != WAIT and sku in stock.free):
        most = stock.free.get(sku, ZERO) - used_of_sku - keep
    if decimal_of(rule.budget) > 0:
        most = min(most, stock.budgets.get(rule.name, decimal_of(rule.budget)) - used_of_rule)
    return max(ZERO, most)
