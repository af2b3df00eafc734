"""Which instalments the report of overdue receivables shows."""

from frappe.utils import add_days, nowdate

from ec_erp.orders.report.overdue_receivables.overdue_receivables import execute
from ec_erp.testing import TradeCase, make


class TestOverdueReceivables(TradeCase):
    """An order on account that is due in five days."""

    def setUp(self):
        super().setUp()
        self.buy(self.a, 10, 5)
        self.late = self.order((self.a, 10, 10), credit_days=5)

    def test_what_is_late_as_of_a_day(self):
        columns, rows = execute({"company": self.company, "as_of": str(add_days(nowdate(), 10))})
        assert [(row["sales_order"], row["overdue_days"], row["age"]) for row in rows] == [
            (self.late.name, 5, "1–30 Days")
        ]
        assert "Days Overdue" in [column["label"] for column in columns]

    def test_what_has_no_day_yet_is_not_late(self):
        terms = make("Payment Terms", terms_name=f"Terms {self.late.name}",
                     terms=[{"portion_percent": 100, "due_days": 30, "due_after": "Shipment"}])  # fmt: skip
        self.buy(self.a, 1, 5)
        self.order((self.a, 1, 10), payment_terms=terms.name)
        rows = execute({"company": self.company, "as_of": str(add_days(nowdate(), 10))})[1]
        assert [row["sales_order"] for row in rows] == [self.late.name]

    def test_what_is_not_due_yet_is_shown_where_asked(self):
        assert execute({"company": self.company})[1] == []
        (row,) = execute({"company": self.company, "with_not_due": 1})[1]
        assert (row["outstanding_amount"], row["age"]) == (100, "Not Yet Due")
