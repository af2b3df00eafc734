"""Closed periods are known as they are, though they are kept between transactions."""

import frappe
from frappe.utils import nowdate

from ec_erp.accounting.store import load_closed_periods
from ec_erp.testing import TradeCase, make


class TestAccountingPeriod(TradeCase):
    """Periods of the company."""

    def closed(self):
        day = frappe.utils.getdate(nowdate())
        return [period.name for period in load_closed_periods([self.company], day, day)]

    def period(self, **fields):
        days = {"start_date": nowdate(), "end_date": nowdate()}
        return make(
            "Accounting Period", period_name=frappe.generate_hash(length=5), company=self.company, **days, **fields
        )

    def test_a_transaction_sees_what_it_changes(self):
        assert self.closed() == []
        period = self.period(closed=1)
        assert self.closed() == [period.name]
        period.db_set("closed", 0)
        assert self.closed() == []

    def test_a_period_that_is_deleted_closes_nothing(self):
        period = self.period(closed=1)
        assert self.closed() == [period.name]
        period.delete()
        assert self.closed() == []
