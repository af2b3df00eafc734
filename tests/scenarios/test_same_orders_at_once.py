"""Several workers take up the same orders at the same time: nothing is merged, split, given, reserved or handed out twice."""

import json
import multiprocessing
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from frappe_engine.database.database import drop_pool

WORKERS, PAIRS, LARGE = 3, 8, 8
LIVE = ("To Process", "To Audit", "Audited", "To Ship")


@pytest.fixture
def shop(own_site: Any) -> Iterator[str]:
    """A shop that merges, with rules that split and give, and orders that wait: pairs of one buyer, and large ones."""
    with own_site.connected():
        yield prepare()


def prepare() -> str:
    import frappe
    from ec_erp.testing import make, new, submitted

    make("Company", company_name="Twice", abbr="TW", default_currency="CNY")
    make("Warehouse", warehouse_name="Twice", company="Twice")
    for sku in ("PLAIN", "FRAGILE", "GIFT"):
        make("SKU", sku_code=sku, standard_rate=10)
    make("Supplier", supplier_name="Twice")
    items = [{"sku": sku, "qty": 500, "rate": 1, "warehouse": "Twice"} for sku in ("PLAIN", "FRAGILE", "GIFT")]
    submitted(new("Purchase Receipt", company="Twice", supplier="Twice", items=items))
    shop = make("Shop", shop_name="Twice", platform="own", company="Twice", currency="CNY", default_warehouse="Twice",
                auto_merge=1, delay_minutes=100_000, reserve_on="Pay").name  # fmt: skip
    condition = {"scope": "SKU of Any Line", "field": "name", "operator": "equals", "value": "FRAGILE"}
    make(
        "Order Rule",
        rule_name="apart",
        stage="Split",
        actions=[{"action": "Split Off Matching Lines"}],
        conditions=[condition],
    )
    make("Gift Rule", rule_name="gift", basis="Order", budget_qty=1000, items=[{"sku": "GIFT", "qty": 1}])
    frappe.call("ec_erp.orders.rules_api.publish_rules")
    pushed = [payload(f"P{at}", f"pair {at // 2}", {"PLAIN": 1}) for at in range(2 * PAIRS)]
    pushed += [payload(f"L{at}", f"large {at}", {"PLAIN": 2, "FRAGILE": 1}) for at in range(LARGE)]
    frappe.call("ec_erp.channels.api.push_orders", shop=shop, orders=pushed)
    frappe.db.set_value("Shop", shop, "delay_minutes", 0)
    frappe.db.set_value("Sales Order", {"shop": shop}, "hold_until", None)
    frappe.db.commit()
    return str(shop)


def payload(order_id: str, buyer: str, goods: dict[str, int]) -> dict[str, Any]:
    lines = [{"id": sku, "item_id": sku, "outer_code": sku, "qty": qty, "price": 10} for sku, qty in goods.items()]
    receiver = {"name": buyer, "phone": "1", "province": "浙江省", "city": "杭州市", "address": f"{buyer} 号"}
    return {
        "id": order_id, "status": "paid", "created": "2026-11-01 10:00:00", "lines": lines, "receiver": receiver,
        "buyer": {"id": buyer, "name": buyer},
    }  # fmt: skip


def at_once(site: Any, folder: Path, work: Callable[[int], list[str]]) -> list[str]:
    """Do something in several processes at once; return what all of them answered."""
    drop_pool(site.config, site.sites_path, site.name)
    forks = multiprocessing.get_context("fork")
    workers = [forks.Process(target=_in_fork, args=(site, folder / f"{at}.json", work, at)) for at in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    return [answer for at in range(WORKERS) for answer in json.loads((folder / f"{at}.json").read_text())]


def _in_fork(site: Any, answers: Path, work: Callable[[int], list[str]], number: int) -> None:
    with site.connected():
        answers.write_text(json.dumps(work(number)))
    os._exit(0)  # nothing of the parent's clean-up belongs to a fork


def process(number: int) -> list[str]:
    """Process all orders of the shop in small sets, in an order of one's own."""
    import frappe
    from ec_erp.documents.retry import in_transaction
    from ec_erp.orders.flows import process_orders

    names = frappe.get_all("Sales Order", {"shop": "Twice"}, pluck="name")
    frappe.db.rollback()
    random.Random(number).shuffle(names)
    for start in range(0, len(names), 5):
        in_transaction(lambda start=start: process_orders(names[start : start + 5]))
    return []


def test_the_pipeline_doubles_nothing(own_site: Any, shop: str, tmp_path: Path) -> None:
    import frappe

    before = sum(frappe.get_all("Sales Order", {"shop": shop}, pluck="grand_total"))
    frappe.db.rollback()
    at_once(own_site, tmp_path, process)
    rows = frappe.get_all("Sales Order", {"shop": shop}, ["name", "status", "origin", "grand_total"])
    assert Counter(row.origin for row in rows) == {"Channel": 2 * PAIRS + LARGE, "Merge": PAIRS, "Split": 2 * LARGE}
    assert {row.status for row in rows if row.origin == "Channel"} == {"Merged", "Split"}
    live = [row for row in rows if row.origin != "Channel"]
    assert ({row.status for row in live}, sum(row.grand_total for row in live)) == ({"To Ship"}, before)
    lines = frappe.get_all(
        "Sales Order Item", {"parent": ("in", [row.name for row in live])}, ["sku", "qty", "reserved_qty"]
    )
    units: Counter[str] = Counter()
    for line in lines:
        units[line.sku] += line.qty
    assert units == {"PLAIN": 2 * PAIRS + 2 * LARGE, "FRAGILE": LARGE, "GIFT": 2 * PAIRS + LARGE}
    held = {row.sku: row.reserved for row in frappe.get_all("Stock Balance", fields=["sku", "reserved"])}
    assert held == dict(units)
    assert frappe.db.get_value("Gift Rule", "gift", "given_qty") == units["GIFT"]


def fetch(number: int) -> list[str]:
    """Fetch shipments until there are none."""
    from ec_erp.channels.flows.writing_back import fetch_shipments
    from ec_erp.documents.retry import in_transaction

    fetched: list[str] = []
    while rows := in_transaction(lambda: fetch_shipments("Twice", 2)):
        fetched += [row["id"] for row in rows]
    return fetched


def test_a_shipment_is_handed_out_once(own_site: Any, shop: str, tmp_path: Path) -> None:
    import frappe
    from ec_erp.documents.sets import insert_many
    from ec_erp.orders.flows import process_orders

    process_orders(frappe.get_all("Sales Order", {"shop": shop}, pluck="name"))
    names = frappe.get_all("Sales Order", {"shop": shop, "status": "To Ship"}, pluck="name")
    notes = [{"doctype": "Delivery Note", "sales_order": name, "waybill_no": f"W{at}"} for at, name in enumerate(names)]
    insert_many([frappe.get_doc(note) for note in notes], submit=True)
    frappe.db.commit()
    fetched = at_once(own_site, tmp_path, fetch)
    assert Counter(fetched) == Counter(frappe.get_all("Shipment Push", {"shop": shop}, pluck="name"))
    assert len(fetched) == 2 * PAIRS + 2 * LARGE
