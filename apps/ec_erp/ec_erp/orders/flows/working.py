"""Orders while a flow changes them: read once, changed in memory, written as a set with their history.

Invariants: what a flow reads of an order is what it has changed so far; nothing reaches the database before
``write_orders``, and then with a number of statements that does not grow with the number of orders.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.documents import held_back, memo, sentences
from ec_erp.documents.sentences import Note
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.problems import Problem
from ec_erp.kernel.times import moment_of
from ec_erp.orders import store
from ec_erp.orders.flows import instalments
from ec_erp.orders.rules import blocks as catalogue
from ec_erp.orders.rules.machine import Path
from ec_erp.orders.types import GuardFacts, ShopTerms

Row = dict[str, Any]


class WorkingOrder:
    """An order with its lines and blocks: a document that is being submitted, or rows that were locked."""

    def __init__(self, head: Any, lines: Sequence[Any], blocks: Sequence[Any], *, is_document: bool = False) -> None:
        """Start from what the database holds."""
        self.head, self.lines, self.blocks = head, list(lines), list(blocks)
        self.is_document = is_document
        self.value = (vars(head) if is_document else head).get  # gives a field: guards look at a hundred of them
        self.name: str = head.name
        self.path = Path(head.status)
        self.changed: Row = {}
        self.changed_lines: dict[str, Row] = {}
        self.new_lines: list[Any] = []
        self.dropped_lines: list[str] = []
        self.freed_lines: list[str] = []
        self.new_blocks: list[Any] = []
        self.dropped_blocks: list[str] = []
        self.changed_blocks: dict[str, Row] = {}
        self.entries: list[Row] = []
        self.why = ""
        self.explained: Row = {}
        self.profit_known = False
        self.may_hold = True  # whether lines may have asked for stock before
        self.line_sums = sums_of(self.lines)

    @classmethod
    def of(cls, doc: Any) -> WorkingOrder:
        """Return a document as a working order; what the flow changes is seen in the document."""
        return cls(doc, doc.items, doc.blocks, is_document=True)

    def __getattr__(self, field: str) -> Any:
        """Give a field of the order."""
        return self.value(field)

    @property
    def status(self) -> str:
        """Where the order is now."""
        return self.path.status

    @property
    def codes(self) -> list[str]:
        """The codes of its blocks."""
        return [row.code for row in self.blocks]

    def decimal(self, field: str) -> Any:
        """Return a number field as an exact decimal."""
        return decimal_of(self.value(field))

    def moment(self, field: str) -> datetime | None:
        """Return a time field, None where it is empty."""
        value = self.value(field)
        return moment_of(frappe.utils.get_datetime(value)) if value else None

    def put(self, **values: Any) -> None:
        """Change fields of the head."""
        for field, value in values.items():
            if self.value(field) != value:
                setattr(self.head, field, value)
                self.changed[field] = value

    def put_line(self, row: Any, **values: Any) -> None:
        """Change fields of a line."""
        for field, value in values.items():
            if row.get(field) != value:
                setattr(row, field, value)
                if row not in self.new_lines:
                    self.changed_lines.setdefault(row.name, {})[field] = value

    def add_line(self, **values: Any) -> Any:
        """Add a line at the end; return it."""
        values = {"name": frappe.generate_hash(length=10), "idx": len(self.lines) + 1, **values}
        row = self.head.append("items", values) if self.is_document else frappe._dict(values)
        if not self.is_document or row not in self.lines:
            self.lines.append(row)
        self.new_lines.append(row)
        return row

    def replace_line(self, row: Any, **values: Any) -> Any:
        """Give a line another SKU or warehouse: a line that has held stock goes, a new one takes its place."""
        if self.is_document or row in self.new_lines:  # what is being accepted has held nothing yet
            self.put_line(row, **values)
            return row
        kept = {field: row.get(field) for field in (*store.line_columns(), "idx")}
        self.drop_line(row)
        return self.add_line(**{**kept, "reserved_qty": 0.0, "stock_state": "None", **values})

    def drop_line(self, row: Any) -> None:
        """Take a line out."""
        self.lines = [line for line in self.lines if line.name != row.name]
        if self.is_document:
            self.head.items = [line for line in self.head.items if line.name != row.name]
        self.changed_lines.pop(row.name, None)
        if row in self.new_lines:
            self.new_lines.remove(row)
        else:
            self.dropped_lines.append(row.name)
            self.freed_lines += [row.name] if decimal_of(row.get("reserved_qty")) else []

    def block(self, code: str, source: str, note: Note, now: datetime) -> bool:
        """Put a block on the order; return whether it is new."""
        if code in self.codes:
            return False
        text, details = sentences.write_note(note)
        values = {
            "name": frappe.generate_hash(length=10),
            "idx": len(self.blocks) + 1,
            "code": code,
            "blocking": int(catalogue.is_blocking(code)),
            "source": source,
            "since": now,
            "set_by": frappe.session.user,
            "note": text,
            "details": details,
        }
        row = self.head.append("blocks", values) if self.is_document else frappe._dict(values)
        if not self.is_document or row not in self.blocks:
            self.blocks.append(row)
        self.new_blocks.append(row)
        self.log("Block", code, text or source, details and json.loads(details))
        return True

    def block_unless_cleared(self, code: str, source: str, note: Note, now: datetime) -> bool:
        """Put a block on the order that a rule asks for, unless a person has cleared it before; return whether it is new."""
        cleared = (self.cleared_reasons or "").split("\n")
        return code not in cleared and self.block(code, source, note, now)

    def clear_for_good(self, code: str, why: str = "") -> bool:
        """Take a block off that a person has looked at: rules do not put it on again until the order is edited."""
        cleared = [known for known in (self.cleared_reasons or "").split("\n") if known]
        if not self.unblock(code, why):
            return False
        self.put(cleared_reasons="\n".join(dict.fromkeys([*cleared, code])))
        return True

    def put_block(self, row: Any, **values: Any) -> None:
        """Change fields of a block."""
        row.update(values)
        if row not in self.new_blocks:
            self.changed_blocks.setdefault(row.name, {}).update(values)

    def unblock(self, code: str, why: Note = "") -> bool:
        """Take a block off the order; return whether it was there."""
        gone = [row for row in self.blocks if row.code == code]
        if not gone:
            return False
        self.blocks = [row for row in self.blocks if row.code != code]
        if self.is_document:
            self.head.blocks = self.blocks
        for row in gone:
            if row in self.new_blocks:
                self.new_blocks.remove(row)
            else:
                self.dropped_blocks.append(row.name)
        text, details = sentences.write_note(why)
        self.log("Unblock", code, text, details and json.loads(details))
        return True

    def unblock_by(self, code: str, source: str, why: Note = "") -> bool:
        """Take a block off that a rule has put on, not one that a person has; return whether it was there."""
        return any(row.code == code and row.source == source for row in self.blocks) and self.unblock(code, why)

    def step(self, event: str, facts: GuardFacts) -> None:
        """Let an event happen. Raises as ``machine.next_status`` does."""
        self.path = self.path.then(event, facts)
        self.put(status=self.path.status)

    def log(self, kind: str, code: str, note: str = "", details: Any = None, moment: datetime | None = None) -> None:
        """Remember something for the order's history."""
        self.entries.append({"kind": kind, "code": code, "note": note, "details": details, "moment": moment})

    def explain(self, stage: str, text: str, values: Sequence[Any] = (), why: Sequence[Problem] = ()) -> None:
        """Keep what was decided in a stage and why, as templates with their values, for the order's history."""
        reasons = [sentences.keep(reason.message, reason.values) for reason in why]
        self.explained[stage] = {**sentences.keep(text, values), "why": reasons}

    def explain_more(self, stage: str, text: str, why: Sequence[Problem]) -> None:
        """Keep further reasons of a stage that was explained before; ``text`` counts where it was not."""
        before = self.explained.get(stage)
        self.explain(stage, text, (), why)
        if before:
            self.explained[stage] = {**before, "why": [*before["why"], *self.explained[stage]["why"]]}

    def write_held_back(self) -> None:
        """Write the rows of a new order that were held back for this: what has changed in them needs no second statement."""
        rows = held_back.write(self.head)
        if rows is not None:
            self.changed.clear()
            for row in rows:
                self.changed_lines.pop(row.name, None)

    def log_rows(self, now: datetime) -> list[Row]:
        """Return the rows of the order's history that this flow adds."""
        rows = [{**entry, "sales_order": self.name, "moment": entry["moment"] or now} for entry in self.entries]
        if self.path.steps:
            rows.append(
                {
                    "sales_order": self.name,
                    "moment": now,
                    "kind": "Transition",
                    "code": self.path.steps[-1][0],
                    "from_status": self.path.start,
                    "to_status": self.path.status,
                    "path": "; ".join(f"{event} → {status}" for event, status in self.path.steps),
                    "note": self.why,
                    "details": self.explained or None,
                }
            )
        return rows


def lock_orders(names: Iterable[str], extra: Iterable[str] = ()) -> list[WorkingOrder]:
    """Lock submitted orders and return them, in the order of ``names``; others are left out."""
    wanted = list(dict.fromkeys(names))
    heads = store.lock_heads(wanted, extra)
    lines, blocks = store.load_line_rows(heads), store.load_block_rows(heads)
    return [
        WorkingOrder(heads[name], lines.get(name, []), blocks.get(name, []))
        for name in wanted
        if name in heads and heads[name].docstatus == 1
    ]


def guard_facts(order: WorkingOrder, terms: ShopTerms | None, settings: Any, now: datetime) -> GuardFacts:
    """Return what the guards of the machine look at."""
    presale = has_presale(order)
    value = order.value
    is_brush, payment_state = value("is_brush"), value("payment_state")
    reserved = not is_brush and is_reserved(order, partial=bool(terms and terms.allow_partial))
    return GuardFacts(
        blocking=catalogue.blocking(order.codes),
        paid=payment_state in ("Paid", "On Account", "Collect"),
        deposit_paid=payment_state == "Deposit Paid",
        presale=presale,
        presale_ready=not presale or bool(value("presale_released")),
        held=is_held(order, now),
        mapped=is_mapped(order),
        sourced=all([line.warehouse for line in order.lines]),
        carried=bool(value("carrier")) or not settings.require_carrier,
        stocked=reserved or bool(terms and terms.reserve_on == "Audit" and not is_brush),
        reserved=reserved,
        finance_audit=bool(value("needs_finance_audit")),
        shipped=is_delivered_in_part(order),
        sealed=bool(value("sealed")),
        open_case=bool(value("has_open_case")),
    )


def is_held(order: WorkingOrder, now: datetime) -> bool:
    """Tell whether an order waits for a moment still to come."""
    until = order.moment("hold_until")
    return bool(until and until > now)


def is_mapped(order: WorkingOrder) -> bool:
    """Tell whether the SKU of every line is known."""
    return all([line.sku for line in order.lines])


def is_presale(order: WorkingOrder, line: Any) -> bool:
    """Tell whether a line is sold before its goods are there: marked so, or its order has a deposit or a way of release."""
    if _marks_presale(order):
        return bool(line.is_presale)
    return _sells_before(order)


def has_presale(order: WorkingOrder) -> bool:
    """Tell whether any line of an order is sold before its goods are there."""
    return _marks_presale(order) or (bool(order.lines) and _sells_before(order))


def _marks_presale(order: WorkingOrder) -> bool:
    return any([row.is_presale for row in order.lines])


def _sells_before(order: WorkingOrder) -> bool:
    """Tell whether an order without marked lines has a deposit or a way of release."""
    return order.value("payment_type") == "Deposit" or bool(order.value("presale_release"))


def is_reserved(order: WorkingOrder, *, partial: bool) -> bool:
    """Tell whether stock is put aside for all lines (for any of them where a part is enough)."""
    return partial or all([open_qty(line) <= decimal_of(line.reserved_qty) for line in order.lines])


def sums_of(rows: Sequence[Any]) -> tuple[Decimal, Decimal]:
    """Return what lines come to: paid and tax."""
    paid = sum((decimal_of(row.get("paid_amount")) for row in rows), ZERO)
    return paid, sum((decimal_of(row.get("tax_amount")) for row in rows), ZERO)


def open_qty(line: Any) -> Decimal:
    """Return what of a line is still to leave."""
    delivered, refunded = line.delivered_qty, line.refunded_qty
    qty = decimal_of(line.qty)
    return max(ZERO, qty - decimal_of(delivered) - decimal_of(refunded) if delivered or refunded else qty)


def is_delivered_in_part(order: WorkingOrder) -> bool:
    """Tell whether anything of the order has left."""
    return bool(order.value("charges_delivered")) or any([decimal_of(line.delivered_qty) for line in order.lines])


def write_orders(orders: Sequence[WorkingOrder], now: datetime) -> None:
    """Write what has changed, blocks and history included."""
    memo.forget("Sales Order")
    with_terms = [order for order in orders if order.value("instalment_state")]
    if with_terms:
        instalments.follow(with_terms, now)
    for order in orders:
        if order.new_blocks or order.dropped_blocks:
            codes = order.codes
            order.put(exceptions=catalogue.summary(codes) or None, is_blocked=int(bool(catalogue.blocking(codes))))
    for order in orders:
        if order.is_document:
            order.write_held_back()
    _write_heads([order for order in orders if order.is_document], touch=False)
    _write_heads([order for order in orders if not order.is_document], touch=True)
    _write_rows(orders)
    store.append_log([row for order in orders for row in order.log_rows(now)])


def _write_rows(orders: Sequence[WorkingOrder]) -> None:
    """Write lines and blocks: changed, new and gone ones."""
    store.write_lines({name: row for order in orders for name, row in order.changed_lines.items()}, _values_of(orders))
    store.insert_lines([(order.name, row) for order in orders for row in order.new_lines])
    store.delete_lines([name for order in orders for name in order.dropped_lines])
    store.write_blocks({name: row for order in orders for name, row in order.changed_blocks.items()})
    store.insert_block_rows([(order.name, row) for order in orders for row in order.new_blocks])
    store.delete_block_rows([name for order in orders for name in order.dropped_blocks])


def _write_heads(orders: Sequence[WorkingOrder], *, touch: bool) -> None:
    """Write changed fields; all rows of the set get the same columns, so that one statement does it."""
    changed = [order for order in orders if order.changed]
    fields = sorted({field for order in changed for field in order.changed})
    empty = {field: store.empty_value(field) for field in fields}
    rows = {
        order.name: {field: store.filled(order.value(field), empty[field]) for field in fields} for order in changed
    }
    store.write_heads(rows, touch=touch)


def _values_of(orders: Sequence[WorkingOrder]) -> Mapping[str, Any]:
    return {line.name: line for order in orders for line in order.lines}
