"""A line of a journal entry (分录)."""

from ec_erp.documents.sets import SetRow


class JournalEntryLine(SetRow):
    """A line of a journal entry (分录)."""
