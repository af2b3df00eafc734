"""Good pieces become defective ones, or the reverse (良次品转换单)."""

from collections.abc import Sequence
from typing import Any

from ec_erp.documents.sets import SetDocument
from ec_erp.stockroom.flows import grades


class GradeChange(SetDocument):
    """Good pieces become defective ones, or the reverse (良次品转换单)."""

    def fill_defaults(self) -> None:
        """Complete what was not said."""
        grades.fill(self)

    def check(self) -> None:
        """Refuse what breaks a rule."""
        grades.check(self)

    @classmethod
    def submit_set(cls, docs: Sequence[Any]) -> None:
        """Post."""
        grades.post_changes(docs)

    @classmethod
    def cancel_set(cls, docs: Sequence[Any]) -> None:
        """Post the reversal."""
        grades.cancel_changes(docs)
