"""Posting deliveries and returns, and cancelling them, for lists of notes.

Invariant: orders (or the deliveries that are returned) are locked first, then balances; price and progress are
decided on the locked rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ec_erp.accounting.rules.roles import CHARGE_ROLES, COST_OF_SALES, GOODS_SENT_AGAIN, SHIPPING
from ec_erp.accounting.store import load_books
from ec_erp.catalog import store as catalog_store
from ec_erp.documents import memo
from ec_erp.documents.errors import refuse
from ec_erp.documents.lines import total_of
from ec_erp.documents.sets import CANCELLED
from ec_erp.fulfilment import store
from ec_erp.fulfilment.errors import DeliveryRefused
from ec_erp.fulfilment.flows import notes, outbound, recalling
from ec_erp.fulfilment.rules import delivering
from ec_erp.fulfilment.store import outbound as outbound_store
from ec_erp.fulfilment.types import DeliveredLine, DeliveredNote
from ec_erp.inventory import flows as inventory
from ec_erp.inventory.types import BalanceChange, ValuedMove
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.problems import N_, problem
from ec_erp.kernel.tax import TaxSplit
from ec_erp.orders import flows as orders
from ec_erp.orders.types import SENT_AGAIN, Debtor, OrderHead, OrderLine
from ec_erp.posting.flows.post import cancel, post, voucher_of
from ec_erp.posting.rules.entries import gift_cost
from ec_erp.posting.types import Charge, Delivery, SoldLine


def post_notes(docs: Sequence[Any]) -> None:
    """Post submitted notes: deliveries first, then returns."""
    deliveries = [doc for doc in docs if not doc.is_return]
    returns = [doc for doc in docs if doc.is_return]
    with memo.remembering():
        notes.prefetch_masters(docs)
        if deliveries:
            _ship(deliveries)
        if returns:
            _take_back(returns)


def cancel_notes(docs: Sequence[Any]) -> None:
    """Cancel posted notes: returns first, then deliveries."""
    returns = [doc for doc in docs if doc.is_return]
    deliveries = [doc for doc in docs if not doc.is_return]
    if returns:
        _cancel_returns(returns)
    if deliveries:
        _cancel_deliveries(deliveries)


def _ship(docs: Sequence[Any]) -> None:
    inventory.settle_batches((row for doc in docs for row in doc.items), arriving=False)
    heads = orders.lock_orders(doc.sales_order for doc in docs)
    orders.refuse_blocked(heads.values())
    outbound.refuse_put_back({doc.name: doc.stage for doc in docs})
    outbound.release_bins_of(doc for doc in docs if doc.stage)
    lines = {line.line: line for head in heads.values() for line in head.lines}
    charged = {name: head.charges_delivered for name, head in heads.items()}
    for doc in docs:
        lines = _price_delivery(doc, lines)
        _claim_charges(doc, heads, charged)
    taken, changes = inventory.consume(_by_order_line(docs))
    for row in (row for doc in docs for row in doc.items):
        row.from_reserved = float(_use(taken, row))
    debtors = orders.debtors_of(docs)
    _mark_gifts(docs, {name for name, line in lines.items() if line.is_gift}, debtors)
    valued = post([_delivery(doc, debtors[doc.name]) for doc in docs], changes)
    _write_posted(docs, valued, "Shipped")
    orders.record_deliveries(heads, lines, charged)
    _tell_warehouse(docs, heads)


def _tell_warehouse(docs: Sequence[Any], heads: Mapping[str, OrderHead]) -> None:
    """Let staged deliveries leave their waves; drafts of orders that were delivered otherwise are of no use any more."""
    outbound.leave(doc for doc in docs if doc.stage)
    _follow({doc.sales_order for doc in docs if doc.sales_order and not doc.stage}, heads)


def _follow(names: Iterable[str], heads: Mapping[str, OrderHead]) -> None:
    """Let drafts follow orders of which more or less than they know of has left."""
    waved = outbound_store.load_wave_warehouses()
    own = sorted(name for name in names if heads[name].warehouse in waved)
    if own:
        recalling.follow_deliveries(own)


def _mark_gifts(docs: Sequence[Any], gifts: Collection[str], debtors: Mapping[str, Debtor]) -> None:
    """Say of every row that delivers a gift where its company books its cost; goods sent again are not told apart."""
    for doc in docs:
        again = debtors[doc.name].order_type in SENT_AGAIN
        where = gift_cost(load_books(doc.company)) if gifts and not again else ""
        for row in doc.items:
            row.gift_cost = (where or None) if row.sales_order_item in gifts else None


def _price_delivery(doc: Any, lines: dict[str, OrderLine]) -> dict[str, OrderLine]:
    if not doc.sales_order:
        return lines
    after, prices = notes.price_against_order(doc, lines, notes.tolerance_of(doc.company))
    notes.write_prices(doc, prices)
    return after


def _claim_charges(doc: Any, heads: Mapping[str, OrderHead], charged: dict[str, bool]) -> None:
    if not doc.sales_order or not (doc.charges or doc.shipping_fee):
        return
    if charged[doc.sales_order]:
        message = N_("The charges of {0} are posted with another delivery; save this one again")
        refuse([problem(message, doc.sales_order)], DeliveryRefused)
    charged[doc.sales_order] = heads[doc.sales_order].has_charges


def _by_order_line(docs: Sequence[Any]) -> dict[str, tuple[Decimal, str]]:
    """Sum what leaves per order line, with the warehouse of the first row (rows of one order line share it)."""
    wanted: dict[str, tuple[Decimal, str]] = {}
    for row in (row for doc in docs for row in doc.items if row.sales_order_item):
        qty, warehouse = wanted.get(row.sales_order_item, (ZERO, row.warehouse))
        wanted[row.sales_order_item] = (qty + decimal_of(row.qty), warehouse)
    return wanted


def _use(taken: dict[str, Decimal], row: Any) -> Decimal:
    """Hand what was taken from an order line's reservation to its rows, first come first served."""
    used = min(decimal_of(row.qty), taken.get(row.sales_order_item or "", ZERO))
    if used:
        taken[row.sales_order_item] -= used
    return used


def _take_back(docs: Sequence[Any]) -> None:
    inventory.settle_batches((row for doc in docs for row in doc.items), arriving=True)
    originals = store.lock_notes_of_lines(_returned_lines(docs))
    delivered = {line.line: line for note in originals.values() for line in note.lines}
    costs: dict[str, Decimal | None] = {}
    for doc in docs:
        delivered, prices, row_costs = notes.price_return(doc, delivered)
        notes.write_prices(doc, prices)
        costs.update({row.name: cost for row, cost in zip(doc.items, row_costs, strict=True)})
        for row in doc.items:
            against = delivered.get(row.return_against_item or "")
            row.gift_cost = (against.gift_cost if against else "") or None
    debtors = orders.debtors_of(docs)
    valued = post([_delivery(doc, debtors[doc.name], costs) for doc in docs])
    _write_posted(docs, valued, "Taken Back", costs)
    _write_returned(originals, delivered)
    _record_returned(originals, docs, sign=1)


def _returned_lines(docs: Sequence[Any]) -> set[str]:
    return {row.return_against_item for doc in docs for row in doc.items if row.return_against_item}


def _write_returned(originals: Mapping[str, DeliveredNote], lines: Mapping[str, DeliveredLine]) -> None:
    by_note: dict[str, list[DeliveredLine]] = {}
    for line in lines.values():
        by_note.setdefault(line.note, []).append(line)
    status = {name: delivering.note_status(by_note.get(name, [])) for name in originals}
    store.write_returned(list(lines.values()), status)


def _record_returned(originals: Mapping[str, DeliveredNote], docs: Sequence[Any], *, sign: int) -> None:
    quantities: dict[str, Decimal] = {}
    for row in (row for doc in docs for row in doc.items if row.sales_order_item):
        quantities[row.sales_order_item] = quantities.get(row.sales_order_item, ZERO) + sign * decimal_of(row.qty)
    if quantities:
        orders.record_returns({note.sales_order for note in originals.values() if note.sales_order}, quantities)


def _delivery(doc: Any, debtor: Debtor, costs: Mapping[str, Decimal | None] | None = None) -> Delivery:
    skus = catalog_store.load_skus(row.sku for row in doc.items)
    charges = [
        Charge(CHARGE_ROLES[role], split, remarks)
        for (role, remarks), split in zip(notes.charge_roles(doc), orders.charge_splits(doc), strict=True)
    ]
    shipping = orders.shipping_split(doc)
    if shipping.gross:
        charges.append(Charge(SHIPPING, shipping))
    voucher = voucher_of(doc, party_type=debtor.party_type, party=debtor.party)
    free = debtor.order_type in SENT_AGAIN and bool(voucher.books.accounts.get(GOODS_SENT_AGAIN))
    return Delivery(
        voucher=voucher,
        lines=tuple(
            _sold_line(row, skus[row.sku.casefold()].purchase_rate, costs or {}, row.gift_cost) for row in doc.items
        ),
        charges=tuple(charges),
        is_return=bool(doc.is_return),
        cost_role=GOODS_SENT_AGAIN if free else COST_OF_SALES,
    )


def _sold_line(
    row: Any, fallback_cost: Decimal | None, costs: Mapping[str, Decimal | None], gift_cost: str | None
) -> SoldLine:
    net, tax = decimal_of(row.net_amount), decimal_of(row.tax_amount)
    return SoldLine(
        line=row.name,
        sku=row.sku,
        warehouse=row.warehouse,
        qty=decimal_of(row.qty),
        price=TaxSplit(net, tax, net + tax),
        from_reserved=decimal_of(row.from_reserved),
        original_cost=costs.get(row.name),
        fallback_cost=fallback_cost,
        tracking=inventory.tracking_of(row),
        origin=row.return_against_item or None,
        gift_cost=gift_cost or "",
    )


_POSTED = ("rate", "amount", "net_amount", "tax_amount", "cost", "from_reserved")


def _write_posted(
    docs: Sequence[Any],
    valued: Sequence[Sequence[ValuedMove]],
    status: str,
    costs: Mapping[str, Decimal | None] | None = None,
) -> None:
    """Write what notes came to; rows that bring back a delivered cost (``costs``) show that, whatever stock made of it."""
    rows: dict[str, dict[str, Any]] = {}
    for doc, entries in zip(docs, valued, strict=True):
        for row, entry in zip(doc.items, entries, strict=True):
            brought = (costs or {}).get(row.name)
            row.cost = float(abs(entry.value_change) if brought is None else brought)
            rows[row.name] = {field: row.get(field) or 0.0 for field in _POSTED} | {"gift_cost": row.gift_cost}
        doc.status, doc.total_cost = status, float(total_of(doc.items, "cost"))
    head_fields = ("status", "total_cost", "goods_total", "total_tax", "grand_total")
    store.write_posted_lines(rows)
    store.write_posted_notes({doc.name: {field: doc.get(field) for field in head_fields} for doc in docs})


def _cancel_deliveries(docs: Sequence[Any]) -> None:
    own = store.lock_notes((doc.name for doc in docs), docstatus=CANCELLED)
    returned = [name for name, note in own.items() if any(line.returned for line in note.lines)]
    message = N_("Goods of {0} have come back; cancel the returns first")
    refuse([problem(message, name) for name in returned], DeliveryRefused)
    heads = orders.lock_orders(doc.sales_order for doc in docs)
    lines = {line.line: line for head in heads.values() for line in head.lines}
    charged = {name: head.charges_delivered for name, head in heads.items()}
    restored: dict[str, Decimal] = {}
    for doc in docs:
        _undo_delivery(doc, lines, restored)
        if doc.sales_order and (doc.charges or doc.shipping_fee):
            charged[doc.sales_order] = False
    changes: list[BalanceChange] = inventory.restore(restored)
    cancel(docs, changes)
    _write_cancelled(docs)
    orders.record_deliveries(heads, lines, charged, undoing=True)
    _forget_progress(docs)
    _follow({doc.sales_order for doc in docs if doc.sales_order}, heads)


def _forget_progress(docs: Sequence[Any]) -> None:
    """Show no progress of the warehouse on orders whose staged delivery was cancelled."""
    staged = [doc.sales_order for doc in docs if doc.stage and doc.sales_order]
    if staged:
        orders.forget_progress(staged)


def _undo_delivery(doc: Any, lines: dict[str, OrderLine], restored: dict[str, Decimal]) -> None:
    for row in doc.items:
        name = row.sales_order_item
        if name in lines:
            lines[name] = delivering.undeliver(lines[name], decimal_of(row.qty), decimal_of(row.amount))
            restored[name] = restored.get(name, ZERO) + decimal_of(row.from_reserved)


def _cancel_returns(docs: Sequence[Any]) -> None:
    originals = store.lock_notes_of_lines(_returned_lines(docs))
    delivered = {line.line: line for note in originals.values() for line in note.lines}
    for row in (row for doc in docs for row in doc.items):
        line = delivered.get(row.return_against_item or "")
        if line is not None:
            back = TaxSplit(-decimal_of(row.net_amount), -decimal_of(row.tax_amount), -decimal_of(row.amount))
            delivered[line.line] = delivering.with_returned(line, -decimal_of(row.qty), back, -decimal_of(row.cost))
    cancel(docs)
    _write_cancelled(docs)
    _write_returned(originals, delivered)
    _record_returned(originals, docs, sign=-1)


def _write_cancelled(docs: Sequence[Any]) -> None:
    for doc in docs:
        doc.status = "Cancelled"
    store.write_posted_notes({doc.name: {"status": "Cancelled"} for doc in docs})
