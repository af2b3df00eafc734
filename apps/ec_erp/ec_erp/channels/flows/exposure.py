"""The exposure meter: what shops show beyond what there is, per SKU and listing, as of now.

Invariant: reads only; the number of queries does not depend on how many listings there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.channels import store
from ec_erp.channels.flows.granting import needs_of
from ec_erp.channels.rules.exposure import Exposed, Shown, exposures, worst_shown
from ec_erp.inventory import store as inventory_store
from ec_erp.kernel.numbers import ZERO, decimal_of, plain
from ec_erp.kernel.problems import N_
from ec_erp.orders import store as orders_store

Row = dict[str, Any]
CODE = N_("Publish Exposure")


def exposed_skus(*, company: str = "", sku: str = "", every: bool = False) -> list[Row]:
    """Return what is exposed, worst first: company, sku, sku_name, published, available, exposure, listings.

    With ``every`` also what is shown and covered. Each of ``listings`` has listing, title, shop, items, units (per item), published.
    """
    rows = {row.name: row for row in store.load_shown(company=company, sku=sku)}
    found = [one for one in _exposures(rows) if (every or one.exposure > 0) and sku in ("", one.sku)]
    names = store.load_sku_names(one.sku for one in found)
    return [_told(one, names, rows) for one in found]


def _exposures(rows: Mapping[str, Any]) -> list[Exposed]:
    needs = needs_of(store.offer_of(row) for row in rows.values())
    shown = [Shown(name, row.company, _items(row), needs[name]) for name, row in rows.items()]
    return exposures(
        shown, _available({sku for own in needs.values() for sku in own}, {row.company for row in rows.values()})
    )


def _items(row: Any) -> Decimal:
    under_way = row.status == "Sent" or bool(row.uncertain) or bool(row.open_write)
    return worst_shown(decimal_of(row.published_qty), decimal_of(row.wanted_qty), under_way=under_way)


def _available(skus: Iterable[str], companies: Iterable[str]) -> dict[tuple[str, str], Decimal]:
    """Return what may still be promised of SKUs in all warehouses from which orders of a company leave."""
    company_of = {row["name"]: row["company"] for row in orders_store.load_sources(companies)}
    found: dict[tuple[str, str], Decimal] = {}
    for key, balance in inventory_store.load_balances_of(skus, company_of).items():
        if key.warehouse in company_of:
            at = (company_of[key.warehouse], key.sku)
            found[at] = found.get(at, ZERO) + balance.available
    return found


def _told(one: Exposed, names: Mapping[str, str], rows: Mapping[str, Any]) -> Row:
    return {
        "company": one.company,
        "sku": one.sku,
        "sku_name": names.get(one.sku, ""),
        "published": float(one.published),
        "available": float(one.available),
        "exposure": float(one.exposure),
        "listings": [
            {
                "listing": name,
                "title": rows[name].title,
                "shop": rows[name].shop,
                "items": float(items),
                "units": float(units),
                "published": float(items * units),
            }
            for name, items, units in one.listings
        ],
    }


def total_exposure() -> Decimal:
    """Return the units of all SKUs that could be sold and are not there."""
    rows = {row.name: row for row in store.load_shown()}
    return sum((one.exposure for one in _exposures(rows)), ZERO)


def exceptions() -> list[Row]:
    """Return SKUs whose exposure has reached the bound of the settings (0: none) as rows of the inbox of exceptions."""
    bound = decimal_of(frappe.get_cached_doc("Inventory Settings").exposure_alert_qty)
    if bound <= 0:
        return []
    rows = {row.name: row for row in store.load_shown()}
    return [_exception(one, rows) for one in _exposures(rows) if one.exposure >= bound]


def _exception(one: Exposed, rows: Mapping[str, Any]) -> Row:
    moments = [rows[name].acknowledged_at or rows[name].changed_at for name, _, _ in one.listings]
    note = frappe._("{0} units are shown by {1} listings, {2} are available")
    return {
        "source": "channel",
        "reference_doctype": "SKU",
        "reference_name": one.sku,
        "title": one.sku,
        "code": CODE,
        "owner_role": "Shop Operator",
        "since": max((moment for moment in moments if moment), default=None) or frappe.utils.now_datetime(),
        "blocking": False,
        "suggestion": frappe._("Keep more back by a stock policy, or have the shops show only what is kept for them"),
        "fix": "",
        "note": note.format(plain(one.published), len(one.listings), plain(max(ZERO, one.available))),
    }
