"""Shops on platforms of three kinds sell the same 60 cups at once, and their bridges lose answers: nothing is oversold.

Given 60 cups, and three shops in strict mode whose platforms set, add, and compare
When buyers order at all of them whatever is shown, orders come in late, and every third answer about stock gets lost
Then what is shown and what was sold and not seen never comes to more than is kept, and every order gets its cups
And when somebody breaks a figure by hand, the check says so
"""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from trade_api import ADMINISTRATOR, Api

CHANNELS = "method/ec_erp.channels.api"
KINDS = {"Set Quantity": {}, "Delta": {"stock_repeatable": 1, "stock_reads": 1}, "Compare and Set": {"stock_reads": 1}}
ROUNDS = 14


class Bridge:
    """A platform with one shop, its buyers, and the bridge between it and the product."""

    def __init__(self, api: Api, shop: str, kind: str, seed: int, ahead: timedelta) -> None:
        self.api, self.shop, self.kind, self.ahead = api, shop, kind, ahead
        self.random = random.Random(seed)
        self.shows = 0
        self.keys: dict[str, Any] = {}
        self.orders: list[dict[str, Any]] = []
        self.pushed = 0

    def now(self) -> datetime:
        """Return the time by the site's clock."""
        return datetime.now() + self.ahead

    def call(self, method: str, **values: Any) -> Any:
        """Call the product; a lost race is called again, as any client does."""
        answer = self.api.ask("POST", f"{CHANNELS}.{method}", json={"shop": self.shop, **values})
        assert answer.status == 200, f"{self.shop} {method}: {answer.status} {answer.messages or answer.body}"
        return answer.body["message"]

    def buyers_order(self) -> None:
        """Let buyers take what is shown, at most eight pieces at a time."""
        qty = min(self.shows, self.random.randint(0, 8))
        if qty:
            self.shows -= qty
            name = f"{self.shop}-{len(self.orders)}"
            line = {"id": "1", "item_id": "CUP", "qty": qty, "price": 20}
            created = self.now().isoformat(sep=" ", timespec="microseconds")
            self.orders.append({"id": name, "status": "paid", "created": created, "modified": created, "lines": [line]})

    def push(self, *, late: bool) -> None:
        """Push orders, all but the newest where they are late; say until when they are complete."""
        until = self.now() - timedelta(microseconds=1)
        known = max(self.pushed, len(self.orders) - 1) if late else len(self.orders)
        taken = self.call("push_orders", orders=self.orders[self.pushed : known]) if known > self.pushed else []
        assert all(one["state"] == "created" for one in taken), taken
        self.pushed = known
        if not late:
            self.call("report_orders_complete", until=str(until))

    def write(self) -> None:
        """Do what the product hands out, and answer, but for what gets lost."""
        for write in self.call("pull_stock"):
            answer = {"listing": write["listing"], "write": write["write"], "counter": write["counter"]}
            answer |= self.take(write)
            if self.random.randint(0, 2) or write["kind"] == "Read":
                self.call("acknowledge_stock", results=[answer])
            else:
                self.call("acknowledge_stock", results=[{**answer, "ok": False, "outcome": "unknown"}])

    def take(self, write: dict[str, Any]) -> dict[str, Any]:
        """Do a write as the platform does: a key that is known counts once where the platform keeps keys."""
        if write["kind"] == "Read":
            return {"ok": True, "qty": self.shows}
        if self.kind == "Delta" and write["write"] in self.keys:
            return {"ok": True}
        if write["kind"] == "Compare and Set" and write["expected"] != self.shows:
            return {"ok": False, "outcome": "mismatch", "qty": self.shows}
        after = self.shows + write["change"] if write["kind"] == "Delta" else write["qty"]
        if after < 0:
            return {"ok": False, "outcome": "refused"}
        self.shows = int(after)
        self.keys[write["write"]] = True
        return {"ok": True}

    def trade(self) -> None:
        """Sell, push, be told, several times."""
        for at in range(ROUNDS):
            self.buyers_order()
            self.push(late=at % 2 == 0)
            self.write()
            time.sleep(0.05)


@pytest.fixture(scope="module")
def trade(http_site: tuple[Any, str]) -> tuple[Any, Api, list[Bridge]]:
    """The site, the administrator's client, and the three shops."""
    site, address = http_site
    admin = Api(address, ADMINISTRATOR)
    admin.create("Company", company_name="Cups", abbr="CU", default_currency="CNY")
    admin.create("Warehouse", warehouse_name="Main", company="Cups")
    admin.change("Company", "Cups", default_warehouse="Main")
    admin.create("SKU", sku_code="CUP", sku_name="杯子", standard_rate=20)
    admin.create("Supplier", supplier_name="Potter")
    admin.create("Customer", customer_name="Drinker")
    items = [{"sku": "CUP", "qty": 60, "rate": 5}]
    admin.submit("Purchase Receipt", company="Cups", supplier="Potter", items=items)
    with site.connected():
        import frappe

        ahead = frappe.utils.now_datetime().replace(tzinfo=None) - datetime.now()
    bridges = []
    for at, (kind, fields) in enumerate(KINDS.items()):
        code = f"platform{at}"
        admin.create("Platform", platform_code=code, platform_name=code, stock_primitive=kind, stock_skew_s=0, **fields)
        terms = {"company": "Cups", "currency": "CNY", "default_warehouse": "Main", "default_customer": "Drinker"}
        admin.create("Shop", shop_name=kind, platform=code, **terms)
        admin.create("Stock Policy", policy_name=kind, shop=kind, mode="Strict")
        admin.create("Listing", shop=kind, title="Cup", platform_item_id="CUP", sku="CUP")
        bridges.append(Bridge(Api(address, ADMINISTRATOR), kind, kind, at, ahead))
    return site, admin, bridges


def test_nothing_is_oversold_by_shops_that_sell_at_once(trade: tuple[Any, Api, list[Bridge]]) -> None:
    _site, admin, bridges = trade
    for bridge in bridges:  # they come to show something before buyers come
        for _ in range(4):
            bridge.push(late=False)
            bridge.write()
    with ThreadPoolExecutor(len(bridges)) as pool:
        list(pool.map(Bridge.trade, bridges))
    for bridge in bridges:
        bridge.push(late=False)
    sold = sum(order["lines"][0]["qty"] for bridge in bridges for order in bridge.orders)
    ((on_hand, reserved, available, locked),) = admin.find(
        "Stock Balance", "on_hand", "reserved", "available", "locked"
    )
    assert (on_hand, reserved) == (60, sold)
    assert available >= locked >= sum(bridge.shows for bridge in bridges)
    states = admin.find("Sales Order", "stock_state")
    assert sold > 20
    assert {state for (state,) in states} == {"Reserved"}


def test_a_figure_that_somebody_breaks_is_an_incident(trade: tuple[Any, Api, list[Bridge]]) -> None:
    site, admin, _ = trade
    broken = {"on_hand": "Ledger", "reserved": "Reservations", "locked": "Quotas"}
    for column, invariant in broken.items():
        for change, status in (("+ 500", "Open"), ("- 500", "Resolved")):
            with site.connected():
                import frappe
                from ec_erp.inventory import tasks

                frappe.db.sql(f"UPDATE `tabStock Balance` SET `{column}` = `{column}` {change}")
                frappe.db.commit()
                tasks.check_all_stock()
            found = admin.find("Stock Incident", "status", invariant=invariant)
            assert found == [[status]], (column, change)
            rows = admin.ask("POST", "method/ec_erp.orders.inbox_api.list_exceptions", json={}).body["message"]["rows"]
            notes = [row["note"] for row in rows if row["code"] == invariant]
            assert [("says" in note) for note in notes] == [True] * (status == "Open")
