"""What saves changed in a document, as far as the user may see it.

Invariant: a change tells no more of a field than the document itself shows the user.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from frappe_engine.access.decisions import permitted_fields
from frappe_engine.access.masks import masked, masked_fields
from frappe_engine.documents.metas import get_meta
from frappe_engine.schema.meta import Meta


def changes_as_seen(text: str | None, meta: Meta) -> str | None:
    """Give the changes of a Version (JSON: `changed`, `row_changed`, `added`, `removed`) without what the user may not read."""
    tables = {name: get_meta(child) for name, child in meta.table_doctypes.items()}
    if not text or not any(each.high_permlevel_fields or each.fields_with_mask for each in (meta, *tables.values())):
        return text
    data = json.loads(text)
    allowed = permitted_fields(meta)

    def shown(entry: list[Any]) -> bool:
        return allowed is None or entry[0] in allowed

    if "changed" in data:
        data["changed"] = _changes(data["changed"], meta, None)
    if "row_changed" in data:
        rows = filter(shown, data["row_changed"])
        data["row_changed"] = [
            [name, place, row, _changes(changes, tables.get(name), meta)] for name, place, row, changes in rows
        ]
    for kind in ("added", "removed"):
        if kind in data:
            data[kind] = [[name, _row(row, tables.get(name), meta)] for name, row in filter(shown, data[kind])]
    return json.dumps(data, ensure_ascii=False)


def _changes(changes: Iterable[list[Any]], meta: Meta | None, parent: Meta | None) -> list[list[Any]]:
    if meta is None:  # a table that is no more: nobody knows who might see what was in it
        return []
    allowed, hidden = permitted_fields(meta, parent=parent), masked_fields(meta, parent=parent)
    return [
        [name, *(masked(hidden[name], value) if name in hidden else value for value in values)]
        for name, *values in changes
        if allowed is None or name in allowed or name not in meta.by_name
    ]


def _row(row: dict[str, Any], meta: Meta | None, parent: Meta) -> dict[str, Any]:
    return dict(_changes([[name, value] for name, value in row.items()], meta, parent))
