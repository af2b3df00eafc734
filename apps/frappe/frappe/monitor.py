"""Notes on what a request or job took, which apps may add to."""

from __future__ import annotations

from typing import Any

from frappe_engine.context.local import current


def add_data_to_monitor(**kwargs: Any) -> None:
    """Add facts to the notes on the running request or job, where such notes are taken."""
    notes = current().get("monitor")
    if notes is not None:
        notes.update(kwargs)
