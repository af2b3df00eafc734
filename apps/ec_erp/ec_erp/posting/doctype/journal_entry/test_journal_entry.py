"""Journal entries: posted as typed, balanced, never on stock accounts."""

import frappe

from ec_erp.accounting.errors import AccountRefused, JournalUnbalanced
from ec_erp.testing import TradeCase, new, submitted


class TestJournalEntry(TradeCase):
    """An entry typed by a person."""

    def account(self, code):
        return frappe.db.get_value("Account", {"company": self.company, "account_number": code}, "name")

    def journal(self, *lines, **fields):
        rows = [{"account": self.account(code), "debit": debit, "credit": credit} for code, debit, credit in lines]
        return new("Journal Entry", company=self.company, lines=rows, **fields)

    def test_posting_and_cancelling(self):
        entry = submitted(self.journal(("560203", 500, 0), ("1002", 0, 500), remarks="Rent"))
        assert (entry.total_debit, self.booked(entry)) == (500, {"560203": 500, "1002": -500})
        entry.cancel()
        assert self.booked(entry) == {}
        assert frappe.db.count("GL Entry", {"voucher_no": entry.name}) == 4

    def test_sides_must_be_equal(self):
        with self.refused(JournalUnbalanced, "500", "499.99"):
            self.journal(("560203", 500, 0), ("1002", 0, 499.99)).insert()

    def test_stock_accounts_follow_the_stock_ledger(self):
        with self.refused(AccountRefused, "follows the stock ledger"):
            self.journal(("1405", 500, 0), ("1002", 0, 500)).insert()

    def test_groups_take_no_postings(self):
        with self.refused(AccountRefused, "is a group"):
            self.journal(("5602", 500, 0), ("1002", 0, 500)).insert()

    def test_a_receivable_needs_a_party(self):
        with self.refused(AccountRefused, "needs a party"):
            self.journal(("1122", 500, 0), ("1002", 0, 500)).insert()
        entry = self.journal(("1002", 500, 0), ("1122", 0, 500))
        entry.lines[1].update({"party_type": "Customer", "party": self.customer})
        assert self.booked(submitted(entry)) == {"1002": 500, "1122": -500}
