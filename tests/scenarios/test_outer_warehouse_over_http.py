"""A provider of a warehouse speaks to the product over a real connection: signed messages, no login.

Given a provider that runs a warehouse with 10 cups, and an order of 3 that was pushed to it
When it confirms the shipment, signed, the order is shipped and 7 are left; when it repeats itself nothing happens
When one cup comes back, told four times at once, 8 are there
And without its signature, or with one of another message, the door stays shut
When it says that 6 are there, a clerk finds the difference in the report and drafts the count with one click
"""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from ec_erp.outer_warehouse.rules.signing import signature
from trade_api import ADMINISTRATOR, Answer, Api

RECEIVE = "method/ec_erp.outer_warehouse.api.receive"


@pytest.fixture(scope="module")
def shop(http_site: tuple[Any, str]) -> Api:
    """The administrator's client; the provider, the goods and the carrier are there."""
    _site, address = http_site
    admin = Api(address, ADMINISTRATOR)
    admin.create("Company", company_name="Cups", abbr="CU", default_currency="CNY")
    admin.create("Warehouse", warehouse_name="Ningbo", company="Cups", warehouse_type="3PL")
    admin.change("Company", "Cups", default_warehouse="Ningbo")
    admin.create("SKU", sku_code="CUP", sku_name="杯子", standard_rate=20)
    admin.create("Supplier", supplier_name="Potter")
    admin.create("Customer", customer_name="Drinker")
    items = [{"sku": "CUP", "qty": 10, "rate": 5}]
    moment = "2026-01-01 08:00:00"
    admin.submit("Purchase Receipt", company="Cups", supplier="Potter", posting_datetime=moment, items=items)
    values = {"warehouse": "Ningbo", "paused": 1, "secret": "s3cret", "acts_as": "system@example.com"}
    admin.create("Warehouse Provider", provider_name="Ningbo WMS", **values)
    return admin


def say(shop: Api, message_id: str, content: dict[str, Any], *, sign: str = "s3cret") -> Answer:
    """Send a message as the provider does."""
    body, now = json.dumps(content).encode(), str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "X-Ec-Provider": "Ningbo WMS",
        "X-Ec-Timestamp": now,
        "X-Ec-Message-Id": message_id,
        "X-Ec-Signature": signature(sign, now, message_id, body),
    }
    return Api(shop.address, None).ask("POST", RECEIVE, data=body, headers=headers)


def test_a_provider_ships_an_order_and_its_stock_is_compared(shop: Api) -> None:
    order = shop.submit("Sales Order", company="Cups", customer="Drinker", items=[{"sku": "CUP", "qty": 3}])["name"]
    assert shop.find("Provider Task", "order_no", "status") == [[order, "Queued"]]
    parcel = {"carrier": "SF Express", "waybill_no": "SF1", "lines": [{"sku": "CUP", "qty": 3}]}
    shipped = {
        "kind": "shipment.confirmed",
        "order_no": order,
        "shipped_at": "2026-11-01T10:00:00",
        "parcels": [parcel],
    }

    # a stranger is refused, and nothing moves
    assert say(shop, "M1", shipped, sign="guess").status == 401
    assert Api(shop.address, None).ask("POST", RECEIVE, json=shipped).status == 401
    assert shop.find("Stock Balance", "on_hand", sku="CUP") == [[10]]

    # the provider is heard once
    told = say(shop, "M1", shipped)
    assert (told.status, told.body["message"]["state"]) == (200, "Done")
    assert say(shop, "M1", shipped).body["message"]["repeated"] is True
    assert shop.find("Stock Balance", "on_hand", sku="CUP") == [[7]]
    assert shop.find("Sales Order", "status", name=order) == [["Shipped"]]
    assert shop.find("Delivery Note", "owner", "waybill_no", sales_order=order) == [["system@example.com", "SF1"]]

    # nor four times at once
    with ThreadPoolExecutor(4) as pool:
        lines = [{"sku": "CUP", "qty": 1}]
        back = {"kind": "return.confirmed", "order_no": order, "received_at": "2026-11-01T18:00:00", "lines": lines}
        answers = list(pool.map(lambda _: say(shop, "M1b", back), range(4)))
    assert sorted(answer.body["message"]["repeated"] for answer in answers) == [False, True, True, True]
    assert shop.find("Stock Balance", "on_hand", sku="CUP") == [[8]]

    # what can't be read is said and not kept
    assert say(shop, "M2", {"kind": "stock.snapshot"}).status == 417
    assert shop.find("Provider Message", "name", message_id="M2") == []

    # six are there, eight in the books
    lines = [{"sku": "CUP", "qty": 6}]
    snapshot = say(shop, "M3", {"kind": "stock.snapshot", "taken_at": "2026-11-02T10:00:00", "lines": lines})
    report = shop.ask("GET", "method/frappe.desk.query_report.run", params={"report_name": "Outer Stock Difference"})
    (row,) = [row for row in report.body["message"]["result"] if isinstance(row, dict)]
    assert (row["sku"], row["outer"], row["own"], row["to_settle"]) == ("CUP", 6, 8, -2)
    wanted = {"snapshot": snapshot.body["message"]["document"]}
    count = shop.ask("POST", "method/ec_erp.outer_warehouse.api.make_count", json=wanted).body["message"]
    shop.change("Stock Count", count, docstatus=1)
    assert shop.find("Stock Balance", "on_hand", sku="CUP") == [[6]]
