"""Shops: completing and checking them."""

from __future__ import annotations

from typing import Any

from ec_erp.documents.defaults import fill_company, fill_currency


def fill_shop(doc: Any) -> None:
    """Give a shop the default company and its currency."""
    company = fill_company(doc)
    fill_currency(doc, company)
