"""Transfers between warehouses: approving, sending, receiving, settling, cancelling.

Invariant: a transfer is locked before its reservations, those before balances; what is on its way lies, with its value, in the
company's transit warehouse and shows as in transit at the target.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.accounting import store as accounting_store
from ec_erp.accounting.rules.roles import REASON_ROLES
from ec_erp.documents import memo
from ec_erp.documents.errors import refuse
from ec_erp.inventory import flows as inventory
from ec_erp.inventory.types import ON_HAND, BalanceChange, ReservationRequest, StockKey, Tracking
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.problems import N_, problem
from ec_erp.kernel.times import moment_of
from ec_erp.posting.flows.post import cancel as post_cancellation
from ec_erp.posting.flows.post import post, voucher_of
from ec_erp.posting.types import AdjustedLine, Adjustment, MovedLine, Relocation, Voucher
from ec_erp.stockroom import store
from ec_erp.stockroom.errors import TransferRefused
from ec_erp.stockroom.flows import common
from ec_erp.stockroom.rules import transfers as rules
from ec_erp.stockroom.types import TransferLine

DOCTYPE = "Stock Transfer"


def fill(doc: Any) -> None:
    """Complete company and time."""
    common.fill_head(doc, doc.from_warehouse)
    if doc.docstatus == 0:
        doc.status = rules.DRAFT


def check(doc: Any) -> None:
    """Refuse a transfer that goes nowhere or to another company."""
    common.check_rows(doc)
    if doc.from_warehouse == doc.to_warehouse:
        refuse([problem(N_("A transfer goes from one warehouse to another"))], TransferRefused)
    inventory.check_warehouses(doc.company, [doc.from_warehouse, doc.to_warehouse])
    inventory.settle_batches(doc.items, arriving=False)
    doc.total_qty = float(sum(decimal_of(row.qty) for row in doc.items))


def approve(docs: Sequence[Any]) -> None:
    """Put the goods of submitted transfers aside at their sources. Raises ``StockShortage``."""
    requests, heads = [], {}
    for doc in docs:
        for row in doc.items:
            key = StockKey(row.sku, doc.from_warehouse)
            requests.append(ReservationRequest(doc.name, row.name, key, decimal_of(row.qty), kind="Transfer"))
            heads[row.name] = {"company": doc.company, "voucher_type": DOCTYPE, "voucher_no": doc.name}
    inventory.reserve(requests, heads)
    _set_status(docs, rules.APPROVED)


def send(docs: Sequence[Any]) -> list[str]:
    """Send approved transfers: source −, on its way +. Returns their statuses. Raises ``TransferRefused``, ``StockShortage``."""
    locked = [_locked(doc, (rules.APPROVED,)) for doc in sorted(docs, key=lambda doc: str(doc.name))]
    transit = {doc.company: transit_warehouse(doc.company) for doc in locked}
    moment = moment_of(frappe.utils.now_datetime())
    with memo.remembering():
        wanted = {row.name: (decimal_of(row.qty), doc.from_warehouse) for doc in locked for row in doc.items}
        taken, changes = inventory.consume(wanted)
        shown = [
            BalanceChange(StockKey(row.sku, doc.to_warehouse), in_transit=decimal_of(row.qty))
            for doc in locked
            for row in doc.items
        ]
        inventory.change_promises(shown, {change.key: doc.company for doc in locked for change in shown})
        valued = post([_departure(doc, transit[doc.company], taken, moment) for doc in locked], changes)
    for doc, entries in zip(locked, valued, strict=True):
        lines = [
            replace(store.transfer_line(row), sent=decimal_of(row.qty), cost=-entries[2 * at].value_change)
            for at, row in enumerate(doc.items)
        ]
        _write(doc, lines, {"sent_at": moment, "transit_warehouse": transit[doc.company]})
    _show(docs, locked)
    return [doc.status for doc in locked]


def receive(given: Any, quantities: Mapping[str, float] | None = None) -> str:
    """Receive what came of a transfer, by row, or all that is on its way; return the status."""
    doc = _locked(given, rules.ON_THE_WAY)
    lines = {row.name: store.transfer_line(row) for row in doc.items}
    came = (
        {name: line.on_the_way for name, line in lines.items()}
        if quantities is None
        else {name: decimal_of(qty) for name, qty in quantities.items()}
    )
    refuse(rules.receipt_problems(lines, came), TransferRefused)
    came = {name: qty for name, qty in came.items() if qty}
    if not came:
        refuse([problem(N_("Nothing has come"))], TransferRefused)
    rows = [row for row in doc.items if row.name in came]
    inventory.refuse_full_bins((row.to_bin or "", row.sku, row.batch or "", came[row.name]) for row in rows)
    _leave_the_way(doc, lines, came, doc.to_warehouse)
    _write(doc, [rules.received(line, came.get(name, ZERO)) for name, line in lines.items()])
    _show([given], [doc])
    return str(doc.status)


def settle(given: Any, difference: str = rules.LOSS) -> str:
    """Close a transfer that has gone out; what has not come is lost, or goes back to where it was sent from."""
    doc = _locked(given, (*rules.ON_THE_WAY, rules.IN))
    if difference not in (rules.LOSS, rules.BACK):
        refuse([problem(N_("What has not come is a Loss or goes Back, not {0}"), difference)], TransferRefused)
    lines = {row.name: store.transfer_line(row) for row in doc.items}
    rest = {name: line.on_the_way for name, line in lines.items() if line.on_the_way}
    if rest and difference == rules.BACK:
        _leave_the_way(doc, lines, rest, doc.from_warehouse)
    elif rest:
        _lose(doc, lines, rest)
    closed = [rules.closed(line, difference) for line in lines.values()]
    _write(doc, closed, {"settled_at": moment_of(frappe.utils.now_datetime())}, rules.SETTLED)
    _show([given], [doc])
    return str(doc.status)


def cancel(docs: Sequence[Any]) -> None:
    """Undo cancelled transfers of which nothing has arrived yet."""
    message = N_("Goods of {0} have arrived or were settled; send them back with another transfer")
    refuse(
        [
            problem(message, doc.name)
            for doc in docs
            if any(store.transfer_line(row).settled for row in doc.items) or doc.status == rules.SETTLED
        ],
        TransferRefused,
    )
    inventory.release([row.name for doc in docs for row in doc.items])
    sent = [doc for doc in docs if doc.status == rules.OUT]
    if sent:
        for doc in sent:
            _show_in_transit(doc, {row.name: -decimal_of(row.sent_qty) for row in doc.items})
        post_cancellation(sent)
    _set_status(docs, rules.CANCELLED)


def transit_warehouse(company: str) -> str:
    """Return where a company's goods are while they are on their way; made when there is none."""
    known = store.load_transit_warehouse(company)
    if known:
        return known
    abbr = accounting_store.load_books(company).abbr
    made = frappe.get_doc(
        {
            "doctype": "Warehouse",
            "warehouse_name": f"{frappe._('In Transit')} - {abbr}",
            "company": company,
            "warehouse_type": "Transit",
        }
    )
    return str(made.insert(ignore_permissions=True).name)


def _locked(given: Any, statuses: Sequence[str]) -> Any:
    given.check_permission("submit")
    doc = store.lock_document(DOCTYPE, given.name)
    if doc.docstatus != 1 or doc.status not in statuses:
        message = N_("{0} is {1}; it has to be {2} for this")
        wanted = ", ".join(frappe._(status) for status in statuses)
        refuse([problem(message, doc.name, frappe._(doc.status), wanted)], TransferRefused)
    return doc


def _departure(doc: Any, transit: str, taken: Mapping[str, Decimal], moment: datetime) -> Relocation:
    lines = []
    for row in doc.items:
        leaves = inventory.tracking_of(row)
        lines.append(
            MovedLine(
                row.name,
                row.sku,
                doc.from_warehouse,
                transit,
                decimal_of(row.qty),
                from_reserved=taken.get(row.name, ZERO),
                leaves=leaves,
                arrives=replace(leaves, bin=None),
            )
        )
    return Relocation(_voucher(doc, moment), tuple(lines))


def _leave_the_way(doc: Any, lines: Mapping[str, TransferLine], quantities: Mapping[str, Decimal], target: str) -> None:
    """Move goods from the way to a warehouse at what they were sent for."""
    rows = {row.name: row for row in doc.items}
    currency = accounting_store.load_books(doc.company).currency
    moved = []
    for name, qty in quantities.items():
        known = _on_the_way(rows[name], lines[name], qty)
        to_bin = rows[name].to_bin if target == doc.to_warehouse else rows[name].bin
        moved.append(
            MovedLine(
                name,
                lines[name].sku,
                doc.transit_warehouse,
                target,
                qty,
                value=rules.worth(lines[name], qty, currency),
                reach=ON_HAND,
                leaves=known,
                arrives=replace(known, bin=to_bin or None),
            )
        )
    _show_in_transit(doc, {name: -qty for name, qty in quantities.items()})
    with memo.remembering():
        post([Relocation(_voucher(doc), tuple(moved))])


def _on_the_way(row: Any, line: TransferLine, qty: Decimal) -> Tracking:
    """Return what is told of a part of a row that leaves the way: its pieces are the next ones that have not come yet."""
    known = replace(inventory.tracking_of(row), bin=None)
    gone = int(line.settled)
    return replace(known, serials=known.serials[gone : gone + int(qty)])


def _lose(doc: Any, lines: Mapping[str, TransferLine], quantities: Mapping[str, Decimal]) -> None:
    """Write off what has not come, at what it was sent for."""
    rows = {row.name: row for row in doc.items}
    books = accounting_store.load_books(doc.company)
    lost = tuple(
        AdjustedLine(
            line=name,
            sku=lines[name].sku,
            warehouse=doc.transit_warehouse,
            qty=qty,
            value=rules.worth(lines[name], qty, books.currency),
            tracking=_on_the_way(rows[name], lines[name], qty),
        )
        for name, qty in quantities.items()
    )
    _show_in_transit(doc, {name: -qty for name, qty in quantities.items()})
    account = books.account(REASON_ROLES["Write-off"])
    with memo.remembering():
        post([Adjustment(_voucher(doc), lost, account, is_receipt=False, remarks=frappe._("Lost"))])


def _show_in_transit(doc: Any, changes: Mapping[str, Decimal]) -> None:
    skus = {row.name: row.sku for row in doc.items}
    inventory.change_promises(
        [BalanceChange(StockKey(skus[name], doc.to_warehouse), in_transit=qty) for name, qty in changes.items() if qty]
    )


def _voucher(doc: Any, moment: datetime | None = None) -> Voucher:
    """Return the posting header of an action: it happens now, not when the transfer was asked for."""
    return replace(voucher_of(doc), posting_datetime=moment or moment_of(frappe.utils.now_datetime()))


def _write(
    doc: Any, lines: Iterable[TransferLine], values: Mapping[str, Any] | None = None, status: str | None = None
) -> None:
    known = list(lines)
    doc.status = status or rules.status_of(known)
    by_name = {line.line: line for line in known}
    for row in doc.items:
        row.update(store.line_values(by_name[row.name]))
    doc.total_cost = float(sum((line.cost for line in known), ZERO))
    doc.update(values or {})
    store.write_transfer_lines(known)
    store.write_heads(
        DOCTYPE, {doc.name: {"status": doc.status, "total_cost": doc.total_cost, **(values or {})}}, touch=True
    )


def _show(given: Iterable[Any], locked: Iterable[Any]) -> None:
    """Let the documents that the caller holds show what became of them."""
    after = {doc.name: doc for doc in locked}
    for doc in given:
        if doc is not after[doc.name]:
            doc.reload()


def _set_status(docs: Sequence[Any], status: str) -> None:
    for doc in docs:
        doc.status = status
    store.write_heads(DOCTYPE, {doc.name: {"status": status} for doc in docs})
