"""What a document must satisfy before it is stored.

Invariant: a check raises or leaves the stored state alone.
"""

from __future__ import annotations

from typing import Any, NoReturn

from frappe_engine.context.errors import (
    DocstatusTransitionError,
    EmptyTableError,
    InvalidDates,
    TimestampMismatchError,
    ValidationError,
)
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.documents.base import compare
from frappe_engine.documents.docstatus import CANCELLED, DRAFT, SUBMITTED
from frappe_engine.documents.life.happenings import Happenings
from frappe_engine.documents.links import check_links, check_no_links
from frappe_engine.documents.plans import get_plan
from frappe_engine.documents.precision import round_value
from frappe_engine.documents.validation import (
    check_constants,
    check_mandatory,
    check_update_after_submit,
    check_values,
    sanitise,
)
from frappe_engine.kit.dates import get_datetime

# what a save does by the stored docstatus and the wanted one, and the right it needs besides the one to write
ALLOWED_CHANGES = {
    (DRAFT, DRAFT): ("save", None),
    (DRAFT, SUBMITTED): ("submit", "submit"),
    (SUBMITTED, SUBMITTED): ("update_after_submit", "submit"),
    (SUBMITTED, CANCELLED): ("cancel", "cancel"),
}


class Checks(Happenings):
    """A document that can be checked."""

    # against what is stored

    def check_if_latest(self) -> None:
        """Raise `TimestampMismatchError` when somebody else stored the document since it was read.

        Also determines what this save does (`_action`) and whether the docstatus may change so.
        """
        own = self.__dict__
        own["_action"] = "save"
        if self.meta.issingle and int(own.get("docstatus") or 0) != DRAFT:
            raise ValidationError(_("Invalid docstatus"), own["docstatus"])
        if own.get("__islocal"):
            self.check_docstatus_transition(DRAFT)
            return
        self.load_doc_before_save(raise_exception=not self.meta.issingle)
        before = own.get("_doc_before_save")
        if before is None:
            return
        if not self.meta.issingle or before.get("modified"):
            self._compare_stamps(before)
        if not self.meta.issingle:
            self.check_docstatus_transition(int(before.docstatus or 0))

    def _compare_stamps(self, before: Any) -> None:
        stored, known = before.get("modified"), self.__dict__.get("_original_modified")
        if known in (None, "") or (self.flags.get("ignore_timestamp") and self.meta.issingle):
            return
        if str(stored) != str(known) and _moment(stored) != _moment(known):
            throw(
                _("Error: Document has been modified after you have opened it")
                + f" ({stored}, {known}). "
                + _("Please refresh to get the latest document."),
                TimestampMismatchError,
            )

    def check_docstatus_transition(self, to_docstatus: int) -> None:
        """Set `_action` from the stored docstatus and the wanted one. Raises `DocstatusTransitionError`."""
        stored, wanted = to_docstatus, int(self.__dict__.get("docstatus") or 0)
        own = self.__dict__
        if wanted not in (DRAFT, SUBMITTED, CANCELLED):
            raise ValidationError(_("Invalid docstatus"), wanted)
        if wanted and not self.meta.is_submittable and not own.get("parentfield"):
            raise DocstatusTransitionError(_("{0} can't be submitted: it is not submittable").format(_(self.doctype)))
        if (stored, wanted) not in ALLOWED_CHANGES:
            _refuse_change(stored)
        own["_action"], right = ALLOWED_CHANGES[stored, wanted]
        if right:
            self.check_permission(right)

    def validate_update_after_submit(self) -> None:
        """Raise `UpdateAfterSubmitError` when a field changed that may not change after submit."""
        if self.flags.get("ignore_validate_update_after_submit"):
            return
        before = self.get_doc_before_save()
        if before is not None:
            check_update_after_submit(self, before)

    def validate_set_only_once(self) -> None:
        """Raise when a field changed that keeps its first value."""
        before = self.get_doc_before_save()
        if before is not None:
            check_constants(self, before, get_plan(self.doctype))

    # by its DocType

    def _validate_mandatory(self) -> None:  # apps call it by this name
        if not self.flags.get("ignore_mandatory"):
            check_mandatory(self)

    def _validate(self) -> None:
        rows = self.get_all_children()
        for document in (self, *rows):
            sanitise(document)
        self._validate_mandatory()
        check_values(self, rows)
        before = self.get_doc_before_save()
        if before is not None:
            check_constants(self, before, get_plan(self.doctype))

    def _validate_links(self) -> None:
        if self.flags.get("ignore_links") or self.__dict__.get("_action") == "cancel":
            return
        check_links(self)

    def check_no_back_links_exist(self) -> None:
        """Raise `LinkExistsError` when submitted documents point at this cancelled one."""
        if self.flags.get("ignore_links") or int(self.docstatus or 0) != CANCELLED:
            return
        check_no_links(self, method="Cancel")

    # as apps ask

    def validate_value(
        self, fieldname: str, condition: str, val2: Any, doc: Any = None, raise_exception: Any = None
    ) -> None:
        """Raise unless a value compares to another as `condition` says."""
        document = doc or self
        value = document.get_value(fieldname) if hasattr(document, "get_value") else document.get(fieldname)
        if not compare(value, condition, val2):
            label = _(document.meta.get_label(fieldname))
            words = _({"in": "one of", "not in": "none of", "^": "beginning with"}.get(condition, condition))
            throw(
                _("Incorrect value: {0} must be {1} {2}").format(label, words, val2), raise_exception or ValidationError
            )

    def validate_table_has_rows(self, parentfield: str, raise_exception: Any = None) -> None:
        """Raise `EmptyTableError` when a table has no rows."""
        if not self.get(parentfield):
            throw(
                _("Table {0} cannot be empty").format(_(self.meta.get_label(parentfield))),
                raise_exception or EmptyTableError,
            )

    def validate_from_to_dates(self, from_date_field: str, to_date_field: str) -> None:
        """Raise `InvalidDates` when the second date lies before the first."""
        earlier, later = _moment(self.get(from_date_field)), _moment(self.get(to_date_field))
        if earlier and later and later < earlier:
            throw(
                _("{0} must be after {1}").format(
                    _(self.meta.get_label(to_date_field)), _(self.meta.get_label(from_date_field))
                ),
                InvalidDates,
            )

    def round_floats_in(self, doc: Any, fieldnames: Any = None, do_not_round_fields: Any = None) -> None:
        """Round the number fields of a document or row to their precision."""
        names = fieldnames or [f.fieldname for f in doc.meta.fields if f.fieldtype in ("Currency", "Float", "Percent")]
        for name in names:
            if not do_not_round_fields or name not in do_not_round_fields:
                doc.set(name, round_value(doc.get(name), doc.precision(name)))


def _refuse_change(stored: int) -> NoReturn:
    if stored == CANCELLED:
        raise ValidationError(_("Cannot edit cancelled document"))
    if stored == DRAFT:
        raise DocstatusTransitionError(_("Cannot change docstatus from 0 (Draft) to 2 (Cancelled)"))
    raise DocstatusTransitionError(_("Cannot change docstatus from 1 (Submitted) to 0 (Draft)"))


def _moment(value: Any) -> Any:
    try:
        return get_datetime(str(value)) if value else None
    except ValueError:
        return None
