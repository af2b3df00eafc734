"""What a bin takes: the page's table."""

from decimal import Decimal

import pytest
from algorithm_tables import read_table
from ec_erp.inventory.rules.capacity import BinLimits, Content, capacity_problems

SIZES = {"A": (Decimal(500), Decimal(200)), "B": (Decimal(100), Decimal(100))}


def goods(text: str) -> list[Content]:
    """Read goods as the table writes them."""
    found = []
    for word in text.split():
        named, qty = word.split("×")
        sku, _, batch = named.partition("/")
        found.append(Content(sku, Decimal(qty), batch, *SIZES[sku]))
    return found


def limits(text: str) -> BinLimits:
    """Read a limit as the table writes it."""
    kind, _, value = text.rpartition(" ")
    sizes = {"pieces": "qty", "grams": "weight_g", "volume": "volume_cm3"}
    if kind in sizes:
        return BinLimits("P1", **{sizes[kind]: Decimal(value)})
    return BinLimits("P1", fixed_sku="A" if text == "only A" else "", single_sku=text == "one SKU",
                     single_batch=text == "one batch")  # fmt: skip


@pytest.mark.parametrize("row", read_table("bin-capacity.md", "Fitting"))
def test_the_table_of_the_page(row: dict[str, str]) -> None:
    found = capacity_problems(limits(row["limits"]), goods(row["lies there"]), goods(row["comes"]))
    told = [str(one.message).format(*one.values).removeprefix("P1 ") for one in found]
    assert told == ([row["refused because"]] if row["refused because"] else [])
