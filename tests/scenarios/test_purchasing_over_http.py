"""Buying as a purchasing system drives it, over a real connection with an API key.

Given a company whose orders above 5,000 a manager approves, and those 10 % dearer than last time finance too
When goods are ordered, they wait for these approvals, and count as on order only then
When they come in parts, are inspected, are too many, or stop coming, order, stock and what is owed follow
When freight is billed after half was sold, half of it raises what is left and half is a variance
When goods go back, they are put aside first, leave, and lower what is owed or are expected again
And what was prepaid is used by what comes, and asked back where nothing comes any more
"""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from trade_api import ADMINISTRATOR, Api
from trade_checks import balance, books, call, no_incidents, read

BUYING = "ec_erp.purchasing.api."
MAKE = f"method/{BUYING}"
SITE_TIME = ZoneInfo("Asia/Shanghai")  # days end by the clock of the site, wherever the tests run


@pytest.fixture(scope="module")
def shop(http_site: tuple[Any, str]) -> Api:
    """The administrator's client; the company, a supplier and the rules of approval are there."""
    _site, address = http_site
    admin = Api(address, ADMINISTRATOR)
    admin.create("Company", company_name="Cups", abbr="CU", default_currency="CNY", over_receipt_tolerance=10)
    for name in ("Main", "Second"):
        admin.create("Warehouse", warehouse_name=name, company="Cups")
    admin.change("Company", "Cups", default_warehouse="Main")
    for name in ("Potter", "Carrier Co"):
        admin.create("Supplier", supplier_name=name, payment_terms_days=30)
    admin.create("Customer", customer_name="Drinker")
    return admin


def goods(shop: Api, code: str, **fields: Any) -> str:
    """Store a SKU without tax."""
    return str(shop.create("SKU", sku_code=code, sku_name=code, standard_rate=50, tax_rate=0, **fields)["name"])


def order(shop: Api, sku: str, qty: float, rate: float = 10, **fields: Any) -> dict[str, Any]:
    """Submit a purchase order of one row."""
    items = [{"sku": sku, "qty": qty, "rate": rate}]
    return shop.submit("Purchase Order", company="Cups", supplier="Potter", items=items, **fields)


def receive(shop: Api, name: str, qty: float, **fields: Any) -> dict[str, Any]:
    """Submit a receipt of a part of an order of one row."""
    row = read(shop, "Purchase Order", name)["items"][0]
    items = [{"sku": row["sku"], "qty": qty, "purchase_order_item": row["name"]}]
    return shop.submit("Purchase Receipt", purchase_order=name, items=items, **fields)


def state(shop: Api, name: str) -> list[Any]:
    """Give an order's status, and how far its goods have come."""
    found = read(shop, "Purchase Order", name)
    return [found["status"], found["receipt_state"], found["received_percent"]]


def days_ago(days: int) -> str:
    """Give a moment some days ago."""
    return (datetime.now(SITE_TIME).replace(tzinfo=None) - timedelta(days=days)).isoformat(" ", "seconds")


def test_parts_more_than_ordered_and_a_stop(shop: Api, http_site: Any) -> None:
    cup = goods(shop, "CUP")
    name = order(shop, cup, 100)["name"]
    assert state(shop, name) == ["Approved", "Nothing Received", 0]
    assert balance(shop, cup)["on_order"] == 100
    receive(shop, name, 40)
    assert state(shop, name) == ["Part Received", "Part Received", 40]
    assert balance(shop, cup) == {"on_hand": 40, "available": 40, "on_order": 60, "value": 400}

    # a tenth more than ordered may come, no more
    row = read(shop, "Purchase Order", name)["items"][0]
    items = [{"sku": cup, "qty": 71, "purchase_order_item": row["name"]}]
    refused = shop.ask("POST", "resource/Purchase Receipt", json={"purchase_order": name, "items": items})
    assert (refused.status, refused.kind) == (417, "OverReceipt")
    assert "only 70 are open" in refused.messages

    # the rest will not come
    assert call(shop, BUYING + "stop_orders", names=[name]) == {name: "Stopped"}
    assert state(shop, name) == ["Stopped", "Stopped", 40]
    assert balance(shop, cup)["on_order"] == 0
    late = shop.ask("POST", "resource/Purchase Receipt", json={"purchase_order": name})
    assert "Nothing is expected" in late.messages
    assert shop.ask("POST", MAKE + "stop_orders", json={"names": [name]}).kind == "PurchaseRefused"
    assert call(shop, BUYING + "close_orders", names=[name]) == {name: "Closed"}

    over = order(shop, cup, 100)["name"]
    receive(shop, over, 110)
    assert state(shop, over) == ["Received", "Over-Received", 100]
    assert balance(shop, cup)["on_order"] == 0
    no_incidents(http_site[0])


def test_goods_are_inspected_before_they_are_in_stock(shop: Api, http_site: Any) -> None:
    bowl = goods(shop, "BOWL")
    shop.create("Supplier SKU", supplier="Potter", sku=bowl, price=10, needs_inspection=1)
    name = order(shop, bowl, 20)["name"]
    draft = shop.create("Purchase Receipt", purchase_order=name)
    assert (draft["status"], draft["inspection"]) == ("To Inspect", "To Inspect")
    early = shop.ask("PUT", f"resource/Purchase Receipt/{draft['name']}", json={"docstatus": 1})
    assert "waits for inspection" in early.messages
    assert balance(shop, bowl).get("on_hand", 0) == 0

    row = draft["items"][0]["name"]
    silent = shop.ask(
        "POST", MAKE + "record_inspection", json={"name": draft["name"], "results": {row: {"rejected_qty": 3}}}
    )
    assert "say why 3 of BOWL are rejected" in silent.messages
    found = {row: {"rejected_qty": 3, "rejection_reason": "cracked"}}
    assert call(shop, BUYING + "record_inspection", name=draft["name"], results=found) == {draft["name"]: "Inspected"}
    receipt = shop.change("Purchase Receipt", draft["name"], docstatus=1)
    assert (receipt["status"], receipt["grand_total"]) == ("Received", 170)
    assert balance(shop, bowl) == {"on_hand": 17, "available": 17, "on_order": 3, "value": 170}
    assert books(shop, receipt["name"]) == {"1405": 170, "220202": -170}
    assert state(shop, name) == ["Part Received", "Part Received", 85]
    no_incidents(http_site[0])


def test_costs_that_come_late_are_shared_with_what_was_sold(shop: Api, http_site: Any) -> None:
    jar, lid = goods(shop, "JAR", weight_g=300), goods(shop, "LID", weight_g=100)
    items = [{"sku": jar, "qty": 10, "rate": 10}, {"sku": lid, "qty": 10, "rate": 10}]
    receipt = shop.submit("Purchase Receipt", company="Cups", supplier="Potter", items=items)["name"]
    sale = shop.submit("Sales Order", company="Cups", customer="Drinker", items=[{"sku": jar, "qty": 5}])
    shop.submit("Delivery Note", sales_order=sale["name"])

    # 40 of freight by weight: 30 for the jars, of which half have left, 10 for the lids
    charges = [{"cost_type": "Freight", "amount": 40, "tax_amount": 3.6, "basis": "Weight"}]
    receipts = [{"purchase_receipt": receipt}]
    cost = shop.submit("Landed Cost", company="Cups", supplier="Carrier Co", receipts=receipts, charges=charges)
    assert (balance(shop, jar)["value"], balance(shop, lid)["value"]) == (65, 110)
    assert (cost["total_stock"], cost["total_variance"]) == (25, 15)
    moved = books(shop, cost["name"])
    assert (moved["1405"], sum(moved.values())) == (25, 0)
    owed = shop.find("Payment Request", "kind", "amount", "supplier", reference_name=cost["name"])
    assert owed == [["Freight", 43.6, "Carrier Co"]]

    # taken back, everything is as it was
    shop.change("Landed Cost", cost["name"], docstatus=2)
    assert (balance(shop, jar)["value"], balance(shop, lid)["value"]) == (50, 100)
    no_incidents(http_site[0])


def test_goods_that_go_back_are_put_aside_first(shop: Api, http_site: Any) -> None:
    pan = goods(shop, "PAN")
    name = order(shop, pan, 10)["name"]
    receipt = receive(shop, name, 10)["name"]
    row = read(shop, "Purchase Receipt", receipt)["items"][0]["name"]
    items = [{"sku": pan, "qty": 4, "purchase_receipt_item": row}]
    held = shop.submit("Purchase Return", purchase_receipt=receipt, hold_only=1, items=items)
    assert (held["status"], balance(shop, pan)["on_hand"], balance(shop, pan)["available"]) == ("Held", 10, 6)
    sale = {"company": "Cups", "customer": "Drinker", "items": [{"sku": pan, "qty": 7}]}
    short = shop.ask("POST", "resource/Sales Order", json={**sale, "docstatus": 1})
    assert (short.status, short.kind) == (417, "StockShortage")
    assert call(shop, BUYING + "send_out_returns", names=[held["name"]]) == {held["name"]: "Sent Back"}
    assert balance(shop, pan) == {"on_hand": 6, "available": 6, "on_order": 0, "value": 60}
    assert books(shop, held["name"]) == {"1405": -40, "220202": 40}
    credit = shop.find("Payment Request", "kind", "amount", reference_name=held["name"])
    assert credit == [["Return Credit", -40]]

    again = {"settle_by": "Replacement", "items": [{"sku": pan, "qty": 2, "purchase_receipt_item": row}]}
    shop.submit("Purchase Return", purchase_receipt=receipt, **again)
    assert (balance(shop, pan)["on_order"], state(shop, name)[0]) == (2, "Part Received")
    more = {**again, "items": [{"sku": pan, "qty": 5, "purchase_receipt_item": row}]}
    refused = shop.ask("POST", "resource/Purchase Return", json={"purchase_receipt": receipt, **more})
    assert (refused.kind, "only 4" in refused.messages) == ("OverPurchaseReturn", True)
    no_incidents(http_site[0])


def test_what_was_prepaid_is_used_and_asked_back(shop: Api, http_site: Any) -> None:
    pot = goods(shop, "POT")
    name = order(shop, pot, 100, pay_type="Prepayment", prepay_percent=30)["name"]
    ((request, kind, amount),) = shop.find("Payment Request", "name", "kind", "amount", purchase_order=name)
    assert (kind, amount) == ("Prepayment", 300)
    (payment,) = call(shop, BUYING + "make_payments_of_requests", names=[request])
    shop.change("Payment Entry", payment, docstatus=1)
    assert read(shop, "Payment Request", request)["status"] == "Paid"

    # goods for 200 come: what was prepaid pays for them, nothing more is asked; the rest of the order never comes
    receive(shop, name, 20)
    assert shop.find("Payment Request", "kind", "offset_amount", purchase_order=name) == [["Prepayment", 200]]
    assert books(shop, request) == {"220201": 200, "1123": -200}
    call(shop, BUYING + "stop_orders", names=[name])
    back = shop.find("Payment Request", "amount", "outstanding", purchase_order=name, prepayment_of=request)
    assert [row[1] for row in back] == [-100]
    no_incidents(http_site[0])


def person(shop: Api, role: str) -> Api:
    """Make somebody with a role, and give the client that works as them."""
    key = role.lower().replace(" ", "")
    email = f"{key}@example.com"
    shop.create("User", email=email, first_name=role, send_welcome_email=0, language="en", roles=[{"role": role}])
    shop.change("User", email, api_key=key, api_secret="secret")
    return Api(shop.address, f"token {key}:secret")


def test_approval_by_amount_role_and_price(shop: Api, http_site: Any) -> None:
    tray = goods(shop, "TRAY")
    receive(shop, order(shop, tray, 10)["name"], 10)
    rule = {"company": "Cups", "allow_own": 0}
    shop.create("Purchase Approval Rule", rule_name="Large", role="EC Manager", min_amount=5000, **rule)
    finance = {"step": "Finance", "role": "Accountant", "price_deviation_percent": 10}
    shop.create("Purchase Approval Rule", rule_name="Dear", **finance, **rule)
    dear = order(shop, tray, 500, rate=12)
    reasons = [(row["step"], row["role"], row["reason"]) for row in dear["approvals"]]
    assert reasons == [("Purchase", "EC Manager", "6000 ≥ 5000"), ("Finance", "Accountant", "+20 % > 10 %")]
    assert (dear["status"], balance(shop, tray)["on_order"]) == ("To Approve", 0)
    early = shop.ask("POST", "resource/Purchase Receipt", json={"purchase_order": dear["name"]})
    assert "waits for approval" in early.messages

    # finance comes after purchasing
    manager, accountant = person(shop, "EC Manager"), person(shop, "Accountant")
    hasty = accountant.ask("POST", MAKE + "approve_orders", json={"names": [dear["name"]]})
    assert (hasty.status, "EC Manager" in hasty.messages) == (403, True)
    assert call(manager, BUYING + "approve_orders", names=[dear["name"]]) == {dear["name"]: "To Finance Approve"}
    assert call(accountant, BUYING + "approve_orders", names=[dear["name"]]) == {dear["name"]: "Approved"}
    assert balance(shop, tray)["on_order"] == 500
    assert order(shop, tray, 10)["status"] == "Approved"

    # a refused order is cancelled with the reason
    other = order(shop, tray, 600)["name"]
    assert call(manager, BUYING + "reject_order", name=other, reason="too many") == {other: "Cancelled"}
    assert read(shop, "Purchase Order", other)["rejection_reason"] == "too many"
    no_incidents(http_site[0])


def test_another_warehouse_helps_before_anything_is_bought(shop: Api, http_site: Any) -> None:
    mug = goods(shop, "MUG")
    shop.create(
        "Supplier SKU", supplier="Potter", sku=mug, price=10, moq=12, pack_qty=6, lead_time_days=5, is_primary=1
    )
    windows = [{"days": 10, "weight": 1}]
    terms = {"review_days": 10, "safety_days": 2, "windows": windows, "transfer_first": 1}
    shop.create("Replenishment Policy", policy_name="Cups", company="Cups", **terms)
    for warehouse, qty in (("Main", 20), ("Second", 8)):
        items = [{"sku": mug, "qty": qty, "rate": 10, "warehouse": warehouse}]
        shop.submit("Purchase Receipt", company="Cups", supplier="Potter", items=items, posting_datetime=days_ago(12))
    sale = {"company": "Cups", "customer": "Drinker", "items": [{"sku": mug, "qty": 20}]}
    sold = shop.submit("Sales Order", order_datetime=days_ago(2), **sale)
    shop.submit("Delivery Note", sales_order=sold["name"], posting_datetime=days_ago(1))

    made = call(shop, BUYING + "calculate_suggestions", company="Cups", skus=[mug])
    found = {row["kind"]: row for row in (read(shop, "Purchase Suggestion", name) for name in made)}
    assert (found["Transfer"]["from_warehouse"], found["Transfer"]["qty"]) == ("Second", 8)
    terms = {row["term"]: row["value"] for row in found["Purchase"]["terms"]}
    wanted = {"Demand per day": 2, "Lead time": 5, "Safety stock": 4, "Reorder point": 14, "Order-up-to level": 34}
    wanted |= {"Position": 0, "Transfers first": 8, "Minimum order": 12, "Pack": 6, "Quantity to buy": 30}
    assert {term: terms[term] for term in wanted} == wanted
    assert all(row["origin"] for row in found["Purchase"]["terms"])

    # by hand, growth doubles the demand; what is planned is not suggested again
    more = shop.change("Purchase Suggestion", found["Purchase"]["name"], growth_percent=100)
    assert {row["term"]: row["value"] for row in more["terms"]}["Demand per day"] == 4
    shop.change("Purchase Suggestion", more["name"], growth_percent=0)
    (transfer,) = call(shop, BUYING + "make_transfers_of_suggestions", names=[found["Transfer"]["name"]])
    shop.change("Stock Transfer", transfer, docstatus=1)
    (bought,) = call(shop, BUYING + "make_orders_of_suggestions", names=[found["Purchase"]["name"]])
    assert shop.change("Purchase Order", bought, docstatus=1)["items"][0]["qty"] == 30
    assert call(shop, BUYING + "calculate_suggestions", company="Cups", skus=[mug]) == []
    no_incidents(http_site[0])
