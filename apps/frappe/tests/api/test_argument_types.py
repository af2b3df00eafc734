"""Whitelisted functions and the types of what Python code passes to them."""

import datetime
from decimal import Decimal
from typing import Any, Literal

import frappe
import pytest


@frappe.whitelist()
def whole(number: int) -> Any:
    return number


@frappe.whitelist()
def words(text: str) -> Any:
    return text


@frappe.whitelist()
def maybe(text: str = None, count: int | None = None, wanted: bool = False) -> Any:  # type: ignore[assignment]  # noqa: RUF013
    return text, count, wanted


@frappe.whitelist()
def numbers(items: list[int]) -> Any:
    return items


@frappe.whitelist()
def either(value: str | dict) -> Any:  # type: ignore[type-arg]
    return value


@frappe.whitelist()
def day(value: datetime.date) -> Any:
    return value


@frappe.whitelist()
def one_of(value: Literal["a", "b"]) -> Any:
    return value


@frappe.whitelist()
def later_type(value: "int") -> Any:
    return value


@frappe.whitelist()
def rest(first: int, *others: int, **options: int) -> Any:
    return first, others, options


class Thing:
    """Something with a method that front ends call."""

    @frappe.whitelist()
    def method(self, number: int) -> Any:
        return number

    @staticmethod
    @frappe.whitelist()
    def plain(number: int) -> Any:
        return number


@pytest.fixture(autouse=True)
def in_test(frappe_connected: Any) -> Any:
    """Connected, with types counting as in apps' tests."""
    frappe.flags.in_test = True
    return frappe_connected


@pytest.mark.parametrize(
    ("function", "given", "taken"),
    [
        (whole, "7", 7), (whole, Decimal(2), 2), (whole, b"3", 3), (whole, True, 1),
        (words, b"x", "x"), (numbers, ("1", 2), [1, 2]), (either, '{"a": 1}', '{"a": 1}'), (either, {"a": 1}, {"a": 1}),
        (day, "2026-01-02", datetime.date(2026, 1, 2)), (one_of, "a", "a"),
    ],
)  # fmt: skip
def test_what_stands_for_the_type_becomes_it(function: Any, given: Any, taken: Any) -> None:
    assert function(given) == taken
    assert type(function(given)) is type(taken)


@pytest.mark.parametrize(
    ("function", "given"),
    [
        (whole, "x"), (whole, 1.5), (whole, None), (whole, ""), (words, 1), (words, None), (words, ["x"]), (numbers, "[1]"),
        (numbers, ["x"]), (either, 1), (either, [1]), (day, datetime.datetime(2026, 1, 2, 3)), (day, "x"), (one_of, "c"),
    ],
)  # fmt: skip
def test_anything_else_is_refused(function: Any, given: Any) -> None:
    with pytest.raises(frappe.exceptions.FrappeTypeError, match=type(given).__name__):
        function(given)


def test_a_default_of_none_lets_none_through() -> None:
    assert maybe(None, "5", wanted="yes") == (None, 5, True)
    assert maybe() == (None, None, False)
    with pytest.raises(TypeError, match="'count'"):
        maybe(count="many")


def test_methods_are_checked_and_remaining_arguments_are_not() -> None:
    assert Thing().method("5") == 5
    assert Thing.plain("5") == 5
    assert rest("1", "2", third="3") == (1, ("2",), {"third": "3"})
    with pytest.raises(frappe.exceptions.FrappeTypeError):
        Thing().method(number="x")


def test_types_that_are_text_and_calls_outside_of_requests_and_tests_are_not_checked() -> None:
    assert later_type("x") == "x"
    frappe.flags.in_test = False
    assert whole("x") == "x"


def test_while_a_request_is_answered_types_count() -> None:
    frappe.flags.in_test = False
    frappe.local.request = object()
    try:
        assert whole("7") == 7
    finally:
        frappe.local.request = None


def test_the_checked_function_is_the_one_that_may_be_called() -> None:
    frappe.is_whitelisted(whole)
    assert whole in frappe.whitelisted
    assert whole.__name__ == "whole"
