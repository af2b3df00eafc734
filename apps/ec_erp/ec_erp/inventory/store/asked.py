"""Which keys a question about stock is about, as conditions of a statement.

Invariant: values are never part of the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Asked:
    """Which keys a question is about; empty means all."""

    company: str = ""
    warehouses: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()

    def conditions(self, table: str) -> tuple[str, list[Any]]:
        """Return SQL conditions (beginning with AND) and their values."""
        text, values = "", list[Any]()
        if self.company:
            text, values = f" AND {table}.`company` = %s", [self.company]
        for column, names in (("warehouse", self.warehouses), ("sku", self.skus)):
            if names:
                text += f" AND {table}.`{column}` IN ({', '.join(['%s'] * len(names))})"
                values += names
        return text, values


EVERYTHING = Asked()
