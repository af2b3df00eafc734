"""The file of a search index: an SQLite database with an FTS5 table, and the words in it for corrections.

`search_fts` has a row per document, `search_vocabulary` a row per word and `search_trigrams` which words have which three
letters in a row. Names of columns come from the schema of a search and are checked; values are always parameters.

Invariant: a file is replaced as a whole or changed in one transaction; a connection lives as long as one call.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from frappe_engine.kit.fulltext import MIN_WORD_LENGTH, trigrams, words_of

import frappe
from frappe import _

TABLE = "search_fts"
OWN_COLUMNS = ("doc_id", "doctype", "name")
WAIT_S = 15.0
LONGEST_WORD = 40
LIKELY_WORDS = 60
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


class IndexFile:
    """An index at a path, with its columns: those that are searched and those that results are filtered by."""

    def __init__(self, path: str, text_fields: Sequence[str], metadata_fields: Sequence[str], tokenizer: str) -> None:
        self.path, self.tokenizer = path, tokenizer
        self.text_fields = list(dict.fromkeys(text_fields))
        self.metadata_fields = [name for name in dict.fromkeys(metadata_fields) if name not in self._taken()]
        for name in self.columns:
            if not _NAME.match(name):
                frappe.throw(_("{0} is not a valid name of a field").format(name))

    def _taken(self) -> set[str]:
        return {*OWN_COLUMNS, *self.text_fields}

    @property
    def columns(self) -> list[str]:
        """All columns, in the order of the table."""
        return [*OWN_COLUMNS, *self.text_fields, *self.metadata_fields]

    @contextmanager
    def connected(self, *, read_only: bool = False) -> Iterator[sqlite3.Connection]:
        """Open the file for a block: one transaction, undone when the block fails."""
        connection = self.open(read_only=read_only)
        try:
            with connection:
                yield connection
        finally:
            connection.close()

    def open(self, *, read_only: bool = False) -> sqlite3.Connection:
        """Give a connection whose rows have names; the caller closes it."""
        where = f"file:{self.path}?mode=ro" if read_only else f"file:{self.path}"
        connection = sqlite3.connect(where, uri=True, timeout=WAIT_S)
        connection.row_factory = sqlite3.Row
        return connection

    def create(self) -> None:
        """Make the tables of a new file."""
        unindexed = {*OWN_COLUMNS, *self.metadata_fields}
        columns = ", ".join(f'"{name}"{" UNINDEXED" if name in unindexed else ""}' for name in self.columns)
        tokenizer = self.tokenizer.replace('"', '""')
        with self.connected() as connection:
            connection.execute(f'CREATE VIRTUAL TABLE {TABLE} USING fts5({columns}, tokenize="{tokenizer}")')
            connection.execute("CREATE TABLE search_vocabulary (word TEXT PRIMARY KEY, frequency INTEGER NOT NULL)")
            connection.execute(
                "CREATE TABLE search_trigrams (trigram TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (trigram, word))"
                " WITHOUT ROWID"
            )

    def is_whole(self) -> bool:
        """Tell whether the file is there with the columns of the schema."""
        if not os.path.exists(self.path):
            return False
        with self.connected(read_only=True) as connection:
            found = {row["name"] for row in connection.execute(f"PRAGMA table_info({TABLE})")}
        return found == set(self.columns)

    def put(self, documents: Iterable[Mapping[str, Any]]) -> None:
        """Add documents, each in place of the one it was before."""
        rows = [[document.get(name) for name in self.columns] for document in documents]
        names = ", ".join(f'"{name}"' for name in self.columns)
        marks = ", ".join("?" * len(self.columns))
        with self.connected() as connection:
            connection.executemany(f"DELETE FROM {TABLE} WHERE doc_id = ?", [row[:1] for row in rows])
            connection.executemany(f"INSERT INTO {TABLE} ({names}) VALUES ({marks})", rows)
            texts = slice(len(OWN_COLUMNS), len(OWN_COLUMNS) + len(self.text_fields))
            _learn(connection, (str(text) for row in rows for text in row[texts] if text))

    def remove(self, doc_ids: Iterable[str]) -> None:
        """Take documents out; their words stay known."""
        with self.connected() as connection:
            connection.executemany(f"DELETE FROM {TABLE} WHERE doc_id = ?", [(doc_id,) for doc_id in doc_ids])

    def likely_words(self, word: str) -> dict[str, int]:
        """Give known words that share letters with a word, with how many documents taught them."""
        parts = sorted(trigrams(word))
        marks = ", ".join("?" * len(parts))
        with self.connected(read_only=True) as connection:
            rows = connection.execute(
                "SELECT v.word, v.frequency FROM search_trigrams t JOIN search_vocabulary v ON v.word = t.word"
                f" WHERE t.trigram IN ({marks}) GROUP BY v.word ORDER BY count(*) DESC, v.frequency DESC LIMIT ?",
                [*parts, LIKELY_WORDS],
            ).fetchall()
        return {row["word"]: row["frequency"] for row in rows}

    def unknown_words(self, words: Sequence[str]) -> list[str]:
        """Give those words that no known word begins with, the short ones left out."""
        with self.connected(read_only=True) as connection:
            return [word for word in words if len(word) >= MIN_WORD_LENGTH and not _knows(connection, word)]


def _knows(connection: sqlite3.Connection, word: str) -> bool:
    query = "SELECT 1 FROM search_vocabulary WHERE word >= ? AND word < ? LIMIT 1"
    return connection.execute(query, (word, f"{word}\U0010ffff")).fetchone() is not None


def _learn(connection: sqlite3.Connection, texts: Iterable[str]) -> None:
    counts: dict[str, int] = {}
    for text in texts:
        for word in words_of(text):
            if MIN_WORD_LENGTH <= len(word) <= LONGEST_WORD and not word.isdigit():
                counts[word] = counts.get(word, 0) + 1
    connection.executemany(
        "INSERT INTO search_vocabulary (word, frequency) VALUES (?, ?)"
        " ON CONFLICT (word) DO UPDATE SET frequency = frequency + excluded.frequency",
        counts.items(),
    )
    connection.executemany(
        "INSERT OR IGNORE INTO search_trigrams (trigram, word) VALUES (?, ?)",
        [(part, word) for word in counts for part in trigrams(word)],
    )
