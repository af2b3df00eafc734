"""Splitting orders: by rule, by what warehouses have, by hand; and undoing it.

Invariant: a split order ends here and stays linked to its parts; undoing brings it back as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ec_erp.catalog import store as catalog_store
from ec_erp.documents.errors import refuse
from ec_erp.kernel.numbers import decimal_of
from ec_erp.kernel.problems import N_, Problem, problem, words
from ec_erp.orders import store
from ec_erp.orders.errors import OrderNotReady
from ec_erp.orders.flows import deriving, reserving
from ec_erp.orders.flows.context import Run, start_run
from ec_erp.orders.flows.facts import facts_of
from ec_erp.orders.flows.preparing import lines_of_rule
from ec_erp.orders.flows.working import WorkingOrder, lock_orders, write_orders
from ec_erp.orders.rules import machine, rulebook
from ec_erp.orders.rules import splitting as rules
from ec_erp.orders.rules.conditions import OrderFacts
from ec_erp.orders.rules.rulebook import Action, Match
from ec_erp.orders.rules.splitting import Part, Share, SplitLine


def split(orders: Sequence[WorkingOrder], run: Run) -> list[WorkingOrder]:
    """Split the orders that rules ask for; return those that were split."""
    if not run.book.of(rulebook.SPLIT):
        return []
    known = facts_of(orders, run)
    _load_groups(orders, run)
    done = []
    for order in orders:
        parts, why = parts_by_rule(order, known[order.name], run)
        if len(parts) > 1 and machine.can(order.status, machine.SPLIT_UP, run.facts(order)):
            into_parts(order, [(part, {}) for part in parts], run, [why] if why else [])
            done.append(order)
    return done


def presale_apart(orders: Sequence[WorkingOrder], run: Run) -> set[str]:
    """Return the orders whose presale goods a rule splits off, so that what is in stock need not wait for them."""
    kinds = {action.kind for rule in run.book.of(rulebook.SPLIT) for action in rule.actions}
    mixed = [order for order in orders if _is_mixed(order)] if rulebook.SPLIT_PRESALE in kinds else []
    known = facts_of(mixed, run) if mixed else {}
    return {order.name for order in mixed if _parts_presale(order, known[order.name], run)}


def _is_mixed(order: WorkingOrder) -> bool:
    waits = {bool(row.get("is_presale")) for row in order.lines}
    return len(waits) > 1 and not order.presale_released and order.status == machine.TO_PROCESS


def _parts_presale(order: WorkingOrder, facts: OrderFacts, run: Run) -> bool:
    """Tell whether an order is split so that no part has presale goods and others."""
    waits = {row.name: bool(row.get("is_presale")) for row in order.lines}
    parts, _ = parts_by_rule(order, facts, run)
    return len(parts) > 1 and all(len({waits[share.line] for share in part}) == 1 for part in parts)


def parts_by_rule(order: WorkingOrder, facts: OrderFacts, run: Run) -> tuple[list[Part], Problem | None]:
    """Return the parts that the first rule which splits an order makes of it, and why; one part where none does."""
    lines = split_lines(order)
    if order.origin == deriving.SPLIT or order.sealed:
        return [tuple(Share(line.line, line.qty) for line in lines)], None
    for match in rulebook.matches(run.book, rulebook.SPLIT, facts, run.now):
        for action in match.rule.actions:
            parts = _parts(action, match, lines, order, facts, run)
            if len(parts) > 1:
                return parts, rulebook.reason(match)
    return [tuple(Share(line.line, line.qty) for line in lines)], None


def _parts(
    action: Action, match: Match, lines: Sequence[SplitLine], order: WorkingOrder, facts: OrderFacts, run: Run
) -> list[Part]:
    if action.kind == rulebook.SPLIT_MATCHING:
        return rules.apart(lines, [order.lines[at].name for at in lines_of_rule(match, facts)])
    if action.kind == rulebook.SPLIT_PRESALE:
        return rules.apart(lines, [line.line for line in lines if line.presale])
    if action.kind in rulebook.SPLIT_GROUPS:
        _load_groups([order], run)
        groups = run.groups[action.kind]
        return rules.by_group(lines, {row.name: groups.get(row.sku or "", "") for row in order.lines})
    return rules.by_limit(lines, decimal_of(action.value), _COUNTS[action.kind])


def _load_groups(orders: Sequence[WorkingOrder], run: Run) -> None:
    """Load suppliers and classes of the SKUs of orders, where a rule splits by them and they are not known to the run yet."""
    wanted = {action.kind for rule in run.book.of(rulebook.SPLIT) for action in rule.actions}
    for kind, load in _GROUPS.items():
        known = run.groups.setdefault(kind, {})
        missing = {row.sku for order in orders for row in order.lines if row.sku} - known.keys()
        if kind in wanted and missing:
            found = load(missing)
            known.update({sku: found.get(sku, "") for sku in missing})


_COUNTS: Mapping[str, str] = {
    rulebook.SPLIT_WEIGHT: rules.WEIGHT,
    rulebook.SPLIT_QTY: rules.UNITS,
    rulebook.SPLIT_AMOUNT: rules.AMOUNT,
}
_GROUPS: Mapping[str, Callable[[set[str]], Mapping[str, str]]] = {
    rulebook.SPLIT_SUPPLIER: store.load_primary_suppliers,
    rulebook.SPLIT_CLASS: store.load_split_classes,
}


def split_lines(order: WorkingOrder) -> list[SplitLine]:
    """Return the lines of an order as the rules of splitting see them."""
    skus = catalog_store.load_skus({row.sku for row in order.lines if row.sku})
    found = []
    for row in order.lines:
        facts = skus.get((row.sku or "").casefold())
        weight, whole = (facts.weight_g, facts.whole_units) if facts else (Decimal(0), True)
        qty = decimal_of(row.qty)
        paid = decimal_of(row.get("paid_amount")) / qty if qty else Decimal(0)
        found.append(SplitLine(row.name, qty, weight, whole, bool(row.get("is_presale")), paid))
    return found


def into_parts(
    order: WorkingOrder, parts: Sequence[tuple[Part, Mapping[str, Any]]], run: Run, why: Sequence[Problem]
) -> list[Any]:
    """Make an order of each part; the order itself ends as split. Returns the new documents."""
    reserving.release([order])
    own = [(part, {**_without_presale(order, part), **fields}) for part, fields in parts]
    documents = deriving.split_documents(order, own, deriving.secrets_of([order])[order.name])
    deriving.derive(documents)
    order.step(machine.SPLIT_UP, run.facts(order))
    order.explain(rulebook.SPLIT, N_("Split into {0}"), [", ".join(doc.name for doc in documents)], why)
    return documents


def _without_presale(order: WorkingOrder, part: Part) -> dict[str, Any]:
    """Return what a part without the order's presale goods does not take over: how those are released."""
    presale = {row.name for row in order.lines if row.get("is_presale")}
    if not presale or any(share.line in presale for share in part):
        return {}
    return dict.fromkeys(("presale_release", "presale_date"))


def split_order(name: str, chosen: Mapping[str, Decimal], why: str = "") -> list[Any]:
    """Split quantities of lines off an order by hand, given as {line: quantity}; return the new documents.

    Raises ``OrderNotReady`` where that leaves nothing, takes more than there is, or the order may not be split.
    """
    orders = lock_orders([name])
    run = start_run(orders)
    refuse([problem(N_("The order {0} is not submitted"), name)] if not orders else [], OrderNotReady)
    (order,) = orders
    order.why = why
    rows = {row.name: decimal_of(row.qty) for row in order.lines}
    refuse(_wrong_lines(order, chosen), OrderNotReady)
    off = tuple(Share(line, qty) for line, qty in chosen.items())
    rest = tuple(
        Share(line, qty - chosen.get(line, Decimal(0)))
        for line, qty in rows.items()
        if qty > chosen.get(line, Decimal(0))
    )
    refuse(_why_not(order, run) or _nothing_left(order, bool(off), bool(rest)), OrderNotReady)
    documents = into_parts(order, [(rest, {}), (off, {})], run, [])
    write_orders([order], run.now)
    return documents


def _wrong_lines(order: WorkingOrder, chosen: Mapping[str, Decimal]) -> list[Problem]:
    """Return the lines of which more, or less than something, is to be split off."""
    rows = {row.name: row for row in order.lines}
    strange = [line for line in chosen if line not in rows]
    found = [
        problem(N_("The order {0} has no line {1}: load it again and choose anew"), order.name, line)
        for line in strange
    ]
    message = N_("The order {0}, row {1} ({2}): {3} cannot be split off, choose more than 0 and at most {4}")
    for line, row in rows.items():
        qty = decimal_of(row.qty)
        if line in chosen and not 0 < chosen[line] <= qty:
            found.append(problem(message, order.name, row.idx, row.sku or row.name, chosen[line], qty))
    return found


def _why_not(order: WorkingOrder, run: Run) -> list[Problem]:
    """Return why an order may not be split now, and what to do about it."""
    if (order.status, machine.SPLIT_UP) not in machine.TRANSITIONS:
        message = N_(
            "The order {0} cannot be split: it is {1}. Bring it back to {2} first (recall it, or process it again)"
        )
        return [problem(message, order.name, words(order.status), words(machine.TO_AUDIT))]
    facts = run.facts(order)
    if not machine.UNSHIPPED.holds(facts):
        return [problem(N_("The order {0} cannot be split: a part has left. Cancel its deliveries first"), order.name)]
    if not machine.UNSEALED.holds(facts):
        message = N_("The order {0} cannot be split: it is sealed. Take off “Sealed” on the order and save it first")
        return [problem(message, order.name)]
    return []


def _nothing_left(order: WorkingOrder, has_off: bool, has_rest: bool) -> list[Problem]:
    if not has_off:
        return [problem(N_("The order {0}: give a quantity to split off for at least one line"), order.name)]
    if not has_rest:
        return [
            problem(
                N_("The order {0}: all of it would be split off. Leave a quantity of at least one line"), order.name
            )
        ]
    return []
