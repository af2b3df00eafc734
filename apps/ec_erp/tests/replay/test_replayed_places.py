"""Where serial numbers are follows from their latest entry that moved anything."""

from ec_erp.replay.rules.stock import last_places


def entry(qty: float, warehouse: str = "Main", serials: str = "N1") -> dict[str, object]:
    return {"qty_change": qty, "warehouse": warehouse, "serials": serials, "bin": None, "batch": None, "grade": "Good"}


def test_the_latest_entry_counts() -> None:
    found = last_places([entry(2, serials="N1\nN2"), entry(-1, serials="n1")])
    assert (found["n1"][0], found["n2"][:2]) == ("Out", ("In Stock", "Main"))


def test_a_receipt_into_negative_stock_stays_one() -> None:
    assert last_places([entry(3), entry(0)])["n1"][:2] == ("In Stock", "Main")
