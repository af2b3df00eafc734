"""Companies: a chart of accounts, accounts for postings, ledger chains."""

import frappe

from ec_erp.accounting.errors import AccountRefused
from ec_erp.accounting.rules.roles import ACCOUNT_ROLES
from ec_erp.documents.errors import SetupMissing
from ec_erp.testing import TradeCase, again, make, new, submitted


class TestCompany(TradeCase):
    """A new company can trade at once."""

    def doc(self):
        return frappe.get_doc("Company", self.company)

    def test_a_new_company_has_its_books(self):
        company = self.doc()
        assert [role for role in ACCOUNT_ROLES if not company.get(role)] == []
        assert company.stock_account == f"1405 库存商品 - {company.abbr}"
        assert frappe.db.count("Ledger Chain", {"company": self.company}) == 16

    def test_the_chart_is_a_tree(self):
        rows = frappe.get_all(
            "Account", filters={"company": self.company}, fields=["name", "lft", "rgt", "parent_account"]
        )
        spans = {row.name: (row.lft, row.rgt) for row in rows}
        for row in rows:
            if row.parent_account:
                above = spans[row.parent_account]
                assert above[0] < row.lft < row.rgt < above[1], row.name

    def test_the_desk_gets_the_tree_node_by_node(self):
        path = "ec_erp.accounting.api.get_account_children"
        top = frappe.call(path, doctype="Account", parent=self.company, company=self.company, is_root=True)
        assert [row.title.split(" ")[0] for row in top] == ["1", "2", "3", "50", "54"]
        below = frappe.call(path, doctype="Account", parent=top[3].value, company=self.company)
        assert [(row.title.split(" ")[0], row.expandable) for row in below][:2] == [("5001", 1), ("5051", 0)]

    def test_accounts_must_be_its_own(self):
        suffix = frappe.generate_hash(length=4)
        other = make("Company", company_name=f"Other {suffix}", abbr=f"O{suffix}", default_currency="USD")
        company = self.doc()
        company.cogs_account = again(other).cogs_account
        with self.refused(AccountRefused, "belongs to"):
            company.save()

    def test_a_missing_account_is_named(self):
        frappe.db.set_value("Company", self.company, "grni_account", None)
        frappe.clear_document_cache("Company", self.company)
        with self.refused(SetupMissing, "Goods Received, Not Invoiced"):
            self.buy(self.a, 1, 1)

    def test_an_account_in_use_is_not_disabled(self):
        account = frappe.get_doc("Account", self.doc().cogs_account)
        account.disabled = 1
        with self.refused(AccountRefused, "choose another one"):
            account.save()

    def test_an_account_takes_what_its_parent_has(self):
        parent = frappe.db.get_value("Account", {"company": self.company, "account_number": "5602"}, "name")
        account = make("Account", account_number="560299", account_name="测试", parent_account=parent)
        shown = (account.company, account.root_type, account.account_currency)
        assert shown == (self.company, "Expense", "CNY")

    def test_a_purchase_in_another_currency_is_refused(self):
        items = [{"sku": self.a, "qty": 1, "rate": 1}]
        fields = {"company": self.company, "supplier": self.supplier, "currency": "USD", "items": items}
        with self.refused(frappe.ValidationError, "USD"):
            submitted(new("Purchase Order", **fields))
