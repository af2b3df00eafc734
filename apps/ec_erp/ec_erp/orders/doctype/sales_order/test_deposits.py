"""Deposits: what is paid of a presale order before the rest, where nobody said how much, and in parts and merged orders."""

import frappe

from ec_erp.documents.errors import DocumentRefused
from ec_erp.orders import flows
from ec_erp.orders.flows import ruling
from ec_erp.testing import TradeCase, again, make, new

PRESALE = {"payment_type": "Deposit", "presale_release": "By Hand"}


class TestDeposits(TradeCase):
    """Orders of 3 cups at 33.35."""

    def setUp(self):
        super().setUp()
        self.addCleanup(ruling.forget_settings)
        ruling.forget_settings()
        self.buy(self.a, 20, 5)

    def shop(self, **fields):
        name = f"Shop {frappe.generate_hash(length=5)}"
        return make("Shop", shop_name=name, platform="own", company=self.company, default_warehouse=self.warehouse,
                    default_customer=self.customer, **fields).name  # fmt: skip

    def settings(self, percent):
        frappe.db.set_single_value("Order Settings", "deposit_percent", percent)
        ruling.forget_settings()

    def test_without_an_amount_or_a_percentage_it_is_refused(self):
        with self.refused(DocumentRefused, "Say how much the deposit is"):
            self.order((self.a, 3, 33.35), **PRESALE)

    def test_the_shop_s_percentage_comes_before_the_settings(self):
        self.settings(20)
        assert self.order((self.a, 3, 33.35), **PRESALE).deposit_amount == 20.01
        assert self.order((self.a, 3, 33.35), shop=self.shop(deposit_percent=10), **PRESALE).deposit_amount == 10.01
        assert self.order((self.a, 3, 33.35), shop=self.shop(), deposit_amount=7, **PRESALE).deposit_amount == 7

    def test_orders_paid_otherwise_have_none(self):
        self.settings(20)
        assert not self.order((self.a, 3, 33.35)).deposit_amount

    def test_a_platform_s_order_is_taken_without_one(self):
        fields = {**PRESALE, "origin": "Channel", "shop": self.shop(), "platform_order_id": frappe.generate_hash()}
        assert self.order((self.a, 3, 33.35), **fields).status == "Unpaid"

    def test_parts_share_the_deposit_and_the_merged_order_has_all_of_it(self):
        home = {"receiver_name": "Li", "receiver_phone": "13800000000", "receiver_province": "浙江省",
                "receiver_city": "杭州市", "receiver_district": "西湖区", "receiver_address": "文三路 1 号"}  # fmt: skip
        order = self.order((self.a, 3, 33.35), deposit_amount=50.01, **PRESALE, **home)
        flows.pay_deposits([order.name])
        flows.pay_orders([order.name])
        flows.release_presale([order.name])
        flows.recall_orders([order.name])
        parts = flows.split_order(order.name, {again(order).items[0].name: 2})
        assert [(again(part).grand_total, again(part).deposit_amount) for part in parts] == [
            (33.35, 16.67), (66.7, 33.34),
        ]  # fmt: skip
        flows.recall_orders([part.name for part in parts])
        merged = flows.merge_orders([part.name for part in parts])
        assert (again(merged).grand_total, again(merged).deposit_amount) == (100.05, 50.01)

    def test_what_somebody_stopped_before_its_release_goes_on_when_it_is_let_go(self):
        order = self.order((self.a, 3, 33.35), deposit_amount=5, **PRESALE)
        flows.pay_deposits([order.name])
        flows.pay_orders([order.name])
        flows.block_orders({order.name: ""}, "Manual", "test")
        flows.release_presale([order.name])
        assert (again(order).status, again(order).exceptions) == ("Preorder", "Manual")
        flows.unblock_orders([order.name], "Manual")
        assert again(order).status == "To Ship"

    def test_what_costs_nothing_needs_none(self):
        order = new("Sales Order", company=self.company, customer=self.customer, **PRESALE,
                    items=[{"sku": self.a, "qty": 1, "rate": 0}])  # fmt: skip
        assert not order.insert().deposit_amount
