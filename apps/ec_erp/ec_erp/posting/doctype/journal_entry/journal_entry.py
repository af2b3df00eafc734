"""Journal Entry: an entry of the general ledger typed by a person (记账凭证)."""

from collections.abc import Sequence
from typing import Any

from ec_erp.documents.sets import SetDocument
from ec_erp.posting.flows import journals
from ec_erp.posting.flows.post import cancel


class JournalEntry(SetDocument):
    """Two or more lines whose debits equal their credits."""

    def fill_defaults(self) -> None:
        """Fill company and event time."""
        journals.fill_journal(self)

    def check(self) -> None:
        """Refuse what can't be posted."""
        journals.check_journal(self)

    @classmethod
    def submit_set(cls, docs: Sequence[Any]) -> None:
        """Post."""
        journals.post_journals(docs)

    @classmethod
    def cancel_set(cls, docs: Sequence[Any]) -> None:
        """Post the reversal."""
        cancel(docs)
