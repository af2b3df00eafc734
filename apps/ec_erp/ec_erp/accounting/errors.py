"""Failures of the accounting area."""

from ec_erp.documents.errors import DocumentRefused


class PeriodClosed(DocumentRefused):
    """A posting is dated inside a closed accounting period."""


class AccountRefused(DocumentRefused):
    """An account can't be used the way a document or a company wants to."""


class JournalUnbalanced(DocumentRefused):
    """The debits and credits that were typed differ."""
