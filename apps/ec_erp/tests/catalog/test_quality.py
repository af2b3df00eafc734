"""Standing checks: the page's tables; proposals come from the data and settle the finding."""

from decimal import Decimal

import pytest
from algorithm_tables import Row, read_table
from ec_erp.catalog.rules.quality import (
    BarcodeRow,
    ListingRow,
    ShelfLife,
    agreed,
    broken_combos,
    duplicate_barcodes,
    is_in_itself,
    odd_multipliers,
    unmapped_listings,
    wrong_shelf_lives,
)
from hypothesis import given
from hypothesis import strategies as st

USABLE = {"A", "B", "P", "Q", "R"}


@pytest.mark.parametrize("row", read_table("data-quality.md", "Combos"))
def test_the_combos_of_the_page(row: Row) -> None:
    parts = [part.strip().partition(":") for part in row["components"].split(";")]
    found = broken_combos({combo: set(skus.split()) for combo, _, skus in parts}, USABLE)
    assert ", ".join(one.name for one in found) == row["broken"]
    assert all(one.changes == {"disabled": 1} for one in found)


@given(st.dictionaries(st.sampled_from("ABCDE"), st.sets(st.sampled_from("ABCDE")), max_size=5))
def test_a_cycle_is_a_way_back(components: dict[str, set[str]]) -> None:
    reach = {combo: set(parts) for combo, parts in components.items()}
    for _ in range(5):
        reach = {
            combo: parts | {deeper for part in parts for deeper in reach.get(part, ())}
            for combo, parts in reach.items()
        }
    for combo in components:
        assert is_in_itself(combo, components) == (combo in reach[combo])


@pytest.mark.parametrize("row", read_table("data-quality.md", "Shelf lives"))
def test_the_shelf_lives_of_the_page(row: Row) -> None:
    limits = ShelfLife("A", *(int(row[column]) for column in ("shelf life", "sold until", "received until")))
    assert bool(wrong_shelf_lives([limits], {})) == (row["wrong"] == "yes")


def test_a_missing_shelf_life_is_proposed_where_siblings_agree() -> None:
    (found,) = wrong_shelf_lives([ShelfLife("A")], {"A": 365})
    assert found.changes == {"shelf_life_days": 365}


@given(st.lists(st.tuples(st.sampled_from("XYZ"), st.sampled_from("ABCD"), st.booleans()), max_size=12))
def test_what_is_taken_off_leaves_every_barcode_on_one_sku(rows: list[tuple[str, str, bool]]) -> None:
    known = [BarcodeRow(f"{at}", code, sku, off) for at, (code, sku, off) in enumerate(rows)]
    gone = {one.drop[1] for one in duplicate_barcodes(known) if one.drop}
    left = [row for row in known if row.row not in gone]
    for code in {row.barcode for row in known}:
        assert len({row.sku for row in left if row.barcode == code}) == 1


def test_a_barcode_stays_on_the_sku_in_use() -> None:
    rows = [BarcodeRow("1", "69", "OLD", disabled=True, since="2020"), BarcodeRow("2", "69", "NEW", since="2026")]
    assert [one.name for one in duplicate_barcodes(rows)] == ["OLD"]


def test_siblings_agree_or_nothing_is_proposed() -> None:
    assert agreed([None, 0, 300, 300]) == 300
    assert agreed([200, 300]) is None
    assert agreed([]) is None


def test_listings_are_mapped_by_equal_codes_only() -> None:
    rows = [ListingRow("L1", "cup-1"), ListingRow("L2", "CUP"), ListingRow("L3", "", "6901")]
    found = {one.name: dict(one.changes) for one in unmapped_listings(rows, {"cup-1": "CUP-1", "6901": "PLATE"})}
    assert found == {"L1": {"sku": "CUP-1"}, "L2": {}, "L3": {"sku": "PLATE"}}


def test_units_that_differ_from_most() -> None:
    rows = [ListingRow(f"L{at}", "C", sku="A", multiplier=Decimal(units)) for at, units in enumerate((2, 2, 1))]
    assert [(one.name, one.changes) for one in odd_multipliers(rows)] == [("L2", {"multiplier": 2.0})]
    assert [one.changes for one in odd_multipliers(rows[1:])] == [{}, {}]
