"""JSON, CSV and Excel: what is written is read back."""

from __future__ import annotations

import json
import pickle
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from frappe_engine.kit import jsontext, tables
from frappe_engine.kit.attrdict import _dict
from hypothesis import given
from hypothesis import strategies as st

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
cells = st.text(st.characters(blacklist_categories=["Cs", "Cc"]))


@given(plain)
def test_json_is_read_back(value: Any) -> None:
    assert json.loads(jsontext.as_json(value)) == value
    assert json.loads(jsontext.compact_json(value)) == value


def test_json_is_sorted_and_indented() -> None:
    assert jsontext.as_json({"b": 1, "a": [date(2024, 1, 1)]}) == '{\n "a": [\n  "2024-01-01"\n ],\n "b": 1\n}'


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (datetime(2024, 1, 2, 3, 4, 5, 6), "2024-01-02 03:04:05.000006"),
        (date(2024, 1, 2), "2024-01-02"),
        (timedelta(hours=30, seconds=1), "30:00:01"),
        (time(1, 2), "01:02:00"),
        (Decimal("1.50"), 1.5),
        (_dict(a=_dict(b=1)), {"a": {"b": 1}}),
        ({"only"}, ["only"]),
    ],
)
def test_values_of_documents_have_a_json_form(value: Any, expected: Any) -> None:
    assert json.loads(jsontext.as_json(value)) == expected
    assert json.loads(jsontext.compact_json(value)) == expected


def test_values_without_a_json_form_are_named() -> None:
    for write in (jsontext.as_json, jsontext.compact_json):
        with pytest.raises(jsontext.UnserializableValue, match="object"):
            write({"a": object()})


def test_keys_of_several_types_can_be_written() -> None:
    assert json.loads(jsontext.as_json({1: 2, "a": 3})) == {"1": 2, "a": 3}


def test_parsed_objects_have_attributes() -> None:
    assert jsontext.parse_json('{"a": 1}').a == 1
    assert jsontext.parse_json({"a": 1}).a == 1
    assert jsontext.parse_json(None) is None


def test_attribute_dicts_are_dicts() -> None:
    row = _dict(a=1)
    assert (row.a, row.missing, row.update(b=2).b, row.copy().a) == (1, None, 2, 1)
    assert isinstance(row.copy(), _dict)
    assert pickle.loads(pickle.dumps(row)) == row
    assert not hasattr(row, "__html__")


def test_attributes_can_be_set_and_deleted() -> None:
    row = _dict()
    row.a = 1
    del row.a
    assert row == {}
    with pytest.raises(AttributeError):
        del row.a


@given(st.lists(st.lists(cells, min_size=2, max_size=2)))
def test_csv_is_read_back(rows: list[list[str]]) -> None:
    assert tables.read_csv(tables.write_csv(rows)) == rows


def test_csv_quotes_texts_and_leaves_numbers() -> None:
    assert tables.write_csv([["a", 1, None, 1.5, date(2024, 1, 1)]]) == '"a",1,"",1.5,"2024-01-01"\r\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_chinese_csv_is_read_in_its_encodings(encoding: str) -> None:
    assert tables.read_csv("编号,名称\n1,“茶”\n".encode(encoding)) == [["编号", "名称"], ["1", "“茶”"]]


def test_a_workbook_is_read_back() -> None:
    rows = [["name", "qty", "on"], ["茶", 1.5, datetime(2024, 1, 1)], ["a\x01b", None, True]]
    content = tables.write_xlsx(rows, "A/B: very long name of a sheet that does not fit").getvalue()
    assert tables.read_xlsx(content) == [rows[0], rows[1], ["ab", None, True]]


def test_html_in_cells_becomes_text() -> None:
    content = tables.write_xlsx([["<p>a &amp; b</p><p>c</p>", "1 < 2"]], "s").getvalue()
    assert tables.read_xlsx(content) == [["a & b, c", "1 < 2"]]


def test_what_is_no_workbook_is_refused() -> None:
    with pytest.raises(tables.UnreadableTable):
        tables.read_xlsx(b"name,qty")


FORMULAS = ["=cmd|' /C calc'!A0", "@SUM(A1)", "+A1", "-A1+1", "\t=1", "'=1", "=1+1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_of_a_csv_is_a_formula(text: str) -> None:
    written = tables.write_csv([[text, 1]])
    assert written.startswith("\"'")
    assert tables.read_csv(written) == [[text, "1"]]


@pytest.mark.parametrize("text", ["+86 138-0000-0000", "-5", "'quoted'", "a=b"])
def test_other_texts_of_a_csv_stay_as_they_are(text: str) -> None:
    assert tables.write_csv([[text]]) == f'"{text}"\r\n'


def test_no_text_of_a_workbook_is_a_formula() -> None:
    from openpyxl import load_workbook

    content = tables.write_xlsx([["=1+1", "#N/A"], ["=cmd|' /C calc'!A0", "#REF!"]], "Sheet")
    sheet = load_workbook(content).active
    assert [[cell.data_type for cell in row] for row in sheet.iter_rows()] == [["s", "s"], ["s", "s"]]
    assert sheet["A2"].value == "=cmd|' /C calc'!A0"
    assert sheet["A1"].font.bold
