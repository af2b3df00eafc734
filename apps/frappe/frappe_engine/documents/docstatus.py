"""Draft, submitted, cancelled.

Invariant: a status is the number that is stored, so it compares and is written as one.
"""

from __future__ import annotations

DRAFT, SUBMITTED, CANCELLED = 0, 1, 2


class DocStatus(int):
    """The status of a document as a number with questions."""

    DRAFT = 0
    SUBMITTED = 1
    CANCELLED = 2

    def is_draft(self) -> bool:
        """Tell whether the document is a draft."""
        return self == 0

    def is_submitted(self) -> bool:
        """Tell whether the document is submitted."""
        return self == 1

    def is_cancelled(self) -> bool:
        """Tell whether the document is cancelled."""
        return self == 2

    @classmethod
    def draft(cls) -> DocStatus:
        """Give the status of a draft."""
        return cls(0)

    @classmethod
    def submitted(cls) -> DocStatus:
        """Give the status of a submitted document."""
        return cls(1)

    @classmethod
    def cancelled(cls) -> DocStatus:
        """Give the status of a cancelled document."""
        return cls(2)


STATUSES = (DocStatus(0), DocStatus(1), DocStatus(2))


def status_of(value: object) -> DocStatus:
    """Give a stored number (None counts as 0) as a status."""
    number = int(value or 0)  # type: ignore[call-overload]
    return STATUSES[number] if 0 <= number <= 2 else DocStatus(number)
