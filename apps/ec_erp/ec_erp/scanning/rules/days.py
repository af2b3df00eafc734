"""Days as people type them on a device: 20261123, 2026-11-23 or 2026/11/23.

Invariant: what is no day of the calendar is none.
"""

from __future__ import annotations

import re
from datetime import date

_DAY = re.compile(r"(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})")


def day_of(text: str) -> date | None:
    """Return the day that was typed; None where it is none."""
    found = _DAY.fullmatch(text.strip())
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
