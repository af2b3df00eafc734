"""Queries stand in stores: the modules of an area that read, lock and write rows, and nowhere else.

`queries_outside_stores.json` lists what still stands elsewhere and how often: it may shrink, but not grow.
"""

import json
from collections import Counter
from pathlib import Path

import pytest

from .queries import queries_in

ROOT = Path(__file__).resolve().parents[2] / "apps/ec_erp/ec_erp"
RATCHET = Path(__file__).with_name("queries_outside_stores.json")
# Set-up and demonstration run once by hand or at install; patches are history.
NO_LAYERS = {"demo", "patches", "setup"}


def is_bound(file: Path) -> bool:
    """Tell whether the rule binds a file: product code that is no store."""
    parts = file.relative_to(ROOT).parts
    is_store = any(part == "store" or (part.startswith("store") and part.endswith(".py")) for part in parts)
    return not is_store and not NO_LAYERS.intersection(parts) and not file.name.startswith(("test_", "testing"))


@pytest.fixture(scope="module")
def found() -> Counter[str]:
    """Return how often each file outside the stores makes each query."""
    files = [file for file in sorted(ROOT.rglob("*.py")) if is_bound(file)]
    return Counter(f"{file.relative_to(ROOT)}::{name}" for file in files for name in queries_in(file.read_text()))


@pytest.fixture(scope="module")
def allowed() -> dict[str, int]:
    """Return what is listed."""
    listed: dict[str, int] = json.loads(RATCHET.read_text())
    return listed


def test_no_query_outside_a_store_is_new(found: Counter[str], allowed: dict[str, int]) -> None:
    assert {place: times for place, times in found.items() if times > allowed.get(place, 0)} == {}


def test_the_list_holds_no_more_than_there_is(found: Counter[str], allowed: dict[str, int]) -> None:
    stale = {place: times for place, times in allowed.items() if found[place] < times}
    assert stale == {}, f"lower or drop these in {RATCHET.name}"


def test_stores_are_found_at_all() -> None:
    stores = [file for file in ROOT.rglob("*.py") if not is_bound(file) and "store" in str(file.relative_to(ROOT))]
    assert sum(len(list(queries_in(file.read_text()))) for file in stores) > 50


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("frappe.get_all('SKU')", ["frappe.get_all"]),
        ("frappe.db.sql('select 1')", ["frappe.db.sql"]),
        ("t = frappe.qb.DocType('SKU')", ["frappe.qb"]),
        ("frappe.get_cached_value('SKU', name, 'x')", ["frappe.get_cached_value"]),
        ("read = frappe.get_all", ["frappe.get_all"]),
        ("frappe.get_doc('SKU', name); frappe.get_cached_doc('SKU', name)", []),
        ("frappe.db.savepoint('x'); frappe.db.after_commit.add(f)", []),
    ],
)
def test_what_counts_as_a_query(source: str, names: list[str]) -> None:
    assert list(queries_in(source)) == names
