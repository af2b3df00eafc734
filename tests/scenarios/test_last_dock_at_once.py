"""Several people book the last place at a dock, or announce the same goods, at the same time: one of them gets it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_same_orders_at_once import WORKERS, at_once

DAY = "2026-12-01"


@pytest.fixture
def drafts(own_site: Any) -> Iterator[tuple[Any, dict[str, list[str]]]]:
    """Drafts for one slot with a single place, and drafts for all goods of one order."""
    with own_site.connected():
        yield own_site, prepare()


def prepare() -> dict[str, list[str]]:
    import frappe
    from ec_erp.testing import make

    make("Company", company_name="Dock", abbr="DK", default_currency="CNY")
    make("Warehouse", warehouse_name="Dock", company="Dock")
    make("Supplier", supplier_name="Dock")
    make("SKU", sku_code="CUP")
    times = {"from_time": "09:00:00", "to_time": "11:00:00", "most_deliveries": 1}
    slot = make("Dock Slot", warehouse="Dock", slot_name="Morning", **times).name
    same = order()
    found = {
        "place": [draft(order(), dock_slot=slot) for _ in range(WORKERS)],
        "goods": [draft(same) for _ in range(WORKERS)],
    }
    frappe.db.commit()
    return found


def order() -> str:
    from ec_erp.testing import new, submitted

    items = [{"sku": "CUP", "qty": 5, "rate": 1, "warehouse": "Dock"}]
    return str(submitted(new("Purchase Order", company="Dock", supplier="Dock", items=items)).name)


def draft(order: str, **values: Any) -> str:
    from ec_erp.testing import make

    items = [{"purchase_order": order, "sku": "CUP", "qty": 5}]
    return str(make("Delivery Appointment", appointment_date=DAY, items=items, **values).name)


@pytest.mark.parametrize("wanted", ["place", "goods"])
def test_one_of_all_gets_it(drafts: tuple[Any, dict[str, list[str]]], tmp_path: Path, wanted: str) -> None:
    site, names = drafts

    def submit(worker: int) -> list[str]:
        import frappe
        from ec_erp.documents.retry import in_transaction

        try:
            doc = in_transaction(lambda: frappe.get_doc("Delivery Appointment", names[wanted][worker]).submit())
        except frappe.ValidationError as refused:
            return [type(refused).__name__]
        return [doc.status]

    answers = sorted(at_once(site, tmp_path, submit))
    refusal = {"place": "DockFull", "goods": "PurchaseRefused"}[wanted]
    assert answers == sorted(["Waiting", *[refusal] * (WORKERS - 1)])
