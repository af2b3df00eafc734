"""Documents that work as sets: a base class for controllers and the batch that saves many of them together.

A controller says what its DocType does for a *list* of documents (``submit_set``, ``cancel_set``); one document is a
list of one. In a batch every document runs its own full life cycle (permissions, naming, validation, every hook and
custom script); only the writing of new rows and the posting are put together. Order for each document: before_insert
… validate … before_submit, then for the whole batch: rows written, after_insert, posting, on_update, on_submit,
on_change.

Invariant: what happens to a document does not depend on whether it was saved alone or in a batch.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import frappe
from frappe.model.document import Document

from ec_erp.documents import beforehand, checks, held_back, memo
from ec_erp.documents.errors import SubmittedOnce, refuse
from ec_erp.documents.kept_up import refuse_kept_up
from ec_erp.documents.links import check_links
from ec_erp.documents.numbering import NumberBlocks
from ec_erp.documents.store import can_hold_back, insert_rows, insert_values
from ec_erp.kernel.problems import N_, problem

DRAFT, SUBMITTED, CANCELLED = 0, 1, 2
# The framework gives these the user's or site's default, but the shop or order of a document knows better.
_OWN_DEFAULTS = ("company", "currency")


class Batch:
    """What a running batch has put off: rows to write and documents whose events after writing are still to come."""

    def __init__(self, docs: Sequence[Any]) -> None:
        """Start with the documents that are about to be saved."""
        self.names = NumberBlocks(docs)
        self._own = {id(doc) for doc in docs}
        self._parents: set[tuple[str, str]] = set()
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.ready: dict[tuple[str, tuple[str, ...]], list[tuple[Any, ...]]] = {}
        self.inserted: list[Any] = []
        self.saved: list[Any] = []

    def owns(self, part: Any) -> bool:
        """Tell whether a document, or the parent of a child row, is of this batch: hooks may save others meanwhile."""
        value = vars(part).get  # where documents keep their values
        return id(part) in self._own or (value("parenttype"), value("parent")) in self._parents

    def take_row(self, part: Any) -> None:
        """Keep the row of a document or child for the common insert."""
        if id(part) in self._own:
            self._parents.add((part.doctype, part.name))
        part.name = part.name or frappe.generate_hash(length=10)
        if hasattr(type(part), "row_to_insert"):  # a framework that can say it at once
            columns, values = part.row_to_insert()
            self.ready.setdefault((part.doctype, columns), []).append(values)
        else:
            self._take_fields(part)

    def _take_fields(self, part: Any) -> None:
        moment, user = frappe.utils.now_datetime(), frappe.session.user
        for field, value in (("creation", moment), ("modified", moment), ("owner", user), ("modified_by", user)):
            part.set(field, part.get(field) or value)
        self.rows.setdefault(part.doctype, []).append(part.get_valid_dict(sanitize=True, convert_dates_to_str=True))

    def finish(self) -> None:
        """Write the rows, then run what was put off, document by document; postings as sets."""
        for doctype, rows in self.rows.items():
            insert_rows(doctype, rows)
        for (doctype, columns), values in self.ready.items():
            insert_values(doctype, columns, values)
        for doc in self.inserted:
            doc.flags.in_insert = True
            doc.run_method("after_insert")
        with _posted_as_sets(self.saved):
            for doc in self.saved:
                doc.run_post_save_methods()
                doc.flags.in_insert = False


_batch: ContextVar[Batch | None] = ContextVar("ec_erp_batch", default=None)
_posted: ContextVar[frozenset[int]] = ContextVar("ec_erp_posted", default=frozenset())


def _rows_to_hold_back(doc: Any) -> list[Any]:
    rows = [row for row in doc.get_all_children() if isinstance(row, SetRow)]
    for row in rows:
        row.flags.held_back = True
    return rows


def _batch_of(part: Any) -> Batch | None:
    batch = _batch.get()
    return batch if batch is not None and batch.owns(part) else None


class SetDocument(Document):
    """Base of controllers whose rules load, decide and write for a list of documents."""

    # Whether a new document may be completed and checked before it takes its number; a class says so for itself alone.
    completes_beforehand = False

    @classmethod
    def prefetch_set(cls, docs: Sequence[Any]) -> None:
        """Load (into the batch's memory) what the validation of these documents will ask for."""

    @classmethod
    def submit_set(cls, docs: Sequence[Any]) -> None:
        """Post documents that have just been submitted."""

    @classmethod
    def cancel_set(cls, docs: Sequence[Any]) -> None:
        """Undo what was posted for documents that have just been cancelled."""

    def fill_defaults(self) -> None:
        """Fill what nobody said, before anything is checked."""

    def check(self) -> None:
        """Refuse what breaks a rule; calculate what follows from the rest."""

    def check_against_others(self) -> None:
        """Refuse what other documents of the DocType stand against, once nobody else can insert one; the last of the checks."""

    def insert(self, *args: Any, **kwargs: Any) -> Any:
        """Insert, remembering what was not given before the framework fills in defaults of its own."""
        self.flags.not_given = [field for field in _OWN_DEFAULTS if self.meta.has_field(field) and not self.get(field)]
        with memo.remembering():
            inserted = super().insert(*args, **kwargs)
            held_back.write(self)
            return inserted

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Save (submit and cancel come this way too), loading what its checks share once."""
        with memo.remembering():
            return super().save(*args, **kwargs)

    def before_insert(self) -> None:
        """Complete the document before others have to wait for its number, where nobody looks at it before it is validated."""
        self.flags.completed = None
        if _batch_of(self) is None and beforehand.may_complete(self):
            self._complete()
            self.flags.completed = beforehand.values_of(self)

    def validate(self) -> None:
        """Complete the document and apply its own rules, unless that was done and nothing has changed since."""
        completed = self.flags.pop("completed", None)
        is_complete = completed is not None and completed == beforehand.values_of(self)
        if not is_complete:
            self._complete()
        self.flags.may_hold_back = is_complete and self.docstatus == SUBMITTED and can_hold_back()
        self.check_against_others()

    def _complete(self) -> None:
        """Fill defaults, refuse gaps and text in numbers, then apply the document's own rules."""
        for field in self.flags.pop("not_given", None) or ():
            self.set(field, None)
        self.fill_defaults()
        checks.refuse_missing(self)
        checks.refuse_text_in_numbers(self)
        self.check()

    def before_update_after_submit(self) -> None:
        """Refuse to change by hand what follows from what happens."""
        refuse_kept_up(self)

    def on_submit(self) -> None:
        """Post, unless the batch has done so."""
        if id(self) not in _posted.get():
            self.submit_set([self])

    def on_cancel(self) -> None:
        """Undo, unless the batch has done so."""
        if id(self) not in _posted.get():
            self.cancel_set([self])

    def on_trash(self) -> None:
        """Refuse to delete what has been submitted once: ledgers and other documents name it."""
        self._refuse_once_submitted(N_("{0} {1} has been submitted once and is kept: the books name it"))

    def before_rename(self, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002  the framework's shape
        """Refuse to rename what has been submitted once."""
        self._refuse_once_submitted(N_("{0} {1} has been submitted once and keeps its name: the books name it"))

    def _refuse_once_submitted(self, message: str) -> None:
        if self.docstatus != DRAFT:
            refuse([problem(message, frappe._(self.doctype), self.name)], SubmittedOnce)

    def autoname(self) -> None:
        """Take the name from the batch's block of numbers; alone, leave naming to the DocType's rule."""
        batch = _batch_of(self)
        name = batch.names.next_name(self) if batch else None
        if name:
            self.name = name

    def db_insert(self, *args: Any, **kwargs: Any) -> None:
        """Write the row, leave it to the batch, or hold it back with those of its tables until it is posted."""
        batch = _batch_of(self)
        if batch is not None:
            batch.take_row(self)
        elif self.flags.pop("may_hold_back", False) and not (args or kwargs.get("ignore_if_duplicate")):
            self.flags.held_back = held_back.HeldBack(self, _rows_to_hold_back(self))
        else:
            super().db_insert(*args, **kwargs)

    def run_method(self, method: str, *args: Any, **kwargs: Any) -> Any:
        """Run an event; in a batch ``after_insert`` waits until the row is written."""
        batch = _batch_of(self) if method == "after_insert" else None
        if batch is not None:
            batch.inserted.append(self)
            return None
        return super().run_method(method, *args, **kwargs)

    def run_post_save_methods(self) -> None:
        """Run the events that follow the write; in a batch they wait until everything is written and posted."""
        memo.forget(self.doctype)
        batch = _batch_of(self)
        if batch is None:
            super().run_post_save_methods()
        else:
            batch.saved.append(self)


class SetRow(Document):
    """Base of child rows whose parents are saved in batches."""

    def may_insert_together(self) -> bool:
        """Tell a framework that can that these rows of one parent may be written by one statement."""
        return _batch_of(self) is None and not self.flags.held_back

    def db_insert(self, *args: Any, **kwargs: Any) -> None:
        """Write the row, or leave it to the batch or to its held back document."""
        batch = _batch_of(self)
        if self.flags.pop("held_back", False):
            return
        if batch is None:
            super().db_insert(*args, **kwargs)
        else:
            batch.take_row(self)


def insert_many(docs: Sequence[Any], *, submit: bool = False) -> None:
    """Insert new documents (of any DocTypes based on ``SetDocument``), submitted at once where ``submit``.

    Raises the first document's error; the caller's savepoint decides what becomes of the rest.
    """
    with _batching(docs):
        check_links(docs)
        for doc in docs:
            doc.flags.ignore_links = True
            doc.docstatus = SUBMITTED if submit else doc.docstatus or 0
            doc.insert()


def submit_many(docs: Sequence[Any]) -> None:
    """Submit saved drafts together."""
    with _batching(docs):
        for doc in docs:
            doc.submit()


def cancel_many(docs: Sequence[Any]) -> None:
    """Cancel submitted documents together."""
    with _batching(docs):
        for doc in docs:
            doc.cancel()


@contextmanager
def _batching(docs: Sequence[Any]) -> Iterator[None]:
    """Prefetch, let the block save the documents, then write and post what it put off."""
    with memo.remembering():
        for controller, group in _by_controller(docs):
            controller.prefetch_set(group)
        batch = Batch(docs)
        token = _batch.set(batch)
        try:
            yield
        finally:
            _batch.reset(token)
        batch.finish()


@contextmanager
def _posted_as_sets(docs: Sequence[Any]) -> Iterator[None]:
    """Post the documents by controller, and let their own events know that it is done."""
    for controller, group in _by_controller(docs):
        submitted = [doc for doc in group if doc.docstatus == SUBMITTED]
        cancelled = [doc for doc in group if doc.docstatus == CANCELLED]
        if submitted:
            controller.submit_set(submitted)
        if cancelled:
            controller.cancel_set(cancelled)
    token = _posted.set(_posted.get() | {id(doc) for doc in docs})
    try:
        yield
    finally:
        _posted.reset(token)


def _by_controller(docs: Iterable[Any]) -> list[tuple[Any, list[Any]]]:
    groups: dict[Any, list[Any]] = {}
    for doc in docs:
        groups.setdefault(type(doc), []).append(doc)
    return list(groups.items())
