"""Cash on delivery: the carrier owes what it collects, until it has handed it over."""

import frappe

from ec_erp.orders.errors import OrderNotReady
from ec_erp.posting.flows.payments import PaymentRefused
from ec_erp.testing import TradeCase, again, make, new, submitted


class TestCollecting(TradeCase):
    """An order that a carrier collects for."""

    def setUp(self):
        super().setUp()
        self.buy(self.a, 10, 5)
        self.carrier = make("Carrier", carrier_name=f"Carrier {self.company}").name
        self.placed = self.order((self.a, 2, 10), payment_type="Cash on Delivery", carrier=self.carrier)

    def owed(self):
        rows = frappe.get_all(
            "GL Entry", {"company": self.company, "party": ("is", "set")}, ["party_type", "debit", "credit"]
        )
        owed = {}
        for row in rows:
            owed[row.party_type] = owed.get(row.party_type, 0) + row.debit - row.credit
        return {kind: amount for kind, amount in owed.items() if kind != "Supplier" and amount}

    def pay(self, **fields):
        row = {"reference_doctype": "Sales Order", "reference_name": self.placed.name}
        values = {"company": self.company, "payment_type": "Receive", "references": [row], **fields}
        return submitted(new("Payment Entry", **values))

    def test_the_carrier_owes_until_it_pays(self):
        self.deliver(self.placed)
        assert (self.owed(), again(self.placed).payment_state) == ({"Carrier": 20}, "Collect")
        payment = self.pay(party_type="Carrier", party=self.carrier, fee_amount=1)
        assert payment.paid_amount == 20
        assert (self.owed(), again(self.placed).payment_state) == ({}, "Paid")

    def test_the_customer_does_not_pay_what_the_carrier_collects(self):
        self.deliver(self.placed)
        with self.refused(PaymentRefused, self.carrier):
            self.pay(party_type="Customer", party=self.customer)

    def test_a_refused_parcel_takes_the_debt_of_the_carrier_back(self):
        note = self.deliver(self.placed)
        submitted(new("Delivery Note", is_return=1, return_against=note.name))
        assert self.owed() == {}

    def back(self, note, qty):
        items = [{"sku": self.a, "qty": qty, "delivery_note_item": note.items[0].name}]
        return submitted(new("Delivery Note", is_return=1, return_against=note.name, items=items))

    def collect(self):
        frappe.call("ec_erp.orders.api.collect_payments", names=[self.placed.name])

    def test_a_buyer_who_refuses_pays_nothing(self):
        note = self.deliver(self.placed)
        self.back(note, 2)
        with self.refused(OrderNotReady, self.placed.name, "came back"):
            self.collect()
        with self.refused(PaymentRefused, "fully paid"):
            row = {"reference_doctype": "Sales Order", "reference_name": self.placed.name, "allocated_amount": 20}
            self.pay(party_type="Carrier", party=self.carrier, paid_amount=20, references=[row])

    def test_the_carrier_pays_what_was_not_refused(self):
        self.back(self.deliver(self.placed), 1)
        payment = self.pay(party_type="Carrier", party=self.carrier)
        assert (payment.paid_amount, self.owed(), again(self.placed).payment_state) == (10, {}, "Paid")

    def test_money_goes_back_for_what_came_back(self):
        prepaid = self.order((self.a, 2, 10), payment_type="Prepaid", paid_datetime="2026-01-05 09:00:00")
        asked = {"party_type": "Customer", "party": self.customer}
        row = {"reference_doctype": "Sales Order", "reference_name": prepaid.name}
        values = {"company": self.company, "references": [row], **asked}
        submitted(new("Payment Entry", payment_type="Receive", **values))
        self.back(self.deliver(prepaid), 1)
        given = submitted(new("Payment Entry", payment_type="Pay", **values))
        assert (given.paid_amount, self.owed()) == (10, {})

    def test_what_comes_back_after_it_was_collected_is_owed_to_the_customer(self):
        note = self.deliver(self.placed)
        self.pay(party_type="Carrier", party=self.carrier)
        submitted(new("Delivery Note", is_return=1, return_against=note.name))
        assert self.owed() == {"Customer": -20}

    def test_cancelling_the_delivery_takes_the_debt_back(self):
        again(self.deliver(self.placed)).cancel()
        assert self.owed() == {}

    def test_other_orders_are_owed_by_their_customer(self):
        self.deliver(self.order((self.a, 1, 10), carrier=self.carrier))
        assert self.owed() == {"Customer": 10}
