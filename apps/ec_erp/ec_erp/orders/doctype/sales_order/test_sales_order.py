"""Sales orders: prices, reservation, status, cancelling, and what is refused."""

import frappe

from ec_erp.catalog.errors import DisabledSku
from ec_erp.documents.errors import DocumentRefused, NotANumberError, WrongCurrency
from ec_erp.inventory.errors import StockShortage, WrongWarehouse
from ec_erp.orders.errors import DuplicateOrder, OrderNotReady
from ec_erp.orders.rules import machine
from ec_erp.orders.store import empty_value
from ec_erp.testing import TradeCase, again, make, new, submitted


class TestSalesOrder(TradeCase):
    """An order promises stock and adds up its money."""

    def shop(self, **fields):
        shop_name = f"Shop {frappe.generate_hash(length=5)}"
        return make("Shop", shop_name=shop_name, platform="own", company=self.company, **fields).name

    def test_every_order_that_has_not_ended_or_left_keeps_what_it_names_from_being_disabled(self):
        open_ones = frappe.get_hooks("ec_erp_open_documents")["Sales Order"]["status"]
        assert set(open_ones) == set(machine.LIVE)

    def test_least_fields(self):
        order = new(
            "Sales Order", company=self.company, customer=self.customer, items=[{"sku": self.a, "qty": 2}]
        ).insert()
        assert (order.status, order.currency, order.items[0].warehouse) == ("Draft", "CNY", self.warehouse)
        assert (order.items[0].rate, order.grand_total) == (20, 40)

    def test_money(self):
        order = self.draft_order((self.a, 3, 19.9), (self.b, 1, 5), discount_amount=1, shipping_fee=11.3)
        order.append("charges", {"charge_type": "DISCOUNT", "amount": -2.26})
        order.insert()
        assert (order.goods_total, order.charges_total, order.grand_total) == (64.7, -2.26, 72.74)
        assert [row.discount_share for row in order.items] == [0.92, 0.08]
        assert round(sum(row.net_amount + row.tax_amount for row in order.items), 2) == 63.7

    def test_submitting_promises_stock(self):
        self.buy(self.a, 10, 10)
        order = self.order((self.a, 4, 20))
        assert (order.status, order.stock_state, order.estimated_profit) == ("To Ship", "Reserved", 30.8)
        assert self.stock(self.a) == {"on_hand": 10, "available": 6, "reserved": 4, "on_order": 0, "value": 100}
        assert again(order).items[0].reserved_qty == 4

    def test_the_shops_fees_count_in_the_estimate(self):
        self.buy(self.a, 10, 10)
        order = self.order((self.a, 4, 20), shop=self.shop(commission_percent=5, payment_fee_percent=0.6))
        assert again(order).estimated_profit == 26.32  # 70.80 net − 40 goods − 4 commission − 0.48 fee

    def test_numbers_of_an_order_are_never_written_empty(self):
        fields = ("estimated_profit", "is_blocked", "ship_by")  # upstream leaves the numbers of a new document None
        assert [empty_value(field) for field in fields] == [0, 0, None]

    def test_shortage_names_everything_at_once(self):
        self.buy(self.a, 3, 10)
        order = self.draft_order((self.a, 5, 20), (self.b, 2, 5)).insert()
        with self.refused(
            StockShortage, self.a, self.b, self.warehouse, "5 needed, 3 available", "2 needed, 0 available"
        ):
            order.submit()
        assert self.stock(self.a)["reserved"] == 0

    def test_cancelling_gives_stock_back(self):
        self.buy(self.a, 10, 10)
        order = self.order((self.a, 4, 20))
        order.cancel()
        assert (again(order).status, self.stock(self.a)["available"]) == ("Cancelled", 10)
        assert frappe.db.get_value("Stock Reservation", order.items[0].name, "status") == "Released"

    def test_a_delivered_order_is_not_cancelled(self):
        self.buy(self.a, 10, 10)
        order = self.order((self.a, 4, 20))
        self.deliver(order, items=[{"sku": self.a, "qty": 1}])
        with self.refused(OrderNotReady, "cancel its deliveries first"):
            again(order).cancel()

    def test_the_shop_says_which_company(self):
        shop = self.shop(default_customer=self.customer)
        items = [{"sku": self.a, "qty": 1}]
        default = frappe.defaults.get_global_default("company")
        for given in (None, default):
            with self.subTest(company=given):
                order = new("Sales Order", shop=shop, company=given, items=items).insert()
                assert (order.company, order.currency, order.customer) == (self.company, "CNY", self.customer)
        suffix = frappe.generate_hash(length=4)
        other = make("Company", company_name=f"Third {suffix}", abbr=f"H{suffix}", default_currency="CNY")
        with self.refused(DocumentRefused, "belongs to"):
            new("Sales Order", shop=shop, company=other.name, items=items).insert()

    def test_platform_order_id_is_unique_per_shop(self):
        shop = self.shop()
        self.draft_order((self.a, 1, 20), shop=shop, platform_order_id="T1").insert()
        self.draft_order((self.a, 1, 20), shop=self.shop(), platform_order_id="T1").insert()
        with self.refused(DuplicateOrder, "T1"):
            self.draft_order((self.a, 1, 20), shop=shop, platform_order_id="T1").insert()

    def test_a_cancelled_order_frees_its_platform_order_id(self):
        self.buy(self.a, 10, 10)
        order = self.order((self.a, 1, 20), shop=self.shop(), platform_order_id="T2")
        order.cancel()
        amended = frappe.copy_doc(order)
        amended.update({"amended_from": order.name, "platform_order_id": "T2", "docstatus": 0})
        assert amended.insert().platform_key

    def test_a_shop_may_take_orders_that_are_short(self):
        self.buy(self.a, 3, 10)
        order = self.order((self.a, 5, 20), shop=self.shop(allow_partial_reservation=1))
        assert (order.stock_state, self.stock(self.a)["available"]) == ("Part Reserved", 0)
        assert [row.code for row in again(order).blocks] == ["Shortage"]
        self.buy(self.a, 3, 10)
        frappe.call("ec_erp.orders.api.reserve_missing", names=[order.name])
        assert (again(order).stock_state, again(order).blocks) == ("Reserved", [])
        assert self.stock(self.a)["reserved"] == 5

    def test_an_order_waits_for_payment_where_the_shop_says_so(self):
        self.buy(self.a, 3, 10)
        order = self.order((self.a, 2, 20), shop=self.shop(reserve_on="Pay"))
        assert (order.status, self.stock(self.a)["reserved"]) == ("Unpaid", 0)
        frappe.call("ec_erp.orders.api.pay_orders", names=[order.name])
        assert (again(order).status, self.stock(self.a)["reserved"]) == ("To Ship", 2)
        with self.refused(OrderNotReady, "cannot be done now"):
            frappe.call("ec_erp.orders.api.pay_orders", names=[order.name])

    def test_an_order_waits_for_its_audit_and_for_its_blocks(self):
        self.buy(self.a, 3, 10)
        order = self.draft_order((self.a, 2, 20), shop=self.shop(reserve_on="Audit"))
        order.append("blocks", {"code": "Remark", "source": "buyer"})
        submitted(order)
        assert order.status == "To Process"
        with self.refused(OrderNotReady):
            frappe.call("ec_erp.orders.api.audit_orders", names=[order.name])
        frappe.call("ec_erp.orders.api.unblock_orders", names=[order.name], code="Remark")
        assert again(order).status == "To Audit"
        frappe.call("ec_erp.orders.api.audit_orders", names=[order.name])
        assert again(order).status == "To Ship"

    def test_a_block_stops_an_audit(self):
        self.buy(self.a, 3, 10)
        order = self.order((self.a, 2, 20), shop=self.shop(reserve_on="Audit"))
        frappe.call("ec_erp.orders.api.block_orders", names=[order.name], code="Remark")
        with self.refused(OrderNotReady, "Remark"):
            frappe.call("ec_erp.orders.api.audit_orders", names=[order.name])

    def test_bad_numbers_are_refused(self):
        for line, error, words in (
            ((self.a, -1, 20), DocumentRefused, "more than zero"),
            ((self.a, 1.5, 20), DocumentRefused, "whole units"),
            ((self.a, 1, -20), DocumentRefused, "must not be negative"),
            ((self.a, "many", 20), NotANumberError, "must be a number, not many"),
        ):
            with self.subTest(line=line), self.refused(error, words):
                self.draft_order(line).insert()

    def test_text_in_an_optional_number_is_refused(self):
        with self.refused(NotANumberError, "Shipping Fee must be a number"):
            self.draft_order((self.a, 1, 20), shipping_fee="free").insert()

    def test_missing_parts_are_refused(self):
        with self.refused(frappe.MandatoryError, "Customer"):
            self.draft_order((self.a, 1, 20), customer=None).insert()
        with self.refused(frappe.MandatoryError, "SKU"):
            self.draft_order((None, 1, 20)).insert()
        with self.refused(DocumentRefused, "at least one item"):
            self.draft_order().insert()

    def test_unknown_names_are_refused(self):
        with self.refused(frappe.LinkValidationError, "NO-SUCH"):
            self.draft_order(("NO-SUCH", 1, 20)).insert()
        with self.refused(WrongCurrency, "CNY", "USD"):
            self.draft_order((self.a, 1, 20), currency="USD").insert()

    def test_disabled_skus_and_foreign_warehouses_are_refused(self):
        sku = make("SKU", sku_code=f"OFF-{frappe.generate_hash(length=5)}", disabled=1).name
        with self.refused(DisabledSku, sku):
            self.draft_order((sku, 1, 20)).insert()
        frappe.db.set_value("Warehouse", self.other_warehouse, "disabled", 1)
        with self.refused(WrongWarehouse, self.other_warehouse):
            self.draft_order((self.a, 1, 20), warehouse=self.other_warehouse).insert()

    def test_too_long_text_is_refused(self):
        with self.refused(frappe.CharacterLengthExceededError):
            self.draft_order((self.a, 1, 20), receiver_name="x" * 200).insert()

    def test_a_cancelled_order_is_not_cancelled_again(self):
        self.buy(self.a, 1, 10)
        order = self.order((self.a, 1, 20))
        order.cancel()
        with self.refused(frappe.ValidationError):
            again(order).cancel()
