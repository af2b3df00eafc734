"""Finding the addresses and contacts that belong to a document.

Invariant: one query per question, however many addresses or contacts there are.
"""

from __future__ import annotations

from typing import Any

import frappe


def linked_documents(kind: str, doctype: str, name: Any, first: str, *more: str) -> list[Any]:
    """Give the documents of `kind` (Address or Contact) that belong to a document, those marked `first` at the head.

    `more` are further fields by which to order; what is left is ordered by creation.
    """
    link, owner = frappe.qb.DocType("Dynamic Link"), frappe.qb.DocType(kind)
    query = (
        frappe.qb.from_(owner)
        .join(link)
        .on(link.parent == owner.name)
        .where((link.parenttype == kind) & (link.link_doctype == doctype) & (link.link_name == name))
        .select(owner.star)
        .distinct()
    )
    for field in (first, *more):
        query = query.orderby(owner[field], order=frappe.qb.desc)
    return list(query.orderby(owner.creation).run(as_dict=True))
