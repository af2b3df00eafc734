"""E-mail addresses, phone numbers, URLs and names are told from other texts; filters work in memory."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from frappe_engine.kit import filters, validation
from hypothesis import given
from hypothesis import strategies as st


@given(st.emails(domains=st.sampled_from(["x.org", "a-b.co.uk", "EXAMPLE.COM"])))
def test_every_plain_address_is_one(address: str) -> None:
    if set(address) & set('"(),:;<>@[\\] ') - {"@"}:
        return
    assert validation.is_email(address)
    assert validation.parse_address(f"Name <{address}>") == ("Name", address)


@pytest.mark.parametrize(
    "text", ["", "x@y", "x@localhost", "a b@c.com", "a@b..com", "a@-b.com", "用户@例子.com", "a@b.c@d.e"]
)
def test_other_texts_are_no_addresses(text: str) -> None:
    assert not validation.is_email(text)


def test_lists_of_addresses_are_cut_outside_quotes() -> None:
    assert validation.split_emails('"X, Y" <a@b.c>, z@q.r,,') == ['"X, Y" <a@b.c>', "z@q.r"]


def test_addresses_and_other_parts_are_told_apart() -> None:
    assert validation.emails_in("text, A <a@b.c>, d@e.f;g@h.i") == (["a@b.c", "d@e.f", "g@h.i"], ["text"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [("753858375", True), ("+91-75385837", True), ("invalid", False), ("87345%%", False), ("1" * 21, False)],
)
def test_phone_numbers(text: str, expected: bool) -> None:
    assert validation.is_phone_number(text) is expected


def test_phone_numbers_of_countries() -> None:
    assert validation.is_valid_number_of_country("+86 13800138000")
    assert not validation.is_valid_number_of_country("+1-5550109999")
    with pytest.raises(validation.MissingCountryCode):
        validation.is_valid_number_of_country("123")


@pytest.mark.parametrize(
    ("text", "schemes", "expected"),
    [
        ("https://google.com", None, True),
        ("google", None, False),
        ("/path", None, True),
        ("http://", None, False),
        ("http://x", "https", False),
        ("javascript:alert(1)", ("http", "https"), False),
        (None, None, False),
        ("http://[", None, False),
    ],
)
def test_urls(text: Any, schemes: Any, expected: bool) -> None:
    assert validation.is_url(text, schemes) is expected


@pytest.mark.parametrize(("name", "expected"), [("O'Neil-X", True), ("中文 名", True), ("<x>", False), ("a  b", False)])
def test_names(name: str, expected: bool) -> None:
    assert validation.is_person_name(name) is expected


@pytest.mark.parametrize(
    ("value", "operator", "other", "expected"),
    [
        ("abc", "like", "%b%", True),
        ("abc", "like", "a%", True),
        ("a.c", "like", "a.%", True),
        ("abc", "not like", "%z%", True),
        ("a", "in", "a, b", True),
        (1, "in", [1, 2], True),
        (5, "between", [1, 9], True),
        (5, "between", "19", False),
        (None, ">", 1, False),
        ("5", "<", 9, False),
        ("", "is", "not set", True),
        (0, "is", "set", True),
        ("2024-02-28", "timespan", "yesterday", True),
        ("x", "timespan", "yesterday", False),
        (1, "no such operator", 1, False),
    ],
)
def test_filters_compare_values(value: Any, operator: str, other: Any, expected: bool) -> None:
    assert filters.compare(value, operator, other, date(2024, 2, 29)) is expected


def test_is_wants_set_or_not_set() -> None:
    with pytest.raises(filters.InvalidFilter, match="maybe"):
        filters.compare(1, "is", "maybe")


@given(st.text("ab%c"), st.text("ab%c"))
def test_like_agrees_with_its_negation(value: str, pattern: str) -> None:
    assert filters.compare(value, "like", pattern) is not filters.compare(value, "not like", pattern)


@pytest.mark.parametrize(
    ("given_filters", "expected"),
    [
        ({"a": 1}, [(None, "a", "=", 1)]),
        ({"a": [">", 1]}, [(None, "a", ">", 1)]),
        ([["a", 1]], [(None, "a", "=", 1)]),
        ([["a", ">", 1]], [(None, "a", ">", 1)]),
        ([["D", "a", ">", 1]], [("D", "a", ">", 1)]),
        ([["D", "a", ">", 1, False]], [("D", "a", ">", 1)]),
        (None, []),
    ],
)
def test_filters_have_many_forms(given_filters: Any, expected: Any) -> None:
    assert filters.filter_triples(given_filters) == expected


def test_a_filter_needs_two_parts() -> None:
    with pytest.raises(filters.InvalidFilter):
        filters.filter_triples([["a"]])
