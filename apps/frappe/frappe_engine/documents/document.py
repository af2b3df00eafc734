"""Documents: what controllers derive from, and how documents are got.

`Document` is built of the layers of `documents.life`, one per concern; here is what apps ask of a document besides.

Invariant: whoever needs less than the class itself may import the layer that has it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from frappe_engine.context.local import current, providers
from frappe_engine.documents import passwords
from frappe_engine.documents.base import session_user
from frappe_engine.documents.errors import log_error
from frappe_engine.documents.life.forgetting import forget_document, forget_documents
from frappe_engine.documents.life.life_cycle import LifeCycle
from frappe_engine.documents.life.loading import (
    get_doc,
    get_last_doc,
    get_lazy_doc,
    get_single,
    load,
    load_rows,
    new_doc,
)
from frappe_engine.documents.life.remembered import get_cached_doc, get_cached_value
from frappe_engine.documents.life.rows import row_values
from frappe_engine.documents.life.writing import bulk_insert, insert_rows
from frappe_engine.kit.attrdict import _dict


class Document(LifeCycle):
    """A document: what controllers derive from."""

    # what forms show of it

    def set_onload(self, key: str, value: Any) -> None:
        """Give the form a value that is not stored."""
        self.__dict__.setdefault("__onload", _dict())[key] = value

    def get_onload(self, key: str | None = None) -> Any:
        """Give what was set for the form."""
        values = self.__dict__.setdefault("__onload", _dict())
        return values.get(key) if key else values

    def get_title(self) -> str:
        """Give the text people know this document by."""
        return str(self.get(self.meta.get_title_field()) or self.name or "")

    def get_url(self) -> str:
        """Give the path of this document's form."""
        return f"/app/{str(self.doctype).lower().replace(' ', '-')}/{self.name}"

    # passwords, errors, files

    def get_password(self, fieldname: str = "password", raise_exception: bool = True) -> str | None:
        """Give a password field in plain text. Raises `AuthenticationError` when none is kept."""
        value = self.__dict__.get(fieldname)
        if value and not passwords.is_hidden(value):
            return str(value)
        return passwords.get_decrypted_password(self.doctype, self.name, fieldname, raise_exception)

    def is_dummy_password(self, pwd: Any) -> bool:
        """Tell whether a value only stands for a password that is kept elsewhere."""
        return passwords.is_hidden(pwd)

    def log_error(self, title: str | None = None, message: str | None = None) -> Any:
        """Keep an error that this document met in the Error Log; gives the log's document."""
        return log_error(title, message, reference_doctype=self.doctype, reference_name=self.name)

    def copy_attachments_from_amended_from(self) -> None:
        """Attach the original's files to this amendment."""
        providers("copy_attachments", self.doctype, self.amended_from, self.name)

    # people and their marks

    def add_comment(
        self,
        comment_type: str = "Comment",
        text: str | None = None,
        comment_email: str | None = None,
        comment_by: str | None = None,
    ) -> Any:
        """Put a comment on the document's timeline and give it."""
        email = comment_email or session_user()
        comment = get_doc(
            {
                "doctype": "Comment",
                "comment_type": comment_type,
                "comment_email": email,
                "comment_by": comment_by,
                "reference_doctype": self.doctype,
                "reference_name": self.name,
                "content": text or comment_type,
            }
        )
        comment.flags.ignore_links = True
        return comment.insert(ignore_permissions=True)

    def add_seen(self, user: str | None = None) -> None:
        """Note that a user has seen the document."""
        if not self.meta.track_seen:
            return
        who = user or session_user()
        seen = json.loads(
            self.__dict__.get("_seen") or current().db.get_value_by_name(self.doctype, self.name, "_seen") or "[]"
        )
        if who not in seen:
            seen.append(who)
            current().db.set_value(self.doctype, self.name, "_seen", json.dumps(seen), update_modified=False)
            self.__dict__["_seen"] = json.dumps(seen)
            current().flags.commit = True

    def add_viewed(self, user: str | None = None, force: bool = False, unique_views: bool = False) -> Any:
        """Note that a user has viewed the document, where the DocType tracks views."""
        if not (self.meta.track_views or force):
            return None
        view = get_doc(
            {
                "doctype": "View Log",
                "viewed_by": user or session_user(),
                "reference_doctype": self.doctype,
                "reference_name": self.name,
            }
        )
        view.flags.ignore_links = True
        return view.insert(ignore_permissions=True)

    def add_tag(self, tag: str) -> None:
        """Put a tag on the document."""
        providers("add_tag", self, tag)

    def remove_tag(self, tag: str) -> None:
        """Take a tag off the document."""
        providers("remove_tag", self, tag)

    def get_tags(self) -> list[str]:
        """Give the tags of the document."""
        stored = current().db.get_value_by_name(self.doctype, self.name, "_user_tags")
        return [tag for tag in str(stored or "").split(",") if tag]

    def get_liked_by(self) -> list[str]:
        """Give the users who like the document."""
        return json.loads(self.__dict__.get("_liked_by") or "[]")  # type: ignore[no-any-return]

    def get_assigned_users(self) -> set[str]:
        """Give the users the document is assigned to."""
        rows = current().db.get_values(
            "ToDo",
            {
                "reference_type": self.doctype,
                "reference_name": self.name,
                "status": ["not in", ["Closed", "Cancelled"]],
            },
            "allocated_to",
        )
        return {row[0] for row in rows if row[0]}

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)


@contextmanager
def read_only_document(context: str | None = None) -> Iterator[None]:
    """Forbid saving documents inside the block (rendering prints, evaluating notifications)."""
    flags = current().flags
    before = flags.get("read_only_depth") or 0
    flags.read_only_depth = before + 1
    try:
        yield
    finally:
        flags.read_only_depth = before


__all__ = [
    "Document",
    "bulk_insert",
    "forget_document",
    "forget_documents",
    "get_cached_doc",
    "get_cached_value",
    "get_doc",
    "get_last_doc",
    "get_lazy_doc",
    "get_single",
    "insert_rows",
    "load",
    "load_rows",
    "new_doc",
    "read_only_document",
    "row_values",
]
