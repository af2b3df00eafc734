"""Rows of any DocType by the set: locking, inserting, updating, blocks of numbers.

Invariant: a call sends a number of statements that does not grow with the number of rows (beyond fixed chunks).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, reduce
from operator import add, itemgetter, or_
from typing import Any

import frappe

_INSERT_CHUNK = 2000
_FROM_MEMORY = 20  # more than an order has, less than a batch asks for

Row = dict[str, Any]


def load_rows(doctype: str, names: Iterable[str], fields: Sequence[str], *, key: str = "name") -> list[Row]:
    """Return the given fields of the rows whose ``key`` column is one of ``names``; unknown names are left out."""
    wanted = tuple(sorted({name for name in names if name}))
    if not wanted:
        return []
    return list(frappe.db.sql(_selection(doctype, tuple(fields), key), {"names": wanted}, as_dict=True))


def load_masters(doctype: str, names: Iterable[str], fields: Sequence[str]) -> list[Row]:
    """Return the given fields (``name`` among them) of masters: a few from the framework's documents in memory, many by one query.

    For DocTypes whose rows hardly ever change and are asked for by every posting. Unknown names are left out.
    """
    wanted = sorted({name for name in names if name})
    if len(wanted) > _FROM_MEMORY:
        return load_rows(doctype, wanted, fields)
    known = [frappe.get_cached_value(doctype, name, list(fields), as_dict=True) for name in wanted]
    # One that is spelled otherwise than its document would be kept under a name that nobody clears.
    found = [row for name, row in zip(wanted, known, strict=True) if row and row["name"] == name]
    return found + load_rows(doctype, set(wanted) - {row["name"] for row in found}, fields)


def lock_rows(doctype: str, names: Iterable[str], fields: Sequence[str]) -> dict[str, Row]:
    """Lock rows for update, in the order of their names so that two writers never wait for each other in a ring."""
    wanted = tuple(sorted({name for name in names if name}))
    if not wanted:
        return {}
    query = f"{_selection(doctype, ('name', *fields), 'name')} ORDER BY `name` FOR UPDATE"
    return {row["name"]: row for row in frappe.db.sql(query, {"names": wanted}, as_dict=True)}


@lru_cache(maxsize=1024)
def _selection(doctype: str, fields: tuple[str, ...], key: str) -> str:
    """Return the statement that reads rows by a set of keys: written once, for these are most of what a posting asks."""
    columns = ", ".join(_quoted(field) for field in fields)
    return f"SELECT {columns} FROM {_quoted(f'tab{doctype}')} WHERE {_quoted(key)} IN %(names)s"  # noqa: S608  names only


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``").replace("%", "%%") + "`"


def insert_rows(doctype: str, rows: Sequence[Row], *, skip_existing: bool = False) -> None:
    """Insert complete rows (``name`` included); creation, owner and the like are filled in."""
    if not rows:
        return
    first = rows[0]
    added = {field: value for field, value in _stamps().items() if field not in first}
    fields, constants = [*first, *added], tuple(added.values())
    if all(row.keys() == first.keys() for row in rows):
        pick = itemgetter(*first)
        values = [(*pick(row), *constants) for row in rows]
    else:  # rows that leave out what others say, or say more
        values = [tuple(row.get(field) for field in fields) for row in stamp(rows)]
    insert_values(doctype, fields, values, skip_existing=skip_existing)


def insert_values(
    doctype: str, fields: Sequence[str], values: Sequence[tuple[Any, ...]], *, skip_existing: bool = False
) -> None:
    """Insert complete rows given as values in the order of ``fields``."""
    frappe.db.bulk_insert(doctype, fields, values, ignore_duplicates=skip_existing, chunk_size=_INSERT_CHUNK)


def can_hold_back() -> bool:
    """Tell whether the framework lets writes wait until somebody names their tables."""
    return hasattr(frappe.db, "hold_back")


def hold_back(doctypes: Iterable[str], write: Callable[[], Any]) -> None:
    """Let ``write``, which writes rows of these DocTypes, wait for the first statement that names one of their tables."""
    frappe.db.hold_back([f"tab{doctype}" for doctype in doctypes], write)


def write_held_back() -> None:
    """Write all that was held back."""
    frappe.db.write_held_back()


def row_exists(doctype: str, name: str) -> bool:
    """Tell whether a document of this name exists."""
    return bool(frappe.db.exists(doctype, name))


def load_only_company() -> str | None:
    """Return the company of a site that has one, else None."""
    names = frappe.get_all("Company", pluck="name", limit=2)
    return str(names[0]) if len(names) == 1 else None


def load_listened_doctypes() -> list[str]:
    """Return the DocTypes that an enabled server script, notification or webhook names, in one query."""
    rows = frappe.db.sql(
        """SELECT reference_doctype FROM `tabServer Script` WHERE script_type = 'DocType Event' AND disabled = 0
        UNION SELECT document_type FROM `tabNotification` WHERE enabled = 1
        UNION SELECT webhook_doctype FROM `tabWebhook` WHERE enabled = 1"""
    )
    return sorted(str(row[0]) for row in rows if row[0])


def load_distinct(doctype: str, field: str, **filters: Any) -> set[str]:
    """Return the values that a text field has in the rows that fit."""
    return {str(value) for value in frappe.get_all(doctype, filters=filters, pluck=field) if value}


def load_open(
    doctype: str,
    conditions: Mapping[str, Sequence[str]],
    links: Mapping[str, Sequence[str]],
    name: str,
    done: Mapping[str, Sequence[str]],
    most: int,
) -> list[str]:
    """Return the newest documents that name another one, are not cancelled and have one of the values of each condition.

    ``links`` are the fields that name it, by table (the DocType itself or one of its tables); a row of which all is done
    (``qty`` less the fields that ``done`` has for its table) does not count.
    """
    parent = frappe.qb.DocType(doctype)
    query = frappe.qb.from_(parent).select(parent.name, parent.creation).distinct().where(parent.docstatus != 2)
    for field, values in conditions.items():
        query = query.where(parent[field].isin(list(values)))
    found: dict[str, Any] = {}
    for table, fields in links.items():
        row = parent if table == doctype else frappe.qb.DocType(table)
        part = query if table == doctype else query.join(row).on(row.parent == parent.name)
        part = part.where(_any([row[field] == name for field in fields]))
        if table in done:
            part = part.where(row.qty > _total([row[field] for field in done[table]]))
        found |= dict(part.orderby(parent.creation, order=frappe.qb.desc).limit(most).run())
    return sorted(found, key=lambda one: found[one], reverse=True)[:most]


def load_holding(doctype: str, link: str, name: str, figures: Sequence[str], most: int) -> list[str]:
    """Return rows that name a document in a field and have a figure that is not zero."""
    or_filters = [[figure, "!=", 0] for figure in figures]
    return list(frappe.get_all(doctype, filters={link: name}, or_filters=or_filters, pluck="name", limit=most))


def _any(terms: Sequence[Any]) -> Any:
    return reduce(or_, terms)


def _total(terms: Sequence[Any]) -> Any:
    return reduce(add, terms)


def stamp(rows: Sequence[Row]) -> list[Row]:
    """Return the rows with the columns that the framework keeps on every row, as of now and the current user."""
    base = _stamps()
    return [{**base, **row} for row in rows]


def _stamps() -> Row:
    moment, user = frappe.utils.now_datetime(), frappe.session.user
    return {"creation": moment, "modified": moment, "owner": user, "modified_by": user, "docstatus": 0, "idx": 0}


def update_rows(doctype: str, changes: Mapping[str, Row], *, touch: bool = True) -> None:
    """Set the given fields of many rows, each to its own values, as a set.

    ``touch`` also moves ``modified``, which makes an open form notice.
    """
    if changes:
        frappe.db.bulk_update(doctype, {name: changes[name] for name in sorted(changes)}, update_modified=touch)


def take_numbers(series: str, count: int) -> int:
    """Take ``count`` consecutive numbers of a naming series and return the first one."""
    current = _lock_series(series)
    if current is None:  # the first ones of a day: somebody else may begin the series at the same moment
        insert_values("Series", ["name", "current"], [(series, 0)], skip_existing=True)
        current = _lock_series(series) or 0
    table = frappe.qb.DocType("Series")
    frappe.qb.update(table).set(table.current, current + count).where(table.name == series).run()
    return current + 1


def _lock_series(series: str) -> int | None:
    """Lock a naming series and return its last number, None where it has not begun."""
    table = frappe.qb.DocType("Series")
    found = frappe.qb.from_(table).select(table.current).where(table.name == series).for_update().run(as_dict=True)
    return int(found[0]["current"] or 0) if found else None


def affected_rows() -> int:
    """Return how many rows the statement just sent has changed."""
    return int(frappe.db._cursor.rowcount)
