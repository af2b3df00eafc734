"""Every movement names its document, its reason, and what there was before and after."""

import frappe

from ec_erp.inventory.report.stock_movements.stock_movements import execute
from ec_erp.testing import TradeCase, new, submitted


class TestStockMovements(TradeCase):
    """Ten bought, two given away as samples, one sold and that cancelled."""

    def setUp(self):
        super().setUp()
        self.buy(self.a, 10, 5)
        items = [{"sku": self.a, "qty": 2}]
        fields = {"company": self.company, "warehouse": self.warehouse, "reason": "Sample", "items": items}
        self.samples = submitted(new("Stock Entry", remarks="for the fair", **fields))
        self.deliver(self.order((self.a, 1, 20))).cancel()

    def rows(self, **filters):
        return execute({"company": self.company, **filters})[1]

    def test_reasons_with_before_and_after(self):
        shown = {(row["reason"], row["qty_before"], row["qty_change"], row["qty_after"]) for row in self.rows()}
        assert shown == {
            ("Received from Supplier", 0, 10, 10),
            ("Sample", 10, -2, 8),
            ("Delivered to Buyer", 8, -1, 7),
            ("Cancelled: Delivered to Buyer", 7, 1, 8),
        }

    def test_by_reason(self):
        (row,) = self.rows(reason="Sample")
        assert (row["voucher_no"], row["remarks"]) == (self.samples.name, "for the fair")
        assert self.rows(reason="Gift") == []
        assert self.rows(to_date="2020-01-01", from_date="2019-01-01") == []

    def test_the_entry_itself_says_it(self):
        name = frappe.db.get_value("Stock Ledger Entry", {"voucher_no": self.samples.name})
        entry = frappe.get_doc("Stock Ledger Entry", name)
        entry.run_method("onload")
        assert entry.get_onload("reason") == "Sample"

    def test_reasons_are_in_the_language_of_the_reader(self):
        frappe.local.lang = "zh"
        assert "已作废：发货给买家" in {row["reason"] for row in self.rows()}

    def test_costs_are_for_those_who_may_see_them(self):
        user = frappe.get_doc(
            {
                "doctype": "User",
                "email": f"{frappe.generate_hash(length=6)}@example.com",
                "first_name": "W",
                "send_welcome_email": 0,
            }
        )
        user.append("roles", {"role": "Warehouse Staff"})
        user.insert(ignore_permissions=True)
        frappe.set_user(user.name)
        columns, rows, _ = execute({"company": self.company})
        assert "value_change" not in {column["fieldname"] for column in columns}
        assert {row["value_change"] for row in rows} == {None}

    def test_it_is_one_query(self):
        with self.at_most(1):
            self.rows()
