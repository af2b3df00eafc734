"""Reading the catalog."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter
from typing import Any

import frappe

from ec_erp.catalog.rules.combo import Component
from ec_erp.catalog.rules.prices import RETAIL, ListedPrice, ListTerms
from ec_erp.catalog.rules.taxes import TaxTerms
from ec_erp.catalog.rules.units import UnitTerms
from ec_erp.catalog.types import SkuFacts
from ec_erp.documents.memo import forget, read_through
from ec_erp.documents.store import load_masters, load_rows, update_rows
from ec_erp.kernel.numbers import decimal_of, plain

_FIELDS = (
    "name",
    "sku_name",
    "stock_uom",
    "standard_rate",
    "purchase_rate",
    "tax_rate",
    "disabled",
    "status",
    "valuation_method",
    "has_batch",
    "has_serial",
    "serial_policy",
    "is_combo",
    "shelf_life_days",
    "shelf_life_months",
    "sale_limit_days",
    "receive_limit_days",
    "weight_g",
    "volume_cm3",
    "wholesale_rate",
    "member_rate",
    "minimum_rate",
)
_read_fields = itemgetter(*_FIELDS)
_LIST_FIELDS = ("name", "price_kind", "percent", "currency", "disabled", "valid_from", "valid_to")
_TAX_FIELDS = ("name", "tax_rate", "policy", "simplified_rate", "disabled")
_PRICE_FIELDS = ("price_list", "sku", "price", "min_qty", "valid_from", "valid_to")


def load_skus(codes: Iterable[str]) -> dict[str, SkuFacts]:
    """Return SKUs by case-folded code; unknown ones are left out."""
    return read_through("SKU", codes, _load_skus)


def load_barcode_owners(barcodes: Iterable[str], *, besides: str) -> dict[str, str]:
    """Return which other SKU carries each of the barcodes."""
    rows = load_rows("SKU Barcode", barcodes, ["barcode", "parent"], key="barcode")
    return {row["barcode"]: row["parent"] for row in rows if row["parent"] != besides}


def _load_skus(codes: list[str]) -> dict[str, SkuFacts]:
    rows = load_masters("SKU", codes, _FIELDS)
    whole = load_whole_units({row["stock_uom"] for row in rows})
    return {row["name"]: _sku(_read_fields(row), row["stock_uom"] in whole) for row in rows}


@lru_cache(maxsize=4096)  # orders, deliveries and their postings ask for the same ones one after another
def _sku(values: tuple[Any, ...], whole_units: bool) -> SkuFacts:
    row = dict(zip(_FIELDS, values, strict=True))
    return SkuFacts(
        name=row["name"],
        sku_name=row["sku_name"] or row["name"],
        stock_uom=row["stock_uom"] or "",
        whole_units=whole_units,
        standard_rate=decimal_of(row["standard_rate"]),
        purchase_rate=decimal_of(row["purchase_rate"]) or None,
        tax_rate=decimal_of(row["tax_rate"]),
        disabled=bool(row["disabled"]),
        status=row["status"] or "Active",
        valuation_method=row["valuation_method"] or "Moving Average",
        has_batch=bool(row["has_batch"]),
        serials=(row["serial_policy"] or "Strong") if row["has_serial"] else "",
        is_combo=bool(row["is_combo"]),
        shelf_life_days=int(row["shelf_life_days"] or 0),
        sale_limit_days=int(row["sale_limit_days"] or 0),
        receive_limit_days=int(row["receive_limit_days"] or 0),
        weight_g=decimal_of(row["weight_g"]),
        wholesale_rate=decimal_of(row["wholesale_rate"]),
        member_rate=decimal_of(row["member_rate"]),
        minimum_rate=decimal_of(row["minimum_rate"]),
        shelf_life_months=int(row["shelf_life_months"] or 0),
        volume_cm3=decimal_of(row["volume_cm3"]),
    )


def load_default_tax_rate(company: str) -> Any:
    """Return the tax rate that a company's SKUs have unless told otherwise, in percent."""
    return frappe.get_cached_value("Company", company, "default_tax_rate")


def has_moved(sku: str) -> bool:
    """Tell whether goods of a SKU have ever come or gone."""
    return bool(frappe.db.exists("Stock Ledger Entry", {"sku": sku}))


def load_whole_units(units: Iterable[str]) -> set[str]:
    """Return those of the units that are counted in whole numbers."""
    cached = {unit: frappe.get_cached_value("UOM", unit, "must_be_whole_number") for unit in units if unit}
    return {unit for unit, whole in cached.items() if whole}


def load_combos(codes: Iterable[str]) -> dict[str, list[Component]]:
    """Return the components of combos, in order; SKUs that are no combos are left out."""
    marked = {row["name"] for row in load_rows("SKU", codes, ["name", "is_combo"]) if row["is_combo"]}
    rows = load_rows("SKU Component", marked, ["parent", "idx", "sku", "qty", "share", "fixed_rate"], key="parent")
    found: dict[str, list[Component]] = {code: [] for code in sorted(marked)}
    for row in sorted(rows, key=lambda row: int(row["idx"])):
        numbers = (decimal_of(row[field]) for field in ("qty", "share", "fixed_rate"))
        found[row["parent"]].append(Component(row["sku"], *numbers))
    return found


def load_skus_of_category(category: str) -> list[str]:
    """Return the SKUs of a category and everything below it."""
    below = [category, *frappe.db.get_descendants("Product Category", category)]
    return list(frappe.get_all("SKU", filters={"category": ("in", below)}, pluck="name"))


def load_price_lists(names: Iterable[str]) -> dict[str, ListTerms]:
    """Return price lists by case-folded name."""
    return read_through("Price List", names, _load_price_lists)


def _load_price_lists(names: list[str]) -> dict[str, ListTerms]:
    return {row["name"]: list_terms(frappe._dict(row)) for row in load_rows("Price List", names, _LIST_FIELDS)}


def list_terms(row: Any) -> ListTerms:
    """Return a row or document of a price list as rules see it."""
    return ListTerms(
        name=row.name or row.get("price_list_name") or "",
        kind=row.price_kind or RETAIL,
        percent=Decimal(100) if row.percent is None else decimal_of(row.percent),
        currency=row.currency or "",
        disabled=bool(row.disabled),
        valid_from=_day(row.valid_from),
        valid_to=_day(row.valid_to),
    )


def load_sku_prices(lists: Iterable[str], skus: Iterable[str]) -> dict[tuple[str, str], list[ListedPrice]]:
    """Return the prices of SKUs in lists by (list, SKU), whatever their quantity and period."""
    names = {folded: terms.name for folded, terms in load_price_lists(lists).items()}
    wanted = [f"{name}|{sku}" for name in names.values() for sku in sorted(set(skus))]
    found = read_through("SKU Price", wanted, _load_sku_prices)
    return {_pair(key): rows for key in wanted if (rows := found.get(key.casefold()))}


def _pair(key: str) -> tuple[str, str]:
    name, _, sku = key.rpartition("|")
    return name, sku


def _load_sku_prices(keys: list[str]) -> dict[str, list[ListedPrice]]:
    pairs = {key.casefold(): key for key in keys}
    names = sorted({_pair(key)[0] for key in keys})
    filters = {"price_list": ("in", names), "sku": ("in", sorted({_pair(key)[1] for key in keys}))}
    found: dict[str, list[ListedPrice]] = {key: [] for key in keys}
    for row in frappe.get_all("SKU Price", filters=filters, fields=list(_PRICE_FIELDS)):
        key = pairs.get(f"{row.price_list}|{row.sku}".casefold())
        if key:
            found[key].append(listed_price(row))
    return found


def listed_price(row: Any) -> ListedPrice:
    """Return a row or document of a price as rules see it."""
    return ListedPrice(decimal_of(row.price), decimal_of(row.min_qty), _day(row.valid_from), _day(row.valid_to))


def price_key(doc: Any) -> str:
    """Return the text that makes list, SKU, quantity and start of a price unique."""
    price = listed_price(doc)
    return f"{doc.price_list}|{doc.sku}|{plain(price.min_qty)}|{price.valid_from or ''}"


def find_price_twin(key: str, name: str | None) -> str | None:
    """Return another price with the same key."""
    found = frappe.db.get_value("SKU Price", {"price_key": key, "name": ("!=", name or "")})
    return str(found) if found else None


def _day(value: Any) -> date | None:
    return frappe.utils.getdate(value) if value else None


def load_units(skus: Iterable[str]) -> dict[str, dict[str, UnitTerms]]:
    """Return the units of SKUs besides the stock unit, by case-folded SKU and unit."""
    return read_through("SKU Unit", skus, _load_units)


def _load_units(codes: list[str]) -> dict[str, dict[str, UnitTerms]]:
    spelt = {code.casefold(): code for code in codes}
    found: dict[str, dict[str, UnitTerms]] = {code: {} for code in codes}
    for row in load_rows("SKU Unit", codes, ["parent", "uom", "ratio", "for_purchase", "for_sale"], key="parent"):
        found[spelt[row["parent"].casefold()]][row["uom"].casefold()] = unit_terms(frappe._dict(row))
    return found


def unit_terms(row: Any) -> UnitTerms:
    """Return a row of a SKU's units as rules see it."""
    return UnitTerms(row.uom or "", decimal_of(row.ratio), bool(row.for_purchase), bool(row.for_sale))


def load_tax_classes(names: Iterable[str]) -> dict[str, TaxTerms]:
    """Return tax classes by case-folded name."""
    return read_through("Tax Class", names, _load_tax_classes)


def _load_tax_classes(names: list[str]) -> dict[str, TaxTerms]:
    return {row["name"]: tax_terms(frappe._dict(row)) for row in load_rows("Tax Class", names, _TAX_FIELDS)}


def tax_terms(row: Any) -> TaxTerms:
    """Return a row or document of a tax class as rules see it."""
    rates = decimal_of(row.tax_rate), row.policy or "", decimal_of(row.simplified_rate)
    return TaxTerms(row.name or row.get("class_name") or "", *rates, disabled=bool(row.disabled))


def load_category_classes(category: str) -> list[TaxTerms | None]:
    """Return the tax classes of a category and those above it, nearest first; None where one has none."""
    return read_through("Product Category", [category], _load_category_classes).get(category.casefold(), [])


def _load_category_classes(categories: list[str]) -> dict[str, list[TaxTerms | None]]:
    nodes = frappe.get_all("Product Category", fields=["name", "tax_class", "lft", "rgt"], order_by="lft desc")
    wanted = {category.casefold() for category in categories}
    known = load_tax_classes({node.tax_class for node in nodes if node.tax_class})
    return {
        node.name: [
            known.get((above.tax_class or "").casefold()) for above in nodes if above.lft <= node.lft <= above.rgt
        ]
        for node in nodes
        if node.name.casefold() in wanted
    }


def load_skus_of_class(tax_class: str) -> list[str]:
    """Return the SKUs of a tax class."""
    return list(frappe.get_all("SKU", filters={"tax_class": tax_class}, pluck="name"))


def write_tax_rate(tax_class: str, rate: float) -> None:
    """Give all SKUs of a class its rate."""
    names = load_skus_of_class(tax_class)
    update_rows("SKU", {name: {"tax_rate": rate} for name in names})
    for name in names:
        frappe.clear_document_cache("SKU", name)
    forget("SKU")
