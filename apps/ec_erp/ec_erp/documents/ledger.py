"""Documents that only a store writes: ledger entries, balances, heads of chains, reservations.

Invariant: no API path inserts, changes, renames or deletes such a row, whoever asks and with whatever flags. Stores
write rows with ``frappe.db.bulk_insert`` and set statements, which do not pass here.
"""

# ruff: noqa: ARG002  the refusing methods take what the framework passes and look at none of it
from __future__ import annotations

from typing import Any, NoReturn

import frappe
from frappe.model.document import Document

from ec_erp.documents.errors import refuse_with
from ec_erp.kernel.problems import N_, problem


class LedgerIsAppendOnly(frappe.PermissionError):
    """Somebody tries to write, change or delete a row that only postings make."""


class PostedRow(Document):
    """Base of the controllers of such DocTypes: every way of writing refuses, whatever arguments it is given."""

    def insert(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        self._refuse()

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        self._refuse()

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        self._refuse()

    def db_insert(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        self._refuse()

    def db_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        self._refuse()

    def db_set(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        self._refuse()

    def validate(self) -> NoReturn:
        """Refuse."""
        self._refuse()

    def on_trash(self) -> NoReturn:
        """Refuse: ``frappe.delete_doc`` comes this way."""
        self._refuse()

    def before_rename(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: ``frappe.rename_doc`` comes this way."""
        self._refuse()

    def _refuse(self) -> NoReturn:
        found = problem(
            N_("{0} is written by postings only; correct it by cancelling or with a new document"),
            frappe._(self.doctype),
        )
        refuse_with([found], LedgerIsAppendOnly)


class NameInLedgers:
    """Mixin for masters whose names stand in ledger rows: they can't be renamed, for that would rewrite the ledgers."""

    doctype: str

    def before_rename(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        found = problem(
            N_("A {0} keeps its name, because ledger entries name it; change its title instead"), frappe._(self.doctype)
        )
        refuse_with([found], LedgerIsAppendOnly)
