"""Shops: completing and checking them."""

from __future__ import annotations

from typing import Any

from ec_erp.documents.defaults import fill_company, fill_currency
from ec_erp.inventory import flows as inventory


def fill_shop(doc: Any) -> None:
    """Give a shop the default company and its currency."""
    company = fill_company(doc)
    fill_currency(doc, company)


def check_shop(doc: Any) -> None:
    """Refuse a default warehouse that no order can leave from."""
    before = doc.get_doc_before_save()
    if doc.default_warehouse and (before is None or before.default_warehouse != doc.default_warehouse):
        inventory.check_serving(doc.company, [doc.default_warehouse])
