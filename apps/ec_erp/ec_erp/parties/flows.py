"""Places: the table of regions by which addresses are read.

Invariant: what is read follows the table as it is now; the table that comes with the app only adds rows.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import frappe

from ec_erp.documents import memo
from ec_erp.documents.errors import refuse, text_of
from ec_erp.kernel.problems import N_, problem
from ec_erp.parties import store
from ec_erp.parties.rules.addresses import CITY, PROVINCE, Region, RegionTable

_CACHE_KEY = "ec_erp_regions"
_FILE = Path(__file__).parent / "regions" / "cn-2023.csv"
Rows = tuple[tuple[str, str, str, str], ...]


def region_table() -> RegionTable:
    """Return the regions of the site; asked once per save or batch."""
    return memo.read_through("Region", ["all"], lambda _: {"all": _cached_table()})["all"]


def _cached_table() -> RegionTable:
    rows = frappe.cache.get_value(_CACHE_KEY, store.load_regions) or []
    return _table(tuple(tuple(row) for row in rows))


@lru_cache(maxsize=4)
def _table(rows: Rows) -> RegionTable:
    return RegionTable.of(Region(*row) for row in rows)


def forget_regions() -> None:
    """Read the table again, because a region has changed; also where that is undone."""
    memo.forget("Region")
    _drop()
    frappe.db.after_rollback.add(_drop)


def _drop() -> None:
    frappe.cache.delete_value(_CACHE_KEY)


def warn_of_unknown_places(places: Iterable[tuple[str, str]]) -> None:
    """Tell of (province, city) pairs that the table of regions does not have: no address in China will ever match them."""
    table = region_table()
    unknown = [f"{province}{city}" for province, city in places if not _is_known(table, province, city)]
    if unknown:
        message = problem(N_("The table of regions does not have {0}"), ", ".join(dict.fromkeys(unknown)))
        frappe.msgprint(text_of(message), indicator="orange", alert=True)


def _is_known(table: RegionTable, province: str, city: str) -> bool:
    if not table.regions:
        return True
    found = table.named(province, PROVINCE)
    if found is None or not city or not table.below.get(found.code):
        return found is not None
    return table.named(city, CITY, [found.code]) is not None


def check_region(doc: Any) -> None:
    """Refuse a city or district that lies nowhere, and a province that lies in something."""
    wrong = (doc.level == PROVINCE) == bool(doc.parent_code)
    message = N_("A province lies in no other region; every other region says in which one it lies")
    refuse([problem(message)] if wrong else [])


def create_regions() -> int:
    """Add the provinces and cities of China that the site does not have yet; return how many that were."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = [Region(row["code"], row["region_name"], row["level"], row["parent"]) for row in csv.DictReader(file)]
    added = store.insert_regions(rows)
    if added:
        forget_regions()
    return added
