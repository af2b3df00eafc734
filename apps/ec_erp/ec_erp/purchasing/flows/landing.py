"""Landed costs: freight, duty and the like, put on goods that were received, now or long after.

Invariants: the shares add up to what it cost; stock, variance and what is owed move together; cancelling takes out of stock
only what is still in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.accounting import store as accounting_store
from ec_erp.accounting.rules.accounts import usable_problems
from ec_erp.accounting.types import Books
from ec_erp.documents.defaults import fill_company, fill_currency, fill_moment
from ec_erp.documents.errors import refuse
from ec_erp.documents.lines import total_of
from ec_erp.inventory import flows as inventory
from ec_erp.inventory import store as inventory_store
from ec_erp.inventory.types import PostedMove, StockKey, Tracking, ValuedMove
from ec_erp.kernel.money import round_money
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.problems import N_, Problem, problem
from ec_erp.kernel.times import moment_of
from ec_erp.posting.flows.post import post, voucher_of
from ec_erp.posting.rules.entries import GOODS_RECEIVED
from ec_erp.posting.types import LandedCost, LandedLine, OwedCharge
from ec_erp.purchasing import store as receipts_store
from ec_erp.purchasing.errors import PurchaseRefused
from ec_erp.purchasing.flows import payables
from ec_erp.purchasing.rules import landing
from ec_erp.purchasing.store import landing as store
from ec_erp.purchasing.types import LandedCharge, LandedGoods, LandedReceipt

# By received row: units that are still there, by where, and the layers they lie in.
Left = Mapping[str, inventory.Left]
_STOCK, _WITH_PARTY = "Stock", ("Receivable", "Payable")
_MESSAGES = {
    "twice": N_("The receipt {0} is listed twice"),
    "open": N_("{0} is not a posted receipt of {1}, so it bears no costs"),
    "changed": N_("What is left of {0} has changed meanwhile: save again"),
    "early": N_("The event time lies before that of the receipt {0}"),
}


def fill_cost(doc: Any) -> None:
    """Complete company, currency and time; list the goods of the receipts."""
    heads = store.load_receipt_heads(row.purchase_receipt for row in doc.receipts)
    first = heads.get(doc.receipts[0].purchase_receipt) if doc.receipts else None
    doc.company = doc.get("company") or (first.company if first else None)
    fill_currency(doc, fill_company(doc))
    fill_moment(doc, "posting_datetime")
    for row in doc.receipts:
        known = heads.get(row.purchase_receipt)
        row.supplier = known.supplier if known else None
        row.posting_datetime = known.moment if known else None
    for row in doc.charges:
        row.supplier = row.supplier or (doc.get("supplier") if not row.account else None)
    _list_goods(doc)


def check_cost(doc: Any) -> None:
    """Refuse what cannot bear costs or says too little; share the costs out."""
    heads = store.load_receipt_heads(row.purchase_receipt for row in doc.receipts)
    refuse(_receipt_problems(doc, heads), PurchaseRefused)
    if not doc.items:
        refuse([problem(N_("Nothing is left of these receipts that could bear costs"))], PurchaseRefused)
    goods, charges = _goods_of(doc), _charges(doc)
    refuse([*landing.charge_problems(charges, goods), *_account_problems(charges, _books(doc))], PurchaseRefused)
    _share_out(doc, charges, goods)
    if doc.docstatus == 0:
        doc.status = "Draft"


def post_costs(docs: Sequence[Any]) -> None:
    """Post submitted landed costs: what is still there is worth more, the rest is a variance; ask for what is owed."""
    _lock_receipts(docs)
    _refuse_changed(docs)
    left = _lock_what_is_left(docs)
    valued = post([_landed(doc, left) for doc in docs])
    for doc, entries in zip(docs, valued, strict=True):
        _write_result(doc, entries, left)
    _set_status(docs, "Posted")
    payables.ask_for_costs(docs)


def cancel_costs(docs: Sequence[Any]) -> None:
    """Undo cancelled landed costs: what of them is still in stock leaves it, the rest is a variance."""
    _lock_receipts(docs)
    left = _lock_what_is_left(docs)
    entries: dict[str, list[PostedMove]] = {}
    for entry in inventory_store.load_entries_of(docs[0].doctype, [doc.name for doc in docs]):
        entries.setdefault(entry.voucher_no, []).append(entry)
    post([_undone(doc, entries.get(doc.name, []), left) for doc in docs])
    payables.withdraw_costs(docs)
    _set_status(docs, "Cancelled")


def refuse_cancelling_with_costs(receipts: Iterable[str]) -> None:
    """Raise ``PurchaseRefused`` for receipts that bear costs: these are taken off first."""
    message = N_("{0} bears the costs {1}; cancel them first")
    found = sorted(store.load_costs_of(receipts).items())
    refuse([problem(message, name, ", ".join(sorted(costs))) for name, costs in found], PurchaseRefused)


def _list_goods(doc: Any) -> None:
    """Bring the rows up to date: rows of receipts that were taken off go, receipts without any row give all of theirs.

    So a row that somebody has taken out stays out, as long as its receipt has another one.
    """
    if doc.docstatus == 2:
        return
    goods = store.load_goods(
        {row.purchase_receipt for row in doc.receipts}, with_tax=not _books(doc).input_tax_recoverable
    )
    named = {row.purchase_receipt_item for row in doc.items}
    some_named = {one.receipt for one in goods if one.line in named}
    wanted = [one for one in goods if one.line in named or one.receipt not in some_named]
    rows = {row.purchase_receipt_item: row for row in doc.items}
    doc.set("items", [rows[one.line] for one in wanted if one.line in rows])
    for one in wanted:
        row = rows.get(one.line) or doc.append("items", {})
        _show_goods(row, one)
    for at, row in enumerate(doc.items):
        row.idx = at + 1


def _show_goods(row: Any, goods: LandedGoods) -> None:
    row.purchase_receipt, row.purchase_receipt_item = goods.receipt, goods.line
    row.sku, row.warehouse, row.batch = goods.sku, goods.warehouse, _batch_of(goods)
    row.qty, row.net_amount = float(goods.qty), float(goods.value)
    row.weight_g = float(landing.measure(goods, landing.WEIGHT))
    row.volume_cm3 = float(landing.measure(goods, landing.VOLUME))


def _batch_of(goods: LandedGoods) -> str | None:
    """Return the batch of received goods; whoever received them may have typed its number alone."""
    return inventory.full_batch_name(goods.sku, goods.batch) if goods.batch else None


def _goods_of(doc: Any) -> list[LandedGoods]:
    with_tax = not _books(doc).input_tax_recoverable
    known = {one.line: one for one in store.load_goods({row.purchase_receipt for row in doc.items}, with_tax=with_tax)}
    return [known[row.purchase_receipt_item] for row in doc.items if row.purchase_receipt_item in known]


def _charges(doc: Any) -> list[LandedCharge]:
    return [_charge(row, _books(doc)) for row in doc.charges]


def _charge(row: Any, books: Books) -> LandedCharge:
    amount, tax = decimal_of(row.amount), decimal_of(row.tax_amount)
    borne = amount if books.input_tax_recoverable else amount + tax
    return LandedCharge(row.idx, row.cost_type, borne, row.basis, row.supplier or "", row.account or "", tax)


def _receipt_problems(doc: Any, heads: Mapping[str, LandedReceipt]) -> Iterable[Problem]:
    names = [row.purchase_receipt for row in doc.receipts]
    moment = moment_of(frappe.utils.get_datetime(doc.posting_datetime))
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield problem(_MESSAGES["twice"], name)
    for name in dict.fromkeys(names):
        head = heads.get(name)
        if head is None or not head.posted or head.company != doc.company:
            yield problem(_MESSAGES["open"], name, doc.company)
        elif moment < head.moment:
            yield problem(_MESSAGES["early"], name)


def _account_problems(charges: Sequence[LandedCharge], books: Books) -> Iterable[Problem]:
    accounts = accounting_store.load_accounts({charge.account for charge in charges if charge.account})
    for charge in (charge for charge in charges if charge.account):
        account = accounts.get(charge.account.casefold())
        if account is None:
            yield problem(N_("Row {0}: the account {1} does not exist"), charge.row, charge.account)
            continue
        yield from usable_problems(account, books.company, books.currency)
        if account.account_type == _STOCK:
            yield problem(N_("Row {0}: {1} follows the stock ledger; use a stock entry"), charge.row, account.name)
        if account.account_type in _WITH_PARTY and not charge.supplier:
            yield problem(N_("Row {0}: {1} needs a party"), charge.row, account.name)


def _share_out(doc: Any, charges: Sequence[LandedCharge], goods: Sequence[LandedGoods]) -> None:
    """Write each row's share, and why it is what it is."""
    shares = landing.allocate(charges, goods, doc.currency)
    wholes = [sum((landing.measure(one, charge.basis) for one in goods), ZERO) for charge in charges]
    for row, one, of_charges in zip(doc.items, goods, shares, strict=True):
        row.amount = float(sum(of_charges, ZERO))
        row.explanation = "\n".join(
            landing.explained(charge, frappe._(charge.kind), share, one, whole)
            for charge, share, whole in zip(charges, of_charges, wholes, strict=True)
        )
    doc.total_cost = float(total_of(doc.items, "amount"))
    doc.total_tax = float(total_of(doc.charges, "tax_amount"))


def _refuse_changed(docs: Sequence[Any]) -> None:
    """Refuse where goods were sent back between the sharing out and the locking of their receipts."""
    now = {
        one.line: one.qty
        for one in store.load_goods({row.purchase_receipt for doc in docs for row in doc.items}, with_tax=False)
    }
    changed = {
        row.purchase_receipt
        for doc in docs
        for row in doc.items
        if decimal_of(row.qty) != now.get(row.purchase_receipt_item)
    }
    refuse([problem(_MESSAGES["changed"], name) for name in sorted(changed)], PurchaseRefused)


def _lock_receipts(docs: Sequence[Any]) -> None:
    receipts_store.lock_receipts({row.purchase_receipt for doc in docs for row in doc.receipts})


def _lock_what_is_left(docs: Sequence[Any]) -> Left:
    """Return what is left of received rows and where, their balances locked."""
    rows = [row for doc in docs for row in doc.items]
    return inventory.lock_what_is_left({row.purchase_receipt_item: decimal_of(row.qty) for row in rows})


def _landed(doc: Any, left: Left) -> LandedCost:
    lines = []
    for row in doc.items:
        there = left[row.purchase_receipt_item]
        amount, qty = decimal_of(row.amount), decimal_of(row.qty)
        parts, gone = landing.placed(amount, qty, list(there.units.values()), doc.currency)
        lines += [
            _line(row, key, part, layer=there.layers.get(key)) for key, part in zip(there.units, parts, strict=True)
        ]
        lines.append(_line(row, StockKey(row.sku, row.warehouse), ZERO, gone))
    return LandedCost(voucher_of(doc), tuple(lines), _owed(doc, 1))


def _undone(doc: Any, entries: Sequence[PostedMove], left: Left) -> LandedCost:
    by_row: dict[str, list[PostedMove]] = {}
    for entry in entries:
        by_row.setdefault(entry.line, []).append(entry)
    lines = []
    for row in doc.items:
        amount, qty = decimal_of(row.amount), decimal_of(row.qty)
        places, rest = left[row.purchase_receipt_item], amount
        for entry in by_row.get(row.name, []):
            there = places.units.get(entry.key, ZERO)
            back = landing.taken_back(entry.value_change, amount, qty, there, doc.currency)
            line = _line(row, entry.key, -back, layer=places.layers.get(entry.key))
            lines.append(replace(line, reverses=entry.name))
            rest -= back
        lines.append(_line(row, StockKey(row.sku, row.warehouse), ZERO, -rest))
    event = frappe.utils.get_datetime(doc.get("cancel_datetime") or frappe.utils.now_datetime())
    voucher = replace(voucher_of(doc), posting_datetime=moment_of(event))
    return LandedCost(voucher, tuple(lines), _owed(doc, -1), is_cancellation=True)


def _line(row: Any, key: StockKey, in_stock: Decimal, gone: Decimal = ZERO, *, layer: str | None = None) -> LandedLine:
    """Return what a row does at a place; ``layer`` names the row that made the layer in which its goods lie there."""
    tracking = Tracking(batch=row.batch or None)
    return LandedLine(row.name, key.sku, key.warehouse, in_stock, gone, layer or row.purchase_receipt_item, tracking)


def _owed(doc: Any, sign: int) -> tuple[OwedCharge, ...]:
    books = _books(doc)
    return tuple(
        OwedCharge(
            charge.account or books.account(GOODS_RECEIVED),
            sign * round_money(charge.amount, books.currency),
            charge.supplier or None,
            row.description or "",
        )
        for charge, row in zip(_charges(doc), doc.charges, strict=True)
    )


def _write_result(doc: Any, entries: Iterable[ValuedMove], left: Left) -> None:
    """Show of each row how many units were still there, what entered stock and what is a variance."""
    values: dict[str, Decimal] = {}
    for entry in entries:
        values[entry.move.line] = values.get(entry.move.line, ZERO) + entry.value_change
    for row in doc.items:
        in_stock = values.get(row.name, ZERO)
        row.left_qty = float(sum(left[row.purchase_receipt_item].units.values(), ZERO))
        row.stock_amount = float(in_stock)
        row.variance_amount = float(decimal_of(row.amount) - in_stock)
    fields = ("left_qty", "stock_amount", "variance_amount")
    store.write_shares({row.name: {field: row.get(field) for field in fields} for row in doc.items})
    totals = {f"total_{side}": float(total_of(doc.items, f"{side}_amount")) for side in ("stock", "variance")}
    doc.update(totals)
    store.write_heads({doc.name: totals})


def _set_status(docs: Sequence[Any], status: str) -> None:
    for doc in docs:
        doc.status = status
    store.write_heads({doc.name: {"status": status} for doc in docs})


def _books(doc: Any) -> Books:
    return accounting_store.load_books(doc.company)
