"""Writing fixtures: the documents that an app wants on every site, as its hook `fixtures` names them.

Invariant: exporting twice without a change writes the same files.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

from frappe_engine.context.hooks import get_app_path, get_hooks
from frappe_engine.documents.document import get_doc
from frappe_engine.documents.listing import get_all
from frappe_engine.kit.jsontext import as_json
from frappe_engine.kit.text import scrub

UNSTABLE = (
    "creation",
    "modified_by",
    "owner",
    "idx",
    "__onload",
    "_user_tags",
    "_comments",
    "_assign",
    "_liked_by",
    "_seen",
)
ROW_UNSTABLE = (*UNSTABLE, "modified", "name", "parent", "docstatus")


def export_fixtures(app: str) -> Iterator[tuple[str, int]]:
    """Write an app's fixtures; yields each file with the number of its documents."""
    for entry in get_hooks("fixtures", app_name=app):
        doctype, filters, or_filters, prefix = wanted(entry)
        names = get_all(doctype, filters=filters, or_filters=or_filters, pluck="name", order_by="idx asc, creation asc")
        documents = [stable(get_doc(doctype, name).as_dict()) for name in names]
        folder = get_app_path(app, "fixtures")
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, f"{f'{prefix}_' if prefix else ''}{scrub(doctype)}.json")
        with open(path, "w", encoding="utf-8") as file:
            file.write(as_json(documents, ensure_ascii=False) + "\n")
        yield path, len(documents)


def wanted(entry: Any) -> tuple[str, Any, Any, str]:
    """Give DocType, filters, or-filters and file prefix of an entry of the hook."""
    if isinstance(entry, Mapping):
        doctype = entry.get("doctype") or entry.get("dt")
        return str(doctype), entry.get("filters"), entry.get("or_filters"), str(entry.get("prefix") or "")
    if isinstance(entry, (list, tuple)):
        return str(entry[0]), entry[1] if len(entry) > 1 else None, None, ""
    return str(entry), None, None, ""


def stable(values: Mapping[str, Any]) -> dict[str, Any]:
    """Give a document's values without what differs from one site to the next."""
    kept: dict[str, Any] = {}
    for key, value in sorted(values.items()):
        if key in UNSTABLE:
            continue
        if isinstance(value, list):
            kept[key] = [
                {name: cell for name, cell in sorted(row.items()) if name not in ROW_UNSTABLE} for row in value
            ]
        else:
            kept[key] = value
    return kept
