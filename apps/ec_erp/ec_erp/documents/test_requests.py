"""What callers send: read as names, figures and rows, or refused."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from ec_erp.documents.errors import NotANumberError
from ec_erp.documents.requests import day_in, figures_in, moment_in, names_in, number_in, numbers_in, rows_in


def test_names_come_as_values_or_as_json() -> None:
    assert names_in(["a", "b", "a"]) == ["a", "b"]
    assert names_in('["a", 5]') == ["a", "5"]
    assert names_in("a") == ["a"]
    assert names_in(None) == names_in("") == []


def test_figures_and_rows_come_as_values_or_as_json() -> None:
    assert figures_in('{"a": 1}') == figures_in({"a": 1}) == {"a": 1}
    assert rows_in('[{"a": 1}]') == rows_in([{"a": 1}]) == [{"a": 1}]
    assert (figures_in(None), rows_in("")) == ({}, [])


@pytest.mark.parametrize("value", [True, {"a": 1}, [["a"]], "[1", 1.5])
def test_anything_else_is_refused(frappe_connected: Any, value: Any) -> None:
    for read in (names_in, rows_in):
        with pytest.raises(frappe_connected.ValidationError):
            read(value)
    if value != {"a": 1}:
        with pytest.raises(frappe_connected.ValidationError):
            figures_in(value)


def test_figures_are_read_exactly() -> None:
    assert numbers_in('{"a": 0.1, "b": "1,000.5"}', "Quantity") == {"a": Decimal("0.1"), "b": Decimal("1000.5")}
    assert number_in(None, "Quantity") == 0


@pytest.mark.parametrize("figure", ["many", float("nan"), [1]])
def test_what_is_no_figure_is_refused_with_its_name(
    frappe_connected: Any, monkeypatch: pytest.MonkeyPatch, figure: Any
) -> None:
    monkeypatch.setattr(frappe_connected.local, "lang", "en")
    with pytest.raises(NotANumberError, match=f"Quantity must be a number, not {re.escape(str(figure))}"):
        numbers_in({"a": figure}, "Quantity")


def test_moments_come_as_values_or_as_text() -> None:
    assert moment_in("2026-11-01 10:00:00", "Date") == datetime(2026, 11, 1, 10)
    assert day_in("2026-11-01", "Date") == day_in(datetime(2026, 11, 1, 10), "Date") == date(2026, 11, 1)


@pytest.mark.parametrize("value", ["0000-00-00", "2026-02-30", "soon", "99:99:99", 20261101, True, {"a": 1}])
def test_what_is_no_moment_is_refused(frappe_connected: Any, value: Any) -> None:
    with pytest.raises(frappe_connected.ValidationError):
        moment_in(value, "Date")
