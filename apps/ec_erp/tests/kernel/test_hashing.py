"""Chains of hashes: one canonical text per value, every change shows."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from algorithm_tables import read_table
from ec_erp.kernel.hashing import canonical, chain_hash
from ec_erp.kernel.numbers import NotANumber, decimal_of, plain
from hypothesis import given
from hypothesis import strategies as st

FIELDS = ("seq", "sku", "qty", "moment")


@pytest.mark.parametrize("row", read_table("hash-chain.md", "Example"))
def test_the_example_of_the_page(row: dict[str, str]) -> None:
    seq, sku, qty, moment = (part.strip() for part in row["fields"].split(","))
    entry = {"seq": int(seq), "sku": sku, "qty": float(qty), "moment": datetime.fromisoformat(moment)}
    assert chain_hash(row["previous hash"], FIELDS, entry) == row["hash"]


@pytest.mark.parametrize("values", [(10, 10.0, Decimal("10.00")), (None, ""), (True, 1), (1.5, Decimal("1.500"))])
def test_equal_values_have_one_text(values: tuple[object, ...]) -> None:
    assert len({canonical(value) for value in values}) == 1


@given(
    st.floats(allow_nan=False, allow_infinity=False)
    | st.floats(min_value=-1e7, max_value=1e7).map(lambda f: round(f, 4))
)
def test_floats_have_the_text_of_their_decimals(value: float) -> None:
    assert canonical(value) == plain(decimal_of(value))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_has_no_text(value: float) -> None:
    with pytest.raises(NotANumber):
        canonical(value)


def test_moments_have_microseconds_and_dates_none() -> None:
    assert canonical(datetime(2026, 1, 2, 3, 4, 5)) == "2026-01-02 03:04:05.000000"
    assert canonical(date(2026, 1, 2)) == "2026-01-02"


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_counts(field: str) -> None:
    entry = {"seq": 1, "sku": "A", "qty": 2.0, "moment": datetime(2026, 1, 1)}
    assert chain_hash("", FIELDS, entry) != chain_hash("", FIELDS, {**entry, field: "other"})


def test_the_hash_before_counts() -> None:
    assert chain_hash("", FIELDS, {}) != chain_hash("x", FIELDS, {})
