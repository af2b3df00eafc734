"""What the user may do with a document, and with its fields.

Invariant: a value above the user's levels is neither shown nor written.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.access.decisions import accessible_levels, has_permission
from frappe_engine.access.masks import keep_masked_values, mask_document
from frappe_engine.context.errors import PermissionError
from frappe_engine.context.local import current
from frappe_engine.context.messages import msgprint
from frappe_engine.context.translate import _
from frappe_engine.documents.base import session_user
from frappe_engine.documents.life.loading import Loading, get_doc
from frappe_engine.documents.plans import get_plan


class Rights(Loading):
    """A document that knows what the user may do with it."""

    def check_permission(self, permtype: str = "read", permlevel: Any = None) -> None:
        """Raise `PermissionError` unless the user has the right on this document."""
        if not self.has_permission(permtype):
            self.raise_no_permission_to(permtype)

    def has_permission(self, permtype: str = "read", *, debug: bool = False, user: str | None = None) -> bool:
        """Tell whether the user has the right on this document."""
        flags = self.__dict__.get("flags")
        if flags and flags.get("ignore_permissions"):
            return True
        return has_permission(self.doctype, permtype, self, user, print_logs=False)

    def raise_no_permission_to(self, perm_type: str) -> None:
        """Raise `PermissionError` with a message that says what is missing."""
        current().flags.error_message = _("Insufficient Permission for {0}").format(_(self.doctype))
        msgprint(
            _("You do not have the right to {0} {1} {2}. Ask an administrator for a role that has it.").format(
                _(perm_type.title()), _(self.doctype), self.__dict__.get("name") or ""
            ),
            title=_("Not permitted"),
            indicator="red",
        )
        raise PermissionError

    def get_permlevel_access(self, permission_type: str = "write") -> list[int]:
        """Give the levels at which the user has a right on this DocType."""
        return accessible_levels(self.meta, permission_type)

    def has_permlevel_access_to(self, fieldname: str, df: Any = None, permission_type: str = "read") -> bool:
        """Tell whether the user may read or write a field."""
        field = df or self.meta.get_field(fieldname)
        return int((field and field.get("permlevel")) or 0) in self.get_permlevel_access(permission_type)

    def apply_fieldlevel_read_permissions(self) -> None:
        """Take out the values of fields the user may not read; something else stands for those of masked fields."""
        if session_user() == "Administrator":
            return
        for document in (self, *self.get_all_children()):
            high = document.meta.high_permlevel_fields
            if not high:
                continue
            levels = accessible_levels(self.meta if document.meta.istable else document.meta, "read")
            for field in high:
                if int(field.permlevel) not in levels:
                    document.__dict__[field.fieldname] = (
                        [] if field.fieldtype in ("Table", "Table MultiSelect") else None
                    )
        if self._has_masks():
            mask_document(self)

    def _has_masks(self) -> bool:
        meta = self.meta
        return bool(meta.fields_with_mask) or any(
            [get_plan(child).meta.fields_with_mask for child in meta.table_doctypes.values()]
        )

    def as_seen(self) -> Any:
        """Give the document as the user may see it: itself, or a copy without the rest, as it stays whole for what follows."""
        metas = [self.meta, *(get_plan(child).meta for child in self.meta.table_doctypes.values())]
        if session_user() == "Administrator" or not any(m.high_permlevel_fields or m.fields_with_mask for m in metas):
            return self
        seen = get_doc(self.as_dict())
        seen.apply_fieldlevel_read_permissions()
        return seen

    def _reset_unwritable_fields(self) -> None:
        """Put back what the user may not write: fields above their levels keep the stored value."""
        flags = self.__dict__.get("flags") or {}
        state = current()
        sees_all = bool(
            flags.get("ignore_permissions")
            or state.get("flags", {}).get("in_install")
            or session_user() == "Administrator"
        )
        before = self.get_doc_before_save()
        if self._has_masks():
            keep_masked_values(self, before, sees_all)
        if sees_all:
            return
        levels = accessible_levels(self.meta, "write")
        _put_back(self, before, levels)
        stored_rows = {row.name: row for row in before.get_all_children()} if before is not None else {}
        for row in self.get_all_children():
            _put_back(row, stored_rows.get(row.__dict__.get("name")), levels)


def _put_back(document: Any, stored: Any, levels: list[int]) -> None:
    for field in document.meta.high_permlevel_fields:
        if int(field.permlevel) in levels:
            continue
        if stored is not None:
            document.__dict__[field.fieldname] = stored.get(field.fieldname)
        elif field.fieldtype in ("Table", "Table MultiSelect"):
            document.__dict__[field.fieldname] = []
        else:
            document.__dict__[field.fieldname] = field.get("default")
