"""The report shows what the inbox has, in columns of its own."""

from ec_erp.orders import flows
from ec_erp.orders.report.exception_inbox.exception_inbox import execute
from ec_erp.testing import TradeCase


class TestExceptionInbox(TradeCase):
    """An order that a remark stops."""

    def test_the_report_shows_the_inbox(self):
        self.buy(self.a, 1, 5)
        order = self.order((self.a, 1, 20))
        flows.block_orders({order.name: ""}, "Remark", "buyer")
        columns, rows = execute({"code": "Remark"})
        assert order.name in [row["reference_name"] for row in rows]
        assert {column["fieldname"] for column in columns} <= set(rows[0])
