"""Purchase receipts and returns: completing, checking, posting, cancelling, for lists of documents.

Invariant: orders (or the receipts that are returned) are locked first, then balances; bounds are checked on the
locked rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.catalog import flows as catalog
from ec_erp.documents.defaults import fill_moment
from ec_erp.documents.errors import refuse, text_of
from ec_erp.documents.sets import CANCELLED
from ec_erp.inventory import flows as inventory
from ec_erp.inventory.types import ReservationRequest, StockKey, ValuedMove
from ec_erp.kernel.numbers import ZERO, decimal_of, optional_decimal
from ec_erp.kernel.problems import N_, Problem, problem
from ec_erp.kernel.tax import TaxSplit
from ec_erp.posting.flows.post import cancel, post, voucher_of
from ec_erp.posting.types import BoughtLine, PurchaseReturnGoods, Receipt
from ec_erp.purchasing import store
from ec_erp.purchasing.errors import OverPurchaseReturn, OverReceipt, PurchaseRefused
from ec_erp.purchasing.flows import appointed, common, landing, order, payables, payments, prices
from ec_erp.purchasing.rules import approving, receiving
from ec_erp.purchasing.store import prices as price_store
from ec_erp.purchasing.types import BoughtOrder, ReceivedGoods, ReceivedLine

TO_INSPECT, INSPECTED = "To Inspect", "Inspected"
HELD, REPLACEMENT = "Held", "Replacement"


def prefetch(docs: Sequence[Any]) -> None:
    """Load what checking these documents will ask for."""
    catalog.prefetch_skus(docs)
    store.load_orders(common.names(doc.get("purchase_order") for doc in docs))
    store.load_receipts(common.names(doc.get("purchase_receipt") for doc in docs))
    prices.prefetch(docs)


def fill_receipt(doc: Any) -> None:
    """Complete a receipt from its appointment and its order: supplier, rows, rates, warehouses."""
    appointed.fill_receipt(doc)
    bought = _order_of(doc)
    catalog.convert_rows(doc)
    if bought:
        _fill_from_order(doc, bought)
    common.fill_head(doc)
    fill_moment(doc, "posting_datetime")
    common.fill_rows(doc)
    _fill_accepted(doc)


def _fill_accepted(doc: Any) -> None:
    for row in doc.items:
        qty, rejected = decimal_of(row.qty), decimal_of(row.rejected_qty)
        row.accepted_qty = float(receiving.accepted_quantity(qty, rejected, optional_decimal(row.accepted_qty)))


def quote_receipt(doc: Any) -> list[str]:
    """Price a receipt that is being entered, as it will be when it is saved; return what would be refused. Nothing is saved."""
    bought = _order_of(doc) if doc.items else None
    if bought:
        _fill_from_order(doc, bought)
    common.fill_head(doc)
    _fill_accepted(doc)
    common.price_rows(doc, qty_field="accepted_qty")
    return [text_of(found) for row in doc.items for found in _quality(row) if found]


def check_receipt(doc: Any) -> None:
    """Refuse a receipt that breaks a rule; price what is accepted."""
    if not doc.supplier:
        refuse([problem(N_("Say from which supplier the goods come, or for which purchase order"))], PurchaseRefused)
    refuse(found for row in doc.items for found in _quality(row))
    common.check_rows(doc, qty_field="accepted_qty")
    inventory.refuse_full_bins(
        (row.bin or "", row.sku, row.batch or "", decimal_of(row.accepted_qty)) for row in doc.items
    )
    bought = _order_of(doc)
    if bought:
        _refuse_over_receipt(doc, {bought.name: bought}, {})
    _check_inspection(doc)


def post_receipts(docs: Sequence[Any]) -> None:
    """Post submitted receipts."""
    orders = _lock_orders(docs)
    quantities: dict[str, Decimal] = {}
    for doc in docs:
        if doc.purchase_order:
            _refuse_over_receipt(doc, orders, quantities)
    for doc in docs:
        inventory.settle_batches(doc.items, arriving=True)
        inventory.refuse_too_old(doc.items, frappe.utils.get_datetime(doc.posting_datetime).date())
    valued = post([_receipt(doc) for doc in docs], order.receive(orders, quantities))
    inventory.top_up(_arrived(valued))
    _set_status(docs, "Received")
    prices.learn_from_receipts(docs)
    payables.ask_for_receipts(docs)
    _settle_payments({doc.purchase_order: doc.posting_datetime for doc in docs})
    appointed.goods_came(docs)


def _arrived(valued: Iterable[Sequence[ValuedMove]]) -> dict[StockKey, Decimal]:
    """Return how much of each SKU and warehouse came in."""
    arrived: dict[StockKey, Decimal] = {}
    for entry in (entry for entries in valued for entry in entries):
        arrived[entry.move.key] = arrived.get(entry.move.key, ZERO) + entry.move.qty
    return arrived


def cancel_receipts(docs: Sequence[Any]) -> None:
    """Cancel posted receipts.

    Raises ``StockShortage`` where the goods have gone, ``PurchaseRefused`` where some were returned.
    """
    own = store.lock_receipts((doc.name for doc in docs), docstatus=CANCELLED)
    returned = [name for name, goods in own.items() if any(line.returned for line in goods.lines)]
    message = N_("Goods of {0} have been sent back; cancel the returns first")
    refuse([problem(message, name) for name in returned], PurchaseRefused)
    landing.refuse_cancelling_with_costs(own)
    orders = store.lock_orders(common.names(doc.purchase_order for doc in docs))
    quantities: dict[str, Decimal] = {}
    for row in (row for doc in docs for row in doc.items if row.purchase_order_item):
        quantities[row.purchase_order_item] = quantities.get(row.purchase_order_item, ZERO) - decimal_of(
            row.accepted_qty
        )
    cancel(docs, order.receive(orders, quantities))
    prices.forget_receipts(docs)
    payables.withdraw_receipts(docs)
    now = frappe.utils.now_datetime()
    _settle_payments({doc.purchase_order: doc.get("cancel_datetime") or now for doc in docs})
    appointed.goods_withdrawn(docs)
    _set_status(docs, "Cancelled")


def _settle_payments(moments: Mapping[str | None, Any]) -> None:
    """Use what was paid for orders before: prepayments and payments of the orders themselves."""
    of_orders = {order: moment for order, moment in moments.items() if order}
    prepaid = payments.set_off(of_orders)
    payments.use_advances(of_orders)
    payables.settle_orders(prepaid)  # what was paid before asks for nothing when it comes


def record_inspection(doc: Any, results: Mapping[str, Mapping[str, Any]]) -> None:
    """Write what an inspection found on a draft receipt: {row: {accepted_qty, rejected_qty, rejection_reason}}.

    Rows that are not named pass. Raises ``PurchaseRefused`` for posted receipts and for rows that are not there.
    """
    if doc.docstatus != 0:
        refuse([problem(N_("{0} is posted already and can't be inspected any more"), doc.name)], PurchaseRefused)
    unknown = sorted(set(results) - {row.name for row in doc.items})
    refuse([problem(N_("{0} is no row of {1}"), name, doc.name) for name in unknown], PurchaseRefused)
    for row in doc.items:
        found = results.get(row.name, {})
        rejected = decimal_of(found.get("rejected_qty"))
        accepted = optional_decimal(found.get("accepted_qty"))
        row.rejected_qty = float(rejected)
        row.accepted_qty = float(decimal_of(row.qty) - rejected if accepted is None else accepted)
        row.rejection_reason = found.get("rejection_reason") or row.rejection_reason
    doc.inspection, doc.inspected_by = INSPECTED, frappe.session.user
    doc.inspected_at = frappe.utils.now_datetime()


def ask_for_inspection(doc: Any) -> None:
    """Let a draft receipt wait for an inspection."""
    if doc.docstatus != 0:
        refuse([problem(N_("{0} is posted already and can't be inspected any more"), doc.name)], PurchaseRefused)
    doc.inspection, doc.inspected_by, doc.inspected_at = TO_INSPECT, None, None


def _check_inspection(doc: Any) -> None:
    """Show whether an inspection is needed; refuse to post before it is done, and rejections without a reason."""
    if _has_other_goods(doc):
        ask_for_inspection(doc)
    terms = price_store.load_terms({(doc.supplier, row.sku) for row in doc.items if doc.supplier})
    needed = any(known.needs_inspection for known in terms.values())
    if needed and doc.inspection not in (TO_INSPECT, INSPECTED):
        doc.inspection = TO_INSPECT
    if doc.inspection == INSPECTED:
        rows = [(row.idx, row.sku, decimal_of(row.rejected_qty), row.rejection_reason) for row in doc.items]
        refuse((found for row in rows for found in receiving.inspection_problems(*row)), PurchaseRefused)
    if doc.docstatus == 0:
        doc.status = doc.inspection if doc.inspection in (TO_INSPECT, INSPECTED) else "Draft"
    elif doc.docstatus == 1 and doc.inspection == TO_INSPECT:
        refuse([problem(N_("{0} waits for inspection: record what it found first"), doc.name)], PurchaseRefused)


def _has_other_goods(doc: Any) -> bool:
    """Tell whether goods of a draft were added or changed after its inspection."""
    before = doc.get_doc_before_save()
    if doc.docstatus != 0 or before is None or not (before.inspection == doc.inspection == INSPECTED):
        return False
    arrived = [sorted((row.sku, row.batch or "", decimal_of(row.qty)) for row in one.items) for one in (before, doc)]
    return arrived[0] != arrived[1]


def fill_return(doc: Any) -> None:
    """Complete a purchase return from its receipt; without rows everything that is left goes back."""
    goods = _receipt_of(doc)
    doc.supplier, doc.company, doc.prices_include_tax = goods.supplier, goods.company, goods.prices_include_tax
    if not doc.items:
        for line in goods.lines:
            if line.open_qty > 0:
                doc.append("items", {"sku": line.sku, "qty": float(line.open_qty), "purchase_receipt_item": line.line})
    for row, received in common.match_rows(doc, goods.lines, "purchase_receipt_item"):
        if received is not None:
            row.warehouse = row.warehouse or received.warehouse
            row.rate, row.tax_rate = float(received.rate), float(received.tax_rate)
    common.fill_head(doc)
    fill_moment(doc, "posting_datetime")


def check_return(doc: Any) -> None:
    """Refuse a purchase return that breaks a rule; price it at what was paid."""
    if not doc.items:
        refuse([problem(N_("Nothing is left to send back of {0}"), doc.purchase_receipt)], OverPurchaseReturn)
    common.check_rows(doc)
    goods = _receipt_of(doc)
    _price_return(doc, {line.line: line for line in goods.lines})
    if doc.docstatus == 0:
        doc.status = "Draft"


def quote_return(doc: Any) -> list[str]:
    """Complete and price a return that is being entered; return what would be refused. Nothing is saved."""
    fill_return(doc)
    _, problems = _price_rows(doc, {line.line: line for line in _receipt_of(doc).lines})
    common.write_totals(doc)
    return [text_of(found) for found in problems]


def submit_returns(docs: Sequence[Any]) -> None:
    """Send submitted returns back, or put their goods aside where they leave later."""
    now, later = [doc for doc in docs if not doc.hold_only], [doc for doc in docs if doc.hold_only]
    if later:
        _hold(later)
    if now:
        post_returns(now)


def send_out(names: Iterable[str]) -> dict[str, str]:
    """Send held returns back; return their status. Raises ``PurchaseRefused`` for others."""
    docs = [frappe.get_doc("Purchase Return", name) for name in sorted(set(names))]
    wrong = [doc.name for doc in docs if doc.docstatus != 1 or doc.status != HELD]
    refuse([problem(N_("{0} holds no goods that could be sent out"), name) for name in wrong], PurchaseRefused)
    post_returns(docs)
    return {doc.name: doc.status for doc in docs}


def _hold(docs: Sequence[Any]) -> None:
    """Put goods aside for returns. Raises ``StockShortage`` for all that is missing."""
    requests = [
        ReservationRequest(doc.name, row.name, StockKey(row.sku, row.warehouse), decimal_of(row.qty))
        for doc in docs
        for row in doc.items
    ]
    order_of = {
        row.name: {"company": doc.company, "voucher_type": doc.doctype, "voucher_no": doc.name}
        for doc in docs
        for row in doc.items
    }
    inventory.reserve(requests, order_of)
    _set_status(docs, HELD)


def post_returns(docs: Sequence[Any]) -> None:
    """Post purchase returns: goods leave, what is owed falls, replacements are expected again."""
    receipts = store.lock_receipts(doc.purchase_receipt for doc in docs)
    lines = {line.line: line for goods in receipts.values() for line in goods.lines}
    for doc in docs:
        lines = _price_return(doc, lines)
    orders, replaced = _replacements(docs, sign=-1)
    # What was put aside for these goods is free for them alone: the balances stay locked until they have left.
    inventory.release(row.name for doc in docs if doc.hold_only for row in doc.items)
    goods = [PurchaseReturnGoods(voucher, rows) for voucher, rows in (_bought(doc, "qty") for doc in docs)]
    post(goods, order.receive(orders, replaced))
    _write_returned(receipts, lines)
    _set_status(docs, "Sent Back")
    payables.credit_returns(docs)


def cancel_returns(docs: Sequence[Any]) -> None:
    """Cancel purchase returns: what was sent back is here again, what was held is free again."""
    held = [doc for doc in docs if doc.hold_only and not _was_sent(doc)]
    inventory.release(row.name for doc in held for row in doc.items)
    sent = [doc for doc in docs if doc not in held]
    if sent:
        _cancel_sent(sent)
    _set_status(docs, "Cancelled")


def _was_sent(doc: Any) -> bool:
    return store.load_status("Purchase Return", doc.name) == "Sent Back"


def _cancel_sent(docs: Sequence[Any]) -> None:
    receipts = store.lock_receipts(doc.purchase_receipt for doc in docs)
    lines = {line.line: line for goods in receipts.values() for line in goods.lines}
    for row in (row for doc in docs for row in doc.items):
        line = lines[row.purchase_receipt_item]
        lines[line.line] = replace(line, returned=line.returned - decimal_of(row.qty))
    orders, replaced = _replacements(docs, sign=1)
    cancel(docs, order.receive(orders, replaced))
    _write_returned(receipts, lines)
    payables.withdraw_returns(docs)


def _replacements(docs: Sequence[Any], *, sign: int) -> tuple[dict[str, BoughtOrder], dict[str, Decimal]]:
    """Lock the orders that replacements are expected on; return them with quantities by order line."""
    rows = [row for doc in docs if doc.settle_by == REPLACEMENT for row in doc.items]
    if not rows:
        return {}, {}
    of_line = store.load_order_lines_of({row.purchase_receipt_item for row in rows})
    quantities: dict[str, Decimal] = {}
    for row in rows:
        line = of_line.get(row.purchase_receipt_item, ("", ""))[1]
        if line:
            quantities[line] = quantities.get(line, ZERO) + sign * decimal_of(row.qty)
    return store.lock_orders({of_line[row.purchase_receipt_item][0] for row in rows} - {""}), quantities


def _order_of(doc: Any) -> BoughtOrder | None:
    if not doc.purchase_order:
        return None
    bought = store.load_orders([doc.purchase_order]).get(doc.purchase_order.casefold())
    if bought is None:
        refuse([problem(N_("The purchase order {0} is not submitted"), doc.purchase_order)], PurchaseRefused)
    else:
        _refuse_closed([bought])
    return bought


def _lock_orders(docs: Sequence[Any]) -> dict[str, BoughtOrder]:
    orders = store.lock_orders(common.names(doc.purchase_order for doc in docs))
    _refuse_closed(orders.values())
    return orders


def _refuse_closed(orders: Iterable[BoughtOrder]) -> None:
    known = list(orders)
    waiting = [bought.name for bought in known if bought.status in approving.PENDING_STATUSES]
    refuse([problem(N_("{0} waits for approval"), name) for name in waiting], PurchaseRefused)
    closed = [bought for bought in known if bought.status not in receiving.RECEIVABLE_STATUSES]
    message = N_("Nothing is expected for {0} any more")
    refuse([problem(message, bought.name) for bought in closed], PurchaseRefused)


def _receipt_of(doc: Any) -> ReceivedGoods:
    name = doc.purchase_receipt or ""
    goods = store.load_receipts([name]).get(name.casefold())
    if goods is None:
        refuse([problem(N_("{0} is not a posted receipt, so nothing can be sent back for it"), name)], PurchaseRefused)
    assert goods is not None
    return goods


def _fill_from_order(doc: Any, bought: BoughtOrder) -> None:
    doc.purchase_order, doc.supplier, doc.company = bought.name, bought.supplier, bought.company
    doc.prices_include_tax = int(bought.prices_include_tax)
    if not doc.items:
        for line in bought.lines:
            if line.open_qty > 0:
                doc.append("items", {"sku": line.sku, "qty": float(line.open_qty), "purchase_order_item": line.line})
    for row, ordered in common.match_rows(doc, bought.lines, "purchase_order_item"):
        if ordered is not None:
            row.warehouse = row.warehouse or doc.warehouse or ordered.warehouse
            row.rate = float(ordered.rate) if row.get("rate") is None else row.rate
            row.tax_rate = float(ordered.tax_rate) if row.get("tax_rate") is None else row.tax_rate
    doc.warehouse = doc.warehouse or bought.warehouse


def _quality(row: Any) -> list[Any]:
    accepted, rejected = decimal_of(row.accepted_qty), decimal_of(row.rejected_qty)
    return receiving.quality_problems(row.idx, row.sku, decimal_of(row.qty), accepted, rejected)


def _refuse_over_receipt(doc: Any, orders: Mapping[str, BoughtOrder], taken: dict[str, Decimal]) -> None:
    """Raise ``OverReceipt`` for rows beyond their order lines; add the rows' quantities to ``taken``."""
    lines = {line.line: line for line in orders[doc.purchase_order].lines}
    tolerance, problems = common.tolerance_of(doc.company), []
    for row in doc.items:
        line = lines.get(row.purchase_order_item or "")
        before = taken.get(row.purchase_order_item or "", ZERO)
        so_far = replace(line, received=line.received + before) if line else None
        accepted = decimal_of(row.accepted_qty)
        problems.append(receiving.receipt_problem(row.idx, row.sku, accepted, so_far, tolerance))
        if line is not None:
            taken[line.line] = before + accepted
    refuse(filter(None, problems), OverReceipt)


def _bought(doc: Any, qty_field: str) -> tuple[Any, tuple[BoughtLine, ...]]:
    lines = tuple(_bought_line(row, qty_field) for row in doc.items if decimal_of(row.get(qty_field)) > 0)
    return voucher_of(doc, party_type="Supplier", party=doc.supplier), lines


def _bought_line(row: Any, qty_field: str) -> BoughtLine:
    net, tax = decimal_of(row.net_amount), decimal_of(row.tax_amount)
    price, tracking = TaxSplit(net, tax, net + tax), inventory.tracking_of(row)
    return BoughtLine(row.name, row.sku, row.warehouse, decimal_of(row.get(qty_field)), price, tracking)


def _receipt(doc: Any) -> Receipt:
    return Receipt(*_bought(doc, "accepted_qty"))


def _price_return(doc: Any, lines: Mapping[str, ReceivedLine]) -> dict[str, ReceivedLine]:
    """Price a return's rows from the received lines; return the lines afterwards."""
    state, problems = _price_rows(doc, lines)
    refuse(problems, OverPurchaseReturn)
    common.write_totals(doc)
    return state


def _price_rows(doc: Any, lines: Mapping[str, ReceivedLine]) -> tuple[dict[str, ReceivedLine], list[Problem]]:
    """Price the rows that can go back; return the lines afterwards, and what is wrong with the other rows."""
    state, problems = dict(lines), []
    for row in doc.items:
        line = state.get(row.purchase_receipt_item or "")
        found = receiving.return_problem(row.idx, row.sku, decimal_of(row.qty), line)
        if found is not None:
            problems.append(found)
            continue
        assert line is not None
        state[line.line], price = receiving.send_back(line, decimal_of(row.qty), doc.currency)
        row.net_amount, row.tax_amount = float(price.net), float(price.tax)
        row.amount = float(price.gross if doc.prices_include_tax else price.net)
    return state, problems


def _write_returned(receipts: Mapping[str, ReceivedGoods], lines: Mapping[str, ReceivedLine]) -> None:
    after = [replace(goods, lines=tuple(lines[line.line] for line in goods.lines)) for goods in receipts.values()]
    store.write_returned(after, {goods.name: receiving.receipt_status(goods.lines) for goods in after})


def _set_status(docs: Sequence[Any], status: str) -> None:
    for doc in docs:
        doc.status = status
    store.write_status(docs[0].doctype, {doc.name: status for doc in docs})
