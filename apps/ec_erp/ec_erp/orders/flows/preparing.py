"""The first stages of the pipeline: reasons and marks by rule, gifts.

Invariant: running a stage again on the same facts changes nothing; what a person has cleared is not stopped again for it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from ec_erp.catalog import store as catalog_store
from ec_erp.inventory import store as inventory_store
from ec_erp.inventory.types import StockKey
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.problems import N_, Problem, problem
from ec_erp.orders import store
from ec_erp.orders.flows.addresses import stop_invalid
from ec_erp.orders.flows.buyers import watch_buyers
from ec_erp.orders.flows.context import Run
from ec_erp.orders.flows.facts import facts_of
from ec_erp.orders.flows.working import WorkingOrder, open_qty
from ec_erp.orders.rules import blocks, conditions, gifting, rulebook
from ec_erp.orders.rules.conditions import OrderFacts
from ec_erp.orders.rules.gifting import Gift, Stock
from ec_erp.orders.rules.rulebook import Match


def mark(orders: Sequence[WorkingOrder], run: Run) -> None:
    """Put the reasons, windows, marks and priorities on orders that rules ask for; stop orders with unknown items."""
    stop_invalid(orders, run)
    watch_buyers(orders, run)
    known = facts_of(orders, run) if run.book.of(rulebook.PREPARE) else {}
    for order in orders:
        unmapped = [row for row in order.lines if not row.sku]
        if unmapped:
            order.block(blocks.UNMAPPED, "mapping", ", ".join(_shown(row) for row in unmapped)[:140], run.now)
        else:
            order.unblock(blocks.UNMAPPED)
        if order.name in known:
            follow_marks(order, rulebook.matches(run.book, rulebook.PREPARE, known[order.name], run.now), run)


def _shown(row: Any) -> str:
    return str(row.get("platform_title") or row.get("platform_sku_id") or row.get("platform_item_id") or row.idx)


def follow_marks(order: WorkingOrder, found: Sequence[Match], run: Run) -> None:
    """Do what matching rules of the first stage say."""
    if found:
        order.explain(rulebook.PREPARE, N_("By {0} rules"), [len(found)], [rulebook.reason(match) for match in found])
    add_reasons(order, found, run)
    for _, action in rulebook.actions_of(found, rulebook.HOLD):
        if not order.hold_until:
            order.put(hold_until=run.now + timedelta(minutes=int(action.value)))
    for _, action in rulebook.actions_of(found, rulebook.ADD_MARK):
        marks = conditions.split_list(order.tags or "")
        if action.value not in marks:
            order.put(tags=", ".join([*marks, action.value])[:140])
    for _, action in rulebook.actions_of(found, rulebook.SET_PRIORITY):
        order.put(priority=int(action.value))
    if rulebook.actions_of(found, rulebook.SEAL):
        order.put(sealed=1)


def add_reasons(order: WorkingOrder, found: Sequence[Match], run: Run) -> None:
    """Put the reasons of matching rules on an order, unless a person has cleared them before."""
    for match, action in rulebook.actions_of(found, rulebook.ADD_REASON):
        order.block_unless_cleared(action.value, "rule", action.note or rulebook.reason(match), run.now)


def give(orders: Sequence[WorkingOrder], run: Run) -> None:
    """Give orders the gifts that they have earned, and take back those that they have not any more."""
    if not run.book.gifts:
        return
    asked = [order for order in orders if not order.gifts_by_hand and (order.order_type or "Sale") == "Sale"]
    known = facts_of(asked, run)
    stock = gift_stock(asked, run)
    used: dict[str, Decimal] = {}
    for order in asked:
        left = _left_for(order, stock.of(order, run), used)
        earned, told = gifting.gifts(run.book, known[order.name], left, run.now)
        stock.take(order, earned)
        for rule, qty in _follow_gifts(order, earned).items():
            used[rule] = used.get(rule, ZERO) + qty
        if told:
            order.explain("Gifts", N_("By {0} rules"), [len({gift.rule for gift in earned})], told)
    store.write_given({rule: stock.given[rule] + qty for rule, qty in used.items() if qty and rule in stock.given})


def show_units(order: WorkingOrder) -> None:
    """Show how many units an order has, after its gifts have changed."""
    order.put(total_qty=float(sum((decimal_of(row.qty) for row in order.lines), ZERO)))


def _left_for(order: WorkingOrder, stock: Stock, used: Mapping[str, Decimal]) -> Stock:
    """Return what is left for an order: what it has already been given is not counted against it."""
    budgets = {rule: left - used.get(rule, ZERO) for rule, left in stock.budgets.items()}
    free = dict(stock.free)
    for row in [line for line in order.lines if line.get("gift_rule")]:
        if row.gift_rule in budgets:
            budgets[row.gift_rule] += decimal_of(row.qty)
        if row.sku in free:
            free[row.sku] += decimal_of(row.get("reserved_qty"))
    for row in [
        line for line in order.lines if line.sku in free and not line.get("gift_rule")
    ]:  # what is paid comes first
        free[row.sku] -= max(ZERO, open_qty(row) - decimal_of(row.get("reserved_qty")))
    return Stock(free, budgets)


def count_gifts(orders: Sequence[WorkingOrder], sign: int) -> None:
    """Count the gifts of orders against the budgets of their rules (sign 1), or give the budgets back (sign -1)."""
    change: dict[str, Decimal] = {}
    for row in [line for order in orders for line in order.lines if line.get("gift_rule")]:
        change[row.gift_rule] = change.get(row.gift_rule, ZERO) + sign * decimal_of(row.qty)
    count_given(change)


def count_given(change: Mapping[str, Decimal]) -> None:
    """Count what more (or less, where negative) rules have given against their budgets."""
    known = store.lock_gift_budgets(change) if change else {}
    limited = {rule: given for rule, (budget, given) in known.items() if budget > 0}
    store.write_given({rule: max(ZERO, given + change[rule]) for rule, given in limited.items()})


def gifts_not_earned(order: WorkingOrder, run: Run) -> list[Problem]:
    """Return which gifts that are still to leave an order has not earned any more, now that some of it was refunded."""
    message = N_("{0} × {1} by the gift rule {2} are not earned any more")
    return [problem(message, qty, row.sku, row.gift_rule) for row, qty in unearned_gifts(order, run)]


def unearned_gifts(order: WorkingOrder, run: Run) -> list[tuple[Any, Decimal]]:
    """Return the gift lines that are still to leave with how much of each an order has not earned any more."""
    mine = [row for row in order.lines if row.get("gift_rule") and open_qty(row)]
    if not mine or order.gifts_by_hand:
        return []
    facts = facts_of([order], run)[order.name]
    kept = replace(facts, lines=[_without_refunded(row) for row in order.lines])
    meant = {row.name: gifting.gift_meant(run.book, row.gift_rule, row.sku) for row in mine}
    plenty = Stock(dict.fromkeys(meant.values(), _PLENTY), {rule.name: _PLENTY for rule in run.book.gifts})
    earned, _ = gifting.gifts(run.book, kept, plenty, run.now)
    left = {(gift.rule, gift.sku): gift.qty for gift in earned}
    over = []
    for row in mine:
        key, standing = (row.gift_rule, meant[row.name]), decimal_of(row.qty) - decimal_of(row.get("refunded_qty"))
        kept_qty = min(standing, left.get(key, ZERO))
        left[key] = left.get(key, ZERO) - kept_qty
        over.append((row, min(open_qty(row), standing - kept_qty)))
    return [(row, qty) for row, qty in over if qty > 0]


_PLENTY = Decimal(10) ** 9


def _without_refunded(row: Any) -> dict[str, Any]:
    qty = decimal_of(row.qty)
    kept = max(ZERO, qty - decimal_of(row.get("refunded_qty")))
    paid = decimal_of(row.get("paid_amount")) * kept / qty if qty else ZERO
    return {**row, "qty": kept, "paid_amount": paid}


@dataclass
class GiftStock:
    """What gifts of a set of orders may come out of: free stock by place, the warehouses of companies, and budgets."""

    watched: frozenset[str]
    free: dict[StockKey, Decimal]
    sources: Mapping[str, Sequence[str]]
    left: Mapping[str, Decimal]
    given: Mapping[str, Decimal]

    def of(self, order: WorkingOrder, run: Run) -> Stock:
        """Return what the gifts of an order may come out of: its warehouse, or the best one where that is still chosen."""
        places = self.sources.get(order.company, ()) if _is_chosen(order, run) else [order.warehouse or ""]
        return Stock({sku: self._most(sku, places) for sku in self.watched}, self.left)

    def _most(self, sku: str, places: Sequence[str]) -> Decimal:
        return max((self.free.get(StockKey(sku, place), ZERO) for place in places), default=ZERO)

    def take(self, order: WorkingOrder, earned: Sequence[Gift]) -> None:
        """Take what an order is given, beyond what it holds, out of what the orders after it may be given."""
        for gift in earned:
            key = StockKey(gift.sku, order.warehouse or "")
            if key in self.free:
                self.free[key] -= max(ZERO, gift.qty - _held_as_gift(order, gift.sku))


def _held_as_gift(order: WorkingOrder, sku: str) -> Decimal:
    rows = [row for row in order.lines if row.get("gift_rule") and row.sku == sku]
    return sum((decimal_of(row.get("reserved_qty")) for row in rows), ZERO)


def _is_chosen(order: WorkingOrder, run: Run) -> bool:
    """Tell whether the warehouse of an order is chosen after its gifts."""
    terms = run.terms(order)
    return not order.warehouse_by_hand and bool((terms and terms.choose_warehouse) or run.book.of(rulebook.WAREHOUSE))


def _watched(run: Run) -> frozenset[str]:
    """Return the SKUs whose stock decides whether they are given."""
    rules = [rule for rule in run.book.gifts if rule.when_short != rulebook.WAIT or decimal_of(rule.keep_available) > 0]
    return frozenset(sku for rule in rules for item in rule.items for sku in (item.sku, item.instead) if sku)


def _sources(companies: Collection[str]) -> dict[str, list[str]]:
    """Return the warehouses that orders of companies may leave from."""
    found: dict[str, list[str]] = {}
    for row in store.load_sources(companies) if companies else []:
        found.setdefault(row["company"], []).append(row["name"])
    return found


def gift_stock(orders: Sequence[WorkingOrder], run: Run) -> GiftStock:
    """Return what gifts may come out of, budgets locked."""
    limited = {rule.name for rule in run.book.gifts if decimal_of(rule.budget) > 0}
    watched = _watched(run)
    sources = _sources({order.company for order in orders if watched and _is_chosen(order, run)})
    places = {order.warehouse for order in orders if order.warehouse}.union(*sources.values())
    balances = inventory_store.load_balances({StockKey(sku, place) for sku in watched for place in places})
    budgets = store.lock_gift_budgets(limited) if limited else {}
    return GiftStock(
        watched,
        {key: balance.free for key, balance in balances.items()},
        sources,
        {rule: most - given for rule, (most, given) in budgets.items()},
        {rule: given for rule, (_, given) in budgets.items()},
    )


def _follow_gifts(order: WorkingOrder, earned: Sequence[Gift]) -> dict[str, Decimal]:
    """Change the gift lines of an order to what it has earned; return by how much each rule gives more."""
    wanted = {(gift.rule, gift.sku): gift.qty for gift in earned}
    change: dict[str, Decimal] = {}
    for row in [line for line in order.lines if line.get("gift_rule")]:
        qty = wanted.pop((row.gift_rule, row.sku), ZERO)
        before = decimal_of(row.qty)
        change[row.gift_rule] = change.get(row.gift_rule, ZERO) + qty - before
        if qty == before:
            continue
        order.drop_line(row)
        if qty > 0:
            add_gift(order, row.gift_rule, row.sku, qty)
        order.log("Gift", row.gift_rule, f"{row.sku}: {before} → {qty}")
    for (rule, sku), qty in wanted.items():
        add_gift(order, rule, sku, qty)
        order.log("Gift", rule, f"{sku}: 0 → {qty}")
        change[rule] = change.get(rule, ZERO) + qty
    show_units(order)
    return change


def add_gift(order: WorkingOrder, rule: str, sku: str, qty: Decimal, **fields: Any) -> None:
    """Add a line of goods that a rule gives."""
    facts = catalog_store.load_skus([sku])[sku.casefold()]
    nothing: Mapping[str, float] = dict.fromkeys(
        ("rate", "amount", "discount_amount", "discount_share", "paid_amount", "net_amount", "tax_amount"), 0.0
    )
    order.add_line(
        **{
            "sku": facts.name,
            "sku_name": facts.sku_name,
            "stock_uom": facts.stock_uom,
            "qty": float(qty),
            "tax_rate": float(facts.tax_rate),
            "warehouse": order.warehouse,
            "is_gift": 1,
            "gift_rule": rule,
            **nothing,
            **fields,
        }
    )


def lines_of_rule(match: Match, facts: OrderFacts) -> list[int]:
    """Return the places of the lines that a matching rule's conditions on lines hold for."""
    return conditions.matching_lines(match.rule.conditions, facts, match_all=match.rule.match_all)
