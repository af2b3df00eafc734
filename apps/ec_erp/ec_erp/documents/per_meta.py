"""What follows from a DocType's definition, worked out once instead of once per document.

Invariant: never older than the definition, for the framework gives another meta once a DocType has changed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import frappe

Fact = TypeVar("Fact")


class PerMeta(Generic[Fact]):
    """Facts by DocType, made of its meta."""

    def __init__(self, make: Callable[[Any], Fact]) -> None:
        """Take the function that works a fact out."""
        self._make = make
        self._known: dict[str, tuple[Any, Fact]] = {}

    def of(self, doctype: str) -> Fact:
        """Return the fact of a DocType."""
        meta = frappe.get_meta(doctype)
        known = self._known.get(doctype)
        if known is None or known[0] is not meta:
            known = self._known[doctype] = (meta, self._make(meta))
        return known[1]
