"""What people of each trade do in a day, in their language and at their device; proved by what the site then holds."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

if TYPE_CHECKING:
    from .conftest import Person, Rest, Served
    from .desk_pages import Desk

Seat = Callable[..., "Desk"]
People = Callable[[str, str], "Person"]

# Of the demo company.
SUPPLIER = "永康五金加工厂"
WAREHOUSE = "杭州主仓"
OTHER_WAREHOUSE = "义乌分仓"
SHOP = "青禾淘宝店"
CUSTOMER = "TB00"
LARGE = 25_000  # over the sum from which the demo's rule asks for approval


def sku_of(rest: Rest, **values: Any) -> str:
    code = f"E2E-{time.time_ns():x}".upper()
    rest.insert("SKU", sku_code=code, sku_name=f"旅行杯 {code[-4:]}", standard_rate=59, purchase_rate=20, **values)
    return code


def bought(rest: Rest, sku: str, qty: int, **values: Any) -> dict[str, Any]:
    items = [{"sku": sku, "qty": qty, "rate": 20}]
    return rest.insert(
        "Purchase Order", supplier=SUPPLIER, warehouse=WAREHOUSE, items=items, **{"docstatus": 1, **values}
    )


def in_stock(rest: Rest, sku: str) -> float:
    return sum(row["on_hand"] for row in rest.rows("Stock Balance", {"sku": sku}, "on_hand"))


def test_an_admin_shapes_a_form_without_code(at_desk: Seat, served: Served, rest: Rest) -> None:
    desk = at_desk(served)
    page = desk.page
    label = f"Loading Dock {time.time_ns() % 10_000}"
    fieldname = f"custom_{label.lower().replace(' ', '_')}"
    desk.open("/app/custom-field/new")
    desk.pick("dt", "Supplier")
    desk.fill("label", label)
    desk.field("insert_after").select_option("contact_name")
    for box in ("in_list_view", "in_standard_filter"):
        desk.field(box).check()
    desk.save()
    desk.open("/app/customize-form")
    desk.pick("doc_type", "Supplier")
    row = page.get_by_role("row").filter(has_text="contact_name")
    desk.cell(row, "label").dblclick()
    desk.cell(row, "label").get_by_role("textbox").fill("Contact at the Works")
    page.keyboard.press("Enter")
    desk.button("Save").click()
    expect(page.get_by_text(re.compile("The form of .* is changed|表单已修改"))).to_be_visible()
    try:
        desk.new("Supplier")
        name = f"Works {time.time_ns()}"
        expect(page.locator('.field[data-fieldname="contact_name"]')).to_contain_text("Contact at the Works")
        desk.fill("supplier_name", name)
        desk.fill(fieldname, "Gate 7")
        desk.save()
        assert rest.get("Supplier", name)[fieldname] == "Gate 7"
        desk.open(f"/app/supplier?{fieldname}=Gate+7")
        expect(page.get_by_role("columnheader", name=label)).to_be_visible()
        expect(page.locator("table.list tbody tr")).to_have_count(1)
        assert [row["name"] for row in rest.rows("Supplier", {fieldname: "Gate 7"})] == [name]
    finally:
        rest.call(
            "run_doc_method", docs={"doctype": "Customize Form", "doc_type": "Supplier"}, method="reset_to_defaults"
        )
    assert desk.errors == []


def test_a_clerk_enters_an_order_by_the_keyboard_alone(at_desk: Seat, people: People, rest: Rest) -> None:
    sku = sku_of(rest)
    desk = at_desk(people("Customer Service", "en"))
    page, keys = desk.page, desk.page.keyboard
    desk.open("/app/sales-order/new")
    expect(desk.field("customer")).to_be_focused()
    for text, field in ((CUSTOMER, "shop"), (SHOP, "platform_order_id")):
        keys.type(text, delay=15)
        expect(desk.suggestion(text)).to_be_visible()
        keys.press("ArrowDown")
        keys.press("Enter")
        keys.press("Tab")
        expect(desk.field(field)).to_be_focused()
    desk.button("Add row").first.focus()
    keys.press("Enter")
    keys.type(sku, delay=15)
    expect(desk.suggestion(sku)).to_be_visible()
    keys.press("ArrowDown")
    keys.press("Enter")
    row = page.get_by_role("grid").first.get_by_role("row").filter(has=page.get_by_role("rowheader"))
    expect(desk.cell(row, "qty").get_by_role("textbox")).to_be_focused()
    keys.type("4")
    keys.press("Tab")
    expect(page.get_by_label("Totals")).to_contain_text("236.00")  # the total follows while lines are typed
    keys.press("Control+s")
    page.wait_for_url(lambda url: "/new" not in url)
    order = rest.get("Sales Order", desk.name())
    assert [(line["sku"], line["qty"]) for line in order["items"]] == [(sku, 4)]
    assert (order["shop"], order["grand_total"]) == (SHOP, 4 * 59)
    assert desk.errors == []


def test_what_belongs_to_the_line_stands_beside_it(at_desk: Seat, served: Served, rest: Rest) -> None:
    sku = sku_of(rest)
    order = bought(rest, sku, 7)
    desk = at_desk(served)
    desk.open("/app/purchase-order/new")
    desk.pick("supplier", SUPPLIER)
    desk.add_row(sku, "1")
    panel = desk.page.locator(".line-panel")
    expect(panel).to_contain_text(WAREHOUSE)
    expect(panel.get_by_role("link").first).to_have_attribute("href", re.compile(order["name"]))
    assert desk.errors == []


def test_a_buyer_asks_and_the_manager_approves(at_desk: Seat, people: People, rest: Rest) -> None:
    sku = sku_of(rest)
    buyer = at_desk(people("Buyer", "zh"))
    buyer.open("/app/purchase-order/new")
    buyer.pick("supplier", SUPPLIER)
    buyer.pick("warehouse", WAREHOUSE)
    buyer.add_row(sku, str(LARGE // 20))
    name = buyer.save()
    buyer.submit()
    expect(buyer.page.locator(".form-head .step")).to_contain_text("审批")
    assert rest.get("Purchase Order", name)["status"] == "To Approve"
    manager = at_desk(people("EC Manager", "en"))
    manager.open(f"/app/purchase-order/{name}")
    expect(manager.page.locator(".form-head .step")).to_contain_text("Waits for the approval of EC Manager")
    manager.button("Approve").click()
    expect(manager.page.locator(".form-head")).to_contain_text("Approved")
    order = rest.get("Purchase Order", name)
    assert (order["status"], order["approvals"][0]["approved_by"]) == ("Approved", "ec.manager.en@example.com")
    assert buyer.errors + manager.errors == []


def test_a_warehouse_worker_receives_by_scans_on_the_phone(at_desk: Seat, people: People, rest: Rest) -> None:
    sku = sku_of(rest, barcodes=[{"barcode": str(time.time_ns())[-13:]}])
    order = bought(rest, sku, 3)
    barcode = rest.get("SKU", sku)["barcodes"][0]["barcode"]
    desk = at_desk(people("Warehouse Staff", "zh"), phone=True)
    page = desk.page
    page.goto("/scan")
    page.locator('[data-task="receive"]').tap()
    message = page.get_by_role("status")

    def scan(code: str) -> None:
        page.keyboard.type(code)  # a scanner types wherever the focus is
        page.keyboard.press("Enter")

    scan(order["name"])
    expect(page.locator("#lines .count")).to_have_text("0 / 3")
    for done in (1, 2, 3):
        scan(barcode)
        expect(page.locator("#lines .count")).to_have_text(f"{done} / 3")
    scan("NO-SUCH-CODE")
    expect(message).to_have_attribute("data-colour", "red")
    assert in_stock(rest, sku) == 0
    page.locator('[data-action="finish"]').tap()
    expect(message).to_have_attribute("data-sound", "done")
    assert in_stock(rest, sku) == 3
    assert rest.get("Purchase Order", order["name"])["status"] == "Received"


def test_scans_outlive_a_lost_connection_a_reload_and_signing_in_again(
    at_desk: Seat, people: People, rest: Rest
) -> None:
    sku = sku_of(rest, barcodes=[{"barcode": str(time.time_ns())[-13:]}])
    order = bought(rest, sku, 5)
    worker = people("Warehouse Staff", "en")
    page = at_desk(worker, phone=True).page
    page.goto("/scan#receive")
    count, message = page.locator("#lines .count"), page.get_by_role("status")

    def scan(code: str) -> None:
        page.keyboard.type(code)
        page.keyboard.press("Enter")

    scan(order["name"])
    expect(count).to_have_text("0 / 5")
    page.context.set_offline(True)
    for code in ("NO-SUCH-CODE", sku, sku):
        scan(code)
    expect(page.locator("#next")).to_have_text("Not sent yet: 3")
    page.context.set_offline(False)
    expect(count).to_have_text("2 / 5")
    expect(message).to_contain_text("NO-SUCH-CODE")  # the refusal is not gone with the answers after it
    page.reload()
    expect(count).to_have_text("2 / 5")
    page.context.clear_cookies()
    scan(sku)
    page.get_by_role("link", name="Sign in").click()
    page.locator("input").first.fill(worker.user)
    page.keyboard.press("Tab")
    page.keyboard.type(worker.password)
    page.keyboard.press("Enter")
    expect(count).to_have_text("3 / 5")


def test_goods_on_their_way_are_not_written_off_by_a_second_tap(at_desk: Seat, people: People, rest: Rest) -> None:
    sku = sku_of(rest)
    order = bought(rest, sku, 5)
    receipt = {"purchase_order": order["name"], "supplier": SUPPLIER, "warehouse": WAREHOUSE, "docstatus": 1}
    rest.insert("Purchase Receipt", items=[{"sku": sku, "qty": 5, "rate": 20}], **receipt)
    ends = {"from_warehouse": WAREHOUSE, "to_warehouse": OTHER_WAREHOUSE}
    name = rest.insert("Stock Transfer", items=[{"sku": sku, "qty": 4}], docstatus=1, **ends)["name"]
    desk = at_desk(people("Warehouse Staff", "en"), phone=True)
    desk.open(f"/app/stock-transfer/{name}")
    desk.button("Send").tap()
    desk.button("Receive").wait_for()
    expect(desk.page.get_by_role("main").get_by_role("button", name="Lost")).to_have_count(0)
    desk.button("Settle").tap()
    desk.page.get_by_role("menuitem", name="Lost").tap()
    asked = desk.page.get_by_role("dialog")
    expect(asked).to_contain_text("Book 4 units that did not come as lost?")
    assert rest.get("Stock Transfer", name)["status"] == "Out"
    asked.get_by_role("button").last.tap()
    expect(desk.page.locator(".form-head")).to_contain_text("Settled")


def test_what_needs_a_warehouse_is_told_when_it_is_to_be_disabled(at_desk: Seat, people: People, rest: Rest) -> None:
    order = bought(rest, sku_of(rest), 3)
    desk = at_desk(people("EC Manager", "zh"), phone=True)
    page = desk.page
    desk.open(f"/app/warehouse/{order['warehouse']}")
    box = desk.field("disabled")
    box.click()
    told = page.get_by_role("dialog")
    expect(told).to_contain_text("不能停用")
    expect(box).not_to_be_checked()
    told.get_by_role("link", name="采购订单", exact=True).click()
    page.wait_for_url(re.compile("/purchase-order"))
    expect(told).to_have_count(0)
    expect(page.get_by_role("main")).to_contain_text(order["name"])
    assert desk.errors == []


def test_fields_of_conditions_are_chosen_and_read_by_their_labels(at_desk: Seat, people: People, rest: Rest) -> None:
    conditions = [{"scope": "Order", "field": "grand_total", "operator": "more than", "value": "99999"}]
    values = {"stage": "Audit", "enabled": 0, "actions": [{"action": "Ask Finance"}], "conditions": conditions}
    name = rest.insert("Order Rule", rule_name=f"E2E {time.time_ns()}", **values)["name"]
    desk = at_desk(people("EC Manager", "zh"))
    page = desk.page
    desk.open(f"/app/order-rule/{name}")
    cell = page.locator('[role="gridcell"][data-fieldname="field"]')
    expect(cell).to_have_text("总计")
    cell.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("付款方式")
    page.get_by_role("option", name="付款方式").click()
    page.keyboard.press("Tab")
    expect(cell).to_have_text("付款方式")
    desk.button("Save").click()
    expect(page.locator(".form-head")).not_to_contain_text("未保存")
    assert [row["field"] for row in rest.get("Order Rule", name)["conditions"]] == ["payment_type"]
    assert desk.errors == []


def test_an_accountant_books_a_payment_and_follows_it_into_the_ledger(
    at_desk: Seat, people: People, rest: Rest
) -> None:
    desk = at_desk(people("Accountant", "en"))
    page = desk.page
    desk.open("/app/payment-entry/new")
    customer = rest.rows("Customer", {})[0]["name"]
    desk.field("party_type").select_option("Customer")
    desk.pick("party", customer)
    desk.fill("paid_amount", "88.50")
    name = desk.save()
    desk.submit()
    assert rest.get("Payment Entry", name)["status"] == "Posted"
    booked = rest.rows("GL Entry", {"voucher_no": name}, "debit", "credit")
    assert sorted((row["debit"], row["credit"]) for row in booked) == [(0, 88.5), (88.5, 0)]
    page.get_by_role("main").get_by_role("button", name="View").click()
    page.get_by_role("menuitem", name="GL Entry").click()
    expect(page.locator("table.list tbody tr")).to_have_count(2)
    assert desk.errors == []


def test_somebody_on_the_phone_reads_english(at_desk: Seat, people: People, rest: Rest) -> None:
    sku = sku_of(rest)
    order = bought(rest, sku, 2, docstatus=0)
    desk = at_desk(people("Buyer", "en"), phone=True)
    page = desk.page
    desk.open("/app/purchase-order")
    card = page.get_by_role("listitem").filter(has_text=order["name"])
    expect(card).to_contain_text("Draft")
    card.get_by_role("link").tap()
    expect(page.locator(".form-head h1")).to_have_text(SUPPLIER)
    line = page.get_by_role("button").filter(has_text=sku)
    line.tap()
    dialog = page.get_by_role("dialog")
    dialog.locator('.field[data-fieldname="qty"] input').fill("5")
    dialog.get_by_role("button", name="Done").tap()
    desk.button("Save").tap()
    expect(page.locator(".form-head")).not_to_contain_text("Not Saved")
    assert rest.get("Purchase Order", order["name"])["items"][0]["qty"] == 5
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert desk.errors == []


def test_an_accountant_pays_what_is_open_and_nothing_twice(at_desk: Seat, served: Served, rest: Rest) -> None:
    first, second = (bought(rest, sku_of(rest), qty) for qty in (2, 3))
    desk = at_desk(served)
    page = desk.page

    def new_payment() -> None:
        desk.open("/app/payment-entry/new")
        desk.field("payment_type").select_option("Pay")
        desk.field("party_type").select_option("Supplier")
        desk.pick("party", SUPPLIER)

    def find(order: str) -> None:
        rows = page.get_by_role("grid").first.get_by_role("row").filter(has=page.get_by_role("rowheader"))
        desk.button("Add row").first.click()
        desk.cell(rows.last, "reference_doctype").click()
        page.keyboard.type("Purchase Order")
        page.locator('[role="option"][data-value="Purchase Order"]').click()
        desk.cell(rows.last, "reference_name").click()
        page.keyboard.type(order)

    def allocated() -> Any:
        return page.locator('[role="gridcell"][data-fieldname="allocated_amount"]')

    new_payment()
    for order in (first, second):
        find(order["name"])
        desk.suggestion(order["name"]).click()
        expect(allocated().last).to_contain_text(f"{order['grand_total']:,.2f}")
    desk.fill("paid_amount", str(first["grand_total"] + 10))
    expect(allocated().last).to_contain_text("10.00")  # a proposed amount follows what is paid
    name = desk.save()
    desk.submit()
    rows = rest.get("Payment Entry", name)["references"]
    assert [row["allocated_amount"] for row in rows] == [first["grand_total"], 10]
    new_payment()
    find(second["name"])
    expect(desk.suggestion(second["name"])).to_contain_text(f"{second['grand_total'] - 10:,.2f}")
    page.keyboard.press("Control+a")
    page.keyboard.type(first["name"])
    expect(desk.suggestion(second["name"])).to_have_count(0)
    expect(desk.suggestion(first["name"])).to_have_count(0)  # it is paid
    assert desk.errors == []
