"""What suppliers ask for SKUs: Supplier SKU with its tiers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import frappe
from frappe.query_builder.functions import Max

from ec_erp.documents.memo import forget, read_through
from ec_erp.documents.store import load_rows, update_rows
from ec_erp.kernel.numbers import ZERO, decimal_of, optional_decimal
from ec_erp.purchasing.rules.pricing import price_before_tax
from ec_erp.purchasing.types import LearnedPrices, PriceTier, SupplierTerms

Row = dict[str, Any]
_KIND, _RECEIVED = "Supplier SKU", "Purchase Receipt Item"
_FIELDS = (
    "name",
    "supplier",
    "sku",
    "pair_key",
    "price",
    "currency",
    "last_price",
    "lowest_price",
    "tax_rate",
    "moq",
    "pack_qty",
    "lead_time_days",
    "is_primary",
    "needs_inspection",
    "disabled",
    "last_purchase_date",
)
_TIER_FIELDS = ("parent", "min_qty", "price", "valid_from", "valid_to")


def pair_key(supplier: str, sku: str) -> str:
    """Return what makes a Supplier SKU unique."""
    return f"{supplier}|{sku}".casefold()


def load_terms(pairs: Iterable[tuple[str, str]]) -> dict[str, SupplierTerms]:
    """Return the terms of (supplier, SKU) pairs by ``pair_key``; unknown and disabled ones are left out."""
    return read_through(_KIND, {pair_key(*pair) for pair in pairs}, _load_terms)


def _load_terms(keys: list[str]) -> dict[str, SupplierTerms]:
    rows = [row for row in load_rows(_KIND, keys, _FIELDS, key="pair_key") if not row["disabled"]]
    return {row["pair_key"]: terms for row, terms in zip(rows, _with_tiers(rows), strict=True)}


def load_last_bought(pairs: Iterable[tuple[str, str]]) -> dict[str, SupplierTerms]:
    """Return what (supplier, SKU) pairs cost when they were received last, by ``pair_key``; terms know the last price alone."""
    known = {pair_key(*pair): pair for pair in pairs}
    return read_through(_RECEIVED, known, lambda keys: _load_last_bought([known[key] for key in keys]))


def _load_last_bought(pairs: Sequence[tuple[str, str]]) -> dict[str, SupplierTerms]:
    item, head = frappe.qb.DocType(_RECEIVED), frappe.qb.DocType("Purchase Receipt")
    suppliers, skus = ({pair[at] for pair in pairs} for at in (0, 1))
    received = (
        frappe.qb.from_(item).join(head).on(head.name == item.parent).where(head.docstatus == 1).where(item.rate > 0)
        .where(head.supplier.isin(sorted(suppliers))).where(item.sku.isin(sorted(skus)))
    )  # fmt: skip
    days = received.select(Max(head.posting_datetime)).groupby(head.supplier, item.sku).run()
    if not days:
        return {}
    fields = (head.supplier, item.sku, item.rate, item.tax_rate, head.prices_include_tax, head.currency)
    rows = (
        received.where(head.posting_datetime.isin([day for (day,) in days]))
        .select(*fields).orderby(head.posting_datetime, item.idx).run(as_dict=True)
    )  # fmt: skip
    return {pair_key(row.supplier, row.sku): _bought(row) for row in rows}


def _bought(row: Any) -> SupplierTerms:
    rate, tax = decimal_of(row.rate), decimal_of(row.tax_rate)
    price = price_before_tax(rate, tax, includes_tax=bool(row.prices_include_tax))
    return SupplierTerms("", row.supplier, row.sku, last_price=price, lowest_price=price, currency=row.currency or "")


def load_terms_of_skus(skus: Iterable[str]) -> dict[str, list[SupplierTerms]]:
    """Return all suppliers' terms by SKU, primary ones first, then the cheapest."""
    rows = [row for row in load_rows(_KIND, skus, _FIELDS, key="sku") if not row["disabled"]]
    groups: dict[str, list[SupplierTerms]] = {}
    for terms in sorted(_with_tiers(rows), key=_preference):
        groups.setdefault(terms.sku, []).append(terms)
    return groups


def _preference(terms: SupplierTerms) -> tuple[bool, bool, Decimal, str]:
    return (not terms.is_primary, terms.price is None, terms.price or ZERO, terms.name)


def _with_tiers(rows: Sequence[Row]) -> list[SupplierTerms]:
    tiers: dict[str, list[PriceTier]] = {}
    for row in load_rows("Supplier SKU Tier", [row["name"] for row in rows], _TIER_FIELDS, key="parent"):
        tiers.setdefault(row["parent"], []).append(tier_of(row))
    return [_terms(row, tiers.get(row["name"], [])) for row in rows]


def tier_of(row: Row) -> PriceTier:
    """Return a row of prices by quantity and date as a value."""
    return PriceTier(
        decimal_of(row["min_qty"]), decimal_of(row["price"]), _day(row["valid_from"]), _day(row["valid_to"])
    )


def _terms(row: Row, tiers: Sequence[PriceTier]) -> SupplierTerms:
    return SupplierTerms(
        name=row["name"],
        supplier=row["supplier"],
        sku=row["sku"],
        price=optional_decimal(row["price"]) or None,
        tiers=tuple(tiers),
        last_price=optional_decimal(row["last_price"]) or None,
        lowest_price=optional_decimal(row["lowest_price"]) or None,
        moq=decimal_of(row["moq"]),
        pack=decimal_of(row["pack_qty"]),
        lead_days=optional_decimal(row["lead_time_days"]) or None,
        is_primary=bool(row["is_primary"]),
        needs_inspection=bool(row["needs_inspection"]),
        currency=row["currency"] or "",
        tax_rate=decimal_of(row["tax_rate"]),
        last_day=_day(row["last_purchase_date"]),
    )


def _day(value: Any) -> date | None:
    return frappe.utils.getdate(value) if value else None


def load_bought_prices(pairs: Iterable[tuple[str, str]]) -> dict[str, list[tuple[date, Decimal, str]]]:
    """Return what (supplier, SKU) pairs have cost, by ``pair_key``, oldest first: day, price before tax, currency."""
    known = set(pairs)
    item, head = frappe.qb.DocType(_RECEIVED), frappe.qb.DocType("Purchase Receipt")
    suppliers, skus = (sorted({pair[at] for pair in known}) for at in (0, 1))
    rows = (
        frappe.qb.from_(item).join(head).on(head.name == item.parent).where(head.docstatus == 1).where(item.rate > 0)
        .where(head.supplier.isin(suppliers)).where(item.sku.isin(skus))
        .select(head.supplier, item.sku, item.rate, item.tax_rate, head.prices_include_tax, head.currency,
                head.posting_datetime)
        .orderby(head.posting_datetime, head.name, item.idx).run(as_dict=True)
    )  # fmt: skip
    found: dict[str, list[tuple[date, Decimal, str]]] = {}
    for row in rows:
        bought = _bought(row)
        day = frappe.utils.getdate(row.posting_datetime)
        found.setdefault(pair_key(row.supplier, row.sku), []).append((day, bought.last_price or ZERO, bought.currency))
    return found


def write_last_prices(prices: Mapping[str, LearnedPrices]) -> None:
    """Write what receipts have taught, by name of Supplier SKU."""
    forget(_KIND)
    update_rows(
        _KIND,
        {
            name: {
                "last_price": float(learned.last),
                "previous_price": float(learned.before or ZERO),
                "lowest_price": float(learned.low),
                "last_purchase_date": learned.day,
            }
            for name, learned in prices.items()
        },
    )


def clear_other_primaries(sku: str, keep: str) -> None:
    """Take the mark of primary supplier off all other suppliers of a SKU."""
    table = frappe.qb.DocType(_KIND)
    others = frappe.qb.update(table).set(table.is_primary, 0).where(table.sku == sku).where(table.name != keep)
    others.where(table.is_primary == 1).run()


def load_twin(key: str, name: str) -> str | None:
    """Return another Supplier SKU of the same supplier and SKU."""
    return frappe.db.get_value("Supplier SKU", {"pair_key": key, "name": ("!=", name)}) or None
