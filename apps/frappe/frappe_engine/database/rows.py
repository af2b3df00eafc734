"""Rows of tables that a list query asked for: `{"items": ["sku", "qty"]}` among its fields.

Invariant: one query per table, whatever the number of documents; rows come in their order.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.database.query import Compiled, TableFields
from frappe_engine.kit.attrdict import _dict

PARENTS_TOGETHER = 500


def with_rows(
    compiled: Compiled, rows: list[tuple[Any, ...]], database: Any
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Give names and rows of a query with the rows of its tables in their places; the parents' names stand last."""
    parents = [row[-1] for row in rows]
    names = list(compiled.names[:-1])
    cells = [list(row[:-1]) for row in rows]
    for table in compiled.tables:
        found = _rows_of(table, parents, database)
        names.insert(table.position, table.fieldname)
        for parent, row in zip(parents, cells, strict=True):
            row.insert(table.position, found.get(parent, []))
    return names, [tuple(row) for row in cells]


def _rows_of(table: TableFields, parents: list[Any], database: Any) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = {}
    for start in range(0, len(parents), PARENTS_TOGETHER):
        compiled = database.compile(
            table.doctype,
            fields=[*table.fields, "parent"],
            filters={
                "parent": ["in", parents[start : start + PARENTS_TOGETHER]],
                "parenttype": table.parenttype,
                "parentfield": table.fieldname,
            },
            order_by="parent, idx",
        )
        for row in database.run(compiled):
            values = _dict(zip(compiled.names[:-1], row[:-1], strict=True))
            found.setdefault(row[-1], []).append(values)
    return found
