"""What staff do with orders that do not simply go through: merge, split, check, edit, collect, and the rules behind it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from .test_people import CUSTOMER, SHOP, SUPPLIER, WAREHOUSE, sku_of

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from .conftest import Person, Rest
    from .desk_pages import Desk

Seat = Callable[..., "Desk"]
People = Callable[[str, str], "Person"]

PAID = "2026-01-05 09:00:00"
WAITING = "2090-01-01 00:00:00"  # orders wait for changes until then
RECEIVER = {
    "receiver_name": "林小满",
    "receiver_phone": "13800000001",
    "receiver_province": "浙江省",
    "receiver_city": "杭州市",
    "receiver_district": "西湖区",
    "receiver_address": "文三路 1 号",
}
FIELDS_OF_UNITS = ("uom", "uom_qty", "uom_rate", "qty", "rate")
RULE = "大额订单财审"  # of the demo: orders over 500 are for finance


def stocked(rest: Rest, qty: int = 40, **values: Any) -> str:
    """Make a SKU of which some lies in the warehouse."""
    sku = sku_of(rest, **values)
    items = [{"sku": sku, "qty": qty, "rate": 20}]
    rest.insert("Purchase Receipt", supplier=SUPPLIER, warehouse=WAREHOUSE, items=items, docstatus=1)
    return sku


def ordered(rest: Rest, *lines: tuple[str, float, float], **values: Any) -> str:
    """Place an order of one buyer at one address."""
    customer = rest.rows("Customer", [["customer_name", "like", f"%{CUSTOMER}%"]])[0]["name"]
    items = [{"sku": sku, "qty": qty, "rate": rate} for sku, qty, rate in lines]
    head = {"shop": SHOP, "customer": customer, "docstatus": 1, **RECEIVER, **values}
    return str(rest.insert("Sales Order", items=items, **head)["name"])


def status_of(rest: Rest, *orders: str) -> list[str]:
    return [rest.get("Sales Order", name)["status"] for name in orders]


def choose(desk: Desk, menu: str, item: str) -> None:
    """Choose an item of a menu of the open form."""
    desk.page.get_by_role("main").get_by_role("button", name=menu, exact=True).click()
    desk.page.get_by_role("menuitem", name=item, exact=True).click()


def answer(desk: Desk, button: str, **values: str) -> None:
    """Fill in what a dialog asks for, and confirm it."""
    dialog = desk.page.get_by_role("dialog")
    for fieldname, value in values.items():
        dialog.locator(f'.field[data-fieldname="{fieldname}"]').locator("input, textarea").first.fill(value)
    dialog.get_by_role("button", name=button, exact=True).click()
    expect(dialog).to_have_count(0)


def state(desk: Desk) -> Locator:
    return desk.page.locator(".form-head")


def test_two_orders_of_a_buyer_become_one_and_two_again(at_desk: Seat, people: People, rest: Rest) -> None:
    sku = stocked(rest)
    pair = [ordered(rest, (sku, qty, 59), paid_datetime=PAID, hold_until=WAITING) for qty in (1, 2)]
    desk = at_desk(people("Customer Service", "en"))
    desk.open(f'/app/sales-order?name=["in",["{pair[0]}","{pair[1]}"]]')
    rows = desk.page.locator("table.list tbody tr")
    expect(rows).to_have_count(2)
    desk.page.locator("table.list thead input[type=checkbox]").click()
    desk.button("Merge").click()
    answer(desk, "Yes")
    expect(state(desk)).to_contain_text("To Ship")
    merged = rest.get("Sales Order", desk.name())
    assert (merged["grand_total"], status_of(rest, *pair)) == (177, ["Merged", "Merged"])
    choose(desk, "Actions", "Recall")
    answer(desk, "OK", note="two parcels after all")
    expect(state(desk)).to_contain_text("To Audit")
    choose(desk, "Actions", "Undo the Merge")
    expect(rows).to_have_count(2)
    assert status_of(rest, merged["name"], *pair) == ["Cancelled", "To Process", "To Process"]
    assert desk.errors == []


def test_an_order_is_split_and_put_together_again(at_desk: Seat, people: People, rest: Rest) -> None:
    sku = stocked(rest)
    order = ordered(rest, (sku, 3, 59), paid_datetime=PAID, hold_until=WAITING)
    desk = at_desk(people("Customer Service", "zh"))
    desk.open(f"/app/sales-order/{order}")
    line = rest.get("Sales Order", order)["items"][0]["name"]
    choose(desk, "操作", "拆出明细")
    answer(desk, "确定", **{line: "1"})
    expect(desk.page.locator("table.list tbody tr")).to_have_count(2)
    parts = rest.rows("Sales Order", {"split_from": order}, "grand_total")
    assert sorted(part["grand_total"] for part in parts) == [59, 118]
    for part in parts:
        rest.call("ec_erp.orders.api.recall_orders", names=[part["name"]])
    desk.open(f"/app/sales-order/{order}")
    choose(desk, "操作", "撤销拆分")
    expect(state(desk)).not_to_contain_text("被拆分")
    assert status_of(rest, *(part["name"] for part in parts)) == ["Cancelled", "Cancelled"]
    assert rest.get("Sales Order", order)["grand_total"] == 177
    assert desk.errors == []


def test_finance_alone_releases_a_large_order(at_desk: Seat, people: People, rest: Rest) -> None:
    order = ordered(rest, (stocked(rest), 10, 59), paid_datetime=PAID)
    clerk = at_desk(people("Customer Service", "zh"))
    clerk.open(f"/app/sales-order/{order}")
    expect(state(clerk)).to_contain_text("待财审")
    expect(clerk.page.get_by_role("button", name="操作", exact=True)).to_be_visible()
    expect(clerk.page.get_by_role("button", name="财审", exact=True)).to_have_count(0)
    finance = at_desk(people("Accountant", "zh"))
    finance.open(f"/app/sales-order/{order}")
    finance.page.get_by_role("button", name="财审", exact=True).click()
    expect(state(finance)).to_contain_text("待发货")
    assert status_of(rest, order) == ["To Ship"]
    assert clerk.errors + finance.errors == []


def test_a_presale_goes_from_deposit_over_the_rest_to_the_warehouse(at_desk: Seat, people: People, rest: Rest) -> None:
    terms = {"payment_type": "Deposit", "deposit_amount": 20, "presale_release": "By Hand"}
    order = ordered(rest, (stocked(rest), 2, 59), **terms)
    desk = at_desk(people("Customer Service", "en"))
    desk.open(f"/app/sales-order/{order}")
    choose(desk, "Actions", "Mark Deposit as Paid")
    expect(state(desk)).to_contain_text("Preorder")
    desk.button("Mark as Paid").click()
    expect(desk.button("Mark as Paid")).to_have_count(0)
    assert rest.get("Sales Order", order)["payment_state"] == "Paid"
    choose(desk, "Actions", "Release Presale")
    expect(state(desk)).to_contain_text("To Ship")
    assert status_of(rest, order) == ["To Ship"]
    assert desk.errors == []


def test_what_is_sold_too_low_is_taken_and_settled_in_the_inbox(at_desk: Seat, people: People, rest: Rest) -> None:
    order = ordered(rest, (stocked(rest, minimum_rate=50), 1, 30), paid_datetime=PAID)
    assert status_of(rest, order) == ["To Audit"]
    finance = people("Accountant", "zh")
    desk = at_desk(finance)
    desk.open("/app/query-report/Exception%20Inbox?owner_role=Accountant")
    row = desk.page.get_by_role("row").filter(has_text=order)
    dialog = desk.page.get_by_role("dialog")
    expect(row).to_contain_text("低于最低售价")
    for action in ("接手", "按建议处理"):
        desk.page.get_by_role("button", name=action, exact=True).click()
        dialog.locator("select").select_option(label=f"{order} · 低于最低售价")
        dialog.get_by_role("button", name=action, exact=True).click()
        if action == "接手":
            expect(row).to_contain_text(finance.user)
    dialog.get_by_role("button", name="是", exact=True).click()
    results = dialog.filter(has_text="结果")
    expect(results).to_contain_text(order)
    desk.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(row).to_have_count(0)
    assert status_of(rest, order) == ["To Ship"]
    assert desk.errors == []


def test_goods_are_bought_by_the_box_and_counted_in_pieces(at_desk: Seat, people: People, rest: Rest) -> None:
    sku = sku_of(rest, units=[{"uom": "Box", "ratio": 12, "for_purchase": 1}])
    desk = at_desk(people("Buyer", "en"))
    desk.new("Purchase Order")
    desk.pick("supplier", SUPPLIER)
    desk.pick("warehouse", WAREHOUSE)
    desk.add_row(sku, "6")
    desk.page.keyboard.press("Control+Enter")
    row = desk.page.get_by_role("dialog")
    typed = {name: row.locator(f'.field[data-fieldname="{name}"]').locator("input").first for name in FIELDS_OF_UNITS}
    expect(typed["uom"]).to_have_value("Box")
    expect(typed["uom_qty"]).to_have_value("0.5")
    typed["uom_qty"].fill("2")
    typed["uom_rate"].fill("120")
    typed["uom"].focus()
    expect(typed["qty"]).to_have_value("24")
    expect(typed["rate"]).to_have_value(re.compile(r"^10(\.0+)?$"))
    desk.page.keyboard.press("Escape")
    [line] = rest.get("Purchase Order", desk.save())["items"]
    assert [line[name] for name in FIELDS_OF_UNITS] == ["Box", 2, 120, 24, 10]
    assert desk.errors == []


def test_a_receipt_and_its_return_show_what_they_are_worth_while_they_are_typed(
    at_desk: Seat, people: People, rest: Rest
) -> None:
    sku = sku_of(rest, tax_rate=13)
    desk = at_desk(people("Buyer", "en"))
    desk.new("Purchase Receipt")
    desk.pick("supplier", SUPPLIER)
    desk.pick("warehouse", WAREHOUSE)
    desk.add_row(sku, "3")
    worth = desk.page.locator('.field[data-fieldname="grand_total"]')
    expect(worth).to_contain_text("67.80")  # three at 20, and 13 % on top
    row = desk.page.get_by_role("grid").first.get_by_role("row").filter(has_text=sku)
    desk.cell(row, "rate").click()
    desk.cell(row, "rate").get_by_role("textbox").fill("10")
    desk.page.keyboard.press("Tab")
    expect(worth).to_contain_text("33.90")
    name = desk.save()
    expect(worth).to_contain_text("33.90")
    assert rest.get("Purchase Receipt", name)["grand_total"] == 33.9
    rest.requests.put(f"/api/resource/Purchase Receipt/{name}", data={"docstatus": 1})
    desk.open("/app/purchase-return/new")
    desk.pick("purchase_receipt", name)
    expect(worth).to_contain_text("33.90")
    assert desk.errors == []


def test_lines_are_edited_and_the_history_says_what_was_and_what_is(at_desk: Seat, people: People, rest: Rest) -> None:
    cup, lid = stocked(rest), stocked(rest)
    order = ordered(rest, (cup, 1, 59), (lid, 1, 59), paid_datetime=PAID, hold_until=WAITING)
    desk = at_desk(people("Customer Service", "en"), phone=True)
    desk.open(f"/app/sales-order/{order}")
    choose(desk, "Actions", "Edit Lines")
    price = desk.page.get_by_role("dialog").locator('.field[data-fieldname="rate_1"]')
    expect(price).to_contain_text("59")
    expect(price.locator("input")).to_have_count(0)  # prices are for managers
    answer(desk, "OK", qty_1="3", qty_2="0", note="the buyer called")
    desk.page.get_by_role("tab", name="Why").click()
    history = desk.page.get_by_role("row").filter(has_text="the buyer called")
    expect(history.filter(has_text=cup)).to_contain_text("Quantity: 1 → 3")
    assert [(line["sku"], line["qty"]) for line in rest.get("Sales Order", order)["items"]] == [(cup, 3)]
    assert desk.errors == []


def test_a_rule_is_changed_rehearsed_published_and_taken_back(at_desk: Seat, people: People, rest: Rest) -> None:
    before = rest.get("Order Settings", "Order Settings")["active_rules"]
    desk = at_desk(people("EC Manager", "en"))
    page = desk.page
    desk.open(f"/app/order-rule/{RULE}")
    value = desk.cell(page.get_by_role("row").filter(has_text="Grand Total"), "value")
    value.dblclick()
    value.get_by_role("textbox").fill("100")
    page.keyboard.press("Shift+Tab")
    desk.button("Save").click()
    desk.button("Publish").wait_for()
    order = ordered(rest, (stocked(rest), 3, 59), paid_datetime=PAID)
    assert status_of(rest, order) == ["To Ship"]  # what is not published is not followed
    desk.button("Rehearse").click()
    page.wait_for_url("**/rule-rehearsal/new**")
    desk.fill("days", "3")
    desk.save()
    expect(page.get_by_role("main")).to_contain_text(order)
    desk.open(f"/app/order-rule/{RULE}")
    desk.button("Publish").click()
    answer(desk, "Publish", note="closer look")
    expect(desk.button("Publish")).to_have_count(0)
    assert status_of(rest, ordered(rest, (stocked(rest), 3, 59), paid_datetime=PAID)) == ["To Finance Audit"]
    desk.open(f"/app/order-rule-version/{before}")
    desk.button("Go Back to This Version").click()
    answer(desk, "Yes")
    page.wait_for_url(lambda url: before not in url)
    assert rest.get("Order Rule", RULE)["conditions"][0]["value"] == "500"
    assert status_of(rest, ordered(rest, (stocked(rest), 3, 59), paid_datetime=PAID)) == ["To Ship"]
    assert desk.errors == []


def test_what_a_carrier_collected_is_booked_and_the_order_paid(at_desk: Seat, people: People, rest: Rest) -> None:
    order = ordered(rest, (stocked(rest), 1, 59), payment_type="Cash on Delivery", carrier="SF Express")
    rest.insert("Delivery Note", sales_order=order, docstatus=1)
    assert rest.get("Sales Order", order)["payment_state"] == "Collect"
    desk = at_desk(people("Accountant", "en"))
    desk.open("/app/payment-entry/new")
    expect(desk.field("payment_type")).to_be_focused()
    desk.field("party_type").select_option("Carrier")
    desk.pick("party", "SF Express")
    desk.fill("paid_amount", "59")
    desk.button("Add row").first.click()
    row = desk.page.get_by_role("grid").first.get_by_role("row").filter(has=desk.page.get_by_role("rowheader"))
    for fieldname, text in (("reference_doctype", "Sales Order"), ("reference_name", order)):
        desk.cell(row, fieldname).click()
        desk.cell(row, fieldname).get_by_role("combobox").fill(text)
        desk.suggestion(text).click()
    for fieldname in ("outstanding_amount", "allocated_amount"):
        expect(desk.cell(row, fieldname)).to_contain_text("59")
    desk.save()
    desk.submit()
    assert rest.get("Sales Order", order)["payment_state"] == "Paid"
    desk.open(f"/app/sales-order/{order}")
    expect(state(desk)).to_contain_text(re.compile("Shipped|Done"))
    expect(desk.page.get_by_role("button", name="Actions", exact=True)).to_have_count(0)
    assert desk.errors == []
