"""Which documents point at a document, by links and by dynamic links.

Invariant: rows of tables count as the documents they stand in; a document that points at itself does not count.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from frappe_engine.context.local import current
from frappe_engine.documents.links import UNBOUND, dynamic_link_fields, link_fields_to, single_points_at
from frappe_engine.kit.attrdict import _dict

MOST_OF_A_FIELD = 500


def get_linked_docs(doc: Any, method: str = "Delete", **_options: Any) -> list[Any]:
    """Give the documents that link to a document: `reference_doctype`, `reference_docname`, `reference_field`.

    For a cancel (`method`) only submitted documents count. At most 500 of each field.
    """
    return [
        found
        for link in link_fields_to(doc.doctype)
        for found in _through(doc, link, f"`{link['fieldname']}` = ?", (doc.name,), method)
    ]


def get_dynamic_linked_docs(doc: Any, method: str = "Delete", **_options: Any) -> list[Any]:
    """Give the documents that point at a document by dynamic links, as `get_linked_docs` does those by links.

    What merely tells of a document (its comments, versions, tasks, shares …) does not count.
    """
    return [
        found
        for link in dynamic_link_fields()
        if link["parent"] not in UNBOUND
        for found in _through(
            doc, link, f"`{link['options']}` = ? AND `{link['fieldname']}` = ?", (doc.doctype, doc.name), method
        )
    ]


def _through(
    doc: Any, link: Mapping[str, Any], condition: str, values: tuple[Any, ...], method: str
) -> list[dict[str, Any]]:
    database, parent = current().db, str(link["parent"])
    if link["issingle"]:
        names = [parent] if single_points_at(link, doc) else []
        return [_found(parent, name, link) for name in names]
    if not database.table_exists(parent):
        return []
    columns = "`parenttype`, `parent`" if link["istable"] else f"{database.escape(parent)}, `name`"
    status = " AND `docstatus` = 1" if method == "Cancel" else " AND `docstatus` < 2"
    query = f"SELECT DISTINCT {columns} FROM `tab{parent}` WHERE {condition}{status} LIMIT {MOST_OF_A_FIELD}"
    return [
        _found(kind, name, link)
        for kind, name in database.rows(query, values)
        if kind and (kind, name) != (doc.doctype, doc.name)
    ]


def _found(doctype: str, name: Any, link: Mapping[str, Any]) -> dict[str, Any]:
    return _dict(reference_doctype=doctype, reference_docname=name, reference_field=link["fieldname"])
