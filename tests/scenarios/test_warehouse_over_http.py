"""A warehouse with bins at work, as devices and desks drive it over a real connection.

Given a warehouse with bins, a wave rule, weighing and waybills, and people with scanners
When goods come they lie in the bin that was scanned; bins add up to the balance whatever moves
When two orders are released they become a wave, are picked along the route, checked, packed, weighed and leave once
When an item is wrong, one too many, of an intercepted order, or a parcel weighs something else, the scan stops and nothing changes
When a bin lacks goods, another task fetches them, and the bin is listed to be counted
When an order is recalled after picking, its goods go back into bins and its waybill number is used again
When goods are transferred they are on their way until they come; what does not come is lost or goes back
When a shelf is counted while goods move, only what is really missing is booked
"""

import itertools
from typing import Any

import pytest
from trade_api import ADMINISTRATOR, Api
from trade_checks import balance, books, call, no_incidents, read

SCAN = "ec_erp.scanning.api."
numbers = itertools.count(1)


@pytest.fixture(scope="module")
def shop(http_site: tuple[Any, str]) -> Api:
    """The administrator's client; company, warehouses, goods, a carrier and the wave rule are there."""
    _site, address = http_site
    admin = Api(address, ADMINISTRATOR)
    admin.create("Company", company_name="Cups", abbr="CU", default_currency="CNY")
    for name in ("Main", "Second"):
        admin.create("Warehouse", warehouse_name=name, company="Cups")
    admin.change("Company", "Cups", default_warehouse="Main")
    for code, kind in (("P", "Pick"), ("R", "Reserve")):
        admin.create("Warehouse Zone", warehouse="Main", zone_code=code, zone_name=code, zone_type=kind)
    for at, code in enumerate(("P1", "P2", "R1")):
        admin.create("Storage Bin", warehouse="Main", zone=f"Main-{code[0]}", bin_code=code, route_order=at)
    admin.change("Warehouse", "Main", has_bins=1, receiving_bin="Main-R1")
    admin.create("Supplier", supplier_name="Potter")
    admin.create("Customer", customer_name="Drinker")
    admin.create("SKU", sku_code="CUP", sku_name="Cup", standard_rate=20, tax_rate=0, weight_g=200)
    admin.create("SKU", sku_code="LID", sku_name="Lid", standard_rate=5, tax_rate=0, weight_g=100)
    admin.create("Carrier", carrier_name="Fast")
    range_of = {"prefix": "F", "digits": 4, "next_number": 1, "last_number": 99}
    admin.create("Waybill Account", account_name="Fast", carrier="Fast", **range_of)
    admin.create("Wave Rule", rule_name="Main", warehouse="Main", min_orders=2)
    admin.change("Fulfilment Settings", "Fulfilment Settings", require_weigh=1, require_waybill=1)
    return admin


def scan(shop: Api, task: str, code: str, before: dict[str, Any] | None = None, **values: Any) -> dict[str, Any]:
    """Scan a code in the work that the answer ``before`` left open."""
    given = {"document": (before or {}).get("document", ""), "context": (before or {}).get("context", {}), **values}
    return dict(call(shop, SCAN + "scan", task=task, code=code, scan_id=f"scan-{next(numbers)}", **given))


def act(shop: Api, task: str, document: str, action: str) -> dict[str, Any]:
    """Do what an answer offered."""
    return dict(call(shop, SCAN + "act", task=task, document=document, action=action, scan_id=f"act-{next(numbers)}"))


def order(shop: Api, *lines: tuple[str, int]) -> str:
    """Submit an order of some goods."""
    items = [{"sku": sku, "qty": qty} for sku, qty in lines]
    return str(shop.submit("Sales Order", company="Cups", customer="Drinker", carrier="Fast", items=items)["name"])


def lies(shop: Api, sku: str) -> dict[str, float]:
    """Give what lies of a SKU in each bin; it adds up to the balance."""
    rows = shop.find("Bin Balance", "bin", "on_hand", sku=sku, warehouse="Main", on_hand=["!=", 0])
    assert sum(qty for _, qty in rows) == balance(shop, sku)["on_hand"]
    return {name.removeprefix("Main-"): qty for name, qty in rows}


def picked(shop: Api, *orders: str) -> None:
    """Put orders into a wave and pick all of it, in the order of the route."""
    (wave,) = call(shop, "ec_erp.fulfilment.api.run_wave_rules", warehouses=["Main"])
    answer = scan(shop, "pick", wave)
    while not answer["finished"]:
        line = next(line for line in answer["lines"] if line["current"])
        answer = scan(shop, "pick", line["sku"], answer, qty=line["total"] - line["done"])
        assert answer["outcome"] in ("ok", "done")


def packed(shop: Api, name: str, *goods: tuple[str, int]) -> list[Any]:
    """Check and pack an order; give its parcel's waybill number and expected weight."""
    answer = scan(shop, "check", name)
    for sku, qty in goods:
        answer = scan(shop, "check", sku, answer, qty=qty)
    assert act(shop, "check", answer["document"], "pack")["outcome"] == "done"
    ((number, weight),) = shop.find("Parcel", "waybill_no", "expected_weight_g", sales_order=name, status="Packed")
    return [number, weight]


def test_goods_come_into_bins(shop: Api, http_site: Any) -> None:
    items = [{"sku": "CUP", "qty": 30, "rate": 3}, {"sku": "LID", "qty": 30, "rate": 1}]
    bought = shop.submit("Purchase Order", company="Cups", supplier="Potter", items=items)["name"]
    answer = scan(shop, "receive", bought)
    for place, sku in (("P1", "CUP"), ("P2", "LID")):
        answer = scan(shop, "receive", sku, scan(shop, "receive", place, answer), qty=30)
    assert (answer["outcome"], balance(shop, "CUP").get("on_hand", 0)) == ("done", 0)
    assert act(shop, "receive", bought, "finish")["finished"] is True
    assert (lies(shop, "CUP"), lies(shop, "LID")) == ({"P1": 30}, {"P2": 30})

    # ten go to the reserve
    hand = scan(shop, "move", "CUP", scan(shop, "move", "Main-P1"), qty=10)
    assert scan(shop, "move", "R1", hand)["outcome"] == "done"
    assert (lies(shop, "CUP"), balance(shop, "CUP")["value"]) == ({"P1": 20, "R1": 10}, 90)
    no_incidents(http_site[0])


def test_two_orders_leave_once(shop: Api, http_site: Any) -> None:
    first = order(shop, ("CUP", 2), ("LID", 1))
    assert call(shop, "ec_erp.fulfilment.api.run_wave_rules", warehouses=["Main"]) == [], "the rule waits for two"
    second = order(shop, ("CUP", 1))
    picked(shop, first, second)

    # a wrong item and one too many stop, and change nothing
    note = scan(shop, "check", first)
    assert [scan(shop, "check", code, note, qty=qty)["outcome"] for code, qty in (("Nothing", 1), ("CUP", 3))] == [
        "stop"
    ] * 2
    assert [line["done"] for line in scan(shop, "check", first)["lines"]] == [0, 0]
    number, weight = packed(shop, first, ("CUP", 2), ("LID", 1))
    assert (number, weight) == ("F0001", 550)

    # it weighs too much: held, and its order with it; then it weighs right
    early = scan(shop, "ship", number)
    assert (early["outcome"], "not weighed" in early["message"]) == ("stop", True)
    held = scan(shop, "weigh", "900", scan(shop, "weigh", number))
    assert (held["outcome"], shop.find("Sales Order", "is_blocked", name=first)) == ("stop", [[1]])
    assert scan(shop, "weigh", "0.555 kg", held)["outcome"] == "ok"
    assert shop.find("Sales Order", "is_blocked", name=first) == [[0]]

    # stock leaves once, with the parcel
    assert lies(shop, "CUP") == {"P1": 20, "R1": 10}
    assert scan(shop, "ship", number)["outcome"] == "ok"
    assert scan(shop, "ship", number)["outcome"] == "stop"
    assert (lies(shop, "CUP"), lies(shop, "LID")) == ({"P1": 18, "R1": 10}, {"P2": 29})
    assert shop.find("Sales Order", "status", name=first) == [["Shipped"]]
    (delivery,) = shop.find("Delivery Note", "name", "docstatus", sales_order=first)
    assert (delivery[1], books(shop, delivery[0])["1405"]) == (1, -7)

    # the other one is intercepted: every scan stops until the block is taken off
    call(shop, "ec_erp.orders.api.block_orders", names=[second], code="Refund Applied")
    stopped = scan(shop, "check", second)
    assert (stopped["outcome"], "Refund Applied" in stopped["message"]) == ("stop", True)
    call(shop, "ec_erp.orders.api.unblock_orders", names=[second], code="Refund Applied")
    number, _ = packed(shop, second, ("CUP", 1))
    scan(shop, "weigh", "250", scan(shop, "weigh", number))
    assert scan(shop, "ship", number)["outcome"] == "ok"
    no_incidents(http_site[0])


def test_a_recalled_order_goes_back_into_bins(shop: Api, http_site: Any) -> None:
    first, second = order(shop, ("CUP", 2)), order(shop, ("LID", 2))
    picked(shop, first, second)
    number, _ = packed(shop, first, ("CUP", 2))
    call(shop, "ec_erp.orders.api.recall_orders", names=[first], note="wrong address")
    gone = scan(shop, "ship", number)
    assert gone["outcome"] == "stop"
    task = scan(shop, "putback", first)
    basket = scan(shop, "putback", "CUP", task, qty=2)
    assert scan(shop, "putback", "R1", basket)["finished"] is True
    assert (lies(shop, "CUP"), balance(shop, "CUP")["available"]) == ({"P1": 15, "R1": 12}, 25), "still promised"
    assert packed(shop, second, ("LID", 2))[0] == number, "the number is used again"
    no_incidents(http_site[0])


def test_what_a_bin_lacks_is_fetched_from_another(shop: Api, http_site: Any) -> None:
    before = lies(shop, "CUP")
    first, second = order(shop, ("CUP", 3)), order(shop, ("LID", 1))
    (wave,) = call(shop, "ec_erp.fulfilment.api.run_wave_rules", warehouses=["Main"])
    answer = scan(shop, "pick", wave)
    answer = scan(shop, "pick", "CUP", answer, qty=1)
    missing = act(shop, "pick", answer["document"], "short")
    ((other, status),) = shop.find("Pick Task", "name", "status", shortage_of=answer["document"])
    assert (status, other in missing["message"]) == ("To Pick", True), "a task of its own, not a silent change"
    scan(shop, "pick", "LID", missing)
    fetched = scan(shop, "pick", other)
    assert [(line["bin"], line["total"]) for line in fetched["lines"]] == [("R1", 2)]
    scan(shop, "pick", "CUP", fetched, qty=2)
    for one, sku, qty in ((first, "CUP", 3), (second, "LID", 1)):
        number, weight = packed(shop, one, (sku, qty))
        scan(shop, "weigh", str(weight), scan(shop, "weigh", number))
        scan(shop, "ship", number)
    assert lies(shop, "CUP") == {"P1": before["P1"] - 1, "R1": before["R1"] - 2}
    ((count,),) = shop.find("Stock Count", "name", warehouse="Main")
    assert [(row["sku"], row["bin"]) for row in read(shop, "Stock Count", count)["items"]] == [("CUP", "Main-P1")]
    counted = scan(shop, "count", "P1", scan(shop, "count", count))
    scan(shop, "count", "CUP", counted, qty=before["P1"] - 1)
    shop.change("Stock Count", count, docstatus=1)
    no_incidents(http_site[0])


def test_goods_on_their_way(shop: Api, http_site: Any) -> None:
    items = [{"sku": "CUP", "qty": 7, "bin": "Main-P1"}]
    places = {"company": "Cups", "from_warehouse": "Main", "to_warehouse": "Second"}
    name = shop.submit("Stock Transfer", items=items, **places)["name"]
    assert (balance(shop, "CUP")["on_hand"], balance(shop, "CUP")["available"]) == (24, 15)
    document(shop, "Stock Transfer", name, "send")
    assert (balance(shop, "CUP")["on_hand"], coming(shop)) == (17, 7)
    row = read(shop, "Stock Transfer", name)["items"][0]["name"]
    assert document(shop, "Stock Transfer", name, "receive", quantities={row: 4}) == "Part In"
    assert (balance(shop, "CUP", "Second")["on_hand"], coming(shop)) == (4, 3)
    more = shop.ask(
        "POST", "method/run_doc_method", json=method("Stock Transfer", name, "receive", quantities={row: 4})
    )
    assert more.status == 417
    assert document(shop, "Stock Transfer", name, "settle", difference="Loss") == "Settled"
    assert (coming(shop), balance(shop, "CUP", "Second")["value"]) == (0, 12)
    assert books(shop, name)["1405"] == -9, "three cups at 3 are lost"
    no_incidents(http_site[0])


def test_a_shelf_is_counted_while_goods_move(shop: Api, http_site: Any) -> None:
    name = shop.create("Stock Count", company="Cups", warehouse="Main", scope="Zone", zone="Main-P", blind=1)["name"]
    answer = scan(shop, "count", name)
    assert {row["book_qty"] for row in read(shop, "Stock Count", name)["items"]} <= {0, None}
    cups, lids = lies(shop, "CUP")["P1"], lies(shop, "LID")["P2"]
    answer = scan(shop, "count", "CUP", scan(shop, "count", "P1", answer), qty=cups - 1)
    answer = scan(shop, "count", "LID", scan(shop, "count", "P2", answer), qty=lids - 2)  # two lie in a basket
    assert "To Settle" in act(shop, "count", name, "finish")["message"]

    # three are sold from the shelf before the count is posted
    first, second = order(shop, ("CUP", 2)), order(shop, ("CUP", 1))
    picked(shop, first, second)
    for one, qty in ((first, 2), (second, 1)):
        number, weight = packed(shop, one, ("CUP", qty))
        scan(shop, "weigh", str(weight), scan(shop, "weigh", number))
        assert scan(shop, "ship", number)["outcome"] == "ok"
    count = shop.change("Stock Count", name, docstatus=1)
    found = {row["sku"]: (row["variance"], row["variance_value"]) for row in count["items"]}
    assert (count["status"], found) == ("Done", {"CUP": (-1, -3), "LID": (0, 0)})
    assert lies(shop, "CUP")["P1"] == cups - 4
    no_incidents(http_site[0])


def method(doctype: str, name: str, called: str, **values: Any) -> dict[str, Any]:
    """Give the request that calls a document's method."""
    return {"dt": doctype, "dn": name, "method": called, "args": values}


def document(shop: Api, doctype: str, name: str, called: str, **values: Any) -> Any:
    """Call a document's method."""
    return call(shop, "run_doc_method", **method(doctype, name, called, **values))


def coming(shop: Api) -> float:
    """Give how many cups are on their way to the second warehouse."""
    return float(balance(shop, "CUP", "Second", ("in_transit",)).get("in_transit", 0))
