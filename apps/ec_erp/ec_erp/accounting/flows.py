"""Keeping the books: new companies with their chart of accounts, closed periods, entries of the general ledger.

Invariant: no entry is dated inside a closed period.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import frappe

from ec_erp.accounting import store
from ec_erp.accounting.errors import AccountRefused, PeriodClosed
from ec_erp.accounting.rules import accounts as account_rules
from ec_erp.accounting.rules.ledger import closing_period
from ec_erp.accounting.rules.roles import ACCOUNT_ROLES
from ec_erp.accounting.types import AccountFacts, AccountPlan, VoucherLines
from ec_erp.documents.defaults import default_company
from ec_erp.documents.errors import refuse
from ec_erp.kernel.problems import N_, problem

_CHARTS = {"China Small Business": "china_small_business.json"}


def refuse_closed_periods(dated: Iterable[tuple[str, date]]) -> None:
    """Raise ``PeriodClosed`` naming every closed period that one of the (company, day) pairs falls into."""
    pairs = sorted(set(dated))
    if not pairs:
        return
    days = [day for _, day in pairs]
    closed = store.load_closed_periods((company for company, _ in pairs), min(days), max(days))
    hits = [(day, period) for company, day in pairs if (period := closing_period(company, day, closed))]
    message = N_("The period {0} is closed: nothing can be posted on {1}")
    refuse([problem(message, period.name, day) for day, period in hits], PeriodClosed)


def append(vouchers: Sequence[VoucherLines]) -> None:
    """Add the lines of documents to the general ledger; documents without lines add nothing."""
    with_lines = [voucher for voucher in vouchers if voucher.lines]
    if with_lines:
        store.append_lines(with_lines)


def open_books(company: Any) -> None:
    """Give a new company its chart of accounts, the accounts that postings use, and its ledger chains."""
    plans = load_chart(company.chart_of_accounts)
    names = _create_accounts(company, plans)
    chosen = {role: names[plan.code] for plan in plans for role in plan.roles if not company.get(role)}
    company.db_set(chosen)
    store.insert_chains(company.name, int(company.ledger_lanes or 1))
    frappe.clear_document_cache("Company", company.name)
    if not frappe.defaults.get_global_default("company"):
        frappe.defaults.set_global_default("company", company.name)


def load_chart(name: str) -> list[AccountPlan]:
    """Return the accounts of a chart that comes with the app, groups before their members."""
    path = Path(__file__).parent / "charts" / _CHARTS[name]
    return account_rules.read_chart(json.loads(path.read_text(encoding="utf-8")))


def check_company(doc: Any) -> None:
    """Refuse a company whose named accounts are not its own, are groups or disabled."""
    chosen = {role: doc.get(role) for role in ACCOUNT_ROLES if doc.get(role)}
    accounts = store.load_accounts(chosen.values())
    refuse(account_rules.company_account_problems(doc.name, doc.default_currency, chosen, accounts), AccountRefused)
    refuse(account_rules.abbr_problems(doc.abbr), AccountRefused)


def fill_account(doc: Any) -> None:
    """Give an account company and root type of its parent, and the company's currency where nobody said."""
    parent = store.load_accounts([doc.parent_account]) if doc.parent_account else {}
    above = next(iter(parent.values()), None)
    doc.company = above.company if above else doc.company or default_company()
    doc.root_type = above.root_type if above else doc.root_type
    doc.account_currency = doc.account_currency or store.load_books(doc.company).currency


def abbr_of(company: str) -> str:
    """Return a company's abbreviation."""
    return store.load_books(company).abbr


def check_account(doc: Any) -> None:
    """Refuse an account whose parent does not fit, and closing one that postings use."""
    facts = AccountFacts(
        name=doc.name,
        company=doc.company,
        is_group=bool(doc.is_group),
        disabled=bool(doc.disabled),
        root_type=doc.root_type or "",
        account_type=doc.account_type or "",
        currency=doc.account_currency or "",
    )
    parent = store.load_accounts([doc.parent_account]) if doc.parent_account else {}
    refuse(account_rules.parent_problems(facts, next(iter(parent.values()), None)), AccountRefused)
    if facts.disabled or facts.is_group:
        refuse(account_rules.default_problems(facts, store.load_books(doc.company).accounts), AccountRefused)


def check_period(doc: Any) -> None:
    """Refuse a period that ends before it starts."""
    start, end = frappe.utils.getdate(doc.start_date), frappe.utils.getdate(doc.end_date)
    if start and end and end < start:
        refuse([problem(N_("The end date must not be before the start date"))])


def _create_accounts(company: Any, plans: Sequence[AccountPlan]) -> dict[str, str]:
    names: dict[str, str] = {}
    for plan in plans:
        doc = frappe.new_doc("Account")
        doc.update(
            {
                "account_number": plan.code,
                "account_name": plan.name,
                "account_name_en": plan.name_en,
                "company": company.name,
                "parent_account": names.get(plan.parent or ""),
                "is_group": int(plan.is_group),
                "root_type": plan.root_type,
                "account_type": plan.account_type,
                "account_currency": company.default_currency,
            }
        )
        doc.insert(ignore_permissions=True)
        names[plan.code] = doc.name
    return names
