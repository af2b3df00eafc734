"""Supplier SKUs: prices for orders, one primary supplier, what receipts teach."""

import frappe

from ec_erp.purchasing.errors import PurchaseRefused
from ec_erp.testing import TradeCase, again, counting, make, new, submitted


class TestSupplierSKU(TradeCase):
    """What a supplier sells a SKU for."""

    def priced(self, **fields):
        values = {"supplier": self.supplier, "sku": self.a, "price": 10, **fields}
        return make("Supplier SKU", **values)

    def test_orders_take_the_price_for_their_quantity(self):
        terms = self.priced(tiers=[{"min_qty": 50, "price": 9}])
        order = self.purchase_order((self.a, 60, None))
        assert (order.items[0].rate, order.items[0].price_origin) == (9, f"Tier Price {terms.name}")
        assert self.purchase_order((self.a, 5, None)).items[0].rate == 10

    def price(self, **fields):
        head = {"company": self.company, "supplier": self.supplier, **fields}
        return frappe.call("ec_erp.purchasing.api.get_price", sku=self.a, **head)

    def test_a_row_that_is_being_entered_gets_the_suppliers_price(self):
        terms = self.priced(tiers=[{"min_qty": 50, "price": 9}])
        found = self.price(qty=60, prices_include_tax=1)
        assert (found["rate"], found["price_origin"], found["tax_rate"]) == (10.17, f"Tier Price {terms.name}", 13)
        frappe.db.set_value("SKU", self.a, "purchase_rate", 7)
        assert self.price(supplier=None)["rate"] == 7

    def test_a_price_far_above_the_last_one_is_warned_of(self):
        self.priced()
        self.buy(self.a, 5, 8)
        frappe.clear_messages()
        self.purchase_order((self.a, 1, 8.8))
        assert frappe.get_message_log() == []
        self.purchase_order((self.a, 1, 9))
        (told,) = frappe.get_message_log()
        assert told["message"] == f"Row 1: {self.a} is 12.5 % above the last price of 8; the lowest so far is 8"

    def test_without_terms_the_last_receipt_is_compared(self):
        self.buy(self.a, 5, 10)
        self.buy(self.a, 5, 8)
        order = self.purchase_order((self.a, 1, 10), prices_include_tax=0)
        assert (order.items[0].last_price, order.max_deviation) == (8, 25)
        (told,) = frappe.get_message_log()
        assert "25 % above the last price of 8" in told["message"]
        frappe.db.set_value("SKU", self.a, "purchase_rate", 7)
        assert self.price()["last_price"] == 8
        other = make("Supplier", supplier_name=f"Other {self.a}").name
        items = [{"sku": self.a, "qty": 1, "rate": 10, "warehouse": self.warehouse}]
        elsewhere = make("Purchase Order", company=self.company, supplier=other, items=items)
        assert elsewhere.max_deviation == 0, "another supplier never sold it"

    def test_origins_of_prices_are_told_in_the_readers_language(self):
        terms = self.priced()
        order = submitted(self.purchase_order((self.a, 5, None)))
        frappe.local.lang = "zh"
        order.run_method("onload")
        assert order.items[0].price_origin == f"目录价 {terms.name}"
        order.save()  # what was told comes back with the form, also of a submitted order

    def test_orders_with_tax_state_the_price_with_tax(self):
        self.priced()
        order = self.purchase_order((self.a, 1, None), prices_include_tax=1)
        assert (order.items[0].rate, order.net_total) == (11.3, 10)

    def test_a_rate_that_is_given_stays_and_is_compared(self):
        self.priced()
        order = self.purchase_order((self.a, 1, 12))
        assert (order.items[0].rate, order.items[0].price_deviation, order.max_deviation) == (12, 20, 20)

    def test_receipts_teach_last_and_lowest_price(self):
        terms = self.priced()
        for rate in (8, 9):
            self.buy(self.a, 5, rate)
        shown = again(terms)
        assert (shown.last_price, shown.lowest_price, bool(shown.last_purchase_date)) == (9, 8, True)
        assert shown.previous_price == 8

    def learned(self, terms):
        shown = again(terms)
        return (shown.last_price, shown.previous_price, shown.lowest_price)

    def test_a_cancelled_receipt_has_taught_nothing(self):
        terms = self.priced()
        self.buy(self.a, 5, 8)
        self.buy(self.a, 5, 0.01).cancel()
        assert self.learned(terms) == (8, 0, 8)

    def test_a_receipt_of_an_earlier_day_is_not_the_last_one(self):
        terms = self.priced()
        self.buy(self.a, 5, 9, posting_datetime="2026-02-01 10:00:00")
        self.buy(self.a, 5, 7, posting_datetime="2026-01-01 10:00:00")
        assert (*self.learned(terms), str(again(terms).last_purchase_date)) == (9, 7, 7, "2026-02-01")

    def test_terms_know_what_was_paid_before_they_were_written_down(self):
        for rate in (9, 8):
            self.buy(self.a, 5, rate)
        assert self.learned(self.priced()) == (8, 9, 8)

    def test_nobody_types_what_receipts_teach(self):
        self.buy(self.a, 5, 8)
        terms = again(self.priced())
        terms.last_price = 20
        with self.refused(PurchaseRefused, "Last Price", "cannot be edited"):
            terms.save()

    def test_two_prices_for_the_same_quantity_and_day_are_refused(self):
        with self.refused(PurchaseRefused, "Row 2", "same quantity"):
            self.priced(tiers=[{"min_qty": 50, "price": 9}, {"min_qty": 50, "price": 8}])

    def test_the_suppliers_minimum_pack_and_days_count_for_orders_that_are_typed(self):
        self.priced(moq=12, pack_qty=6, lead_time_days=7)
        frappe.clear_messages()
        order = self.purchase_order((self.a, 5, 10), order_datetime="2026-03-01 10:00:00")
        (told,) = frappe.get_message_log()
        assert f"{self.supplier} sells {self.a} from 12 on" in told["message"]
        assert f"{self.supplier} sells {self.a} in multiples of 6" in told["message"]
        assert str(order.items[0].schedule_date) == "2026-03-08"

    def test_the_suppliers_own_tax_rate_comes_before_the_skus(self):
        make("Supplier SKU", supplier=self.supplier, sku=self.a, price=9, tax_rate=3)
        order = self.purchase_order((self.a, 1, None))
        assert order.items[0].tax_rate == 3

    def test_a_pair_has_one_price(self):
        first = self.priced()
        with self.refused(PurchaseRefused, "already", first.name):
            self.priced(price=11)

    def test_a_sku_has_one_primary_supplier(self):
        first = self.priced(is_primary=1)
        other = make("Supplier", supplier_name="Second").name
        second = self.priced(supplier=other, is_primary=1)
        assert (again(first).is_primary, again(second).is_primary) == (0, 1)

    def test_a_price_that_ends_before_it_begins_is_refused(self):
        tiers = [{"min_qty": 1, "price": 9, "valid_from": "2026-02-01", "valid_to": "2026-01-01"}]
        with self.refused(PurchaseRefused, "Row 1"):
            self.priced(tiers=tiers)

    def test_goods_that_need_it_are_inspected_before_they_are_posted(self):
        self.priced(needs_inspection=1)
        items = [{"sku": self.a, "qty": 10, "rate": 10, "warehouse": self.warehouse}]
        receipt = make("Purchase Receipt", company=self.company, supplier=self.supplier, items=items)
        assert (receipt.status, receipt.inspection) == ("To Inspect", "To Inspect")
        with self.refused(PurchaseRefused, "waits for inspection"):
            submitted(again(receipt))
        self.call(
            "record_inspection",
            name=receipt.name,
            results={receipt.items[0].name: {"rejected_qty": 2, "rejection_reason": "cracked"}},
        )
        shown = again(receipt)
        assert (shown.status, shown.items[0].accepted_qty, shown.inspected_by) == ("Inspected", 8, "Administrator")
        submitted(shown)
        assert self.stock(self.a)["on_hand"] == 8

    def test_rejecting_needs_a_reason(self):
        self.priced(needs_inspection=1)
        items = [{"sku": self.a, "qty": 10, "rate": 10, "warehouse": self.warehouse}]
        receipt = make("Purchase Receipt", company=self.company, supplier=self.supplier, items=items)
        with self.refused(PurchaseRefused, "say why 2"):
            self.call("record_inspection", name=receipt.name, results={receipt.items[0].name: {"rejected_qty": 2}})

    def test_an_inspection_may_be_asked_for(self):
        items = [{"sku": self.a, "qty": 10, "rate": 10, "warehouse": self.warehouse}]
        receipt = make("Purchase Receipt", company=self.company, supplier=self.supplier, items=items)
        assert self.call("request_inspection", name=receipt.name) == {receipt.name: "To Inspect"}
        assert self.call("record_inspection", name=receipt.name) == {receipt.name: "Inspected"}

    def test_goods_that_are_added_after_an_inspection_are_inspected_too(self):
        items = [{"sku": self.a, "qty": 10, "rate": 10, "warehouse": self.warehouse}]
        receipt = make("Purchase Receipt", company=self.company, supplier=self.supplier, items=items)
        self.call("record_inspection", name=receipt.name)
        more = again(receipt)
        more.remarks = "late"
        more.save()
        assert more.inspection == "Inspected", "the goods are the same"
        more.append("items", {**items[0], "sku": self.b})
        more.save()
        assert (more.status, more.inspected_by) == ("To Inspect", None)
        with self.refused(PurchaseRefused, "waits for inspection"):
            submitted(again(receipt))

    def call(self, method, **values):
        return frappe.call(f"ec_erp.purchasing.api.{method}", **values)

    def test_many_rows_are_priced_with_few_statements(self):
        skus = [make("SKU", sku_code=f"M{number}-{self.a}", tax_rate=13).name for number in range(20)]
        for sku in skus:
            self.priced(sku=sku)
        order = new(
            "Purchase Order",
            company=self.company,
            supplier=self.supplier,
            items=[{"sku": sku, "qty": 1, "warehouse": self.warehouse} for sku in skus],
        )
        order.insert()
        with counting() as counted:
            order.submit()
        assert len([query for query in counted if "Supplier SKU" in query]) <= 2, "\n".join(counted)
        assert {row.rate for row in order.items} == {10}
