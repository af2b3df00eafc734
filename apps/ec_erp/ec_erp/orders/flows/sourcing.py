"""Choosing the warehouse and the carrier of orders, with the reasons.

Invariants: a choice made by a person stays; what is known of warehouses, stock and prices is loaded once for the set, and
what one order of the set takes is not offered to the next.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import frappe

from ec_erp.documents.errors import refuse
from ec_erp.inventory import store as inventory_store
from ec_erp.inventory.types import StockKey
from ec_erp.kernel.freight import CarrierCap, FreightBand, FreightRate, Parcel, compare, rate_problems, under_caps
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.problems import N_, Problem, problem
from ec_erp.orders import store
from ec_erp.orders.flows import addresses
from ec_erp.orders.flows.context import Run
from ec_erp.orders.flows.facts import facts_of, weight_of
from ec_erp.orders.flows.reserving import asks_for_stock
from ec_erp.orders.flows.splitting import into_parts, split_lines
from ec_erp.orders.flows.working import WorkingOrder
from ec_erp.orders.rules import blocks, machine, rulebook, splitting
from ec_erp.orders.rules.conditions import OrderFacts, split_list
from ec_erp.orders.rules.rulebook import Match
from ec_erp.orders.rules.sourcing import Candidate, Choice, choose, has_all
from ec_erp.orders.store.carriers import count_orders, load_caps, load_switched_off
from ec_erp.parties import flows as parties

_NO_CAPS: Mapping[str, CarrierCap] = MappingProxyType({})
_NOTHING_CARRIED: Mapping[str, int] = MappingProxyType({})
_FREIGHT_KEY = "ec_erp_freight_rules"


def source(orders: Sequence[WorkingOrder], run: Run) -> list[WorkingOrder]:
    """Choose the warehouses of orders that ask for it; return those that were split over several."""
    by_rule = bool(run.book.of(rulebook.WAREHOUSE))
    asking = [order for order in orders if not order.warehouse_by_hand and (by_rule or _chooses(order, run))]
    if not asking:
        return []
    known = facts_of(asking, run) if by_rule else {}
    candidates = load_candidates(asking, run)
    done: list[WorkingOrder] = []
    for order in asking:
        choice = choose_warehouse(order, known.get(order.name), candidates, run)
        if choice is None:
            continue
        order.explain(rulebook.WAREHOUSE, *_told(choice))
        if choice.split and _may_split(order, run):
            into_parts(order, _parts_by_source(order, choice), run, choice.why[:1])
            done.append(order)
            continue
        _follow(order, choice, run)
        _take(candidates.get(order.company, []), order)
    return done


def source_entered(orders: Sequence[WorkingOrder], run: Run) -> None:
    """Choose the warehouses of orders that are being entered and ask for stock before the pipeline has come to them.

    They stay whole; where no warehouse is left the default one stays, and the pipeline says so when it comes.
    """
    by_rule = bool(run.book.of(rulebook.WAREHOUSE))
    asking = [order for order in orders if (by_rule or _chooses(order, run)) and _waits_for_warehouse(order, run)]
    if not asking:
        return
    known = facts_of(asking, run) if by_rule else {}
    candidates = load_candidates(asking, run)
    for order in asking:
        choice = choose_warehouse(order, known.get(order.name), candidates, run, in_one=True)
        if choice is not None and choice.warehouse:
            _leave_from(order, choice, candidates, run)


def source_elsewhere(orders: Sequence[WorkingOrder], short: Collection[StockKey], run: Run) -> bool:
    """Choose for orders without a shop whose default warehouse is short another one that has everything.

    Returns whether any order leaves from elsewhere now. A shop says itself whether its orders leave from other warehouses.
    """
    asking = [
        order for order in orders if not order.shop and _is_short(order, short) and _waits_for_warehouse(order, run)
    ]
    candidates = load_candidates(asking, run) if asking else {}
    moved = []
    for order in asking:
        if any(one.name == order.warehouse and has_all(one, demand_of(order)) for one in candidates[order.company]):
            _take(candidates[order.company], order)
            continue
        choice = choose_warehouse(order, None, candidates, run, in_one=True, unasked=True)
        if choice is not None and choice.whole:
            why = problem(N_("{0}, the default warehouse, is short"), order.warehouse)
            _leave_from(order, replace(choice, why=(why, *choice.why)), candidates, run)
            moved.append(order)
    carry([order for order in moved if _give_back_carrier(order)], run)
    return bool(moved)


def _waits_for_warehouse(order: WorkingOrder, run: Run) -> bool:
    """Tell whether nobody has named or chosen the warehouse of an order that is to have stock now."""
    return not order.warehouse_by_hand and rulebook.WAREHOUSE not in order.explained and asks_for_stock(order, run)


def _is_short(order: WorkingOrder, short: Collection[StockKey]) -> bool:
    return any(row.sku and StockKey(row.sku, row.warehouse) in short for row in order.lines)


def _leave_from(order: WorkingOrder, choice: Choice, candidates: dict[str, list[Candidate]], run: Run) -> None:
    order.explain(rulebook.WAREHOUSE, *_told(choice))
    _follow(order, choice, run)
    _take(candidates.get(order.company, []), order)


def _give_back_carrier(order: WorkingOrder) -> bool:
    """Take back the carrier that was chosen for another warehouse; tell whether there was one."""
    chosen = rulebook.CARRIER in order.explained
    if chosen:
        order.put(carrier=None, estimated_freight=0.0)
    return chosen


def _chooses(order: WorkingOrder, run: Run) -> bool:
    terms = run.terms(order)
    return terms is not None and terms.choose_warehouse


def _splits(order: WorkingOrder, run: Run) -> bool:
    terms = run.terms(order)
    return bool(terms and terms.split_by_stock) or bool(run.settings.split_by_stock)


def _may_split(order: WorkingOrder, run: Run) -> bool:
    return machine.can(order.status, machine.SPLIT_UP, run.facts(order)) and order.origin != "Split"


def load_candidates(orders: Sequence[WorkingOrder], run: Run) -> dict[str, list[Candidate]]:
    """Return the warehouses that orders may leave from, by company, with what they have free of what is asked."""
    rows = store.load_sources({order.company for order in orders})
    skus = {row.sku for order in orders for row in order.lines if row.sku}
    balances = inventory_store.load_balances({StockKey(sku, row["name"]) for sku in skus for row in rows})
    held = _held_by(orders)
    capped = [row["name"] for row in rows if row["daily_cap"]]
    loads = store.load_loads(capped, run.now.replace(hour=0, minute=0, second=0, microsecond=0)) if capped else {}
    found: dict[str, list[Candidate]] = {}
    for row in rows:
        free = {
            key.sku: balance.free + held.get(key, ZERO)
            for key, balance in balances.items()
            if key.warehouse == row["name"]
        }
        candidate = Candidate(
            name=row["name"], free=free, coverage=row["coverage"], priority=int(row["priority"] or 0),
            daily_cap=int(row["daily_cap"] or 0), load=loads.get(row["name"], 0),
        )  # fmt: skip
        found.setdefault(row["company"], []).append(candidate)
    return found


def _held_by(orders: Sequence[WorkingOrder]) -> dict[StockKey, Decimal]:
    """Return what the orders hold themselves already: it is free for them."""
    held: dict[StockKey, Decimal] = {}
    for order in orders:
        for row in order.lines:
            if decimal_of(row.get("reserved_qty")):
                key = StockKey(row.sku, row.warehouse)
                held[key] = held.get(key, ZERO) + decimal_of(row.reserved_qty)
    return held


def choose_warehouse(
    order: WorkingOrder,
    facts: OrderFacts | None,
    candidates: Mapping[str, Sequence[Candidate]],
    run: Run,
    *,
    in_one: bool = False,
    unasked: bool = False,
) -> Choice | None:
    """Return the choice for an order, None where neither a rule nor the shop asks for one (unless ``unasked``).

    ``in_one`` says that it must not be split, whatever the shop says.
    """
    found = rulebook.matches(run.book, rulebook.WAREHOUSE, facts, run.now) if facts else []
    fixed = rulebook.actions_of(found, rulebook.USE_WAREHOUSE)
    if fixed:
        match, action = fixed[0]
        return Choice(action.value, (rulebook.reason(match),), whole=True)
    excluded = [action.value for _, action in rulebook.actions_of(found, rulebook.EXCLUDE_WAREHOUSE)]
    if not excluded and not unasked and not _chooses(order, run):
        return None
    may_split = not (in_one or order.sealed) and _splits(order, run)
    shut = addresses.shut_out(order, run, carriers=False)
    open_ones = [one for one in candidates.get(order.company, []) if one.name not in shut]
    priced = [_priced(candidate, order, run) for candidate in open_ones]
    place = (order.receiver_province or "", order.receiver_city or "")
    choice = choose(demand_of(order), priced, *place, excluded=excluded, may_split=may_split)
    return replace(choice, why=(*choice.why, *shut.values(), *(rulebook.reason(match) for match in found)))


def demand_of(order: WorkingOrder) -> dict[str, Decimal]:
    """Return what an order needs, by SKU."""
    needed: dict[str, Decimal] = {}
    for row in order.lines:
        if row.sku:
            needed[row.sku] = needed.get(row.sku, ZERO) + decimal_of(row.qty)
    return needed


def _priced(candidate: Candidate, order: WorkingOrder, run: Run) -> Candidate:
    quotes, _ = compare(freight_rates(), parcel_of(order, candidate.name, run))
    return replace(candidate, freight=quotes[0].price if quotes else None)


def _follow(order: WorkingOrder, choice: Choice, run: Run) -> None:
    if choice.warehouse is None:
        order.block_unless_cleared(blocks.NO_WAREHOUSE, "warehouse", problem(N_("No warehouse is left")), run.now)
        return
    order.unblock(blocks.NO_WAREHOUSE)
    order.put(warehouse=choice.warehouse)
    for row in list(order.lines):
        if row.warehouse != choice.warehouse:
            order.replace_line(row, warehouse=choice.warehouse)


def _take(candidates: list[Candidate], order: WorkingOrder) -> None:
    """Take what an order needs out of what its warehouse offers to the orders after it."""
    for at, one in enumerate(candidates):
        if one.name == order.warehouse:
            free = dict(one.free)
            for sku, qty in demand_of(order).items():
                free[sku] = free.get(sku, ZERO) - qty
            candidates[at] = replace(one, free=free, load=one.load + 1)


def _parts_by_source(order: WorkingOrder, choice: Choice) -> list[tuple[splitting.Part, Mapping[str, Any]]]:
    """Return the parts of an order by the warehouses that have them."""
    left = {(sku, warehouse): qty for sku, shares in choice.split.items() for warehouse, qty in shares}
    sources: dict[str, list[tuple[str, Decimal]]] = {}
    for row in order.lines:
        need = decimal_of(row.qty)
        for sku, warehouse in [key for key in left if key[0] == row.sku]:
            taken = min(need, left[sku, warehouse])
            if taken > 0:
                sources.setdefault(row.name, []).append((warehouse, taken))
                left[sku, warehouse] -= taken
                need -= taken
    parts = splitting.by_source(split_lines(order), sources)
    return [(part, {"warehouse": warehouse, "warehouse_by_hand": 1}) for warehouse, part in parts]


def _told(choice: Choice) -> tuple[str, Sequence[Any], Sequence[Problem]]:
    if choice.warehouse:
        return N_("{0} was chosen"), [choice.warehouse], choice.why
    return (N_("Split over several warehouses") if choice.split else N_("No warehouse fits")), [], choice.why


def carry(orders: Sequence[WorkingOrder], run: Run) -> None:
    """Choose the carriers of orders that have none: by rule, else by the price table."""
    rates = freight_rates()
    by_rule = bool(run.book.of(rulebook.CARRIER))
    asking = [order for order in orders if not order.carrier and (rates or by_rule)]
    known = facts_of(asking, run) if by_rule else {}
    caps = load_caps() if asking else {}
    carried = count_orders(run.now.date()) if caps else {}
    left_without: dict[str, Problem] = {}
    for order in asking:
        carrier, price, why = choose_carrier(order, known.get(order.name), rates, run, caps, carried)
        _take_carrier(order, carrier, price, why)
        if carrier:
            carried[carrier] = carried.get(carrier, 0) + 1
        elif shut := addresses.shut_out(order, run, carriers=True):
            left_without[order.name] = next(iter(shut.values()))
        elif run.settings.require_carrier:
            order.block_unless_cleared(blocks.NO_CARRIER, "carrier", problem(N_("No carrier fits")), run.now)
    addresses.stop_out_of_range(orders, run, left_without)


def _take_carrier(order: WorkingOrder, carrier: str | None, price: Decimal | None, why: Sequence[Problem]) -> None:
    """Write the carrier that was chosen, and why, into an order."""
    text = N_("{0} for {1}") if price is not None else (N_("{0} was chosen") if carrier else N_("No carrier fits"))
    order.explain(rulebook.CARRIER, text, [carrier or "", price if price is not None else ""], why)
    order.put(weight_g=float(weight_of(order)))
    if carrier:
        order.put(carrier=carrier, estimated_freight=float(price or ZERO))
        order.unblock(blocks.NO_CARRIER)


def choose_carrier(
    order: WorkingOrder,
    facts: OrderFacts | None,
    rates: Sequence[FreightRate],
    run: Run,
    caps: Mapping[str, CarrierCap] = _NO_CAPS,
    carried: Mapping[str, int] = _NOTHING_CARRIED,
) -> tuple[str | None, Decimal | None, list[Problem]]:
    """Return the carrier, what it asks (None: no price is known), and why.

    ``carried`` counts the day's orders by carrier, for the ``caps``; a carrier that a rule names is not capped.
    """
    found: list[Match] = rulebook.matches(run.book, rulebook.CARRIER, facts, run.now) if facts else []
    fixed, off = _named_by_rules(found)
    reasons = [*map(rulebook.reason, found), *off]
    excluded = {action.value for _, action in rulebook.actions_of(found, rulebook.EXCLUDE_CARRIER)}
    quotes, refused = compare(rates, parcel_of(order, order.warehouse or "", run))
    shut = addresses.shut_out(order, run, carriers=True)
    fitting = [one for one in quotes if one.carrier not in excluded and one.carrier not in shut]
    if fixed:
        wanted = fixed[0]
        price = next((one.price for one in quotes if one.carrier == wanted), None)
        return wanted, price, reasons
    fitting, capped = under_caps(fitting, caps, carried)
    told = [
        problem(N_("{0} by {1}: {2}, {3} hours"), one.carrier, one.rate, one.price, one.promise_hours)
        for one in fitting
    ]
    told += [problem(N_("{0} is excluded by a rule"), one.carrier) for one in quotes if one.carrier in excluded]
    told += shut.values()
    best = fitting[0] if fitting else None
    return (best.carrier if best else None), (best.price if best else None), [*told, *capped, *refused, *reasons]


def _named_by_rules(found: Sequence[Match]) -> tuple[list[str], list[Problem]]:
    """Return the carriers that rules name, and why some of them are passed over."""
    named = [action.value for _, action in rulebook.actions_of(found, rulebook.USE_CARRIER)]
    off = load_switched_off() if named else frozenset()
    told = [problem(N_("The carrier {0} is disabled"), carrier) for carrier in named if carrier in off]
    return [carrier for carrier in named if carrier not in off], told


def parcel_of(order: WorkingOrder, warehouse: str, run: Run) -> Parcel:
    """Return what the price table asks of an order."""
    cod = order.payment_type == "Cash on Delivery"
    return Parcel(warehouse, order.receiver_province or "", weight_of(order), cod, run.now.date())


def freight_rates() -> list[FreightRate]:
    """Return the price tables of carriers that take parcels, kept in the cache until one changes."""
    rows: list[dict[str, Any]] = frappe.cache.get_value(_FREIGHT_KEY, store.load_freight_rows) or []
    off = load_switched_off() if rows else ()
    return [_rate(row) for row in rows if row["carrier"] not in off]


def check_freight_rule(doc: Any) -> None:
    """Refuse a price table that can't be meant so; warn of provinces that the table of regions does not have."""
    if doc.valid_from and doc.valid_to and str(doc.valid_to) < str(doc.valid_from):
        refuse([problem(N_("The end date must not be before the start date"))])
    bands = [_band(row.as_dict()) for row in doc.bands]
    refuse(rate_problems(bands))
    parties.warn_of_unknown_places((province, "") for band in bands for province in sorted(band.provinces))


def forget_freight() -> None:
    """Read the price tables again, because one has changed."""
    frappe.cache.delete_value(_FREIGHT_KEY)
    frappe.db.after_rollback.add(_drop_freight)


def _drop_freight() -> None:
    """Forget prices that were read before the change of them was undone."""
    frappe.cache.delete_value(_FREIGHT_KEY)


def _rate(row: Mapping[str, Any]) -> FreightRate:
    return FreightRate(
        name=row["name"],
        carrier=row["carrier"],
        bands=tuple(_band(band) for band in row["bands"]),
        warehouse=row["warehouse"] or None,
        priority=int(row["priority"] or 0),
        valid_from=frappe.utils.getdate(row["valid_from"]) if row["valid_from"] else None,
        valid_to=frappe.utils.getdate(row["valid_to"]) if row["valid_to"] else None,
        cod=bool(row["cod"]),
    )


def _band(row: Mapping[str, Any]) -> FreightBand:
    return FreightBand(
        first_weight_g=decimal_of(row["first_weight_g"]),
        first_price=decimal_of(row["first_price"]),
        step_weight_g=decimal_of(row["step_weight_g"]),
        step_price=decimal_of(row["step_price"]),
        promise_hours=int(row["promise_hours"] or 0),
        excluded=bool(row["excluded"]),
        provinces=frozenset(split_list(row["provinces"] or "")),
    )
