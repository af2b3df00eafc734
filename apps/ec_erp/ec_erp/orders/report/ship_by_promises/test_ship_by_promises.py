"""The report lists what is late or at risk first, with what holds it."""

import frappe
from frappe.utils import add_to_date, now_datetime

from ec_erp.orders import flows
from ec_erp.orders.flows import ruling
from ec_erp.orders.report.ship_by_promises.ship_by_promises import execute
from ec_erp.testing import TradeCase


class TestShipByPromises(TradeCase):
    """Orders of cups with promises."""

    def setUp(self):
        super().setUp()
        self.addCleanup(ruling.forget_settings)
        self.buy(self.a, 10, 5)

    def promised(self, hours):
        return self.order((self.a, 1, 20), ship_by=add_to_date(now_datetime(), hours=hours))

    def shown(self, **filters):
        rows = execute({"warehouse": self.warehouse, **filters})[1]
        return [(row["order"], row["urgency"], row["held_by"]) for row in rows]

    def test_late_ones_come_first_and_stopped_ones_are_at_risk(self):
        early, stopped, late = self.promised(48), self.promised(9), self.promised(-1)
        flows.block_orders({stopped.name: ""}, "Remark", "buyer")
        assert self.shown() == [
            (late.name, "Late", ""),
            (stopped.name, "At Risk", "Remark"),
            (early.name, "In Time", ""),
        ]
        assert self.shown(urgency="Late") == [(late.name, "Late", "")]

    def test_what_has_left_is_not_listed(self):
        order = self.promised(-1)
        self.deliver(order)
        assert self.shown() == []

    def test_the_form_shows_it_in_the_readers_language(self):
        frappe.local.lang = "zh"
        told = frappe.call("ec_erp.orders.api.explain_order", name=self.promised(-1).name)["promise"]
        assert (told["urgency"], told["colour"]) == (frappe._("Late"), "red")
        assert told["urgency"] != "Late"
