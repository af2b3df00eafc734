"""Account: a node of a company's chart of accounts (科目)."""

from frappe.utils.nestedset import NestedSet

from ec_erp.accounting import flows
from ec_erp.accounting.rules.accounts import account_title
from ec_erp.documents.ledger import NameInLedgers


class Account(NameInLedgers, NestedSet):
    """An account or a group of accounts."""

    nsm_parent_field = "parent_account"

    def before_validate(self) -> None:
        """Take company, root type and currency from the parent and the company where nobody said."""
        flows.fill_account(self)

    def autoname(self) -> None:
        """Name it by code, name and company."""
        flows.fill_account(self)
        self.name = account_title(self.account_number, self.account_name, flows.abbr_of(self.company))

    def validate(self) -> None:
        """Refuse a place in the tree that does not fit."""
        flows.check_account(self)
