"""Quotas of channel groups: what is kept is nobody else's, and comes back when it is not used."""

from decimal import Decimal

import frappe

from ec_erp.inventory import flows
from ec_erp.inventory.errors import QuotaRefused, StockShortage
from ec_erp.inventory.flows import quotas
from ec_erp.inventory.types import ReservationRequest, StockKey
from ec_erp.testing import TradeCase, again, make, new


def ask(*args, **kwargs):
    return frappe.get_attr("ec_erp.inventory.api.get_availability")(*args, **kwargs)


class TestStockQuota(TradeCase):
    """Stock of a warehouse that is kept for a channel group."""

    def setUp(self):
        super().setUp()
        self.buy(self.a, 10, 10)
        self.live = make("Channel Group", group_name=f"live {frappe.generate_hash(length=5)}").name
        self.club = make("Channel Group", group_name=f"club {frappe.generate_hash(length=5)}").name

    def quota(self, qty, group=None, **fields):
        return make(
            "Stock Quota", sku=self.a, warehouse=self.warehouse, channel_group=group or self.live, qty=qty, **fields
        )

    def reserve(self, qty, group=None, line=None):
        name = line or frappe.generate_hash(length=8)
        request = ReservationRequest("doc", name, StockKey(self.a, self.warehouse), Decimal(qty), channel_group=group)
        head = {"company": self.company, "voucher_type": "Sales Order", "voucher_no": "doc"}
        flows.reserve([request], {name: head})
        return name

    def locked(self):
        return frappe.db.get_value("Stock Balance", f"{self.a}|{self.warehouse}", "locked")

    def left(self, quota):
        row = again(quota)
        return (row.qty, row.used_qty, row.left_qty)

    def test_what_is_kept_is_not_sold_to_others(self):
        self.quota(6)
        with self.refused(StockShortage, "5 needed, 4 available"):
            self.reserve(5)
        self.reserve(4)
        self.reserve(6, self.live)
        assert (self.locked(), self.stock(self.a)["available"]) == (0, 0)

    def test_a_group_takes_its_own_first_then_the_public_pool(self):
        quota = self.quota(3)
        line = self.reserve(5, self.live)
        assert (self.left(quota), self.locked()) == ((3, 3, 0), 0)
        flows.release([line])
        assert (self.left(quota), self.locked()) == ((3, 0, 3), 3)

    def test_an_exclusive_quota_is_all_its_group_gets(self):
        self.quota(3, exclusive=1)
        with self.refused(StockShortage, "4 needed, 3 available"):
            self.reserve(4, self.live)

    def test_no_more_is_kept_than_is_free(self):
        self.quota(6)
        with self.refused(QuotaRefused, "5 more are to be kept, 4 are free"):
            self.quota(5, self.club)
        with self.refused(QuotaRefused, "same channel group"):
            self.quota(1)

    def test_changing_and_ending_a_quota(self):
        quota = self.quota(6)
        quota.qty = 8
        quota.save()
        assert self.locked() == 8
        quota.status = "Suspended"
        quota.save()
        assert self.locked() == 0
        frappe.delete_doc("Stock Quota", quota.name)

    def test_time_ends_a_quota(self):
        quota = self.quota(6, expires_at="2026-01-01 00:00:00")
        assert quotas.expire_quotas(frappe.utils.now_datetime()) == 1
        assert (again(quota).status, self.locked()) == ("Expired", 0)

    def test_moving_between_groups(self):
        source, target = self.quota(6), self.quota(1, self.club)
        quotas.move_quota(source.name, target.name, Decimal(4))
        assert (self.left(source), self.left(target), self.locked()) == ((2, 0, 2), (5, 0, 5), 7)
        with self.refused(QuotaRefused, "can give 2"):
            quotas.move_quota(source.name, target.name, Decimal(3))

    def test_receipts_top_up(self):
        quota = self.quota(1, top_up_percent=25)
        self.buy(self.a, 10, 10)
        assert (self.left(quota), self.locked()) == ((3, 0, 3), 3)

    def test_a_quota_used_beyond_its_size_keeps_nothing_when_it_is_topped_up(self):
        quota = self.quota(4, top_up_percent=10)
        self.reserve(4, self.live)
        quota.reload()
        quota.qty = 1
        quota.save()
        self.buy(self.a, 10, 10)
        assert (self.left(quota), self.locked()) == ((2, 4, 0), 0)

    def test_a_used_quota_is_not_deleted(self):
        quota = self.quota(6)
        self.reserve(1, self.live)
        with self.refused(QuotaRefused, "has been used"):
            frappe.delete_doc("Stock Quota", quota.name)

    def test_what_a_group_may_sell_is_explained(self):
        self.quota(6)
        self.reserve(2)
        (row,) = ask([self.a], channel_group=self.live)
        assert (row["available"], row["free"], row["sellable"]) == (8, 2, 8)
        assert sum(term["value"] for term in row["explained"]["sellable"]) == 8

    def test_asking_costs_the_same_for_many(self):
        with self.at_most(6):
            ask([self.a, self.b, self.by_weight], channel_group=self.live)

    def test_a_shop_belongs_to_one_group(self):
        shop = make("Shop", shop_name=f"S {frappe.generate_hash(length=5)}", platform="own", company=self.company,
                    currency="CNY").name  # fmt: skip
        first = again(frappe.get_doc("Channel Group", self.live))
        first.append("shops", {"shop": shop})
        first.save()
        assert flows.groups_of_shops([shop]) == {shop: self.live}
        with self.refused(frappe.ValidationError, "belongs to the channel group"):
            new("Channel Group", group_name="third", shops=[{"shop": shop}]).insert()

    def test_statements_of_reserving_do_not_grow_with_lines(self):
        self.quota(2)
        self.buy(self.b, 100, 1)
        requests = [
            ReservationRequest("doc", f"line-{at}", StockKey(sku, self.warehouse), Decimal(1), channel_group=self.live)
            for at, sku in enumerate([self.a, self.b] * 4)
        ]
        head = {"company": self.company, "voucher_type": "Sales Order", "voucher_no": "doc"}
        with self.at_most(9):
            flows.reserve(requests, {request.line: head for request in requests})
