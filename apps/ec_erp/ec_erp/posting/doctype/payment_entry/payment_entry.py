"""Money that comes in, goes out, or moves between own accounts (收付款单)."""

from collections.abc import Sequence
from typing import Any

from ec_erp.documents.sets import SetDocument
from ec_erp.posting.flows import payments


class PaymentEntry(SetDocument):
    """A payment, with the documents it is for."""

    @classmethod
    def prefetch_set(cls, docs: Sequence[Any]) -> None:
        """Load what the checks ask for."""
        payments.prefetch(docs)

    def fill_defaults(self) -> None:
        """Fill company, time, accounts, and what its documents still ask for."""
        payments.fill_payment(self)

    def check(self) -> None:
        """Refuse what can't be paid."""
        payments.check_payment(self)

    @classmethod
    def submit_set(cls, docs: Sequence[Any]) -> None:
        """Post."""
        payments.post_payments(docs)

    @classmethod
    def cancel_set(cls, docs: Sequence[Any]) -> None:
        """Post the reversal."""
        payments.cancel_payments(docs)
