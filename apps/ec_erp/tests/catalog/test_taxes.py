"""Tax classes: the page's tables, codes and rates that can't be."""

from decimal import Decimal

import pytest
from algorithm_tables import Row, number, read_table
from ec_erp.catalog.rules.taxes import TaxTerms, class_for, class_problems, rate_of
from hypothesis import given
from hypothesis import strategies as st

CLASSES = {
    "General": TaxTerms("General", Decimal(13)),
    "Books": TaxTerms("Books", Decimal(9)),
    "Old": TaxTerms("Old", Decimal(9), disabled=True),
}


@pytest.mark.parametrize("row", read_table("tax-class.md", "Rate"))
def test_the_rates_of_the_page(row: Row) -> None:
    terms = TaxTerms("T", number(row["rate"]), row["policy"], number(row["simplified"]))
    assert rate_of(terms) == number(row["taken"])


@pytest.mark.parametrize("row", read_table("tax-class.md", "Class of a new SKU"))
def test_the_class_of_a_new_sku(row: Row) -> None:
    given_rate = Decimal(row["given rate"]) if row["given rate"] else None
    found = class_for(given_rate, [CLASSES.get(row["category"]), CLASSES.get(row["above"])])
    assert (found.name if found else "") == row["class"]


@given(st.decimals(0, 100, places=2), st.sampled_from(["", "Exempt", "Not Taxed", "Zero Rate", "Refunded"]))
def test_a_policy_takes_the_whole_rate_or_nothing(rate: Decimal, policy: str) -> None:
    assert rate_of(TaxTerms("T", rate, policy)) in (rate, 0)


@pytest.mark.parametrize(
    "code", ["123", "10903060000000000000", "109030600000000000X", "１０９０３０６０００００００００００0"]
)
def test_codes_that_can_not_be(code: str) -> None:
    assert class_problems(code, CLASSES["Books"])


def test_codes_and_rates_that_can_be() -> None:
    assert class_problems("1090306000000000000", CLASSES["Books"]) == []
    assert class_problems("", CLASSES["Books"]) == []
    assert class_problems("", TaxTerms("T", Decimal(101)))
