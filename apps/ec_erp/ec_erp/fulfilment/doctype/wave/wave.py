"""Orders that are picked together (波次)."""

from ec_erp.documents import sentences
from ec_erp.documents.sets import SetDocument


class Wave(SetDocument):
    """Orders that are picked together (波次)."""

    def onload(self) -> None:
        """Tell in the reader's language why it was made, and why orders have left it."""
        self.why = sentences.read_note(self.why, self.why_terms) or None
        for row in self.orders:
            row.note = sentences.read_note(row.note, row.note_terms) or None
