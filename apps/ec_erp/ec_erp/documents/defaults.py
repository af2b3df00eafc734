"""What a document is given when nobody says: company, currency, now.

Invariant: a default never overrides what was given.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import frappe

from ec_erp.documents.errors import SetupMissing, WrongCurrency, refuse_with
from ec_erp.documents.store import load_only_company
from ec_erp.kernel.problems import N_, problem
from ec_erp.kernel.times import moment_of


def default_company() -> str:
    """Return the user's or site's default company, else the only one.

    Raises ``SetupMissing`` where that is not clear.
    """
    company = _named_default_company()
    if company:
        return company
    only = load_only_company()
    if only:
        return only
    refuse_with([problem(N_("Say which company this is for: there is no default company yet"))], SetupMissing)


def fill_company_of(doc: Any, owner: str | None) -> Any:
    """Set the document's company to the one that its shop belongs to; return the (cached) Company document.

    The framework may have put the default company there before anybody could say otherwise, so that one gives way; another
    company that was named stays, for the document's own checks to refuse.
    """
    if owner and doc.company in (None, "", _named_default_company()):
        doc.company = owner
    return fill_company(doc)


def fill_company(doc: Any) -> Any:
    """Set the document's company where it has none; return the (cached) Company document.

    Raises ``frappe.LinkValidationError`` where there is no such company.
    """
    doc.company = doc.company or default_company()
    try:
        return frappe.get_cached_doc("Company", doc.company)
    except frappe.DoesNotExistError:
        frappe.clear_last_message()
        refuse_with(
            [problem(N_("{0} {1} does not exist"), frappe._("Company"), doc.company)], frappe.LinkValidationError
        )


def _named_default_company() -> str:
    company = frappe.defaults.get_user_default("company") or frappe.defaults.get_global_default("company")
    return str(company or "")


def fill_currency(doc: Any, company: Any) -> None:
    """Set the document's currency to the company's where it has none. Raises ``WrongCurrency`` for another one."""
    doc.currency = doc.currency or company.default_currency
    if doc.currency != company.default_currency:
        found = problem(
            N_("{0} trades in {1}; a document in {2} cannot be saved"),
            company.name,
            company.default_currency,
            doc.currency,
        )
        refuse_with([found], WrongCurrency)


def fill_moment(doc: Any, fieldname: str) -> datetime:
    """Set a datetime field to now where it is empty; return it."""
    if not doc.get(fieldname):
        doc.set(fieldname, frappe.utils.now_datetime())
    return moment_of(frappe.utils.get_datetime(doc.get(fieldname)))
