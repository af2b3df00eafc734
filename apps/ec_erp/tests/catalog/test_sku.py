"""Codes, barcodes, and the SKUs that documents may name."""

from decimal import Decimal

from ec_erp.catalog.rules.sku import barcode_problems, code_problems, disabled_problems, unknown_problems
from ec_erp.catalog.types import SkuFacts


def facts(name: str, *, disabled: bool = False) -> SkuFacts:
    return SkuFacts(name, name, "Piece", True, Decimal(0), None, Decimal(13), disabled)


def test_a_code_can_be_part_of_a_balance_name() -> None:
    assert code_problems("A-1/红") == []
    assert len(code_problems("A|1")) == 1


def test_barcodes_are_listed_once_with_one_main() -> None:
    assert barcode_problems([("690", True), ("691", False)]) == []
    assert len(barcode_problems([("690", True), ("690", True)])) == 2


def test_unknown_and_disabled_skus_are_named_with_their_rows() -> None:
    known = {"a": facts("A"), "b": facts("B", disabled=True)}
    rows = [(1, "a"), (2, "X"), (3, "B")]
    assert [found.values for found in unknown_problems(rows, known)] == [(2, "X")]
    assert [found.values for found in disabled_problems(rows, known)] == [(3, "B")]
