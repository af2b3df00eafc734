"""What orders need to know of shops, price lists of buyers, suppliers and goods.

Invariant: masters are read through a save's memory, once for a set.
"""

from __future__ import annotations

from collections.abc import Iterable

from ec_erp.documents.memo import read_through
from ec_erp.documents.store import load_masters, load_rows
from ec_erp.kernel.numbers import decimal_of
from ec_erp.orders.types import ShopTerms

_SHOP_FIELDS = (
    "name",
    "company",
    "currency",
    "platform",
    "default_warehouse",
    "default_customer",
    "reserve_on",
    "allow_partial_reservation",
    "refuse_short",
    "enabled",
    "merge_group",
    "auto_merge",
    "split_by_stock",
    "choose_warehouse",
    "delay_minutes",
    "unpaid_minutes",
    "ship_within_hours",
    "commission_percent",
    "payment_fee_percent",
    "deposit_percent",
    "price_list",
)


def load_shops(names: Iterable[str]) -> dict[str, ShopTerms]:
    """Return shops by case-folded name."""
    return read_through("Shop", names, _load_shops)


def _load_shops(names: list[str]) -> dict[str, ShopTerms]:
    return {
        row["name"]: ShopTerms(
            name=row["name"],
            company=row["company"],
            currency=row["currency"],
            platform=row["platform"] or "",
            default_warehouse=row["default_warehouse"] or None,
            default_customer=row["default_customer"] or None,
            reserve_on=row["reserve_on"] or "Order",
            allow_partial=bool(row["allow_partial_reservation"]),
            refuse_short=bool(row["refuse_short"]),
            enabled=bool(row["enabled"]),
            merge_group=row["merge_group"] or "",
            auto_merge=bool(row["auto_merge"]),
            split_by_stock=bool(row["split_by_stock"]),
            choose_warehouse=bool(row["choose_warehouse"]),
            delay_minutes=int(row["delay_minutes"] or 0),
            unpaid_minutes=int(row["unpaid_minutes"] or 0),
            ship_within_hours=int(row["ship_within_hours"] or 0),
            commission_percent=decimal_of(row["commission_percent"]),
            payment_fee_percent=decimal_of(row["payment_fee_percent"]),
            deposit_percent=decimal_of(row["deposit_percent"]),
            price_list=row["price_list"] or None,
        )
        for row in load_masters("Shop", names, _SHOP_FIELDS)
    }


def load_buyer_lists(customers: Iterable[str]) -> dict[str, tuple[str | None, str | None]]:
    """Return the price lists of customers and of their levels, by the customer's case-folded name."""
    return read_through("Customer", customers, _load_buyer_lists)


def _load_buyer_lists(names: list[str]) -> dict[str, tuple[str | None, str | None]]:
    rows = load_rows("Customer", names, ["name", "price_list", "customer_level"])
    levels = load_rows("Customer Level", {row["customer_level"] for row in rows}, ["name", "price_list"])
    of_level = {row["name"].casefold(): row["price_list"] or None for row in levels}
    return {
        row["name"]: (row["price_list"] or None, of_level.get((row["customer_level"] or "").casefold())) for row in rows
    }


def load_primary_suppliers(skus: Iterable[str]) -> dict[str, str]:
    """Return who SKUs are bought from first; those without a supplier are left out."""
    rows = load_rows("Supplier SKU", skus, ("sku", "supplier", "is_primary"), key="sku")
    ordered = sorted(rows, key=lambda row: (bool(row["is_primary"]), row["supplier"]))
    return {row["sku"]: row["supplier"] for row in ordered}


def load_split_classes(skus: Iterable[str]) -> dict[str, str]:
    """Return what SKUs may share a parcel with: their split class; those without one are left out."""
    rows = load_rows("SKU", skus, ("name", "split_class"))
    return {row["name"]: row["split_class"] for row in rows if row["split_class"]}
