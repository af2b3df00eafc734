"""Full-text search for apps: what is indexed, what is found, in which order, by whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, ClassVar

import frappe as api
import pytest
from frappe.search import sqlite_search
from frappe.search.sqlite_search import SQLiteSearch, SQLiteSearchIndexMissingError
from frappe_engine.kit.fulltext import best_match, match_query, recency_boost, title_boost, words_of

pytestmark = pytest.mark.api("frappe.search.sqlite_search")


class Notes(SQLiteSearch):
    """A search over notes and tasks."""

    INDEX_NAME = "test_notes.db"
    INDEX_SCHEMA: ClassVar = {"metadata_fields": ["owner", "status", "public"]}
    INDEXABLE_DOCTYPES: ClassVar = {
        "Note": {"fields": ["name", "title", "content", "modified", "owner", "public"]},
        "ToDo": {
            "fields": ["name", {"title": "description"}, {"content": "description"}, "modified", "owner", "status"],
            "filters": {"status": ("!=", "Cancelled")},
        },
    }
    shown: ClassVar[dict[str, Any]] = {}

    def get_search_filters(self) -> dict[str, Any]:
        """What the test says."""
        return self.shown

    @SQLiteSearch.scoring_function
    def _prefer_public(self, row: Any, query: str, query_words: list[str]) -> float:
        return 100.0 if row.public else 1.0


@pytest.fixture
def frappe(own_site: Any) -> Iterator[Any]:
    """A site of this test's own, for its files are written to."""
    own_site.set_config("redis_queue", "")
    with own_site.connected():
        yield api


def note(title: str, content: str = "", **values: Any) -> Any:
    return api.get_doc({"doctype": "Note", "title": title, "content": content, **values}).insert()


def built(**filters: Any) -> Notes:
    search = Notes()
    search.shown = filters
    search.build_index()
    return search


def titles(found: dict[str, Any]) -> list[str]:
    return [row.title.replace("<mark>", "").replace("</mark>", "") for row in found["results"]]


def test_documents_are_found_by_words_and_their_beginnings(frappe: Any) -> None:
    note("Winter jackets", "<p>Ordered from <b>Hangzhou</b></p><script>bad()</script>")
    note("Summer hats", "Ordered from Ningbo")
    search = built()
    assert titles(search.search("hangz")) == ["Winter jackets"]
    assert sorted(titles(search.search("ordered"))) == ["Summer hats", "Winter jackets"]
    assert search.search("bad")["results"] == []
    assert search.search("  ")["summary"]["total_matches"] == 0


def test_a_result_says_what_it_is_and_where_it_matched(frappe: Any) -> None:
    made = note("A <b> letter", "Dear customer & friend")
    found = built().search("customer")
    (row,) = found["results"]
    assert (row.doctype, row.name, row.owner, row.rank, row.original_rank) == ("Note", made.name, "Administrator", 1, 1)
    assert row.content == "Dear <mark>customer</mark> &amp; friend"
    assert "<b>" not in row.title
    assert row.score > 0
    assert found["summary"]["returned_matches"] == 1


def test_a_misspelt_word_finds_the_right_one(frappe: Any) -> None:
    note("Project management")
    found = built().search("projetc managment")
    assert titles(found) == ["Project management"]
    assert found["summary"]["corrected_words"] == {"projetc": "project", "managment": "management"}
    assert found["summary"]["corrected_query"] == "project management"


def test_all_words_come_before_any_word(frappe: Any) -> None:
    note("red shirt")
    note("red hat")
    search = built()
    assert titles(search.search("red shirt")) == ["red shirt"]
    assert sorted(titles(search.search("red umbrella"))) == ["red hat", "red shirt"]


def test_titles_weigh_more_and_may_be_searched_alone(frappe: Any) -> None:
    note("Other", "invoice " * 9)
    note("Invoice", "nothing else")
    search = built()
    assert titles(search.search("invoice")) == ["Invoice", "Other"]
    assert titles(search.search("invoice", title_only=True)) == ["Invoice"]


def test_an_apps_own_scoring_decides_the_order(frappe: Any) -> None:
    note("Stock", "stock stock stock")
    note("Notice", "stock", public=1)
    (first, second) = built().search("stock")["results"]
    assert (first.title, second.original_rank) == ("Notice", 1)


def test_filters_leave_out_what_the_user_may_not_find(frappe: Any) -> None:
    note("mine")
    note("mine too", public=1)
    assert titles(built(public=1).search("mine")) == ["mine too"]
    hidden = built(owner=[]).search("mine")
    assert (hidden["results"], hidden["summary"]["total_matches"]) == ([], 0)
    assert titles(built(public=1).search("mine", filters={"public": 0})) == []
    assert titles(built().search("mine", filters={"owner": ["like", "admin"], "public": ["0"]})) == ["mine"]
    with pytest.raises(frappe.ValidationError, match="no_such"):
        built().search("mine", filters={"no_such": 1})


def test_nothing_in_a_query_is_syntax(frappe: Any) -> None:
    note("quote")
    search = built()
    for query in ('"quote', "quote OR", "quote*", "NEAR(quote)", "title:quote", "quote'); drop table search_fts; --"):
        assert search.search(query)["results"] is not None
    assert titles(search.search('"quote"')) == ["quote"]


def test_single_documents_are_put_and_taken(frappe: Any) -> None:
    search = built()
    task = frappe.get_doc({"doctype": "ToDo", "description": "Count the shelf"}).insert()
    search.index_doc("ToDo", task.name)
    assert titles(search.search("shelf")) == ["Count the shelf"]
    task.db_set({"status": "Cancelled"})
    search.index_doc("ToDo", task.name)
    assert search.search("shelf")["results"] == []
    made = note("Short-lived")
    search.index_doc("Note", made.name)
    search.remove_doc("Note", made.name)
    assert search.search("short-lived")["results"] == []


def test_an_index_that_is_not_there_is_named(frappe: Any) -> None:
    search = Notes("never_built.db")
    assert not search.index_exists()
    with pytest.raises(SQLiteSearchIndexMissingError, match="never_built"):
        search.search("word")
    search.build_index()
    assert search.index_exists()
    search.drop_index()
    assert not search.index_exists()


def test_an_index_of_other_columns_is_none(frappe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    built()
    monkeypatch.setattr(Notes, "INDEX_SCHEMA", {"metadata_fields": ["owner", "color"]})
    assert not Notes().index_exists()


def test_apps_read_the_index_themselves(frappe: Any) -> None:
    note("One")
    rows = built().sql("SELECT doctype, count(*) AS n FROM search_fts GROUP BY doctype", read_only=True)
    assert {row["doctype"]: row.n for row in rows}["Note"] == 1


def test_a_class_without_filters_for_users_finds_nothing(frappe: Any) -> None:
    class Open(SQLiteSearch):
        INDEX_NAME = "open.db"
        INDEXABLE_DOCTYPES: ClassVar = {"Note": {"fields": ["title", "content"]}}

    Open().build_index()
    with pytest.raises(NotImplementedError, match="get_search_filters"):
        Open().search("word")


def test_registered_searches_follow_documents(frappe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from frappe_engine.documents.listeners import forget_listeners

    search = built()
    monkeypatch.setattr(sqlite_search, "get_search_classes", lambda: [Notes])
    forget_listeners("Note")
    monkeypatch.setattr(frappe, "enqueue", lambda _path, documents: sqlite_search.index_documents(documents))
    made = note("Followed")
    assert search.search("followed")["results"] == []
    frappe.db.commit()
    assert titles(search.search("followed")) == ["Followed"]
    note("Undone")
    frappe.db.rollback()
    other = frappe.rename_doc("Note", made.name, "Followed elsewhere", force=True)
    frappe.db.commit()
    assert [row.name for row in search.search("followed")["results"]] == [other]
    frappe.delete_doc("Note", other)
    frappe.db.commit()
    assert [search.search(word)["results"] for word in ("followed", "undone")] == [[], []]


def test_indexes_are_built_by_a_job_where_they_lack(frappe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    path = f"{Notes.__module__}.Notes"
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(frappe, "get_hooks", lambda *_names: [path])
    monkeypatch.setattr(frappe, "get_attr", lambda _path: Notes)
    monkeypatch.setattr(frappe, "enqueue", lambda _path, **options: asked.append(options))
    sqlite_search.build_index_if_not_exists()
    sqlite_search.build_index(asked[0]["search_class"], asked[0]["force"])
    assert Notes().index_exists()
    sqlite_search.build_index_if_not_exists()
    sqlite_search.build_index_in_background()
    assert [options["force"] for options in asked] == [False, True]


# rules


def test_words_spelling_and_queries() -> None:
    assert words_of("Red, red SHIRT-2 中文") == ["red", "shirt-2", "中文"]
    assert best_match("jaket", {"jacket": 2, "basket": 9, "pocket": 1}) == "jacket"
    assert best_match("zzzz", {"jacket": 2}) is None
    assert match_query(["a", "b"], {"b": "c"}, ["title"], every=True) == '{title} : (("a" *) AND ("b" * OR "c" *))'


@pytest.mark.parametrize(("days", "boost"), [(0, 1.8), (6, 1.5), (29, 1.2), (89, 1.1), (90 + 365, 0.9), (9999, 0.5)])
def test_age_weighs(days: int, boost: float) -> None:
    now = datetime(2026, 6, 1)
    assert recency_boost(now - timedelta(days=days), now) == pytest.approx(boost)


def test_titles_weigh() -> None:
    words = ["blue", "hat"]
    assert [title_boost(title, "blue hat", words) for title in ("Blue Hat", "A blue hat", "A hat", "Coat")] == [
        5,
        2,
        1.5,
        1,
    ]
