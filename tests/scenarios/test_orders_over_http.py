"""Orders and the catalog behind them as a shop, service, finance, warehouse and manager work with them, over a real connection.

Given a company with cups (60), plates (60) and small gifts (9) in stock, a shop, and a person for each job with a key of their own
Then orders wait for changes and follow-ups, are merged, split to the cent, audited twice, stopped and called back,
earn gifts, wait for presale, and are handled by many at once, each by whom it is allowed, with everything in their history
And items of the shop find their SKUs, and those the company does not know yet hold their orders until somebody says
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from trade_api import ADMINISTRATOR, Answer, Api

JOBS = ("EC Manager", "Customer Service", "Accountant", "Warehouse Staff", "Shop Operator")
HOME = {
    "receiver_name": "Li", "receiver_phone": "13800000000", "receiver_province": "浙江省", "receiver_city": "杭州市",
    "receiver_district": "西湖区", "receiver_address": "文三路 1 号",
}  # fmt: skip
ORDERS, RULES, INBOX, CHANNELS = (
    f"ec_erp.{path}." for path in ("orders.api", "orders.rules_api", "orders.inbox_api", "channels.api")
)
NUMBERS = itertools.count(1)


@dataclass
class Staff:
    """The people of the company, each with a client of their own."""

    admin: Api
    system: Api
    people: dict[str, Api]
    ahead: timedelta

    def __getattr__(self, job: str) -> Api:
        return self.people[job]

    def at(self, minutes: int = 0) -> str:
        """Give a moment by the site's clock, so many minutes from now."""
        return (datetime.now() + self.ahead + timedelta(minutes=minutes)).strftime("%Y-%m-%d %H:%M:%S")

    def order(self, *rows: tuple[str, float, float] | dict[str, Any], **fields: Any) -> str:
        """Enter and submit an order; give its name."""
        items = [row if isinstance(row, dict) else dict(zip(("sku", "qty", "rate"), row, strict=True)) for row in rows]
        head = {"company": "Walk", "customer": "Walker", "warehouse": "Walk Main", **fields}
        return str(self.admin.submit("Sales Order", items=items, **head)["name"])

    def push(self, name: str, lines: list[dict[str, Any]], **fields: Any) -> str:
        """Push an order of the shop, for the first time or with changes; give the sales order."""
        person = {field.removeprefix("receiver_"): value for field, value in HOME.items()}
        order = {"id": name, "status": "paid", "receiver": person, "buyer": {"id": name, "name": "Bo"}, "lines": lines}
        (taken,) = call(self.system, CHANNELS + "push_orders", shop="Walk Shop", orders=[{**order, **fields}])
        assert taken["state"] in ("created", "updated"), taken
        return str(taken["sales_orders"][0])

    def active_rules(self) -> str:
        """Give the version of rules that orders follow."""
        return str(self.admin.ask("GET", "resource/Order Settings/Order Settings").body["data"]["active_rules"])

    def publish(self) -> str:
        """Publish the rules as they are."""
        return str(call(self.manager, RULES + "publish_rules"))


def call(api: Api, method: str, **values: Any) -> Any:
    """Call a method and give its answer; anything but success fails the test."""
    answer = api.ask("POST", f"method/{method}", json=values)
    assert answer.status == 200, f"{answer.status} {answer.kind}: {answer.messages or answer.body}"
    return answer.body["message"]


def refused(api: Api, method: str, **values: Any) -> Answer:
    """Call a method that is to be refused in words."""
    answer = api.ask("POST", f"method/{method}", json=values)
    assert answer.status in (403, 417), answer.body
    return answer


@pytest.fixture(scope="module")
def staff(http_site: tuple[Any, str]) -> Staff:
    """The company with its goods, shop and people."""
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
        ahead = frappe.utils.now_datetime() - datetime.now()
    people = {job.split()[-1].lower(): Api(address, f"token {job.split()[-1].lower()}:secret") for job in JOBS}
    found = Staff(Api(address, ADMINISTRATOR), Api(address), people, ahead)
    admin = found.admin
    admin.create("Company", company_name="Walk", abbr="WK", default_currency="CNY")
    admin.create("Warehouse", warehouse_name="Walk Main", company="Walk")
    admin.change("Company", "Walk", default_warehouse="Walk Main")
    admin.create("Customer", customer_name="Walker")
    admin.create("Supplier", supplier_name="Walk Supplier")
    for code, price in (("CUP", 10), ("PLATE", 20), ("GIFT", 3)):
        admin.create("SKU", sku_code=code, standard_rate=price, purchase_rate=price / 2, tax_rate=13)
    bought = [{"sku": code, "qty": qty, "rate": 1} for code, qty in (("CUP", 60), ("PLATE", 60), ("GIFT", 9))]
    admin.submit("Purchase Receipt", company="Walk", supplier="Walk Supplier", items=bought)
    shop = {"platform": "own", "company": "Walk", "currency": "CNY", "default_warehouse": "Walk Main"}
    admin.create("Shop", shop_name="Walk Shop", default_customer="Walker", **shop)
    admin.create("Shop", shop_name="Waiting Shop", default_customer="Walker", delay_minutes=30, auto_merge=1, **shop)
    mark = [{"action": "Add Mark", "value": "seen"}]
    found.manager.create("Order Rule", rule_name="Mark", stage="Prepare", actions=mark)
    found.publish()
    return found


@pytest.fixture
def rule(staff: Staff) -> Iterator[Any]:
    """Makes a rule and publishes it; switches off what it made at the end."""
    made: list[tuple[str, str]] = []

    def make(doctype: str, **fields: Any) -> str:
        name = f"{doctype} {next(NUMBERS)}"
        staff.manager.create(doctype, rule_name=name, **fields)
        made.append((doctype, name))
        staff.publish()
        return name

    yield make
    for doctype, name in made:
        staff.manager.change(doctype, name, enabled=0)
    staff.publish()


def head(staff: Staff, order: str, *fields: str) -> list[Any]:
    return staff.admin.find("Sales Order", *fields, name=order)[0]


def status(staff: Staff, order: str) -> str:
    return str(head(staff, order, "status")[0])


def lines(staff: Staff, order: str, *fields: str) -> list[list[Any]]:
    items = staff.admin.ask("GET", f"resource/Sales Order/{order}").body["data"]["items"]
    return [[row.get(field) for field in fields] for row in items]


def history(staff: Staff, order: str, kind: str) -> list[list[Any]]:
    return staff.admin.find("Order Log", "code", "user", "note", sales_order=order, kind=kind)


def deliver(staff: Staff, order: str) -> str:
    return str(staff.staff.submit("Delivery Note", sales_order=order)["name"])


def test_orders_wait_for_changes_and_follow_ups_and_are_merged_and_taken_apart(staff: Staff) -> None:
    paid = {"shop": "Waiting Shop", "payment_type": "Prepaid", "paid_datetime": staff.at(), "buyer_key": "bo", **HOME}
    first, second = (
        staff.order(("CUP", 1, 10), shipping_fee=5, **paid),
        staff.order(("PLATE", 2, 5), **paid, discount_amount=0.33),
    )
    other = staff.order(("CUP", 1, 10), **{**paid, "receiver_phone": "139"})
    assert {status(staff, order) for order in (first, second, other)} == {"To Process"}
    planned = call(staff.service, ORDERS + "preview_merge", names=[first, second])
    assert [[row["name"], row["units"], row["grand_total"]] for row in planned["orders"]] == [
        [first, 1, 15], [second, 2, 9.67]]  # fmt: skip
    assert (planned["units"], planned["grand_total"], status(staff, first)) == (3, 24.67, "To Process")
    unlike = refused(staff.service, ORDERS + "preview_merge", names=[first, other]).messages
    assert unlike == f"{first} and {other} can't be merged: they differ in Receiver"
    assert refused(staff.service, ORDERS + "merge_orders", names=[first, other]).messages == unlike
    call(staff.service, ORDERS + "edit_order", name=first, changes={"hold_until": staff.at(-1)}, note="goes now")
    merged = head(staff, first, "merged_into")[0]
    assert head(staff, merged, "status", "grand_total", "shipping_fee") == ["To Ship", 24.67, 5]
    assert [status(staff, order) for order in (first, second, other)] == ["Merged", "Merged", "To Process"]
    assert "recall it" in refused(staff.service, ORDERS + "undo_merge", name=merged).messages
    call(staff.service, ORDERS + "recall_orders", names=[merged])
    call(staff.service, ORDERS + "undo_merge", name=merged)
    assert [head(staff, order, "grand_total", "sealed") for order in (first, second)] == [[15, 1], [9.67, 1]]
    assert "sealed" in refused(staff.service, ORDERS + "merge_orders", names=[first, second]).messages


def test_parts_of_a_split_come_to_what_the_order_was(staff: Staff, rule: Any) -> None:
    rule("Order Rule", stage="Split", actions=[{"action": "Split by Quantity", "value": "3"}])
    order = staff.order(("CUP", 7, 9.99), ("PLATE", 2, 3.33), discount_amount=3.37, shipping_fee=1)
    parts = staff.admin.find("Sales Order", "name", "status", "grand_total", "total_tax", split_from=order)
    assert ([part[1] for part in parts], status(staff, order)) == (["To Ship"] * 3, "Split")
    sums = [round(sum(part[at] for part in parts), 2) for at in (2, 3)]
    assert sums == head(staff, order, "grand_total", "total_tax") == [74.22, 8.54]
    call(staff.service, ORDERS + "recall_orders", names=[part[0] for part in parts])
    assert call(staff.service, ORDERS + "undo_split", name=order) == {order: "To Ship"}
    assert head(staff, order, "grand_total", "stock_state") == [74.22, "Reserved"]


def test_presale_goods_wait_and_the_rest_leaves(staff: Staff, rule: Any) -> None:
    rule("Order Rule", stage="Split", actions=[{"action": "Split Off Presale"}])
    presale = {"sku": "CUP", "qty": 1, "rate": 10, "is_presale": 1}
    paid = {"payment_type": "Prepaid", "paid_datetime": staff.at(), "presale_release": "By Hand"}
    order = staff.order(presale, ("PLATE", 1, 20), **paid)
    parts = staff.admin.find("Sales Order", "status", "grand_total", split_from=order)
    assert sorted(parts) == [["Preorder", 10], ["To Ship", 20]]


def test_a_deposit_and_the_rest_of_the_payment(staff: Staff) -> None:
    wrong = {
        "items": [{"sku": "CUP", "qty": 1, "rate": 10}],
        "company": "Walk",
        "customer": "Walker",
        "payment_type": "Deposit",
    }
    for fields, words in (
        ({"presale_release": "On Date"}, "which date"),
        ({"deposit_amount": 11}, "more than the order"),
    ):
        answer = staff.service.ask("POST", "resource/Sales Order", json={**wrong, **fields})
        assert answer.status == 417, answer.body
        assert words in answer.messages
    order = staff.order(("CUP", 1, 10), payment_type="Deposit", deposit_amount=3, presale_release="By Hand")
    for method, after in (("pay_deposits", "Preorder"), ("release_presale", "Preorder"), ("pay_orders", "To Ship")):
        assert call(staff.service, ORDERS + method, names=[order]) == {order: after}
    assert [entry[0] for entry in history(staff, order, "Payment")] == ["Deposit Paid", "Paid"]
    assert [entry[0] for entry in history(staff, order, "Block")] == ["Preorder Release Failed"]


def test_two_audits_by_two_people(staff: Staff, rule: Any) -> None:
    rule("Order Rule", stage="Audit", actions=[{"action": "Ask Service"}, {"action": "Ask Finance"}])
    order = staff.order(("CUP", 1, 10))
    assert "cannot be done now" in refused(staff.accountant, ORDERS + "finance_audit_orders", names=[order]).messages
    assert refused(staff.staff, ORDERS + "audit_orders", names=[order]).kind == "PermissionError"
    assert call(staff.service, ORDERS + "audit_orders", names=[order], note="fine") == {order: "To Finance Audit"}
    assert "only allowed for" in refused(staff.service, ORDERS + "finance_audit_orders", names=[order]).messages
    call(staff.service, ORDERS + "block_orders", names=[order], code="Manual", note="wait")
    assert "blocked: Manual" in refused(staff.accountant, ORDERS + "finance_audit_orders", names=[order]).messages
    call(staff.service, ORDERS + "unblock_orders", names=[order], code="Manual", note="go on")
    assert call(staff.accountant, ORDERS + "finance_audit_orders", names=[order]) == {order: "To Ship"}
    steps = [entry[:2] for entry in history(staff, order, "Transition")]
    assert steps[1:] == [["pass to finance", "service@example.com"], ["allocate", "accountant@example.com"]]


def test_gifts_for_the_first_two_and_none_without_earning_them(staff: Staff, rule: Any) -> None:
    plates = {"scope": "Any Line", "field": "sku", "operator": "equals", "value": "PLATE"}
    gift = rule(
        "Gift Rule", basis="Amount", threshold=40, budget_qty=2, items=[{"sku": "GIFT", "qty": 1}], conditions=[plates]
    )
    orders = [staff.order(("PLATE", 2, 20)) for _ in range(3)]
    given = [[row for row in lines(staff, order, "sku", "rate", "gift_rule") if row[2]] for order in orders]
    assert given == [[["GIFT", 0, gift]], [["GIFT", 0, gift]], []]
    call(staff.service, ORDERS + "recall_orders", names=orders[:1])
    plate = lines(staff, orders[0], "name")[0][0]
    call(staff.service, ORDERS + "refund_lines", name=orders[0], lines={plate: 1}, note="one is enough")
    assert lines(staff, orders[0], "sku", "qty") == [["PLATE", 1]]
    assert staff.admin.find("Gift Rule", "given_qty", name=gift) == [[1]]


def test_addresses_that_cannot_be_reached_stop_until_they_can(staff: Staff) -> None:
    wrong = staff.order(("CUP", 1, 10), **{**HOME, "receiver_city": "苏州市"})
    assert head(staff, wrong, "status", "exceptions", "address_state") == ["To Process", "Address Invalid", "Unknown"]
    call(staff.service, ORDERS + "edit_order", name=wrong, changes={"receiver_city": "杭州"}, note="typo")
    assert head(staff, wrong, "status", "receiver_city", "region_code") == ["To Ship", "杭州市", "330100"]
    snow = staff.service.create("Delivery Restriction", reason="Snow", province="西藏自治区")["name"]
    far = staff.order(("CUP", 1, 10), **{**HOME, "receiver_province": "西藏自治区", "receiver_city": "拉萨市"})
    assert head(staff, far, "status", "exceptions") == ["To Process", "Address Out of Range"]
    staff.service.change("Delivery Restriction", snow, disabled=1)
    assert call(staff.service, ORDERS + "process_orders", names=[far]) == {far: "To Ship"}


def test_every_edit_has_its_rights_and_its_entry(staff: Staff) -> None:
    order = staff.order(("CUP", 2, 10), **HOME)
    line = lines(staff, order, "name")[0][0]
    call(staff.staff, ORDERS + "edit_order", name=order, changes={"carrier": "ZTO Express"}, note="no waybill")
    assert (
        "recall it"
        in refused(staff.service, ORDERS + "edit_order", name=order, changes={"receiver_city": "宁波市"}).messages
    )
    call(staff.service, ORDERS + "recall_orders", names=[order], note="edits")
    call(staff.service, ORDERS + "edit_order", name=order, changes={"seller_remark": "call first"})
    assert status(staff, order) == "To Audit"
    price = {"name": order, "lines": [{"name": line, "rate": 9}]}
    assert "Prices" in refused(staff.service, ORDERS + "edit_order", **price).messages
    assert refused(staff.staff, ORDERS + "edit_order", name=order, changes={"seller_remark": "x"}).status == 403
    call(staff.manager, ORDERS + "edit_order", **price, note="promised")
    assert head(staff, order, "status", "grand_total") == ["To Ship", 18]
    kinds = [entry[:2] for entry in history(staff, order, "Edit")]
    people = ("staff", "service", "manager")
    assert kinds == [
        [kind, f"{one}@example.com"] for kind, one in zip(("Carrier", "Remark", "Items"), people, strict=True)
    ]


def test_a_refund_and_a_new_address_stop_what_the_warehouse_has(staff: Staff) -> None:
    item = [{"id": "1", "item_id": "cup", "outer_code": "CUP", "qty": 1, "price": 10}]
    order = staff.push("W1", item, modified=staff.at())
    refund = {"id": "R1", "order_id": "W1", "status": "Applied", "amount": 10, "lines": []}
    call(staff.system, CHANNELS + "push_refunds", shop="Walk Shop", refunds=[refund])
    draft = staff.staff.create("Delivery Note", sales_order=order)["name"]
    answer = staff.staff.ask("PUT", f"resource/Delivery Note/{draft}", json={"docstatus": 1})
    assert (answer.status, "Refund Applied" in answer.messages) == (417, True)
    call(
        staff.system,
        CHANNELS + "push_refunds",
        shop="Walk Shop",
        refunds=[{**refund, "status": "Withdrawn", "modified": staff.at(1)}],
    )
    moved = {
        "name": "Li",
        "phone": "139",
        "province": "浙江省",
        "city": "宁波市",
        "district": "鄞州区",
        "address": "首南街道 8 号",
    }
    staff.push("W1", item, modified=staff.at(2), receiver=moved)
    assert head(staff, order, "status", "exceptions", "receiver_city") == ["To Ship", "Address Changed", "杭州市"]
    (fixed,) = call(staff.service, INBOX + "fix_exceptions", names=[order], code="Address Changed")
    assert (fixed["done"], head(staff, order, "status", "receiver_city")) == (True, ["To Ship", "宁波市"])
    deliver(staff, order)
    assert status(staff, order) == "Shipped"


def test_many_at_once_with_a_preview_and_a_list_of_what_failed(staff: Staff) -> None:
    orders = [staff.order(("CUP", 1, 10)) for _ in range(3)]
    call(staff.service, ORDERS + "recall_orders", names=orders[:1])
    seen = call(staff.service, INBOX + "preview_bulk", action="Recall", names=orders)
    assert [row["done"] for row in seen] == [False, True, True]
    assert [status(staff, order) for order in orders] == ["To Audit", "To Ship", "To Ship"]
    run = call(staff.service, INBOX + "run_bulk", action="Recall", names=[*orders, "SO-NONE"])
    assert (run["status"], run["done"], run["failed"]) == ("Done in Part", 2, 2)
    told = {row["order"]: row["message"] for row in run["rows"]}
    assert ("is To Audit" in told[orders[0]], "not found" in told["SO-NONE"], told[orders[1]]) == (True, True, "")
    kept = staff.service.ask("GET", f"resource/Order Bulk Run/{run['name']}").body["data"]
    assert [row["done"] for row in kept["rows"]] == [0, 1, 1, 0]


def test_goods_sent_again_cost_the_buyer_nothing_and_have_an_account(staff: Staff) -> None:
    order = staff.order(("CUP", 2, 10))
    deliver(staff, order)
    line = lines(staff, order, "name")[0][0]
    ((again, state),) = call(
        staff.service, ORDERS + "resend_order", name=order, reason="one broke", lines={line: 1}
    ).items()
    assert (state, head(staff, again, "grand_total", "resend_of")) == ("To Ship", [0, order])
    assert (
        "only 1 can be sent"
        in refused(staff.service, ORDERS + "resend_order", name=order, reason="x", lines={line: 2}).messages
    )
    booked = staff.admin.find("GL Entry", "account", "debit", "credit", voucher_no=deliver(staff, again))
    assert sorted(row[1:] for row in booked) == [[0, 1], [1, 0]]
    assert [row[0].split()[0] for row in booked if row[1]] == ["560106"]


def test_a_rehearsal_names_every_order_that_changes_and_rules_go_back(staff: Staff) -> None:
    large, small = staff.order(("PLATE", 5, 20)), staff.order(("PLATE", 1, 20))
    before = staff.active_rules()
    over = {"scope": "Order", "field": "grand_total", "operator": "at least", "value": "100"}
    staff.manager.create(
        "Order Rule", rule_name="Large", stage="Audit", conditions=[over], actions=[{"action": "Ask Finance"}]
    )
    assert call(staff.manager, RULES + "get_pending_changes") == ["Added: Large"]
    assert refused(staff.service, RULES + "get_pending_changes").status == 403
    told = call(staff.manager, RULES + "rehearse_rules", days=1)
    changed = {row["order"]: (row["part"], row["after"]) for row in told["rows"]}
    assert (changed[large], small in changed, status(staff, large)) == (("Audit", "Accountant"), False, "To Ship")
    assert {name for (name,) in staff.admin.find("Sales Order", "name", grand_total=[">=", 100])} == set(changed)
    staff.publish()
    assert call(staff.manager, RULES + "get_pending_changes") == []
    assert status(staff, staff.order(("PLATE", 5, 20))) == "To Finance Audit"
    call(staff.manager, RULES + "roll_back_rules", version=before)
    assert status(staff, staff.order(("PLATE", 5, 20))) == "To Ship"
    assert staff.admin.find("Order Rule", "enabled", name="Large") == [[0]]


def test_items_find_their_skus_and_unknown_ones_wait(staff: Staff) -> None:
    staff.admin.create("SKU", sku_code="OLD", standard_rate=5, tax_rate=13)
    known = staff.operator.create("Listing", shop="Walk Shop", platform_item_id="old", outer_code="OLD")
    assert (known["sku"], known["match_mode"], known["match_state"]) == ("OLD", "Seller's Code", "Matched")
    staff.admin.change("SKU", "OLD", disabled=1)
    order = staff.push(
        "L1", [{"id": "1", "item_id": "old", "outer_code": "OLD", "qty": 2, "price": 33.33}], total="66.66"
    )
    assert staff.admin.find("Listing", "match_state", name=known["name"]) == [["Invalid"]]
    assert head(staff, order, "status", "exceptions") == ["To Process", "Unmapped Item"]
    pair = [{"sku": "CUP", "qty": 1, "share": 60}, {"sku": "PLATE", "qty": 1, "share": 40}]
    staff.admin.create("SKU", sku_code="PAIR", is_combo=1, standard_rate=30, components=pair)
    staff.operator.change("Listing", known["name"], sku="PAIR", multiplier=2)
    assert head(staff, order, "status", "grand_total") == ["To Ship", 66.66]
    assert lines(staff, order, "sku", "qty", "amount") == [["CUP", 4, 40], ["PLATE", 4, 26.66]]
    pushes = call(staff.system, CHANNELS + "pull_stock", shop="Walk Shop")
    shown = {push["item_id"]: push["qty"] for push in pushes}
    left = {sku: free for sku, free in staff.admin.find("Stock Balance", "sku", "available")}
    assert shown["old"] == min(left["CUP"], left["PLATE"]) // 2


def test_people_read_what_stops_an_order_in_their_language(staff: Staff) -> None:
    order = staff.order(("CUP", 1, 10), **{**HOME, "receiver_city": ""})
    told = {}
    for language in ("en", "zh"):
        staff.admin.change("User", "service@example.com", language=language)
        (told[language],) = call(staff.service, ORDERS + "explain_order", name=order)["exceptions"]
    staff.admin.change("User", "service@example.com", language="en")
    assert (told["en"]["code"], told["en"]["owner"]) == ("Address Invalid", "Customer Service")
    assert told["zh"]["code"] != told["en"]["code"]
    assert told["zh"]["note"] == "地址不完整：浙江省西湖区"
