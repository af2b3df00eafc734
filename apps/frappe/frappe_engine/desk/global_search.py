"""Search across documents: names that begin with the text, and words in the fields that are marked for it.

What marked fields hold is kept in one table. It is brought up to date after a search was answered (documents changed
since then, some hundred at a time) and by `rebuild_for_doctype`; saving a document pays nothing for it.

Invariant: a document is found only by who may read it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from frappe_engine.access.decisions import has_permission
from frappe_engine.access.summary import rights_summary
from frappe_engine.context.errors import DoesNotExistError
from frappe_engine.context.hooks import get_hooks
from frappe_engine.context.local import current
from frappe_engine.context.messages import clear_last_message
from frappe_engine.context.whitelist import whitelist
from frappe_engine.desk.search import escape_like
from frappe_engine.documents.document import get_doc
from frappe_engine.documents.metas import get_meta
from frappe_engine.kit.attrdict import _dict
from frappe_engine.kit.html import strip_html
from frappe_engine.kit.numbers import cint
from frappe_engine.schema.meta import Meta

LONGEST_CONTENT = 4000
AT_ONCE = 500
MOST_FOUND = 100
NAMED_EACH = 5
UNITED = 100
NOT_NAMED = frozenset(
    {"Version", "Activity Log", "Access Log", "Error Log", "Comment", "DocShare", "Notification Log", "Tag Link"}
)
MARK = "global_search_mark"
_COLUMNS = ("doctype", "name", "title", "content", "route", "published")


def searched_fields(meta: Meta) -> list[str]:
    """Give the fields of a DocType that the search looks at: its entries are the same for all, so no masked ones."""
    return [
        field.fieldname
        for field in meta.fields
        if field.get("in_global_search") and not field.get("mask") and field.fieldname in meta.column_types
    ]


def entry_of(document: Any) -> tuple[Any, ...] | None:
    """Give a document's entry in the search, None when nothing of it is searched."""
    meta = document.meta
    parts: list[str] = []
    for name in searched_fields(meta):
        parts += _part(meta, name, document.get(name))
    for table, child in meta.table_doctypes.items():
        child_meta = get_meta(child)
        for name in searched_fields(child_meta):
            for row in document.get(table) or ():
                parts += _part(child_meta, name, row.get(name))
    if meta.show_name_in_global_search:
        parts.insert(0, f"ID : {document.name}")
    if not parts:
        return None
    content = " ||| ".join(dict.fromkeys(parts))[:LONGEST_CONTENT]
    route, published = _page_of(document, meta)
    return (meta.name, str(document.name), document.get_title()[:140], content, route, published)


def _page_of(document: Any, meta: Meta) -> tuple[str, int]:
    """The path of a document's page on the website, and whether everybody may find it there."""
    if not meta.has_web_view or not meta.get("index_web_pages_for_search"):
        return "", 0
    field = meta.get("is_published_field")
    published = bool(document.get("route")) and (not field or bool(cint(document.get(field))))
    return str(document.get("route") or "")[:140], int(published)


def _part(meta: Meta, name: str, value: Any) -> list[str]:
    text = re.sub(r"\s+", " ", strip_html(str(value))).strip() if value not in (None, "") else ""
    return [f"{meta.get_label(name)} : {text}"] if text else []


def keep_entry(document: Any) -> None:
    """Bring a document's entry up to date."""
    if document.meta.istable or document.meta.issingle or not _is_searched(document.meta):
        return
    entry = entry_of(document)
    if entry is None:
        forget_entry(document.doctype, document.name)
    else:
        _write([entry])


def _is_searched(meta: Meta) -> bool:
    tables = [meta, *(get_meta(child) for child in meta.table_doctypes.values())]
    return bool(meta.show_name_in_global_search) or any(searched_fields(item) for item in tables)


def _write(entries: list[tuple[Any, ...]]) -> None:
    database = current().db
    columns = ", ".join(f"`{name}`" for name in _COLUMNS)
    word = "INSERT OR REPLACE" if database.is_sqlite else "REPLACE"
    database.write_many(f"{word} INTO `__global_search` ({columns}) VALUES (?, ?, ?, ?, ?, ?)", entries)


def forget_entry(doctype: str, name: Any) -> None:
    """Remove a document's entry."""
    current().db.write("DELETE FROM `__global_search` WHERE `doctype` = ? AND `name` = ?", (doctype, str(name)))


def rebuild_for_doctype(doctype: str) -> int:
    """Make the entries of a DocType's documents anew; give their number."""
    meta = get_meta(doctype)
    if meta.istable or meta.issingle or meta.is_virtual or not _is_searched(meta):
        return 0
    database = current().db
    database.write("DELETE FROM `__global_search` WHERE `doctype` = ?", (doctype,))
    count = 0
    names = [row[0] for row in database.rows(f"SELECT `name` FROM `tab{doctype}` WHERE `docstatus` < 2")]
    for start in range(0, len(names), AT_ONCE):
        documents = (get_doc(doctype, name) for name in names[start : start + AT_ONCE])
        entries = [entry for document in documents if (entry := entry_of(document)) is not None]
        _write(entries)
        count += len(entries)
    return count


@whitelist()
def search(text: str, start: Any = 0, limit: Any = 20, doctype: str = "") -> list[Any]:
    """Give the documents that fit a text: `doctype`, `name`, `content`, `rank`; those it names come first."""
    phrase = str(text or "").strip()[:140]
    if not phrase:
        return []
    allowed = [name for name in rights_summary().can_read if not doctype or name == doctype]
    wanted = max(cint(start), 0) + min(max(cint(limit) or 20, 1), MOST_FOUND)
    found: dict[tuple[str, str], Any] = {}
    for row in (*_named(phrase, allowed, wanted), *_matching(phrase.split(), doctype, set(allowed))):
        key = (row.doctype, row.name)
        if key not in found and _may_see(row):
            found[key] = row
        if len(found) >= wanted:
            break
    _refresh_later()
    return list(found.values())[max(cint(start), 0) :]


def _named(phrase: str, doctypes: list[str], limit: int) -> list[Any]:
    """Documents whose name begins with the text, a few of each DocType, in one query."""
    end = phrase + chr(0x10FFFD)
    parts: list[str] = []
    values: list[Any] = []
    for name in _with_tables(doctypes):
        parts.append(
            f"SELECT * FROM (SELECT ? AS `d`, `name` AS `n` FROM `tab{name}` WHERE `name` >= ? AND `name` < ?"
            f" ORDER BY `name` LIMIT {NAMED_EACH}) `x{len(parts)}`"
        )
        values += [name, phrase, end]
    priority = _priorities()
    rows: list[Any] = []
    for first in range(0, len(parts), UNITED):
        chunk = parts[first : first + UNITED]
        rows += current().db.rows(" UNION ALL ".join(chunk), values[first * 3 : (first + len(chunk)) * 3])
    found = [_dict(doctype=d, name=str(n), content=str(n), rank=priority.get(d, 0)) for d, n in rows]
    return sorted(found, key=lambda row: (-row.rank, len(row.name)))[: limit * 2]


def _with_tables(doctypes: list[str]) -> list[str]:
    """Those of the DocTypes that have documents people look for by name."""
    wanted = set(doctypes) - NOT_NAMED
    rows = current().db.rows(
        "SELECT `name` FROM `tabDocType` WHERE `istable` = 0 AND `issingle` = 0 AND IFNULL(`is_virtual`, 0) = 0 ORDER BY `name`"
    )
    return [row[0] for row in rows if row[0] in wanted]


def _matching(words: list[str], doctype: str, allowed: set[str]) -> Iterable[Any]:
    conditions = " AND ".join("(`content` LIKE ? ESCAPE '|' OR `title` LIKE ? ESCAPE '|')" for _word in words)
    values: list[Any] = [pattern for word in words for pattern in (f"%{escape_like(word)}%",) * 2]
    if doctype:
        conditions += " AND `doctype` = ?"
        values.append(doctype)
    title = f"{escape_like(words[0])}%"
    rows = current().db.rows(
        f"SELECT `doctype`, `name`, `content`, `title` FROM `__global_search` WHERE {conditions}"
        " ORDER BY CASE WHEN `name` LIKE ? ESCAPE '|' OR `title` LIKE ? ESCAPE '|' THEN 0 ELSE 1 END, `doctype`, `name` LIMIT 500",
        (*values, title, title),
    )
    priority = _priorities()
    found = [
        _dict(doctype=d, name=n, content=c, title=t, rank=priority.get(d, 0)) for d, n, c, t in rows if d in allowed
    ]
    return sorted(found, key=lambda row: -row.rank)


def _priorities() -> dict[str, int]:
    """DocTypes that apps (or Global Search Settings) name come first, in their order."""
    hooks = get_hooks("global_search_doctypes", {})
    entries = hooks.get("Default", []) if isinstance(hooks, dict) else []
    names = [str(entry.get("doctype")) for entry in entries if isinstance(entry, dict)]
    return {name: len(names) - position for position, name in enumerate(dict.fromkeys(names))}


def _may_see(row: Any) -> bool:
    try:
        return has_permission(row.doctype, "read", row.name, print_logs=False, raise_exception=False)
    except (DoesNotExistError, ImportError):
        clear_last_message()
        return False


def all_searched() -> list[str]:
    """Give the DocTypes whose documents can be found by what their fields hold."""
    rows = current().db.rows(
        "SELECT d.`name` FROM `tabDocType` d WHERE d.`istable` = 0 AND d.`issingle` = 0 AND IFNULL(d.`is_virtual`, 0) = 0 AND ("
        " d.`show_name_in_global_search` = 1 OR d.`name` IN ("
        " SELECT f.`parent` FROM `tabDocField` f WHERE f.`in_global_search` = 1"
        " UNION SELECT c.`dt` FROM `tabCustom Field` c WHERE c.`in_global_search` = 1"
        " UNION SELECT t.`parent` FROM `tabDocField` t JOIN `tabDocField` r ON r.`parent` = t.`options`"
        " WHERE t.`fieldtype` = 'Table' AND r.`in_global_search` = 1)) ORDER BY d.`name`"
    )
    return [row[0] for row in rows]


def rebuild() -> int:
    """Make all entries anew, and remove those of DocTypes that are searched no longer; give their number."""
    searched = all_searched()
    kept = ", ".join("?" * len(searched)) or "''"
    current().db.write(f"DELETE FROM `__global_search` WHERE `doctype` NOT IN ({kept})", searched)
    return sum(rebuild_for_doctype(name) for name in searched)


def search_pages(text: str, start: int, limit: int, under: str = "") -> list[Any]:
    """Give published pages (those below the path `under`) that hold all words of a text: `title`, `route`, `content` …"""
    words = [word for word in text.split() if word][:8]
    if not words:
        return []
    conditions = " AND ".join("(`content` LIKE ? ESCAPE '|' OR `title` LIKE ? ESCAPE '|')" for _word in words)
    values: list[Any] = [pattern for word in words for pattern in (f"%{escape_like(word)}%",) * 2]
    rows = current().db.rows(
        f"SELECT `doctype`, `name`, `title`, `content`, `route` FROM `__global_search` WHERE `published` = 1 AND {conditions}"
        " AND `route` LIKE ? ESCAPE '|' ORDER BY `title`, `name` LIMIT ? OFFSET ?",
        (*values, f"{escape_like(under)}%", limit, start),
    )
    return [_dict(zip(("doctype", "name", "title", "content", "route"), row, strict=True)) for row in rows]


# keeping up


def _refresh_later() -> None:
    """Bring the table up to date once the answer was sent."""
    callbacks = current().get("after_response")
    if callbacks is not None:
        callbacks.append(refresh)


def refresh() -> int:
    """Make the entries of documents that changed since the last time, some of each DocType; commits. Give their number."""
    database = current().db
    marks = dict(current().cache_server.get(MARK) or {})
    count = 0
    for doctype in all_searched():
        rows = database.rows(
            f"SELECT `name`, `modified` FROM `tab{doctype}` WHERE `modified` > ? ORDER BY `modified` LIMIT {AT_ONCE}",
            (marks.get(doctype) or datetime(1, 1, 1),),
        )
        entries = [entry for name, _modified in rows if (entry := entry_of(get_doc(doctype, name))) is not None]
        _write(entries)
        count += len(entries)
        if rows:
            marks[doctype] = rows[-1][1]
    database.commit()
    current().cache_server.set_value(MARK, marks)
    return count
