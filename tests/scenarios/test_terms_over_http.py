"""What a company writes down once and everything follows, over a real connection with a key per role.

Given a company with cups (60), a supplier, carriers with price tables, warehouses of every type and shops of three kinds of platforms
Then a supplier's terms give prices, warn of quantities, and learn from receipts that count and from nobody's typing
And orders leave from warehouses that serve them, with the cheapest carrier that goes there, is on duty and has room
And each shop is told what the policy for it says, in the way of its platform, again as long as it has not confirmed the last change
"""

from datetime import datetime, timedelta
from typing import Any

import pytest
from trade_api import ADMINISTRATOR, Answer, Api

JOBS = ("EC Manager", "Buyer", "Warehouse Staff", "Customer Service", "Shop Operator")
HOME = {
    "receiver_name": "Li",
    "receiver_province": "浙江省",
    "receiver_city": "杭州市",
    "receiver_address": "文三路 1 号",
}
TELLING = "method/ec_erp.channels.api."


@pytest.fixture(scope="module")
def people(http_site: tuple[Any, str]) -> dict[str, Api]:
    """A client for each role, for the shop system and for the administrator, who has made the company."""
    site, address = http_site
    with site.connected():
        import frappe

        for job in JOBS:
            key = job.split()[-1].lower()
            values = {"doctype": "User", "email": f"{key}@example.com", "first_name": job, "send_welcome_email": 0}
            user = frappe.get_doc({**values, "roles": [{"role": job}]}).insert()
            user.update({"api_key": key, "api_secret": "secret", "language": "en"})
            user.save()
        frappe.db.commit()
    keys = [job.split()[-1].lower() for job in JOBS]
    found = {key: Api(address, f"token {key}:secret") for key in keys} | {"system": Api(address)}
    admin = found["admin"] = Api(address, ADMINISTRATOR)
    admin.create("Company", company_name="Terms", abbr="TM", default_currency="CNY")
    for name, kind in (("Main", "Own"), ("Broken", "Defective"), ("Road", "Transit"), ("Idea", "Virtual")):
        admin.create("Warehouse", warehouse_name=name, company="Terms", warehouse_type=kind)
    admin.change("Company", "Terms", default_warehouse="Main")
    admin.create("Customer", customer_name="Walker")
    admin.create("Supplier", supplier_name="Potter")
    admin.create("SKU", sku_code="CUP", standard_rate=10, tax_rate=0, weight_g=900)
    for name, price in (("Fast", 5), ("Slow", 3)):
        admin.create("Carrier", carrier_name=name)
        admin.create("Freight Rule", title=name, carrier=name, cod=price > 4, bands=[{"first_price": price}])
    bought(admin, 60, 4)
    return found


def bought(api: Api, qty: float, rate: float, **fields: Any) -> str:
    items = [{"sku": "CUP", "qty": qty, "rate": rate}]
    return str(api.submit("Purchase Receipt", company="Terms", supplier="Potter", items=items, **fields)["name"])


def post(api: Api, path: str, **values: Any) -> Answer:
    return api.ask("POST", path, json=values)


def refused(answer: Answer, words: str) -> None:
    assert answer.status == 417, answer.body
    assert words in answer.messages


def ordered(people: dict[str, Api], **fields: Any) -> list[Any]:
    """Submit an order as customer service; give its carrier and status."""
    items = [{"sku": "CUP", "qty": 1, "rate": 10}]
    head = {"company": "Terms", "customer": "Walker", "items": items, **HOME, **fields}
    name = people["service"].submit("Sales Order", **head)["name"]
    return people["admin"].find("Sales Order", "carrier", "status", name=name)[0]


def test_a_suppliers_terms_follow_from_receipts_that_count(people: dict[str, Api]) -> None:
    buyer, admin = people["buyer"], people["admin"]
    tiers = [{"min_qty": 50, "price": 4}]
    terms = buyer.create("Supplier SKU", supplier="Potter", sku="CUP", price=5, moq=12, lead_time_days=7, tiers=tiers)[
        "name"
    ]

    def learned() -> list[Any]:
        return admin.find("Supplier SKU", "last_price", "previous_price", "lowest_price", name=terms)[0]

    assert learned() == [4, 0, 4]  # from the receipt before the terms
    bought(people["staff"], 1, 6)
    wrong = bought(people["staff"], 1, 0.01)
    bought(people["staff"], 1, 9, posting_datetime=str(datetime.now() - timedelta(days=900)))
    assert learned() == [0.01, 6, 0.01]
    admin.change("Purchase Receipt", wrong, docstatus=2)
    assert learned() == [6, 4, 4]
    refused(buyer.ask("PUT", f"resource/Supplier SKU/{terms}", json={"last_price": 99}), "cannot be edited")
    answer = post(
        buyer, "resource/Purchase Order", company="Terms", supplier="Potter", items=[{"sku": "CUP", "qty": 5}]
    )
    (row,) = answer.body["data"]["items"]
    day = datetime.fromisoformat(answer.body["data"]["order_datetime"]) + timedelta(days=7)
    assert (row["rate"], row["schedule_date"]) == (5, str(day.date()))
    assert "Potter sells CUP from 12 on" in answer.messages
    assert post(people["service"], "resource/Supplier SKU", supplier="Potter", sku="CUP").status == 403


def test_orders_leave_from_warehouses_that_serve_them(people: dict[str, Api]) -> None:
    order = {"company": "Terms", "customer": "Walker", "items": [{"sku": "CUP", "qty": 1, "rate": 10}]}
    shop = {"platform": "own", "company": "Terms", "currency": "CNY"}
    for name in ("Broken", "Road", "Idea"):
        refused(
            post(people["service"], "resource/Sales Order", warehouse=name, **order), f"No order leaves from {name}"
        )
        refused(post(people["manager"], "resource/Shop", shop_name=name, default_warehouse=name, **shop), name)
    assert ordered(people, warehouse="Main")[1] == "To Ship"


def test_carriers_take_what_they_may(people: dict[str, Api]) -> None:
    staff = people["staff"]
    assert [ordered(people)[0], ordered(people, payment_type="Cash on Delivery")[0]] == ["Slow", "Fast"]
    placed = len(people["admin"].find("Sales Order", "name", carrier="Slow"))
    staff.change("Carrier", "Slow", daily_cap=placed + 1)
    assert [ordered(people)[0] for _ in range(2)] == ["Slow", "Fast"]
    staff.change("Carrier", "Slow", daily_cap=0, disabled=1)
    assert ordered(people)[0] == "Fast"
    order = {"company": "Terms", "customer": "Walker", "items": [{"sku": "CUP", "qty": 1, "rate": 10}]}
    refused(post(people["service"], "resource/Sales Order", carrier="Slow", **order), "The carrier Slow is disabled")
    staff.change("Carrier", "Slow", disabled=0)
    bands = [{"provinces": "浙江", "first_price": 1}, {"provinces": "浙江省", "first_price": 2}]
    refused(staff.ask("PUT", "resource/Freight Rule/Slow", json={"bands": bands}), "row 1 has a price")
    staff.change("Freight Rule", "Slow", bands=[{"provinces": "浙江", "excluded": 1}, {"first_price": 1}])
    assert ordered(people)[0] == "Fast"


def test_each_shop_is_told_what_its_policy_says_until_it_confirms(people: dict[str, Api]) -> None:
    manager, operator, system = people["manager"], people["operator"], people["system"]
    shop = {"company": "Terms", "currency": "CNY", "default_warehouse": "Main"}
    kinds = {"own": "Set Quantity", "taobao": "Delta", "shopify": "Compare and Set"}
    listings = {}
    for platform in kinds:
        manager.create("Shop", shop_name=platform, platform=platform, **shop)
        listings[platform] = system.create("Listing", shop=platform, platform_item_id="I", sku="CUP")["name"]

    def pull(platform: str) -> list[dict[str, Any]]:
        return list(post(system, TELLING + "pull_stock", shop=platform).body["message"])

    def confirm(platform: str, write: dict[str, Any], **result: Any) -> str:
        result = {
            "listing": write["listing"],
            "write": write["write"],
            "counter": write["counter"],
            "ok": True,
            **result,
        }
        return str(
            post(system, TELLING + "acknowledge_stock", shop=platform, results=[result]).body["message"][
                write["listing"]
            ]
        )

    def explained(platform: str) -> float:
        answer = operator.ask("GET", TELLING + "explain_stock", params={"listing": listings[platform]})
        return float(answer.body["message"]["qty"])

    free = explained("own")
    operator.create("Stock Policy", policy_name="All", safety_qty=3)
    operator.create("Stock Policy", policy_name="Half", shop="own", percent=50)
    refused(post(operator, "resource/Stock Policy", policy_name="Again", shop="own"), "The policy Half is for the same")
    refused(
        post(operator, "resource/Stock Policy", policy_name="Odd", shop="own", listing=listings["taobao"]), "belongs to"
    )
    assert [explained(platform) for platform in kinds] == [free // 2, free - 3, free - 3]
    operator.create("Stock Policy", policy_name="Last", sku="CUP", last_pieces_qty=free, last_shop="taobao")
    assert [explained("taobao"), explained("shopify")] == [free, 0]
    operator.change("Stock Policy", "Last", disabled=1)

    first = pull("own")[0]
    assert (first["kind"], first["qty"], confirm("own", first, counter=first["counter"] - 1)) == (
        "Set Quantity",
        free // 2,
        "Waiting",
    )
    operator.change("Stock Policy", "Half", percent=25)
    second = pull("own")[0]
    assert (second["qty"], second["counter"] > first["counter"]) == (free // 4, True)
    assert confirm("own", second) == "Published"
    for platform in ("taobao", "shopify"):
        read = pull(platform)[0]
        assert (read["kind"], confirm(platform, read, qty=2)) == ("Read", "Waiting")
        write = pull(platform)[0]
        expected = 2 if platform == "shopify" else None
        assert [write[key] for key in ("kind", "change", "expected")] == [kinds[platform], free - 5, expected]
    assert confirm("shopify", write, ok=False, outcome="mismatch", qty=1) == "Waiting"
    assert (pull("shopify")[0]["expected"], post(people["service"], TELLING + "pull_stock", shop="own").status) == (
        1,
        403,
    )
    refused(
        post(system, TELLING + "acknowledge_stock", shop="own", results=[{"listing": "x", "counter": 1}]),
        "no row of the shop",
    )
