"""Opening stock is exactly what a file needs; prices and costs are those of the page; returns find their delivery."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from algorithm_tables import number, numbers, read_table
from ec_erp.channels.rules.opening import SkuSurvey, Survey, opening_lines
from ec_erp.channels.rules.returning import tie_returns
from ec_erp.channels.types import IncomingDocument, IncomingLine, OpenDelivery
from hypothesis import given
from hypothesis import strategies as st

PAGE = "import-online-retail.md"
MORNING = datetime(2010, 12, 1, 8, 26)


def document(kind: str, qty: Decimal | int, at: int = 0, code: str = "A", rate: str = "1") -> IncomingDocument:
    part = IncomingLine(at, code, "", Decimal(qty), Decimal(rate))
    return IncomingDocument(kind, str(at), MORNING + timedelta(minutes=at), "7", "UK", (part,))


def survey_of(documents: list[IncomingDocument]) -> Survey:
    survey = Survey()
    for each in documents:
        survey.add(each, is_new=True)
    return survey


def test_the_sku_of_the_page() -> None:
    survey = Survey()
    for at, row in enumerate(read_table(PAGE, "Opening stock of one SKU")):
        survey.add(document(row["document"], number(row["quantity"]), at), is_new=True)
        assert survey.skus["A"].running == number(row["running sum"])
    assert survey.skus["A"].needed == 12


@pytest.mark.parametrize("row", read_table(PAGE, "Prices and costs"))
def test_prices_and_costs_of_the_page(row: dict[str, str]) -> None:
    sku = SkuSurvey("A")
    sku.sale_prices.update(numbers(row["sale prices"]) if row["sale prices"] else [])
    sku.other_prices.update(numbers(row["return prices"]) if row["return prices"] else [])
    assert sku.price == (number(row["price"]) if row["price"] else None)
    assert sku.unit_cost("GBP") == number(row["cost"])


kinds = st.sampled_from(["sale", "return", "write-off", "found"])


@given(st.lists(st.tuples(kinds, st.integers(1, 50)), min_size=1, max_size=30))
def test_opening_stock_is_enough_and_not_one_more(steps: list[tuple[str, int]]) -> None:
    needed = survey_of([document(kind, qty, at) for at, (kind, qty) in enumerate(steps)]).skus["A"].needed
    stock, lowest = needed, needed
    for kind, qty in steps:
        stock += qty if kind in ("return", "found") else -qty
        lowest = min(lowest, stock)
    assert lowest >= 0
    assert needed == 0 or lowest == 0


def test_what_is_there_counts() -> None:
    survey = survey_of([document("sale", 10), document("sale", 3, code="B", at=1)])
    bought = [(sku.code, qty) for sku, qty, _ in opening_lines(survey, {"A": Decimal(4), "B": Decimal(3)}, "GBP")]
    assert bought == [("A", 6)]


def test_documents_that_are_known_need_nothing() -> None:
    survey = Survey()
    survey.add(document("sale", 10), is_new=False)
    assert list(opening_lines(survey, {}, "GBP")) == []
    assert (survey.documents, survey.new_documents) == (1, 0)


def test_a_name_is_the_spelling_used_most() -> None:
    sku = SkuSurvey("A")
    assert sku.name == "A"
    sku.names.update(["CUP", "Cup", "Cup"])
    assert sku.name == "Cup"


def returned(qty: int, rate: str = "2", code: str = "A") -> IncomingLine:
    return IncomingLine(1, code, "", Decimal(qty), Decimal(rate))


def delivered(name: str, open_qty: int, rate: str = "2", code: str = "a") -> OpenDelivery:
    return OpenDelivery(name, code, Decimal(rate), Decimal(open_qty))


def test_returns_find_the_latest_delivery_that_is_large_enough() -> None:
    found = tie_returns([returned(3), returned(2), returned(4)], [delivered("late", 4), delivered("early", 5)])
    assert [against for _, against in found] == ["late", "early", None]


def test_another_price_or_sku_is_another_sale() -> None:
    found = tie_returns([returned(1, rate="3"), returned(1, code="B")], [delivered("x", 9)])
    assert [against for _, against in found] == [None, None]
