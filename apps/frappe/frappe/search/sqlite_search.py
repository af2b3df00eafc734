"""Full-text search over documents of chosen DocTypes, in an SQLite file of its own (FTS5), whatever the site's database.

An app derives from `SQLiteSearch`, says what is indexed (`INDEXABLE_DOCTYPES`), how (`INDEX_SCHEMA`), and what the present
user may find (`get_search_filters`). A class named in the hook `sqlite_search` is built after migrations, looked after
every quarter of an hour, and follows documents after each commit. See docs/concepts/search.md.

Invariant: a search never answers with what the filters of the user leave out, not even with its number.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from time import perf_counter
from typing import Any, ClassVar

from frappe_engine.kit import fulltext
from frappe_engine.kit.html import html_to_text, is_html

import frappe
from frappe import _
from frappe.search.index_file import TABLE, IndexFile
from frappe.utils import get_datetime, now_datetime
from frappe.utils.synchronization import filelock

MAX_SEARCH_RESULTS = 100
MIN_WORD_LENGTH = fulltext.MIN_WORD_LENGTH
BATCH = 1000
SNIPPET_WORDS = 40
TOKENIZER = "unicode61 remove_diacritics 2 tokenchars '-_'"
TEXT_FIELDS = ("title", "content")
EVENTS = (
    "after_insert",
    "on_update",
    "on_update_after_submit",
    "on_submit",
    "on_cancel",
    "on_change",
    "on_trash",
    "before_rename",
    "after_rename",
)


class SQLiteSearchIndexMissingError(frappe.ValidationError):
    """There is no index to search: it was not built yet."""


SQLiteFTS5IndexMissingError = SQLiteSearchIndexMissingError


class SQLiteSearch:
    """A search over documents; `INDEX_NAME`, `INDEX_SCHEMA` and `INDEXABLE_DOCTYPES` are the app's."""

    INDEX_NAME = "search.db"
    INDEX_SCHEMA: ClassVar[Mapping[str, Any]] = {}
    INDEXABLE_DOCTYPES: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, db_name: str | None = None) -> None:
        self.db_name = db_name or self.INDEX_NAME
        self.doc_configs = {doctype: _config(config) for doctype, config in self.INDEXABLE_DOCTYPES.items()}
        self.schema = self._schema()
        self.db_path = self._get_db_path()

    def _schema(self) -> dict[str, Any]:
        metadata = list(self.INDEX_SCHEMA.get("metadata_fields") or ())
        if any("modified" in config["fields"] for config in self.doc_configs.values()):
            metadata.append("modified")
        return {
            "text_fields": list(self.INDEX_SCHEMA.get("text_fields") or TEXT_FIELDS),
            "metadata_fields": list(dict.fromkeys(metadata)),
            "tokenizer": self.INDEX_SCHEMA.get("tokenizer") or TOKENIZER,
        }

    def _get_db_path(self, is_temp: bool = False) -> str:
        return os.path.abspath(frappe.get_site_path(f"{self.db_name}.new" if is_temp else self.db_name))

    def _file(self, path: str | None = None) -> IndexFile:
        schema = self.schema
        return IndexFile(path or self.db_path, schema["text_fields"], schema["metadata_fields"], schema["tokenizer"])

    def _get_connection(self, read_only: bool = False) -> Any:
        self.raise_if_not_indexed()
        return self._file().open(read_only=read_only)

    def sql(self, query: str, params: Sequence[Any] = (), read_only: bool = False) -> list[Any]:
        """Run a statement on the index; rows are dicts."""
        self.raise_if_not_indexed()
        with self._file().connected(read_only=read_only) as connection:
            return [frappe._dict(dict(row)) for row in connection.execute(query, list(params)).fetchall()]

    # what an app may say otherwise

    def get_search_filters(self) -> dict[str, Any]:
        """Give what the present user may find, as filters: a value, or a list of values. Every search has its own."""
        raise NotImplementedError(f"{type(self).__name__}.get_search_filters")

    def is_search_enabled(self) -> bool:
        """Tell whether this search is in use."""
        return True

    def prepare_document(self, doc: Any) -> dict[str, Any] | None:
        """Give what is indexed of a document (a dict of its `doctype` and the fields asked for); None to leave it out."""
        config = self.doc_configs.get(doc.get("doctype") or getattr(doc, "doctype", ""))
        if config is None or not doc.get("name"):
            return None
        found: dict[str, Any] = {"doc_id": f"{doc.doctype}:{doc.name}", "doctype": doc.doctype, "name": str(doc.name)}
        for column, fieldname in config["fields"].items():
            if column not in found:
                found[column] = doc.get(fieldname)
        for column in self.schema["text_fields"]:
            found[column] = self._process_content(found.get(column))
        return found

    def _process_content(self, content: Any) -> str:
        """Give a text without its markup."""
        text = "" if content is None else str(content)
        return html_to_text(text).strip() if is_html(text) else text

    def get_scoring_pipeline(self) -> list[Callable[..., float]]:
        """Give the functions (row, query, query_words) whose factors make a result's score of the base score."""
        own = [
            getattr(self, name) for name in dir(type(self)) if hasattr(getattr(type(self), name), "is_scoring_function")
        ]
        return [self._get_title_boost, self._get_recency_boost, *own]

    @staticmethod
    def scoring_function(function: Callable[..., float]) -> Callable[..., float]:
        """Mark a method `(self, row, query, query_words)` as one whose result a score is multiplied with."""
        function.is_scoring_function = True  # type: ignore[attr-defined]
        return function

    def _get_title_boost(self, row: Any, query: str, query_words: list[str]) -> float:
        return fulltext.title_boost(str(row.get("original_title") or ""), query, query_words)

    def _get_recency_boost(self, row: Any, query: str, query_words: list[str]) -> float:
        modified = row.get("modified")
        return fulltext.recency_boost(get_datetime(modified) if modified else None, now_datetime())

    # the index

    def index_exists(self) -> bool:
        """Tell whether the index is there, with the columns of the schema."""
        return self._file().is_whole()

    def raise_if_not_indexed(self) -> None:
        """Raise `SQLiteSearchIndexMissingError` where there is no index."""
        if not self.index_exists():
            frappe.throw(
                _("The search index {0} has not been built yet").format(self.db_name), SQLiteSearchIndexMissingError
            )

    def drop_index(self) -> None:
        """Remove the index."""
        for path in (self.db_path, self._get_db_path(is_temp=True)):
            if os.path.exists(path):
                os.unlink(path)

    def build_index(self) -> None:
        """Build the index anew beside the present one, and put it in its place; nothing when the search is not enabled."""
        if not self.is_search_enabled():
            return
        draft = self._get_db_path(is_temp=True)
        with filelock(f"search-{self.db_name}", timeout=600):
            if os.path.exists(draft):
                os.unlink(draft)
            file = self._file(draft)
            file.create()
            for documents in self._all_documents():
                file.put([_storable(document) for document in documents])
            os.replace(draft, self.db_path)

    def _all_documents(self) -> Iterator[list[dict[str, Any]]]:
        for doctype in self.doc_configs:
            last = None
            while rows := self.get_documents_paginated(doctype, BATCH, last_indexed_name=last):
                yield self._prepared(rows)
                last = rows[-1].name

    def get_documents_paginated(
        self, doctype: str, limit: int = BATCH, last_indexed_modified: Any = None, last_indexed_name: Any = None
    ) -> list[Any]:
        """Give the next documents of a DocType that are to be indexed, in the order of their names."""
        after = [["name", ">", last_indexed_name]] if last_indexed_name is not None else []
        return self._documents(doctype, after, limit=limit)

    def get_documents(self, doctype: str) -> list[Any]:
        """Give all documents of a DocType that are to be indexed."""
        return self._documents(doctype, [])

    def _documents(self, doctype: str, further: list[Any], limit: int = 0) -> list[Any]:
        config = self.doc_configs[doctype]
        fields = list(dict.fromkeys(["name", *config["fields"].values()]))
        filters = [*_as_list(config["filters"]), *further]
        rows = frappe.get_all(doctype, filters=filters, fields=fields, order_by="name asc", limit=limit)
        return [frappe._dict(row, doctype=doctype) for row in rows]

    def _prepared(self, rows: Iterable[Any]) -> list[dict[str, Any]]:
        prepared = (self.prepare_document(row) for row in rows)
        return [document for document in prepared if document]

    def _index_documents(self, documents: Iterable[Mapping[str, Any]]) -> None:
        self._file().put([_storable(document) for document in documents])

    def index_doc(self, doctype: str, docname: Any) -> None:
        """Index a document as it is now; one that is gone or not to be indexed is taken out."""
        self.index_documents_by_name(doctype, [docname])

    def index_documents_by_name(self, doctype: str, names: Sequence[Any]) -> None:
        """Index documents of a DocType as they are now; those that are gone or not to be indexed are taken out."""
        self.raise_if_not_indexed()
        found = self._prepared(self._documents(doctype, [["name", "in", list(names)]]))
        kept = {document["doc_id"] for document in found}
        self._file().remove({f"{doctype}:{name}" for name in names} - kept)
        self._index_documents(found)

    def remove_doc(self, doctype: str, docname: Any) -> None:
        """Take a document out of the index."""
        self.raise_if_not_indexed()
        self._file().remove([f"{doctype}:{docname}"])

    # searching

    def search(self, query: str, title_only: bool = False, filters: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Search the words of `query` (or their beginnings): `results`, the best first, and a `summary`.

        A word nobody knows is also searched as the known word most like it. Documents with all words come alone; where
        there are none, those with any. `filters` are by columns of the index: a value, a list of values, or
        `["like", text]`. At most 100 results. Raises `SQLiteSearchIndexMissingError`.
        """
        began = perf_counter()
        given = dict(filters or {})
        words = fulltext.words_of(query)
        if not words or not self.is_search_enabled():
            return _answer([], 0, {}, query, title_only, given, perf_counter() - began)
        self.raise_if_not_indexed()
        corrections = self._corrections(words)
        columns = self.schema["text_fields"][:1] if title_only else self.schema["text_fields"]
        conditions = _conditions([given, self.get_search_filters()], self._file().columns)
        rows, total = [], 0
        for every in (True, False) if len(words) > 1 else (True,):
            match = fulltext.match_query(words, corrections, columns, every=every)
            rows, total = self._found(match, conditions)
            if rows:
                break
        results = self._process_search_results(rows, query)
        return _answer(results, total, corrections, query, title_only, given, perf_counter() - began)

    def _corrections(self, words: Sequence[str]) -> dict[str, str]:
        file = self._file()
        found = {word: fulltext.best_match(word, file.likely_words(word)) for word in file.unknown_words(words)}
        return {word: other for word, other in found.items() if other}

    def _found(self, match: str, conditions: tuple[str, list[Any]]) -> tuple[list[Any], int]:
        file, (clause, values) = self._file(), conditions
        where = f"FROM {TABLE} WHERE {TABLE} MATCH ?{clause}"
        columns = file.columns
        marks = [fulltext.MARK_BEGIN, fulltext.MARK_END]
        title = self.schema["text_fields"][0]
        chosen = [f'"{name}"' for name in columns]
        chosen += [f'"{title}" AS original_title', f"highlight({TABLE}, {columns.index(title)}, ?, ?) AS marked_title"]
        snippet_values = [*marks]
        if "content" in columns:
            chosen.append(f"snippet({TABLE}, {columns.index('content')}, ?, ?, '…', {SNIPPET_WORDS}) AS marked_content")
            snippet_values += marks
        query = f"SELECT {', '.join(chosen)}, bm25({TABLE}) AS bm25_score {where} ORDER BY bm25_score LIMIT ?"
        rows = self.sql(query, [*snippet_values, match, *values, MAX_SEARCH_RESULTS], read_only=True)
        if len(rows) < MAX_SEARCH_RESULTS:
            return rows, len(rows)
        return rows, int(self.sql(f"SELECT count(*) AS n {where}", [match, *values], read_only=True)[0].n)

    def _process_search_results(self, raw_results: Iterable[Any], query: str) -> list[Any]:
        """Weigh the rows of the index, the best first; texts become HTML with `<mark>` around what matched."""
        words = fulltext.words_of(query)
        pipeline = self.get_scoring_pipeline()
        results = []
        for number, raw in enumerate(raw_results, start=1):
            row = frappe._dict(raw)
            row.score = fulltext.base_score(float(row.bm25_score or 0))
            for function in pipeline:
                row.score *= function(row, query, words)
            row.original_rank = number
            results.append(row)
        results.sort(key=lambda row: (-row.score, row.original_rank))
        for number, row in enumerate(results, start=1):
            row.rank = number
            self._show(row)
        return results

    def _show(self, row: Any) -> None:
        title = self.schema["text_fields"][0]
        row[title] = fulltext.marked(row.pop("marked_title", None) or row.get(title) or "")
        if "content" in self.schema["text_fields"]:
            row.content = fulltext.marked(row.pop("marked_content", None) or row.get("content") or "")
        row.id = row.get("doc_id")


def _config(given: Mapping[str, Any]) -> dict[str, Any]:
    """Give a DocType's configuration with its fields as {column: field}."""
    fields: dict[str, str] = {}
    for entry in given.get("fields") or ():
        fields.update(entry if isinstance(entry, Mapping) else {entry: entry})
    return {"fields": fields, "filters": given.get("filters") or {}}


def _as_list(filters: Any) -> list[Any]:
    if not isinstance(filters, Mapping):
        return list(filters)
    return [
        [name, *value] if isinstance(value, (list, tuple)) else [name, "=", value] for name, value in filters.items()
    ]


def _storable(document: Mapping[str, Any]) -> dict[str, Any]:
    plain = (str, int, float, bytes, type(None))
    return {name: value if isinstance(value, plain) else str(value) for name, value in document.items()}


def _conditions(filters: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> tuple[str, list[Any]]:
    """Give filters as SQL and its values: all must hold; an empty list holds for nothing, None and "" are no filter."""
    clauses, values = [], []
    for name, value in ((name, value) for group in filters for name, value in group.items()):
        if name not in columns:
            frappe.throw(_("{0} is not a field of this search").format(name))
        if value is None or value == "":
            continue
        clause, given = _condition(name, value)
        clauses.append(f" AND {clause}")
        values += given
    return "".join(clauses), values


def _condition(name: str, value: Any) -> tuple[str, list[Any]]:
    if not isinstance(value, (list, tuple, set, frozenset)):
        return f'"{name}" = ?', [value]
    items = list(value)
    if len(items) == 2 and str(items[0]).lower() == "like":
        texts = items[1] if isinstance(items[1], (list, tuple)) else [items[1]]
        return "(" + " OR ".join([f'"{name}" LIKE ?'] * len(texts)) + ")", [f"%{text}%" for text in texts]
    if not items:
        return "0", []
    # as text too: a name may be kept as a number, and FTS5 compares by type
    return f'CAST("{name}" AS TEXT) IN ({", ".join("?" * len(items))})', [str(item) for item in items]


def _answer(
    results: list[Any],
    total: int,
    corrections: Mapping[str, str],
    query: str,
    title_only: bool,
    filters: Mapping[str, Any],
    duration_s: float,
) -> dict[str, Any]:
    corrected = " ".join(corrections.get(word.lower(), word) for word in (query or "").split()) if corrections else None
    summary = {
        "duration": round(duration_s, 3),
        "total_matches": total,
        "returned_matches": len(results),
        "filtered_matches": len(results),
        "corrected_words": dict(corrections) or None,
        "corrected_query": corrected,
        "title_only": title_only,
        "applied_filters": dict(filters),
    }
    return {"results": results, "summary": summary}


# keeping indexes up to date


def get_search_classes() -> list[type[SQLiteSearch]]:
    """Give the searches that apps register with the hook `sqlite_search`."""
    return [frappe.get_attr(path) for path in frappe.get_hooks("sqlite_search")]


def listeners(doctype: str) -> dict[str, list[Callable[[Any, str], None]]]:
    """Give who listens to documents of a DocType: one function, where a registered search indexes it."""
    if not any(doctype in search().INDEXABLE_DOCTYPES for search in get_search_classes()):
        return {}
    return {event: [note_change] for event in EVENTS}


def note_change(doc: Any, event: str) -> None:
    """Have a document indexed after the commit, together with all others that change in this transaction."""
    changed = frappe.local.flags.setdefault("search_changes", set())
    if not changed:
        frappe.db.after_commit.add(_hand_over)
        frappe.db.after_rollback.add(_forget)
    changed.add((doc.doctype, str(doc.name)))


def _forget() -> None:
    frappe.local.flags.pop("search_changes", None)


def _hand_over() -> None:
    changed = sorted(frappe.local.flags.pop("search_changes", None) or ())
    if changed:
        frappe.enqueue("frappe.search.sqlite_search.index_documents", documents=changed)


def index_documents(documents: Iterable[Sequence[str]]) -> None:
    """Bring documents ((doctype, name) pairs) up to date in every registered search that is built."""
    names: dict[str, list[str]] = {}
    for doctype, name in documents:
        names.setdefault(doctype, []).append(name)
    for search in (make() for make in get_search_classes()):
        wanted = {doctype: group for doctype, group in names.items() if doctype in search.INDEXABLE_DOCTYPES}
        if not wanted or not search.is_search_enabled() or not search.index_exists():
            continue
        for doctype, group in wanted.items():
            search.index_documents_by_name(doctype, group)


def build_index(search_class: Any, force: bool = False) -> None:
    """Build the index of a search (its class or path) unless it is there; with `force` in any case."""
    search = (frappe.get_attr(search_class) if isinstance(search_class, str) else search_class)()
    if search.is_search_enabled() and (force or not search.index_exists()):
        search.build_index()


def build_index_if_not_exists() -> None:
    """Have indexes built that are not there; run every quarter of an hour."""
    _build_in_background(force=False)


def build_index_in_background() -> None:
    """Have all indexes built anew; run after migrations, for what is indexed may be other than before."""
    _build_in_background(force=True)


def _build_in_background(*, force: bool) -> None:
    for path in frappe.get_hooks("sqlite_search"):
        search = frappe.get_attr(path)()
        if search.is_search_enabled() and (force or not search.index_exists()):
            frappe.enqueue(
                "frappe.search.sqlite_search.build_index",
                queue="long",
                job_id=f"build_search_index::{path}",
                deduplicate=True,
                enqueue_after_commit=True,
                search_class=path,
                force=force,
            )
