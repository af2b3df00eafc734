"""Quotas of channel groups: what is kept is nobody else's, and comes back when it is not used."""

from decimal import Decimal
from unittest.mock import patch

import frappe

from ec_erp.inventory import flows, tasks
from ec_erp.inventory.errors import QuotaRefused, StockShortage
from ec_erp.inventory.flows import quotas
from ec_erp.inventory.types import ReservationRequest, StockKey
from ec_erp.testing import TradeCase, again, make, new


def ask(*args, **kwargs):
    return frappe.get_attr("ec_erp.inventory.api.get_availability")(*args, **kwargs)


def call(function, **kwargs):
    return frappe.get_attr(f"ec_erp.inventory.api.{function}")(**kwargs)


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
        quota, endless = self.quota(6, expires_at="2026-01-01 00:00:00"), self.quota(1, self.club)
        assert quotas.expire_quotas(frappe.utils.now_datetime()) == 1
        assert (again(quota).status, again(endless).status, self.locked()) == ("Expired", "Active", 1)

    def test_a_quota_that_begins_later_keeps_nothing_until_then(self):
        now = frappe.utils.now_datetime()
        quota = self.quota(6, starts_at=frappe.utils.add_days(now, 1))
        assert (quota.status, self.locked()) == ("Created", 0)
        assert quotas.quotas_to_begin(now) == []
        frappe.db.set_value("Stock Quota", quota.name, "starts_at", frappe.utils.add_days(now, -1))
        assert quotas.quotas_to_begin(now) == [quota.name]
        assert quotas.begin_quota(quota.name)
        assert (again(quota).status, self.locked()) == ("Active", 6)

    def test_a_quota_that_finds_too_little_goes_on_waiting_and_says_why(self):
        quota = self.quota(12, starts_at=frappe.utils.add_days(frappe.utils.now_datetime(), 1))
        frappe.db.set_value("Stock Quota", quota.name, "starts_at", "2026-01-01 00:00:00")
        assert not quotas.begin_quota(quota.name)
        assert (again(quota).status, self.locked()) == ("Created", 0)
        assert "10 are free" in again(quota).remarks
        self.buy(self.a, 5, 10)
        assert quotas.begin_quota(quota.name)

    def test_the_task_ends_quotas_before_it_begins_others(self):
        old, later = self.quota(8), self.quota(8, self.club, starts_at="2099-01-01 00:00:00")
        frappe.db.set_value("Stock Quota", old.name, "expires_at", "2026-01-01 00:00:00")
        frappe.db.set_value("Stock Quota", later.name, "starts_at", "2026-01-01 00:00:00")
        with patch("ec_erp.inventory.tasks.in_transaction", lambda work: work()):
            tasks.turn_quotas()
        assert [again(one).status for one in (old, later)] == ["Expired", "Active"]

    def test_a_quota_for_one_shop(self):
        shop = self.shop("alone")
        quota = make("Stock Quota", sku=self.a, warehouse=self.warehouse, shop=shop, qty=4)
        assert flows.groups_of_shops([shop]) == {shop: quota.channel_group}
        self.reserve(10, quota.channel_group)
        assert self.left(quota) == (4, 4, 0)

    def test_a_shop_of_a_group_has_no_quota_of_its_own(self):
        shops = [self.shop("one"), self.shop("two")]
        make("Channel Group", group_name=f"both {self.a}", shops=[{"shop": shop} for shop in shops])
        with self.refused(QuotaRefused, "shares the channel group", shops[1]):
            new("Stock Quota", sku=self.a, warehouse=self.warehouse, shop=shops[0], qty=4).insert()
        with self.refused(QuotaRefused, "does not belong"):
            self.quota(4, shop=shops[0])

    def test_impossible_terms_are_refused(self):
        with self.refused(QuotaRefused, "which channel group or shop"):
            new("Stock Quota", sku=self.a, warehouse=self.warehouse, qty=4).insert()
        with self.refused(QuotaRefused, "cannot end before"):
            self.quota(4, starts_at="2099-01-02 00:00:00", expires_at="2099-01-01 00:00:00")

    def test_people_move_and_release_what_is_left_and_the_history_says_so(self):
        source, target = self.quota(6), self.quota(1, self.club)
        assert call("move_quota", source=source.name, target=target.name, qty=4) == {source.name: 2, target.name: 5}
        assert call("release_quotas", names=[source.name]) == {source.name: 0}
        assert (again(source).status, self.locked()) == ("Released", 5)
        filters = {"reference_doctype": "Stock Quota", "reference_name": source.name, "comment_type": "Info"}
        assert len(frappe.get_all("Comment", filters=filters)) == 2

    def test_moving_needs_the_right_to_change_quotas(self):
        source, target = self.quota(6), self.quota(1, self.club)
        frappe.set_user("Guest")
        with self.refused(frappe.PermissionError):
            call("move_quota", source=source.name, target=target.name, qty=1)

    def shop(self, name):
        return make("Shop", shop_name=f"{name} {frappe.generate_hash(length=5)}", platform="own", company=self.company,
                    currency="CNY").name  # fmt: skip

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
