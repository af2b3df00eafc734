"""Other goods in and out (Stock Entry): checking and posting, for lists of entries.

Invariant: goods that come in without a cost take the current average, then the latest cost, then the SKU's purchase
price.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.accounting import store as accounting_store
from ec_erp.accounting.errors import AccountRefused
from ec_erp.accounting.rules.accounts import usable_problems
from ec_erp.accounting.rules.roles import REASON_ROLES
from ec_erp.accounting.types import Books
from ec_erp.catalog import flows as catalog
from ec_erp.catalog import store as catalog_store
from ec_erp.documents import memo
from ec_erp.documents.defaults import fill_company, fill_moment
from ec_erp.documents.errors import DocumentRefused, refuse
from ec_erp.documents.lines import total_of
from ec_erp.documents.store import update_rows
from ec_erp.fulfilment.store import masters
from ec_erp.inventory import flows as inventory
from ec_erp.kernel.money import round_money
from ec_erp.kernel.numbers import ZERO, decimal_of, optional_decimal
from ec_erp.kernel.pricing import LineTerms, line_problems
from ec_erp.kernel.problems import N_, problem
from ec_erp.posting.flows.post import cancel, post, voucher_of
from ec_erp.posting.types import AdjustedLine, Adjustment

RECEIPT = "Receipt"


def prefetch(docs: Sequence[Any]) -> None:
    """Load what checking these entries will ask for."""
    catalog.prefetch_skus(docs)


def fill_entry(doc: Any) -> None:
    """Give an entry its company, time, warehouses, and the account of its reason."""
    company = fill_company(doc)
    fill_moment(doc, "posting_datetime")
    doc.warehouse = doc.warehouse or inventory.pick_warehouse(company.default_warehouse)
    if doc.reason:
        doc.purpose = doc.purpose or masters.purpose_of(doc.reason)
    for row in doc.items:
        row.company = company.name
        row.warehouse = row.warehouse or doc.warehouse


def check_entry(doc: Any) -> None:
    """Refuse an entry that breaks a rule; preview its value."""
    reason = masters.load_reason(doc.reason)
    if reason.purpose != doc.purpose:
        message = N_("The reason {0} is for another purpose: {1}")
        refuse([problem(message, frappe._(doc.reason), frappe._(reason.purpose))], DocumentRefused)
    books = accounting_store.load_books(doc.company)
    doc.account = doc.account or books.accounts.get(REASON_ROLES[reason.account_role])
    _check_account(doc, books)
    skus = catalog.skus_of_rows(doc.items)
    inventory.check_warehouses(doc.company, [row.warehouse for row in doc.items])
    terms = [
        LineTerms(
            row.idx,
            row.sku,
            decimal_of(row.qty),
            decimal_of(row.rate),
            whole_units=skus[row.sku.casefold()].whole_units,
        )
        for row in doc.items
    ]
    refuse(found for line in terms for found in line_problems(line, books.currency))
    if doc.purpose == "Receipt":
        inventory.refuse_full_bins((row.bin or "", row.sku, row.batch or "", decimal_of(row.qty)) for row in doc.items)
    for row in doc.items:
        row.rate = row.rate if doc.purpose == RECEIPT else None
        row.amount = float(_given_value(row, books.currency) or ZERO)
    _add_up(doc)


def post_entries(docs: Sequence[Any]) -> None:
    """Post submitted entries and write what they came to."""
    with memo.remembering():
        catalog.prefetch_skus(docs)
        for doc in docs:
            inventory.settle_batches(doc.items, arriving=doc.purpose == RECEIPT)
        valued = post([_adjustment(doc) for doc in docs])
    rows: dict[str, dict[str, Any]] = {}
    for doc, entries in zip(docs, valued, strict=True):
        for row, entry in zip(doc.items, entries, strict=True):
            row.amount, row.rate = float(abs(entry.value_change)), float(entry.unit_cost)
            rows[row.name] = {"amount": row.amount, "rate": row.rate}
        _add_up(doc)
    update_rows("Stock Entry Item", rows, touch=False)
    update_rows("Stock Entry", {doc.name: {"total_value": doc.total_value} for doc in docs}, touch=False)


def cancel_entries(docs: Sequence[Any]) -> None:
    """Post the reversal of cancelled entries."""
    cancel(docs)


def _check_account(doc: Any, books: Books) -> None:
    if not doc.account:
        message = N_("{0} names no account for {1}: set it in the company")
        refuse([problem(message, doc.company, frappe._(doc.reason))], AccountRefused)
    account = accounting_store.load_accounts([doc.account]).get(doc.account.casefold())
    if account is None:
        refuse([problem(N_("The account {0} does not exist"), doc.account)], AccountRefused)
    else:
        refuse(usable_problems(account, books.company, books.currency), AccountRefused)


def _adjustment(doc: Any) -> Adjustment:
    skus = catalog_store.load_skus(row.sku for row in doc.items)
    currency = accounting_store.load_books(doc.company).currency
    fallback: Mapping[str, Decimal | None] = {row.sku: skus[row.sku.casefold()].purchase_rate for row in doc.items}
    return Adjustment(
        voucher=voucher_of(doc),
        lines=tuple(
            AdjustedLine(
                line=row.name,
                sku=row.sku,
                warehouse=row.warehouse,
                qty=decimal_of(row.qty),
                value=_given_value(row, currency),
                fallback_cost=fallback[row.sku],
                tracking=inventory.tracking_of(row),
            )
            for row in doc.items
        ),
        account=doc.account,
        is_receipt=doc.purpose == RECEIPT,
        remarks=doc.reason,
    )


def _given_value(row: Any, currency: str) -> Decimal | None:
    rate = optional_decimal(row.rate)
    return None if not rate else round_money(rate * decimal_of(row.qty), currency)


def _add_up(doc: Any) -> None:
    doc.total_qty = float(total_of(doc.items, "qty"))
    doc.total_value = float(total_of(doc.items, "amount"))
