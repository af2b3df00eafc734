"""Controller of the DocType DocShare.

Invariant: whoever may write, share or submit a shared document may read it, and one user has one row per document.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, get_fullname


class DocShare(Document):
    """A right on one document, given by one user to another."""

    no_feed_on_delete = True

    def validate(self) -> None:
        """Settle the rights; raise unless the user may share the document."""
        if not self.everyone and not self.user:
            frappe.throw(_("User is mandatory for Share"), frappe.MandatoryError)
        self.cascade_permissions_downwards()
        self.check_share_permission()
        self.check_is_submittable()
        if self.everyone:
            self.user = None

    def cascade_permissions_downwards(self) -> None:
        """Let those who may write, share or submit read."""
        if cint(self.write) or cint(self.share) or cint(self.submit):
            self.read = 1

    def check_share_permission(self) -> None:
        """Raise `PermissionError` unless the one who asks may share the document."""
        if self.flags.ignore_share_permission:
            return
        document = frappe.get_doc(self.share_doctype, self.share_name)
        if not frappe.has_permission(self.share_doctype, "share", document):
            frappe.throw(_('You need to have "Share" permission'), frappe.PermissionError)

    def check_is_submittable(self) -> None:
        """Raise `ValidationError` for the right to submit what can't be submitted."""
        if self.submit and not cint(frappe.get_meta(self.share_doctype).is_submittable):
            frappe.throw(
                _("Cannot share {0} with submit permission as the doctype {1} is not submittable").format(
                    frappe.bold(self.share_name), frappe.bold(_(self.share_doctype))
                )
            )

    def after_insert(self) -> None:
        """Say so in the document's timeline."""
        whom = _("everyone") if self.everyone else get_fullname(self.user)
        self._comment("Shared", _("{0} shared this document with {1}").format(get_fullname(), whom))

    def on_trash(self) -> None:
        """Say so in the document's timeline; raise unless the user may share the document."""
        self.check_share_permission()
        whom = _("everyone") if self.everyone else get_fullname(self.user)
        self._comment("Unshared", _("{0} un-shared this document with {1}").format(get_fullname(), whom))

    def _comment(self, kind: str, text: str) -> None:
        if self.flags.ignore_share_permission or not frappe.db.exists(self.share_doctype, self.share_name):
            return
        document = frappe.get_cached_doc(self.share_doctype, self.share_name)
        document.add_comment(kind, text)


def on_doctype_update() -> None:
    """Find shares by user and by document fast."""
    frappe.db.add_index("DocShare", ["user", "share_doctype"])
    frappe.db.add_index("DocShare", ["share_doctype", "share_name"])
