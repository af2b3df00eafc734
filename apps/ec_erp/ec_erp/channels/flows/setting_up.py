"""What a file import needs to be there: company, warehouse, shop, supplier, buyers, SKUs, opening stock.

Invariant: what exists is used as it is; only what is missing is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.accounting import store as accounting_store
from ec_erp.channels import store
from ec_erp.channels.errors import ImportRefused
from ec_erp.channels.rules.opening import SkuSurvey, Survey, opening_lines
from ec_erp.documents.errors import refuse
from ec_erp.documents.sets import insert_many
from ec_erp.documents.store import row_exists
from ec_erp.kernel.problems import N_, problem

ANONYMOUS = "anonymous"
_BATCH = 500


@dataclass(frozen=True)
class Source:
    """Where documents of a file format go: names of the shop, company and so on, and the currency of the format."""

    shop: str
    company: str
    abbr: str
    warehouse: str
    supplier: str
    platform: str
    currency: str
    country: str

    def customer(self, buyer_id: str) -> str:
        """Return the name under which a buyer of this source is kept."""
        return f"{self.shop} {buyer_id or ANONYMOUS}"


def set_up(source: Source) -> None:
    """Create the company (with its books), warehouse, shop and supplier where they are missing.

    Raises ``ImportRefused`` where the company keeps its books in another currency than the file's.
    """
    _ensure("Company", source.company, company_name=source.company, abbr=source.abbr, country=source.country,
            default_currency=source.currency, default_tax_rate=0)  # fmt: skip
    currency = accounting_store.load_books(source.company).currency
    if currency != source.currency:
        message = N_("The file is in {0}, but {1} keeps its books in {2}")
        refuse([problem(message, source.currency, source.company, currency)], ImportRefused)
    _ensure("Warehouse", source.warehouse, warehouse_name=source.warehouse, company=source.company)
    _ensure("Supplier", source.supplier, supplier_name=source.supplier, default_currency=source.currency)
    _ensure("Shop", source.shop, shop_name=source.shop, platform=source.platform, company=source.company,
            currency=source.currency, default_warehouse=source.warehouse)  # fmt: skip


def create_buyers(source: Source, survey: Survey) -> Iterator[int]:
    """Create missing customers in batches; yield how many after each."""
    known = store.load_existing("Customer", [source.customer(buyer) for buyer in survey.buyers])
    missing = [buyer for buyer in sorted(survey.buyers) if source.customer(buyer).casefold() not in known]
    yield from _insert_in_batches([_customer(source, buyer, survey.buyers[buyer]) for buyer in missing])


def create_skus(source: Source, survey: Survey) -> Iterator[int]:
    """Create missing SKUs in batches; yield how many after each."""
    known = store.load_existing("SKU", survey.skus)
    missing = [survey.skus[code] for code in sorted(survey.skus) if code.casefold() not in known]
    yield from _insert_in_batches([_sku(sku, source.currency) for sku in missing])


def buy_opening_stock(source: Source, survey: Survey) -> Decimal:
    """Order and receive what the file needs beyond what is available; return how many units that is."""
    available = store.load_available(survey.skus, source.warehouse)
    lines = list(opening_lines(survey, available, source.currency))
    if not lines or survey.first_moment is None:
        return Decimal(0)
    moment = datetime.combine(survey.first_moment.date(), time())
    order = frappe.get_doc(_purchase_order(source, lines, moment))
    insert_many([order], submit=True)
    receipt = frappe.get_doc(
        {
            "doctype": "Purchase Receipt",
            "purchase_order": order.name,
            "posting_datetime": moment,
            "reference_no": f"{source.shop} opening stock",
        }
    )
    insert_many([receipt], submit=True)
    return sum((qty for _, qty, _ in lines), Decimal(0))


def _ensure(doctype: str, name: str, **fields: Any) -> None:
    if not row_exists(doctype, name):
        frappe.get_doc({"doctype": doctype, **fields}).insert()


def _insert_in_batches(docs: Sequence[dict[str, Any]]) -> Iterator[int]:
    for start in range(0, len(docs), _BATCH):
        batch = [frappe.get_doc(fields) for fields in docs[start : start + _BATCH]]
        insert_many(batch)
        yield len(batch)


def _customer(source: Source, buyer: str, region: str) -> dict[str, Any]:
    return {
        "doctype": "Customer",
        "customer_name": source.customer(buyer),
        "shop": source.shop,
        "buyer_id": buyer or None,
        "region": region,
        "default_currency": source.currency,
    }


def _sku(sku: SkuSurvey, currency: str) -> dict[str, Any]:
    return {
        "doctype": "SKU",
        "sku_code": sku.code,
        "sku_name": sku.name,
        "standard_rate": float(sku.price or 0),
        "purchase_rate": float(sku.unit_cost(currency)),
        "tax_rate": 0,
    }


def _purchase_order(
    source: Source, lines: Sequence[tuple[SkuSurvey, Decimal, Decimal]], moment: datetime
) -> dict[str, Any]:
    return {
        "doctype": "Purchase Order",
        "supplier": source.supplier,
        "company": source.company,
        "currency": source.currency,
        "warehouse": source.warehouse,
        "order_datetime": moment,
        "reference_no": f"{source.shop} opening stock",
        "items": [{"sku": sku.code, "qty": float(qty), "rate": float(cost), "tax_rate": 0} for sku, qty, cost in lines],
    }
