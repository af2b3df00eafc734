"""Controller of the DocType Tag, and the calls that put tags on documents."""

from __future__ import annotations

from frappe_engine.desk.people import (
    add_tag,
    add_tags,
    get_documents_for_tag,
    get_tagged_docs,
    get_tags,
    get_tags_list_for_awesomebar,
    remove_tag,
)

import frappe
from frappe.model.document import Document

__all__ = [
    "DocTags",
    "Tag",
    "add_tag",
    "add_tags",
    "get_documents_for_tag",
    "get_tagged_docs",
    "get_tags",
    "get_tags_list_for_awesomebar",
    "remove_tag",
]


class Tag(Document):
    """A word that marks documents of any kind."""


class DocTags:
    """The tags of the documents of one DocType."""

    def __init__(self, dt: str) -> None:
        self.dt = dt

    def get_tags(self, dn: str) -> str:
        """Give the tags of a document, with commas around them."""
        return frappe.db.get_value(self.dt, dn, "_user_tags") or ""

    def add(self, dn: str, tag: str) -> None:
        """Put a tag on a document."""
        frappe.get_doc(self.dt, dn).add_tag(tag)

    def remove(self, dn: str, tag: str) -> None:
        """Take a tag off a document."""
        frappe.get_doc(self.dt, dn).remove_tag(tag)
