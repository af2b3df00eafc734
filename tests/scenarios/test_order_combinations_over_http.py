"""Orders in turns that nobody plans: merged, refunded and taken apart; cancelled while they are picked; refused at the door.

Given a company with cups, lids, tea and a set of them, sold on all ways of payment
Then what was taken out of a merged or split order does not come back when that is undone, to the cent
And an order that is cancelled while it is picked or packed leaves the warehouse, and its goods go back
And deposits, collected parcels and instalments follow payments and returns, and two people never overwrite each other
"""

import itertools
from typing import Any

import pytest
from test_orders_over_http import HOME, call, refused
from test_warehouse_over_http import act, scan
from trade_api import ADMINISTRATOR, Api

ORDERS, SHIPPING = "ec_erp.orders.api.", "ec_erp.fulfilment.api."
NOT_SENT = ("name", "doctype", "__islocal", "__unsaved")
NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def shop(http_site: Any) -> Api:
    """The company with its goods, which stand together in a set at 33.35."""
    api = Api(http_site[1], ADMINISTRATOR)
    api.create("Company", company_name="Mix", abbr="MX", default_currency="CNY")
    api.create("Warehouse", warehouse_name="Main", company="Mix")
    api.change("Company", "Mix", default_warehouse="Main")
    api.create("Customer", customer_name="Buyer")
    api.create("Supplier", supplier_name="Maker")
    api.create("Carrier", carrier_name="Fast")
    for code, price in (("CUP", 10), ("LID", 7), ("TEA", 3)):
        api.create("SKU", sku_code=code, standard_rate=price, tax_rate=13)
    parts = [
        {"sku": sku, "qty": qty, "share": share} for sku, qty, share in (("CUP", 1, 50), ("LID", 2, 30), ("TEA", 1, 20))
    ]
    api.create("SKU", sku_code="SET", is_combo=1, standard_rate=33.35, minimum_price=30, tax_rate=13, components=parts)
    bought = [{"sku": sku, "qty": 900, "rate": 1} for sku in ("CUP", "LID", "TEA")]
    api.submit("Purchase Receipt", company="Mix", supplier="Maker", items=bought)
    return api


def order(shop: Api, *lines: tuple[str, float, float], **fields: Any) -> str:
    items = [dict(zip(("sku", "qty", "rate"), line, strict=True)) for line in lines]
    values = {"company": "Mix", "customer": "Buyer", **HOME, **fields}
    return str(shop.submit("Sales Order", items=items, **values)["name"])


def head(shop: Api, name: str, *fields: str) -> list[Any]:
    return shop.find("Sales Order", *fields, name=name)[0]


def lines(shop: Api, name: str, *fields: str) -> list[list[Any]]:
    items = shop.ask("GET", f"resource/Sales Order/{name}").body["data"]["items"]
    return [[row.get(field) for field in fields] for row in items]


def recalled(shop: Api, *names: str) -> list[str]:
    call(shop, ORDERS + "recall_orders", names=list(names))
    return list(names)


def deliver(shop: Api, name: str, **fields: Any) -> str:
    return str(shop.submit("Delivery Note", sales_order=name, **fields)["name"])


def take_back(shop: Api, note: str, *only: str) -> dict[str, Any]:
    """Return what came back of a delivery, as its form proposes it; ``only`` these SKUs."""
    made = call(shop, SHIPPING + "make_return", source_name=note)
    items = [row for row in made["items"] if not only or row["sku"] in only]
    kept = {field: value for field, value in made.items() if field not in NOT_SENT}
    return shop.submit("Delivery Note", **{**kept, "items": [{**row, "name": None} for row in items]})


def pay(shop: Api, name: str, amount: float = 0) -> Any:
    rows = [{"reference_doctype": "Sales Order", "reference_name": name}]
    fields = {"payment_type": "Receive", "party_type": "Customer", "party": "Buyer", "paid_amount": amount}
    return shop.submit("Payment Entry", company="Mix", references=rows, **fields)


def cancel(shop: Api, name: str) -> None:
    call(shop, "frappe.client.cancel", doctype="Sales Order", name=name)


def test_what_was_refunded_of_a_merged_order_does_not_come_back_with_its_parents(shop: Api) -> None:
    first, second = recalled(shop, order(shop, ("CUP", 2, 10.01)), order(shop, ("LID", 3, 7.77)))
    merged = call(shop, ORDERS + "merge_orders", names=[first, second])
    lid = next(name for name, sku in lines(shop, merged, "name", "sku") if sku == "LID")
    call(shop, ORDERS + "refund_lines", name=merged, lines={lid: 1})
    assert head(shop, merged, "grand_total") == [35.56]
    call(shop, ORDERS + "undo_merge", name=recalled(shop, merged)[0])
    assert [head(shop, name, "status", "grand_total") for name in (first, second)] == [
        ["To Ship", 20.02],
        ["To Ship", 15.54],
    ]


def test_an_order_of_which_nothing_is_left_is_cancelled_when_the_merge_is_undone(shop: Api) -> None:
    first, second = recalled(shop, order(shop, ("CUP", 2, 10.01)), order(shop, ("LID", 3, 7.77)))
    merged = call(shop, ORDERS + "merge_orders", names=[first, second])
    lid = next(name for name, sku in lines(shop, merged, "name", "sku") if sku == "LID")
    call(shop, ORDERS + "refund_lines", name=merged, lines={lid: 3})
    done = call(shop, ORDERS + "undo_merge", name=recalled(shop, merged)[0])
    assert done == {first: "To Ship", second: "Cancelled"}
    assert head(shop, second, "docstatus") == [2]


def test_a_part_that_was_cancelled_does_not_come_back_with_the_whole(shop: Api) -> None:
    whole = recalled(shop, order(shop, ("CUP", 4, 10.01)))[0]
    rest, off = call(shop, ORDERS + "split_order", name=whole, lines={lines(shop, whole, "name")[0][0]: 1})
    cancel(shop, off)
    recalled(shop, rest)
    assert call(shop, ORDERS + "undo_split", name=whole) == {whole: "To Ship"}
    assert (head(shop, whole, "grand_total"), lines(shop, whole, "qty")) == ([30.03], [[3]])


def test_sets_with_odd_cents_leave_in_three_parcels_and_a_part_comes_back(shop: Api) -> None:
    whole = recalled(shop, order(shop, ("SET", 3, 33.35), discount_amount=0.01, shipping_fee=0.02))[0]
    third = {name: qty / 3 for name, qty in lines(shop, whole, "name", "qty")}
    rest, off = recalled(shop, *call(shop, ORDERS + "split_order", name=whole, lines=third))
    half = {name: qty / 2 for name, qty in lines(shop, rest, "name", "qty")}
    parts = [*call(shop, ORDERS + "split_order", name=rest, lines=half), off]
    call(shop, ORDERS + "audit_orders", names=[off])
    assert [head(shop, part, "exceptions") for part in parts] == [[None]] * 3, (
        "each is one set, above its minimum price"
    )
    assert [lines(shop, part, "qty", "combo_qty") for part in parts] == [[[1, 1], [2, 1], [1, 1]]] * 3
    notes = [deliver(shop, part) for part in parts]
    assert round(sum(shop.find("Delivery Note", "grand_total", name=note)[0][0] for note in notes), 2) == 100.06
    back = take_back(shop, notes[0], "CUP")
    assert (back["grand_total"], shop.find("Delivery Note", "status", name=notes[0])) == (16.67, [["Part Returned"]])
    assert pay(shop, parts[0])["paid_amount"] == round(head(shop, parts[0], "grand_total")[0] - 16.67, 2)


def test_a_parcel_refused_at_the_door_leaves_nothing_to_collect(shop: Api) -> None:
    name = order(shop, ("CUP", 3, 10.01), payment_type="Cash on Delivery", carrier="Fast", shipping_fee=5)
    note = deliver(shop, name, carrier="Fast")
    back = take_back(shop, note)
    assert back["grand_total"] == 35.03, "the carrier has collected nothing, the shipping fee neither"
    owed = shop.find("GL Entry", "debit", "credit", party="Fast", voucher_no=["in", [note, back["name"]]])
    assert owed == [[35.03, 0], [0, 35.03]]
    assert "nothing to collect" in refused(shop, ORDERS + "collect_payments", names=[name]).messages
    paid = deliver(shop, order(shop, ("CUP", 1, 10), shipping_fee=5))
    assert take_back(shop, paid)["grand_total"] == 10, "who has to pay the way there is somebody's decision"


def test_a_deposit_and_a_late_rest_by_payment_entries(shop: Api) -> None:
    name = order(shop, ("CUP", 3, 10.01), payment_type="Deposit", deposit_amount=5, presale_release="By Hand")
    pay(shop, name, 4)
    assert head(shop, name, "status", "payment_state") == ["Unpaid", "Unpaid"]
    pay(shop, name, 1)
    assert head(shop, name, "status", "payment_state") == ["Preorder", "Deposit Paid"]
    call(shop, ORDERS + "release_presale", names=[name])
    assert head(shop, name, "status", "exceptions") == ["Preorder", "Preorder Release Failed"]
    assert pay(shop, name)["paid_amount"] == 25.03
    assert head(shop, name, "status", "exceptions", "payment_state") == ["To Ship", None, "Paid"]


def test_what_came_back_is_not_overdue(shop: Api) -> None:
    shop.create("Customer", customer_name="Late")
    shop.change("Company", "Mix", overdue_policy="Stop New Orders")
    late = order(shop, ("CUP", 10, 10), customer="Late", credit_days=5, order_datetime="2026-01-01 10:00:00")
    note = deliver(shop, late)
    stopped = order(shop, ("CUP", 1, 10), customer="Late", credit_days=5)
    assert head(shop, stopped, "status", "exceptions") == ["To Process", "Payment Overdue"]
    take_back(shop, note)
    assert shop.find("Order Instalment", "outstanding_amount", "status", sales_order=late) == [[0, "Paid"]]
    assert head(shop, stopped, "status", "exceptions") == ["To Ship", None]
    shop.change("Company", "Mix", overdue_policy="")


def test_the_rest_of_an_order_of_which_some_was_refunded(shop: Api) -> None:
    name = order(shop, ("CUP", 5, 10))
    deliver(shop, name, items=[{"sku": "CUP", "qty": 1}])
    call(shop, ORDERS + "refund_lines", name=name, lines={lines(shop, name, "name")[0][0]: 2})
    proposed = call(shop, SHIPPING + "make_delivery_note", source_name=name)
    assert [(row["sku"], row["qty"]) for row in proposed["items"]] == [("CUP", 2)]


def test_a_set_is_sent_again_once(shop: Api) -> None:
    name = order(shop, ("SET", 2, 33.35))
    deliver(shop, name)
    (again,) = call(shop, ORDERS + "resend_order", name=name, reason="broke")
    assert lines(shop, again, "sku", "qty", "paid_amount") == [["CUP", 2, 0], ["LID", 4, 0], ["TEA", 2, 0]]
    answer = refused(shop, ORDERS + "resend_order", name=name, reason="broke")
    assert f"All that has left of {name} was sent again already" in answer.messages


def test_a_price_is_edited_before_the_warehouse_has_it_and_by_one_person_at_a_time(shop: Api) -> None:
    name = order(shop, ("CUP", 3, 10.01), ("LID", 1, 7))
    cheaper = {"name": name, "lines": [{"name": lines(shop, name, "name")[0][0], "rate": 9}]}
    assert "recall it" in refused(shop, ORDERS + "edit_order", **cheaper).messages
    seen = shop.ask("GET", f"resource/Sales Order/{recalled(shop, name)[0]}").body["data"]
    call(shop, ORDERS + "edit_order", **cheaper)
    assert head(shop, name, "status", "grand_total") == ["To Ship", 34]
    answer = shop.ask("PUT", f"resource/Sales Order/{name}", json={"seller_remark": "x", "modified": seen["modified"]})
    assert (answer.kind, head(shop, name, "seller_remark")) == ("TimestampMismatchError", [None])


def test_two_hundred_lines_to_the_cent(shop: Api) -> None:
    rows = [(("CUP", "LID", "TEA")[at % 3], 1 + at % 2, round(1 + at * 0.07, 2)) for at in range(200)]
    name = order(shop, *rows, discount_amount=13.37, shipping_fee=6)
    total = head(shop, name, "grand_total")[0]
    assert total == round(sum(round(qty * rate, 2) for _, qty, rate in rows) - 13.37 + 6, 2)
    recalled(shop, name)
    off = {line: 1 for (line,) in lines(shop, name, "name")[:150]}
    notes = [deliver(shop, part) for part in call(shop, ORDERS + "split_order", name=name, lines=off)]
    assert round(sum(shop.find("Delivery Note", "grand_total", name=note)[0][0] for note in notes), 2) == total


def test_orders_cancelled_while_they_are_picked_or_packed_leave_the_warehouse(shop: Api) -> None:
    shop.create("Wave Rule", rule_name="Main", warehouse="Main", min_orders=2)
    before = shop.find("Stock Balance", "on_hand", "reserved", sku=["in", ["CUP", "LID"]])
    first, second = order(shop, ("CUP", 2, 10)), order(shop, ("LID", 2, 10))
    (wave,) = call(shop, SHIPPING + "run_wave_rules", warehouses=["Main"])
    answer = scan(shop, "pick", "CUP", scan(shop, "pick", wave), qty=1)
    call(shop, ORDERS + "block_orders", names=[first], code="Refund Agreed")
    cancel(shop, first)
    assert head(shop, first, "status") == ["Cancelled"]
    assert scan(shop, "pick", "CUP", answer, qty=1)["outcome"] == "stop"
    assert scan(shop, "pick", "LID", scan(shop, "pick", wave), qty=2)["finished"]
    packing = scan(shop, "check", "LID", scan(shop, "check", second), qty=2)
    assert act(shop, "check", packing["document"], "pack")["outcome"] == "done"
    cancel(shop, second)
    assert shop.find("Parcel", "status", sales_order=second) == [["Cancelled"]]
    for name, sku, qty in ((first, "CUP", 1), (second, "LID", 2)):
        ((task, state),) = shop.find("Put Back Task", "name", "status", sales_order=name)
        assert state == "To Put Back"
        assert scan(shop, "putback", sku, scan(shop, "putback", task), qty=qty)["finished"]
        assert shop.find("Delivery Note", "name", sales_order=name) == []
    assert shop.find("Stock Balance", "on_hand", "reserved", sku=["in", ["CUP", "LID"]]) == before
