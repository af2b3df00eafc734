"""Text, lists as prose, names, hashes, addresses and SQL names."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from frappe_engine.kit import files, sql, text, urls
from hypothesis import given
from hypothesis import strategies as st


def test_anything_becomes_text() -> None:
    assert [text.cstr(value) for value in (None, "a", b"\xe4\xb8\xad", 1.5, True)] == ["", "a", "中", "1.5", "True"]


@pytest.mark.parametrize(
    ("items", "expected"),
    [([], ""), (["a"], "a"), (["a", "b"], "'a' and 'b'"), (("a", "b", 3), "'a', 'b' and '3'"), ("abcd", "abcd")],
)
def test_lists_read_as_prose(items: object, expected: str) -> None:
    assert text.list_in_words(items, "{0} and {1}") == expected


def test_braces_in_items_stay_as_they_are() -> None:
    assert text.list_in_words(["{0}", "{1}"], "{0} and {1}", None) == "{0} and {1}"


@given(st.lists(st.text()))
def test_unique_keeps_first_appearances_in_order(items: list[str]) -> None:
    found = text.unique(items)
    assert sorted(found, key=items.index) == found
    assert set(found) == set(items)


@given(st.lists(st.integers()), st.integers(1, 9))
def test_batches_are_the_whole(items: list[int], size: int) -> None:
    batches = list(text.create_batches(items, size))
    assert [item for batch in batches for item in batch] == items
    assert all(len(batch) == size for batch in batches[:-1])


def test_names_in_code_and_in_words() -> None:
    assert text.scrub("Sales Order-Item") == "sales_order_item"
    assert text.unscrub("sales_order") == "Sales Order"
    assert text.slug("Sales Order") == "sales-order"
    assert text.url_slug("  你好, World! ") == "你好-world"


@given(st.integers(1, 100))
def test_random_texts_have_their_length_and_alphabet(length: int) -> None:
    assert len(text.generate_hash(length)) == len(text.random_string(length)) == length
    assert text.random_string(length).isalnum()
    assert set(text.generate_hash(length)) <= set("0123456789abcdef")


def test_random_texts_differ() -> None:
    assert len({text.generate_hash(10) for _ in range(1000)}) == 1000


def test_strip_takes_invisible_marks_too() -> None:
    stripped = text.strip("\ufeff \u200b a b \u200b")  # noqa: B005 - ours, not the method of str
    assert stripped == "a b"


@given(st.dictionaries(st.text(min_size=1), st.text()))
def test_a_query_added_to_an_address_is_read_back(values: dict[str, str]) -> None:
    found = dict(parse_qsl(urlsplit(urls.add_query("https://x.org/a?keep=1", **{"z": "", **values})).query, True))
    assert found == {"keep": "1", "z": "", **values}


def test_relative_addresses_become_absolute() -> None:
    html = (
        '<img src="/a.png"><a href="b">x</a><a href="#c">y</a><a href="https://z">z</a><p style="background: url(/d)">'
    )
    assert urls.expand_relative_urls(html, "https://erp.org") == (
        '<img src="https://erp.org/a.png"><a href="https://erp.org/b">x</a><a href="#c">y</a>'
        '<a href="https://z">z</a><p style="background: url(https://erp.org/d)">'
    )


@pytest.mark.parametrize("name", ["name", "`tabToDo`.name", "tabToDo.owner", "字段", "select"])
def test_columns_pass(name: str) -> None:
    assert sql.sanitize_column(name) == name


@pytest.mark.parametrize(
    "name", ["name, owner", "sum(x)", "name; drop table x", "1 union select 2", "a' or 1", "`a", "x /*", "a=b"]
)
def test_more_than_a_column_is_refused_or_cut(name: str) -> None:
    try:
        assert sql.sanitize_column(name) == "x"
    except sql.InvalidColumn:
        return


def test_comments_are_cut_from_columns() -> None:
    assert [sql.sanitize_column(name) for name in ("a--b", "name#", "a /* b */")] == ["a", "name", "a"]


def test_tables_of_doctypes() -> None:
    assert (sql.table_name("Sales Order"), sql.table_name("__Auth")) == ("tabSales Order", "__Auth")


@given(st.binary())
def test_compressed_bytes_come_back(content: bytes) -> None:
    assert files.gzip_decompress(files.gzip_compress(content)) == content


def test_paths_are_inside_or_not(tmp_path: object) -> None:
    assert files.is_inside(f"{tmp_path}/a/../b", str(tmp_path))
    assert not files.is_inside(f"{tmp_path}/../b", str(tmp_path))


def test_sizes_in_words() -> None:
    assert [files.size_in_words(size) for size in (5, 1066, 5 * 1024**2)] == ["5.0B", "1.0KiB", "5.0MiB"]
