"""Deliveries and returns: stock, cost, books, and the order behind them."""

import frappe

from ec_erp.accounting.errors import PeriodClosed
from ec_erp.documents.errors import EventTooLate
from ec_erp.fulfilment.errors import DeliveryRefused, OverDelivery, OverReturn
from ec_erp.inventory.errors import StockShortage
from ec_erp.orders.errors import OrderNotReady
from ec_erp.testing import TradeCase, again, make, new, submitted


class TestDeliveryNote(TradeCase):
    """Goods leave once, at cost, with their revenue."""

    def setUp(self):
        super().setUp()
        self.buy(self.a, 10, 10)

    def taken_back(self, note, qty, **fields):
        items = [{"sku": self.a, "qty": qty}]
        return submitted(new("Delivery Note", is_return=1, return_against=note.name, items=items, **fields))

    def test_delivery_of_an_order(self):
        order = self.order((self.a, 4, 22.6), shipping_fee=11.3)
        note = self.deliver(order)
        assert (note.status, note.grand_total, note.total_cost) == ("Shipped", 101.7, 40)
        assert self.stock(self.a) == {"on_hand": 6, "available": 6, "reserved": 0, "on_order": 0, "value": 60}
        wanted = {"1122": 101.7, "500101": -80, "500102": -10, "22210106": -11.7, "540101": 40, "1405": -40}
        assert self.booked(note) == wanted
        shown = again(order)
        assert (shown.status, shown.stock_state, shown.books_state) == ("Shipped", "Delivered", "Posted")
        assert (shown.items[0].delivered_qty, shown.delivered_percent) == (4, 100)

    def test_the_cost_of_a_gift_is_an_expense_of_promotion(self):
        draft = self.draft_order((self.a, 2, 22.6))
        draft.append("items", {"sku": self.a, "qty": 1, "is_gift": 1})
        note = self.deliver(submitted(draft))
        assert self.booked(note) == {
            "1122": 45.2,
            "500101": -40,
            "22210106": -5.2,
            "540101": 20,
            "560104": 10,
            "1405": -30,
        }
        assert [row.gift_cost for row in again(note).items] == [None, "Promotion Expense"]
        frappe.db.set_value("Company", self.company, "gift_cost", "Spread over the Order")
        frappe.clear_document_cache("Company", self.company)
        items = [{"sku": self.a, "qty": 1, "return_against_item": note.items[1].name}]
        back = submitted(new("Delivery Note", is_return=1, return_against=note.name, items=items))
        assert self.booked(back) == {"560104": -10, "1405": 10}  # as it was booked, not as it would be now
        again(back).cancel()
        again(note).cancel()
        assert (self.booked(back), self.booked(note), self.stock(self.a)["value"]) == ({}, {}, 100)

    def test_a_gift_may_be_spread_over_the_order(self):
        self.buy(self.b, 1, 9)
        frappe.db.set_value("Company", self.company, "gift_cost", "Spread over the Order")
        frappe.clear_document_cache("Company", self.company)
        self.addCleanup(frappe.clear_document_cache, "Company", self.company)
        draft = self.draft_order((self.a, 2, 22.6))
        draft.append("items", {"sku": self.b, "qty": 1, "is_gift": 1})
        note = self.deliver(submitted(draft))
        costs = frappe.get_all("GL Entry", {"voucher_no": note.name, "account": ("like", "540101%")}, ["sku", "debit"])
        assert [(row.sku, row.debit) for row in costs] == [(self.a, 29)]

    def test_gifts_cost_the_replay_no_difference(self):
        draft = self.draft_order((self.a, 2, 22.6))
        draft.append("items", {"sku": self.a, "qty": 1, "is_gift": 1})
        note = self.deliver(submitted(draft))
        items = [{"sku": self.a, "qty": 1, "return_against_item": row.name} for row in note.items]
        submitted(new("Delivery Note", is_return=1, return_against=note.name, items=items))
        found = frappe.get_attr("ec_erp.replay.flows.books.book_differences")()
        assert [one for one in found if note.name in str(one) or self.company in str(one)] == []

    def test_parts_add_up_to_the_order(self):
        order = self.order((self.a, 3, 33.33), discount_amount=0.05, shipping_fee=5)
        notes = [self.deliver(order, items=[{"sku": self.a, "qty": 1}]) for _ in range(3)]
        assert round(sum(note.grand_total for note in notes), 2) == order.grand_total
        assert [note.shipping_fee for note in notes] == [5, 0, 0]
        assert again(order).status == "Shipped"

    def test_part_of_an_order_keeps_the_rest_promised(self):
        order = self.order((self.a, 4, 20))
        self.deliver(order, items=[{"sku": self.a, "qty": 1}])
        assert (again(order).status, again(order).delivered_percent) == ("To Ship", 25)
        assert (self.stock(self.a)["reserved"], again(order).items[0].reserved_qty) == (3, 3)

    def test_goods_from_another_warehouse_free_the_promise(self):
        self.buy(self.a, 5, 12, warehouse=self.other_warehouse)
        order = self.order((self.a, 4, 20))
        note = self.deliver(order, warehouse=self.other_warehouse)
        assert (note.total_cost, self.stock(self.a)["reserved"]) == (48, 0)
        assert self.stock(self.a, self.other_warehouse)["on_hand"] == 1

    def test_over_delivery_is_refused_beyond_the_tolerance(self):
        order = self.order((self.a, 4, 20))
        with self.refused(OverDelivery, "only 4 are open"):
            self.deliver(order, items=[{"sku": self.a, "qty": 5}])
        frappe.db.set_value("Company", self.company, "over_delivery_tolerance", 25)
        frappe.clear_document_cache("Company", self.company)
        assert self.deliver(order, items=[{"sku": self.a, "qty": 5}]).grand_total == 100

    def test_what_is_not_in_the_order_is_refused(self):
        order = self.order((self.a, 4, 20))
        with self.refused(OverDelivery, "is not in the order"):
            self.deliver(order, items=[{"sku": self.b, "qty": 1}])

    def test_without_an_order_only_what_is_available_leaves(self):
        self.order((self.a, 8, 20))
        items = [{"sku": self.a, "qty": 3, "rate": 20}]
        note = new("Delivery Note", company=self.company, customer=self.customer, items=items).insert()
        with self.refused(StockShortage, "3 needed, 2 available"):
            note.submit()

    def test_without_an_order(self):
        items = [{"sku": self.a, "qty": 2}]
        note = submitted(new("Delivery Note", company=self.company, customer=self.customer, items=items))
        assert (note.grand_total, note.total_cost, note.items[0].warehouse) == (40, 20, self.warehouse)

    def test_a_block_holds_an_order_back(self):
        order = self.draft_order((self.a, 1, 20))
        order.append("blocks", {"code": "Refund Applied", "source": "platform"})
        submitted(order)
        with self.refused(OrderNotReady, "Refund Applied"):
            self.deliver(order)

    def test_a_draft_order_is_not_delivered(self):
        order = self.draft_order((self.a, 1, 20)).insert()
        with self.refused(DeliveryRefused, "not submitted"):
            self.deliver(order)

    def test_return_at_original_cost_and_price(self):
        note = self.deliver(self.order((self.a, 3, 33.9)))
        self.buy(self.a, 10, 99)
        back = self.taken_back(note, 2)
        assert (back.status, back.name[:2], back.grand_total, back.total_cost) == ("Taken Back", "RT", 67.8, 20)
        assert self.entries(back) == [(2, 20)]
        assert self.booked(back) == {"1122": -67.8, "500101": 60, "22210106": 7.8, "540101": -20, "1405": 20}
        assert again(note).status == "Part Returned"
        self.taken_back(note, 1)
        assert (again(note).status, again(note).items[0].returned_cost) == ("Returned", 30)

    def test_more_than_was_delivered_does_not_come_back(self):
        note = self.deliver(self.order((self.a, 3, 20)))
        self.taken_back(note, 2)
        with self.refused(OverReturn, "only 1 were delivered and not returned yet"):
            self.taken_back(note, 2)

    def test_return_of_unknown_origin_at_the_average(self):
        items = [{"sku": self.a, "qty": 1, "rate": 15}]
        fields = {"company": self.company, "customer": self.customer, "is_return": 1, "items": items}
        back = submitted(new("Delivery Note", **fields))
        assert (back.grand_total, back.total_cost) == (15, 10)

    def test_somebody_elses_goods_do_not_come_back(self):
        note = self.deliver(self.order((self.a, 3, 20)))
        stranger = make("Customer", customer_name=f"Stranger {frappe.generate_hash(length=5)}").name
        items = [{"sku": self.a, "qty": 1, "rate": 20, "return_against_item": note.items[0].name}]
        fields = {"company": self.company, "customer": stranger, "is_return": 1, "items": items}
        with self.refused(DeliveryRefused, self.customer, stranger):
            new("Delivery Note", **fields).insert()

    def test_cancelling_undoes_everything(self):
        order = self.order((self.a, 4, 20), shipping_fee=5)
        note = self.deliver(order)
        note.cancel()
        assert self.stock(self.a) == {"on_hand": 10, "available": 6, "reserved": 4, "on_order": 0, "value": 100}
        assert self.booked(note) == {}
        assert self.entries(note) == [(-4, -40), (4, 40)]
        shown = again(order)
        assert (shown.status, shown.delivered_percent, shown.charges_delivered) == ("To Ship", 0, 0)
        assert self.deliver(order).grand_total == 85

    def test_cancelling_has_its_own_event_time(self):
        note = self.deliver(self.order((self.a, 1, 20)), posting_datetime="2026-01-05 08:00:00")
        note.cancel_datetime = "2026-02-07 09:30:00"
        note.cancel()
        times = frappe.get_all(
            "GL Entry", filters={"voucher_no": note.name}, fields=["is_reversal", "posting_date"], distinct=True
        )
        shown = sorted((row.is_reversal, str(row.posting_date)) for row in times)
        assert shown == [(0, "2026-01-05"), (1, "2026-02-07")]

    def test_a_delivery_with_returns_is_not_cancelled(self):
        note = self.deliver(self.order((self.a, 3, 20)))
        back = self.taken_back(note, 1)
        with self.refused(DeliveryRefused, "cancel the returns first"):
            again(note).cancel()
        back.cancel()
        assert again(note).status == "Shipped"
        again(note).cancel()
        assert self.stock(self.a)["on_hand"] == 10

    def test_a_closed_period_takes_no_postings(self):
        period = {"company": self.company, "start_date": "2026-01-01", "end_date": "2026-01-31", "closed": 1}
        make("Accounting Period", period_name="January", **period)
        order = self.order((self.a, 1, 20))
        with self.refused(PeriodClosed, "January", "2026-01-31"):
            self.deliver(order, posting_datetime="2026-01-31 23:59:59")
        assert self.deliver(order, posting_datetime="2026-02-01 00:00:00").name

    def test_the_future_is_refused(self):
        order = self.order((self.a, 1, 20))
        with self.refused(EventTooLate, "future"):
            self.deliver(order, posting_datetime=frappe.utils.add_days(frappe.utils.now_datetime(), 3))

    def test_charges_alone(self):
        order = self.draft_order()
        order.append("charges", {"charge_type": "SERVICE", "amount": 11.3})
        submitted(order)
        note = self.deliver(order)
        assert self.booked(note) == {"1122": 11.3, "5051": -10, "22210106": -1.3}
        assert (again(order).status, again(order).delivered_percent) == ("Shipped", 100)

    def test_a_return_that_covers_missing_goods_brings_back_its_cost_and_can_be_cancelled(self):
        name = f"Loose {frappe.generate_hash(length=5)}"
        loose = make("Warehouse", warehouse_name=name, company=self.company, allow_negative_stock=1).name
        sell = {"company": self.company, "customer": self.customer, "warehouse": loose}
        self.buy(self.a, 1, 10, warehouse=loose)
        note = submitted(new("Delivery Note", **sell, items=[{"sku": self.a, "qty": 3, "rate": 20}]))
        self.buy(self.a, 1, 16, warehouse=loose)
        submitted(new("Delivery Note", **sell, items=[{"sku": self.a, "qty": 1, "rate": 20}]))
        back = self.taken_back(note, 2)
        assert (again(note).items[0].returned_cost, again(back).items[0].cost) == (20, 20)
        back.reload()
        back.cancel()
        assert again(note).items[0].returned_cost == 0
