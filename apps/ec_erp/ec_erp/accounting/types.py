"""Values of the accounting area: what a company's books look like and what a ledger line is.

Invariant: amounts are exact decimals in the company's currency; a debit is positive, a credit negative.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from ec_erp.kernel.values import quickly_made


class NoAccount(LookupError):
    """A company names no account for a role (``role`` is the Company field) that a posting needs."""

    def __init__(self, company: str, role: str) -> None:
        """Keep what is missing for the message."""
        super().__init__(f"{company}: {role}")
        self.company = company
        self.role = role


@dataclass(frozen=True, slots=True)
class Books:
    """A company as posting rules see it: currency, tax habits, default accounts by role (a Company field name)."""

    company: str
    currency: str
    default_tax_rate: Decimal = Decimal(0)
    input_tax_recoverable: bool = True
    revenue_rule: str = "At Delivery"
    lanes: int = 1
    abbr: str = ""
    prices_include_tax: bool = False
    spread_gifts: bool = False
    accounts: Mapping[str, str] = field(default_factory=dict)

    def account(self, role: str) -> str:
        """Return the company's account for a role. Raises ``NoAccount`` where the company names none."""
        account = self.accounts.get(role)
        if not account:
            raise NoAccount(self.company, role)
        return account


@quickly_made
@dataclass(frozen=True, slots=True)
class Dimensions:
    """What a ledger line is about, besides its account."""

    party_type: str | None = None
    party: str | None = None
    shop: str | None = None
    sku: str | None = None
    warehouse: str | None = None
    cost_center: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True)
class Line:
    """One line of a voucher's entry in the general ledger."""

    account: str
    amount: Decimal
    dimensions: Dimensions = Dimensions()
    remarks: str = ""


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """An account as rules for typed-in entries see it."""

    name: str
    company: str
    is_group: bool
    disabled: bool
    root_type: str
    account_type: str
    currency: str


@dataclass(frozen=True, slots=True)
class ClosedPeriod:
    """A span of days (both ends included) of a company that takes no more postings."""

    name: str
    company: str
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class AccountPlan:
    """One account of a chart that is still to be created.

    ``parent`` is the code of its group, ``role`` a Company field.
    """

    code: str
    name: str
    name_en: str
    parent: str | None
    is_group: bool
    root_type: str
    account_type: str = ""
    roles: tuple[str, ...] = ()


@quickly_made
@dataclass(frozen=True, slots=True)
class VoucherLines:
    """The lines of one document, ready for the general ledger."""

    books: Books
    voucher_type: str
    voucher_no: str
    posting_datetime: datetime
    lines: tuple[Line, ...]
    is_reversal: bool = False


@dataclass(frozen=True, slots=True)
class PostedLine:
    """A general ledger entry that exists: what a cancellation turns round."""

    voucher_no: str
    line: Line
