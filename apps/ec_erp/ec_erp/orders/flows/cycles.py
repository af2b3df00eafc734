"""Orders that are delivered in several turns (周期购): begun once paid, an order made for each turn as it comes near, skipped, stopped.

Invariants: a turn gets its order in the transaction that marks it as made, its cycle locked, so that two runs never make two; orders
are locked before their cycles; what the turns' orders and what was stopped come to is what the order was, to the cent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents.errors import refuse
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.problems import N_, Problem, problem
from ec_erp.orders import store
from ec_erp.orders.errors import OrderNotReady
from ec_erp.orders.flows import deriving
from ec_erp.orders.flows.context import Run
from ec_erp.orders.flows.splitting import split_lines
from ec_erp.orders.flows.working import WorkingOrder, lock_orders, write_orders
from ec_erp.orders.rules import cycles as rules
from ec_erp.orders.rules import machine, payment
from ec_erp.orders.rules.cycles import Rhythm, Turn
from ec_erp.orders.rules.splitting import split_money
from ec_erp.posting import store as posting_store

CODE = N_("Periodic Delivery")
_HEAD = ("cycle_times", "cycle_first_date", "cycle_every", "cycle_period", "cycle_lead_days")
_SPREAD = N_("{0} deliveries, the first on {1}")
_CANNOT = N_("A periodic order is paid in full or on account, is not sealed and has no presale goods")
_END_OF_DAY = time(23, 59, 59)


def fill(doc: Any) -> None:
    """Give an order that is delivered in turns what nobody said: paid first, every month from its own day on."""
    doc.payment_type = doc.payment_type or payment.PREPAID
    doc.cycle_every = doc.cycle_every or 1
    doc.cycle_period = doc.cycle_period or rules.MONTHS
    doc.cycle_first_date = doc.cycle_first_date or frappe.utils.getdate(doc.order_datetime)


def check(doc: Any) -> None:
    """Refuse an order that can't be delivered in turns."""
    found = rules.rhythm_problems(_rhythm(doc), int(doc.cycle_lead_days or 0))
    fits = doc.payment_type in (payment.PREPAID, payment.ON_ACCOUNT) and not doc.sealed and not doc.presale_release
    if not fits or any(row.is_presale for row in doc.items):
        found.append(problem(_CANNOT))
    if not found:
        found = rules.share_problems(split_lines(WorkingOrder.of(doc)), int(doc.cycle_times))
    refuse(found)


def _rhythm(row: Any) -> Rhythm:
    return Rhythm(
        _day(row.get("cycle_first_date")),
        int(row.get("cycle_every") or 0),
        row.get("cycle_period") or "",
        int(row.get("cycle_times") or 0),
    )


def _day(value: Any) -> date:
    found: date = frappe.utils.getdate(value) or frappe.utils.now_datetime().date()
    return found


def begin(orders: Sequence[WorkingOrder], run: Run) -> None:
    """End orders that are paid as spread over their turns; their cycles make the orders that leave."""
    waiting = [order for order in orders if machine.can(order.status, machine.SPLIT_UP, run.facts(order))]
    terms = store.load_heads([order.name for order in waiting], _HEAD) if waiting else {}
    for order in waiting:
        order.step(machine.SPLIT_UP, run.facts(order))
        cycle = _document(order, terms[order.name])
        cycle.insert()
        order.put(delivery_cycle=cycle.name)
        order.explain("Split", _SPREAD, [len(cycle.turns), str(cycle.first_date)])


def _document(order: WorkingOrder, terms: Any) -> Any:
    rhythm, lead_days = _rhythm(terms), int(terms.cycle_lead_days or 0)
    turns = rules.turns_of(rhythm)
    amounts = _amounts(order, rhythm.times)
    doc = frappe.get_doc(
        {
            "doctype": "Delivery Cycle",
            "sales_order": order.name,
            **{field: order.head.get(field) for field in ("customer", "shop", "company", "currency")},
            "first_date": rhythm.first,
            **{field: getattr(rhythm, field) for field in ("every", "period", "times")},
            "lead_days": lead_days,
            "total_amount": float(order.decimal("grand_total")),
            **_shown(turns, amounts, lead_days),
            "turns": [
                {**_row(turn), "amount": float(amounts[turn.share]), "currency": order.currency} for turn in turns
            ],
        }
    )
    doc.flags.ignore_permissions = True  # the right to submit the order is the right that counts
    return doc


def _amounts(order: WorkingOrder, times: int) -> list[Decimal]:
    """Return what each share of an order is worth."""
    paid = []
    for line in split_lines(order):
        row = next(row for row in order.lines if row.name == line.line)
        money = split_money(deriving.money_of(row), rules.quantities(line, times), order.currency)
        paid.append([part.paid for part in money])
    return rules.amounts_of(order.decimal("grand_total"), paid, times)


def _row(turn: Turn) -> dict[str, Any]:
    return {"number": turn.number, "share": turn.share, "due_date": turn.due, "state": turn.state}


def _shown(turns: Sequence[Turn], amounts: Sequence[Decimal], lead_days: int) -> dict[str, Any]:
    """Return what the head of a cycle shows of its turns."""
    due = rules.next_due(turns)
    left = sum((amounts[turn.share] for turn in turns if turn.state == rules.PLANNED), ZERO)
    return {
        "status": rules.state_of(turns),
        "next_date": due,
        "make_on": due - timedelta(days=lead_days) if due else None,
        "made_count": sum(turn.state == rules.MADE for turn in turns),
        "left_amount": float(left),
    }


def due_cycles(now: datetime, limit: int) -> list[str]:
    """Return the cycles of which an order is to be made now."""
    return store.load_due_cycles(now.date(), limit)


def make_due(names: Iterable[str]) -> list[str]:
    """Make the orders of all turns of cycles that are due; return them. Turns that have theirs stay as they are."""
    now = frappe.utils.now_datetime()
    opened = _open(names)
    documents: list[Any] = []
    for cycle in opened:
        cycle.due = rules.due_turns(cycle.turns, now.date(), cycle.lead_days)
        documents += _documents(cycle, now)
    if documents:
        deriving.derive(documents)
    made = {(doc.delivery_cycle, doc.cycle_number): doc.name for doc in documents}
    for cycle in opened:
        cycle.turns = rules.mark_made(cycle.turns, [turn.number for turn in cycle.due])
        for turn in cycle.due:
            cycle.rows[turn.number].update(sales_order=made[cycle.name, turn.number], made_at=now)
    _write(opened)
    return [doc.name for doc in documents]


class _Cycle:
    """A locked cycle with its order and turns."""

    def __init__(self, name: str, head: Mapping[str, Any], order: WorkingOrder) -> None:
        """Start from what the database holds."""
        self.name, self.order = name, order
        self.lead_days = int(head["lead_days"] or 0)
        self.rhythm = Rhythm(_day(head["first_date"]), int(head["every"]), head["period"], int(head["times"]))
        self.rows: dict[int, dict[str, Any]] = {int(row["number"]): row for row in head["turns"]}
        self.turns = [
            Turn(int(row["number"]), int(row["share"]), _day(row["due_date"]), row["state"]) for row in head["turns"]
        ]
        self.amounts = {int(row["share"]): decimal_of(row["amount"]) for row in head["turns"]}
        self.due: list[Turn] = []
        self.extra: dict[str, Any] = {}

    @property
    def worth(self) -> list[Decimal]:
        """What each share is worth."""
        return [self.amounts[share] for share in range(self.rhythm.times)]


def _open(names: Iterable[str]) -> list[_Cycle]:
    """Lock cycles after their orders and return those that are known."""
    order_of = store.load_orders_of_cycles(names)
    orders = {order.name: order for order in lock_orders(sorted(order_of.values()))}
    heads = store.lock_cycles(sorted(order_of))
    return [_Cycle(name, head, orders[order_of[name]]) for name, head in heads.items() if order_of[name] in orders]


def _documents(cycle: _Cycle, now: datetime) -> list[Any]:
    """Return the orders of the turns of a cycle that are due, ready to be inserted."""
    if not cycle.due:
        return []
    order = cycle.order
    parts = rules.parts_of(split_lines(order), cycle.rhythm.times)
    secret = deriving.secrets_of([order])[order.name]
    whole = deriving.split_documents(order, [(part, {}) for part in parts], secret)
    found = []
    for turn in cycle.due:
        doc = whole[turn.share]
        ship_by = datetime.combine(turn.due, _END_OF_DAY)
        doc.update(
            {"delivery_cycle": cycle.name, "cycle_number": turn.number, "ship_by": ship_by, "order_datetime": now}
        )
        found.append(doc)
    return found


def _write(opened: Sequence[_Cycle]) -> None:
    heads: dict[str, Any] = {}
    changed: dict[str, Any] = {}
    added: list[Any] = []
    for cycle in opened:
        heads[cycle.name] = {**_shown(cycle.turns, cycle.worth, cycle.lead_days), **cycle.extra}
        for turn in cycle.turns:
            row = cycle.rows.get(turn.number)
            if row is None:
                added.append(_added(cycle, turn))
            else:
                values = {"sales_order": row["sales_order"], "made_at": row["made_at"]}
                changed[row["name"]] = {"due_date": turn.due, "state": turn.state, **values}
    store.write_cycles(heads, changed, added)


def _added(cycle: _Cycle, turn: Turn) -> dict[str, Any]:
    money = {"amount": float(cycle.amounts[turn.share]), "currency": cycle.order.currency}
    name = frappe.generate_hash(length=10)
    return {"name": name, "parent": cycle.name, "idx": turn.number, **_row(turn), **money}


def skip_turn(name: str, number: int, why: str = "") -> date:
    """Leave a delivery of a cycle out: its goods come at the end, on the next day of the rhythm; return that day.

    Raises ``OrderNotReady`` for deliveries that are not planned any more.
    """
    cycle = _one(name)
    refuse(rules.turn_problems(cycle.turns, number), OrderNotReady)
    cycle.turns = rules.skip(cycle.turns, number, cycle.rhythm)
    _write([cycle])
    day = cycle.turns[-1].due
    _note(cycle, problem(N_("Delivery {0} is skipped; its goods come on {1}"), number, day), why)
    return day


def postpone_turn(name: str, number: int, day: date, why: str = "") -> None:
    """Have a delivery of a cycle due on another day. Raises ``OrderNotReady`` as ``skip_turn``, and for days that are over."""
    cycle = _one(name)
    today = frappe.utils.now_datetime().date()
    refuse(rules.turn_problems(cycle.turns, number, day, today), OrderNotReady)
    cycle.turns = rules.postpone(cycle.turns, number, day)
    _write([cycle])
    _note(cycle, problem(N_("Delivery {0} is due on {1}"), number, day), why)


def stop_cycle(name: str, why: str) -> Decimal:
    """Deliver nothing more of a cycle; return what the buyer gets back of what they have paid.

    The order shows what is refunded beside its total. Raises ``OrderNotReady`` where nothing is planned or no reason is given.
    """
    cycle = _one(name)
    planned = [turn for turn in cycle.turns if turn.state == rules.PLANNED]
    missing: list[Problem] = [] if planned else [problem(N_("Nothing of {0} is planned any more"), name)]
    missing += [] if why.strip() else [problem(N_("Say why"))]
    refuse(missing, OrderNotReady)
    left = sum((cycle.amounts[turn.share] for turn in planned), ZERO)
    refund = _refund(cycle.order, left)
    cycle.turns = rules.stop(cycle.turns)
    cycle.extra = {"refund_amount": float(refund), "stop_reason": why}
    _take_out(cycle, planned, left)
    _write([cycle])
    _note(cycle, problem(N_("No more deliveries; {0} is not delivered, {1} goes back"), left, refund), why)
    return refund


def pay_back(name: str) -> Any:
    """Return the draft of a payment of what a stopped cycle owes the buyer, for its order where that was paid by a payment.

    Raises ``OrderNotReady`` where nothing is to be paid back.
    """
    doc = frappe.get_doc("Delivery Cycle", name)
    amount = decimal_of(doc.refund_amount)
    refuse([] if amount > 0 else [problem(N_("Nothing of {0} is to be paid back"), name)], OrderNotReady)
    at = ("Sales Order", doc.sales_order)
    known = posting_store.load_documents([at]).get(at)
    reference = {"reference_doctype": at[0], "reference_name": at[1], "allocated_amount": float(amount)}
    payment_entry = {
        "doctype": "Payment Entry",
        "payment_type": "Pay",
        "party_type": "Customer",
        "party": doc.customer,
        **{field: doc.get(field) for field in ("company", "currency", "shop")},
        "paid_amount": float(amount),
        "remarks": frappe._(CODE) + f": {doc.sales_order}, {name}",
        "references": [reference] if known and known.settled >= amount else [],
    }
    return frappe.get_doc(payment_entry).insert()


def _refund(order: WorkingOrder, left: Decimal) -> Decimal:
    """Return what the buyer gets back when ``left`` is not delivered: no more than was paid beyond the rest."""
    if order.payment_state == payment.PAID:
        return left
    known = posting_store.load_documents([("Sales Order", order.name)]).get(("Sales Order", order.name))
    return max(ZERO, known.settled - (known.total - left)) if known else ZERO


def _take_out(cycle: _Cycle, planned: Sequence[Turn], left: Decimal) -> None:
    """Show on an order what of it is not delivered any more."""
    order, now = cycle.order, frappe.utils.now_datetime()
    parts = rules.parts_of(split_lines(order), cycle.rhythm.times)
    gone: dict[str, Decimal] = {}
    for share in (share for turn in planned for share in parts[turn.share]):
        gone[share.line] = gone.get(share.line, ZERO) + share.qty
    for row in order.lines:
        order.put_line(row, refunded_qty=float(decimal_of(row.get("refunded_qty")) + gone.get(row.name, ZERO)))
    order.put(refunded_amount=float(left))
    write_orders([order], now)


def _one(name: str) -> _Cycle:
    opened = _open([name])
    refuse(
        [problem(N_("{0} {1} does not exist"), frappe._("Delivery Cycle"), name)] if not opened else [], OrderNotReady
    )
    return opened[0]


def _note(cycle: _Cycle, told: Problem, why: str) -> None:
    """Add what was done with a cycle to the history of its order."""
    order = cycle.order
    order.explain(CODE, told.message, told.values)
    row = {"sales_order": order.name, "kind": "Decision", "code": CODE, "moment": frappe.utils.now_datetime()}
    store.append_log([{**row, "note": why, "details": order.explained}])
