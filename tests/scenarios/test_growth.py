"""What keeps the product fast when its tables are large: every statement of the order path finds its rows by an index.

`benchmarks/growth.py` measures it with a million orders; here SQLite says how it would look for the rows.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from frappe_engine.testing import temporary_site

BENCHMARKS = str(Path(__file__).resolve().parents[2] / "benchmarks")


@pytest.fixture(scope="module")
def path(site_apps: tuple[str, ...]) -> Iterator[tuple[Any, Any, Any]]:
    """A site with some orders; `frappe`, the benchmark, and the shop that makes orders."""
    sys.path.insert(0, BENCHMARKS)
    import growth

    with temporary_site(site_apps) as site, site.connected() as context:
        import frappe

        if not context.db.is_sqlite:
            pytest.skip("other databases read small tables whole, whatever their indexes")
        yield frappe, growth, growth.orders._Shop(frappe)
    sys.path.remove(BENCHMARKS)


def test_no_statement_of_the_order_path_reads_a_large_table_whole(path: tuple[Any, Any, Any]) -> None:
    frappe, growth, shop = path
    assert growth._whole_tables_read(frappe, shop) == []


def test_a_statement_without_an_index_would_be_found(path: tuple[Any, Any, Any]) -> None:
    frappe, growth, _ = path
    assert list(growth._scans(frappe, "SELECT name FROM `tabSales Order` WHERE seller_remark = ?")) != []


def test_a_trial_balance_looks_at_no_entry_itself(path: tuple[Any, Any, Any]) -> None:
    frappe, growth, shop = path
    (plan,) = {
        row[3] for row in frappe.db.execute(f"EXPLAIN QUERY PLAN {growth.TRIAL_BALANCE}", [shop.company, "2030-01-01"])
    }
    assert "COVERING INDEX" in plan
