"""What-if Replenishment shows both ways side by side, writes nothing, and becomes a plan with the moved parameters."""

import frappe

from ec_erp.purchasing.errors import PurchaseRefused
from ec_erp.purchasing.report.what_if_replenishment.what_if_replenishment import execute
from ec_erp.testing import TradeCase, counting, make, only_our_statements


class TestWhatIfReplenishment(TradeCase):
    """A SKU that sells four a day and lies there for three days; the supplier asks ten a piece."""

    def setUp(self):
        super().setUp()
        make("Supplier SKU", supplier=self.supplier, sku=self.a, price=10, is_primary=1, currency="CNY")
        policy = {"plan_days": 3, "review_days": 4, "safety_days": 1, "company": self.company}
        make("Replenishment Policy", policy_name=f"P {self.a}", windows=[{"days": 2, "weight": 1}], **policy)
        self.sell_daily(self.a)

    def sell_daily(self, sku):
        before = frappe.utils.add_days(frappe.utils.now_datetime(), -3)
        self.buy(sku, 20, 8, posting_datetime=before)
        for days in (-2, -1):
            moment = frappe.utils.add_days(frappe.utils.now_datetime(), days)
            order = self.order((sku, 4, 20), order_datetime=moment, paid_datetime=moment)
            self.deliver(order, posting_datetime=moment)

    def asked(self, **filters):
        return {"company": self.company, "days": 9, **filters}

    def run_report(self, **filters):
        columns, rows, message, chart, summary = execute(self.asked(**filters))
        assert {column["fieldname"] for column in columns} <= {key for row in rows for key in row}
        return frappe._dict(rows=rows, message=message, chart=chart, totals=[card["value"] for card in summary])

    def test_both_ways_side_by_side(self):
        shown = self.run_report(lead_days_more=2)
        (row,) = shown.rows
        assert (row["sku"], row["supplier"], row["demand_present"]) == (self.a, self.supplier, 4)
        assert (row["lead_present"], row["lead_moved"]) == (3, 5)
        assert (row["order_present"], row["value_present"]) == (20, 200)
        assert (row["order_moved"], row["out_moved"], row["lost_moved"]) == (28, 2, 8)
        assert shown.totals == [0, 2, 200, 280, 520, 520, 88.89, 93.33]
        assert "+2" in shown.message

    def test_the_picture_is_the_money_tied_up_by_day(self):
        shown = self.run_report(budget=200)
        present, moved = (line["values"] for line in shown.chart["data"]["datasets"])
        assert present == [80, 40, 0, 160, 120, 80, 40, 160, 120]
        assert moved == [80, 40, 0, 160, 120, 80, 40, 0, 0]
        assert shown.chart["data"]["labels"][0] == frappe.utils.nowdate()

    def test_a_promotion_is_bought_for(self):
        today = frappe.utils.nowdate()
        ends = frappe.utils.add_days(today, 3)
        (row,) = self.run_report(uplift_percent=100, uplift_from=today, uplift_to=ends).rows
        assert row["order_moved"] > row["order_present"]
        assert row["lost_moved"] == 12

    def test_goods_on_order_are_not_bought_again_and_come_when_promised(self):
        due = frappe.utils.add_days(frappe.utils.nowdate(), 1)
        self.purchase_order((self.a, 20, 10), schedule_date=due)
        (row,) = self.run_report().rows
        assert (row["order_present"], row["out_present"]) == (0, 0)

    def test_nothing_is_written(self):
        only_our_statements()
        with counting() as sent:
            self.run_report(lead_days_more=2, growth_more=10, service_percent=98, budget=500)
        assert [statement for statement in sent if not statement.lower().lstrip("(").startswith("select")] == []
        assert not frappe.db.exists("Purchase Suggestion", {"company": self.company})

    def test_statements_do_not_grow_with_goods(self):
        only_our_statements()
        with counting() as of_one:
            self.run_report()
        self.sell_daily(self.b)
        with counting() as of_two:
            assert len(self.run_report().rows) == 2
        assert len(of_two) <= len(of_one)

    def test_a_plan_asks_for_what_the_moved_way_buys_today(self):
        call = {"filters": self.asked(lead_days_more=2)}
        (name,) = frappe.call("ec_erp.purchasing.api.make_plan_of_what_if", **call)
        plan = frappe.get_doc("Purchase Request", name)
        (row,) = plan.items
        assert (plan.docstatus, row.sku, row.qty, row.supplier) == (0, self.a, 28, self.supplier)
        assert "lead time +2 days" in row.reason
        with self.refused(PurchaseRefused, "nothing is to be bought"):
            frappe.call("ec_erp.purchasing.api.make_plan_of_what_if", filters=self.asked(budget=1))

    def test_what_makes_no_sense_is_refused(self):
        with self.refused(PurchaseRefused, "from when to when"):
            self.run_report(uplift_percent=10)
        with self.refused(PurchaseRefused, "between 1 and"):
            self.run_report(days=5000)

    def test_who_may_not_see_suggestions_sees_no_comparison(self):
        frappe.set_user("Guest")
        with self.refused(frappe.PermissionError):
            execute(self.asked())

    def test_companies_of_several_currencies_are_not_added_up(self):
        make("Company", company_name=f"USD {self.a}", abbr=f"U{self.a[2:]}", default_currency="USD")
        make("Warehouse", warehouse_name=f"US {self.a}", company=f"USD {self.a}")
        with self.refused(PurchaseRefused, "Choose a company"):
            execute({"days": 9})
