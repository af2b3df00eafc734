"""Numbers that nobody gets twice: the sequences behind documents named by counting, and those that apps make themselves.

Invariant: a number is taken in one statement; whoever wants the next one waits until this transaction ends.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.context.errors import DuplicateEntryError
from frappe_engine.context.missing import refuse
from frappe_engine.database.transaction import Connection
from frappe_engine.kit.text import scrub

OF_NAMES = "_id_seq"


class Sequences(Connection):
    """Mixed into `Database`."""

    SEQUENCE_CACHE = 0  # numbers a connection would hold back for itself: here none, so that none is lost

    def take_numbers(self, key: str, count: int = 1) -> int:
        """Take `count` numbers of the series `key` in one statement; give the last of them."""
        if self.is_sqlite:
            row = self.write(
                "INSERT INTO `tabSeries` (`name`, `current`) VALUES (?, ?)"
                " ON CONFLICT (`name`) DO UPDATE SET `current` = `current` + ? RETURNING `current`",
                (key, count, count),
            ).fetchone()
            return int(row[0])
        self._take_number_turn(key)
        cursor = self.write(
            "INSERT INTO `tabSeries` (`name`, `current`) VALUES (?, LAST_INSERT_ID(?))"
            " ON DUPLICATE KEY UPDATE `current` = LAST_INSERT_ID(`current` + ?)",
            (key, count, count),
        )
        return int(cursor.lastrowid)

    def create_sequence(
        self,
        doctype_name: str,
        *,
        slug: str = OF_NAMES,
        temporary: bool = False,
        check_not_exists: bool = False,
        cycle: bool = False,
        cache: int = 0,
        start_value: int = 0,
        increment_by: int = 0,
        min_value: int = 0,
        max_value: int = 0,
    ) -> str:
        """Make a sequence for a DocType, from `start_value` or 1 on; give its name.

        `cache` says nothing here. Raises `DuplicateEntryError` where it is there already (unless `check_not_exists`),
        `NotImplementedError` for sequences that end, begin again, or leave numbers out.
        """
        if cycle or max_value or increment_by not in (0, 1):
            refuse("frappe.db.create_sequence with cycle, max_value or increment_by")
        key = sequence_key(doctype_name, slug)
        if self.row("SELECT 1 FROM `tabSeries` WHERE `name` = ?", (key,)) is None:
            first = start_value or min_value or 1
            self.write("INSERT INTO `tabSeries` (`name`, `current`) VALUES (?, ?)", (key, first - 1))
        elif not check_not_exists:
            raise DuplicateEntryError(f"There is a sequence {key} already")
        return scrub(f"{doctype_name}{slug}")

    def get_next_sequence_val(self, doctype_name: str, slug: str = OF_NAMES) -> int:
        """Take the next number of a DocType's sequence."""
        return self.take_numbers(sequence_key(doctype_name, slug))

    def set_next_sequence_val(
        self, doctype_name: str, next_val: int, *, slug: str = OF_NAMES, is_val_used: bool = False
    ) -> None:
        """Let a DocType's sequence go on with `next_val`, or with the one after it when that is used already."""
        last = next_val if is_val_used else next_val - 1
        verb = "INSERT OR REPLACE" if self.is_sqlite else "REPLACE"
        self.write(
            f"{verb} INTO `tabSeries` (`name`, `current`) VALUES (?, ?)", (sequence_key(doctype_name, slug), last)
        )


def sequence_key(doctype_name: str, slug: Any = OF_NAMES) -> str:
    """Give the name of a DocType's sequence in the table of series; `slug` tells several of one DocType apart."""
    return f"autoincrement:{doctype_name}" if slug == OF_NAMES else f"autoincrement:{doctype_name}{slug}"
