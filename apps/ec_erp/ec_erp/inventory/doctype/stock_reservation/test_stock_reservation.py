"""What is put aside is given back: when its order is cancelled, and by the schedule when an unpaid one has had its time."""

from datetime import timedelta

import frappe

from ec_erp.testing import TradeCase, again, make

SCHEDULED = "ec_erp.orders.flows.clock.run_due"


class TestStockReservation(TradeCase):
    """Ten cups; orders of a shop that puts stock aside when an order comes in, for half an hour."""

    def setUp(self):
        super().setUp()
        self.buy(self.a, 10, 5)
        fields = {"platform": "own", "company": self.company, "currency": "CNY", "default_warehouse": self.warehouse}
        name = f"Shop {frappe.generate_hash(length=5)}"
        self.shop = make("Shop", shop_name=name, reserve_on="Order", unpaid_minutes=30, **fields).name

    def unpaid(self, qty):
        return self.order((self.a, qty, 20), payment_type="Prepaid", shop=self.shop)

    def held(self, order):
        fields = ["status", "soft", "expires_at", "released_qty"]
        (row,) = frappe.get_all("Stock Reservation", {"voucher_no": order.name}, fields)
        return row

    def pass_time(self, **span):
        frappe.get_attr(SCHEDULED)(frappe.utils.now_datetime() + timedelta(**span))

    def test_the_schedule_calls_it_every_few_minutes(self):
        assert SCHEDULED in frappe.get_hooks("scheduler_events")["cron"]["*/5 * * * *"]

    def test_an_unpaid_order_holds_for_its_time_and_no_longer(self):
        order = self.unpaid(4)
        assert (self.held(order).status, self.held(order).soft, self.stock(self.a)["reserved"]) == ("Held", 1, 4)
        assert self.held(order).expires_at == again(order).reserved_until
        self.pass_time(minutes=29)
        assert self.stock(self.a)["reserved"] == 4
        self.pass_time(minutes=31)
        assert (self.held(order).status, self.held(order).released_qty) == ("Released", 4)
        assert (again(order).status, self.stock(self.a)["available"]) == ("Unpaid", 10)

    def test_what_is_paid_in_time_is_held_on(self):
        order = self.unpaid(4)
        frappe.call("ec_erp.orders.api.pay_orders", names=[order.name])
        self.pass_time(days=2)
        row = self.held(order)
        assert (row.status, row.soft, row.expires_at, self.stock(self.a)["reserved"]) == ("Held", 0, None, 4)

    def test_what_expired_is_free_for_others(self):
        late = self.unpaid(8)
        self.pass_time(minutes=31)
        self.order((self.a, 9, 20))
        frappe.call("ec_erp.orders.api.pay_orders", names=[late.name])
        assert "Shortage" in (again(late).exceptions or "")
        assert self.stock(self.a)["available"] >= 0

    def test_a_cancelled_order_gives_back_what_it_holds(self):
        order = self.unpaid(4)
        again(order).cancel()
        assert (self.held(order).status, self.stock(self.a)["reserved"]) == ("Released", 0)
