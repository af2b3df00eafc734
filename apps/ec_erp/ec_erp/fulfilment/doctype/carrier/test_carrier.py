"""Carriers: which take parcels, and how many."""

import frappe

from ec_erp.documents.errors import DocumentRefused
from ec_erp.testing import TradeCase, again, make, submitted

HOME = {"receiver_province": "浙江省", "receiver_city": "杭州市", "receiver_address": "文三路 1 号"}


class TestCarrier(TradeCase):
    """Two carriers with prices, the first of them cheaper; the second collects on delivery."""

    def setUp(self):
        super().setUp()
        self.cheap, self.dear = (make("Carrier", carrier_name=f"{name} {self.a}").name for name in ("Cheap", "Dear"))
        self.rates = [
            make("Freight Rule", title=f"Rate {self.a} {price}", carrier=carrier, cod=cod, warehouse=self.warehouse,
                 bands=[{"first_price": price}])
            for carrier, price, cod in ((self.cheap, 0.01, 0), (self.dear, 0.02, 1))
        ]  # fmt: skip
        self.buy(self.a, 20, 5)

    def ordered(self, **fields):
        return again(self.order((self.a, 1, 20), paid_datetime="2026-01-05 09:00:00", **HOME, **fields))

    def test_a_carrier_that_is_disabled_gets_no_more_parcels(self):
        assert self.ordered().carrier == self.cheap
        frappe.get_doc("Carrier", self.cheap).update({"disabled": 1}).save()
        assert self.ordered().carrier == self.dear
        with self.refused(DocumentRefused, self.cheap, "disabled"):
            self.ordered(carrier=self.cheap)
        order = self.draft_order((self.a, 1, 20), hold_until="2090-01-01 00:00:00", **HOME)
        submitted(order)
        with self.refused(DocumentRefused, self.cheap, "disabled"):
            frappe.call("ec_erp.orders.api.edit_order", name=order.name, changes={"carrier": self.cheap})

    def test_a_rule_that_names_a_disabled_carrier_is_passed_over_and_says_so(self):
        rule = {"stage": "Carrier", "actions": [{"action": "Use Carrier", "carrier": self.cheap, "value": self.cheap}]}
        make("Order Rule", rule_name=f"Cheap {self.a}", **rule)
        frappe.call("ec_erp.orders.rules_api.publish_rules")
        frappe.get_doc("Carrier", self.cheap).update({"disabled": 1}).save()
        order = self.ordered()
        assert order.carrier == self.dear
        told = frappe.as_json(frappe.call("ec_erp.orders.api.explain_order", name=order.name))
        assert f"The carrier {self.cheap} is disabled" in told

    def test_what_the_carrier_collects_is_packed_for_one_that_collects(self):
        choose = frappe.get_attr("ec_erp.fulfilment.flows.carriers.choose")
        order = self.ordered(payment_type="Cash on Delivery", carrier=None)
        frappe.db.set_value("Sales Order", order.name, "carrier", None)
        head = {"sales_order": order.name, "warehouse": self.warehouse, "carrier": None}
        choice = choose({"N": head}, {"N": frappe.get_attr("ec_erp.kernel.numbers.decimal_of")(100)})["N"]
        assert choice.carrier == self.dear

    def test_no_carrier_has_more_than_all_parcels(self):
        carrier = frappe.get_doc("Carrier", self.cheap)
        carrier.share_cap_percent = 101
        with self.refused(DocumentRefused, "100 %"):
            carrier.save()

    def test_a_price_table_says_one_thing_of_a_place(self):
        rate = self.rates[0]
        for bands, words in (
            ([{"provinces": "浙江", "first_price": 1}, {"provinces": "江苏, 浙江省", "first_price": 2}], "row 1"),
            ([{"first_price": 1}, {"first_price": 2}], "everywhere else"),
            ([{"first_price": 1, "step_weight_g": 0, "step_price": 2}], "grams"),
        ):
            with self.refused(DocumentRefused, words):
                again(rate).update({"bands": bands}).save()
        with self.refused(DocumentRefused, "end date"):
            again(rate).update({"valid_from": "2026-02-01", "valid_to": "2026-01-01"}).save()

    def test_a_province_that_does_not_exist_is_told(self):
        frappe.clear_messages()
        again(self.rates[0]).update({"bands": [{"provinces": "浙江、火星", "first_price": 1}]}).save()
        (told,) = frappe.get_message_log()
        assert told["message"] == "The table of regions does not have 火星"
