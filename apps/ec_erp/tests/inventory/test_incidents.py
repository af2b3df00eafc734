"""Incidents come, stay and go with what contradicts itself."""

from decimal import Decimal

from ec_erp.inventory.rules.incidents import Contradiction, compare
from ec_erp.inventory.types import StockKey
from hypothesis import given
from hypothesis import strategies as st


def one(invariant: str, sku: str, found: int = 1) -> Contradiction:
    return Contradiction(invariant, StockKey(sku, "W"), Decimal(0), Decimal(found))


def test_new_again_and_over() -> None:
    changes = compare([one("Bins", "A", 7), one("Ledger", "A")], {"I-1": one("Bins", "A"), "I-2": one("Bins", "B")})
    assert changes.new == (one("Ledger", "A"),)
    assert changes.again == {"I-1": one("Bins", "A", 7)}
    assert changes.over == ("I-2",)


found = st.lists(st.tuples(st.sampled_from(["Bins", "Ledger"]), st.sampled_from("ABC")), max_size=8)


@given(found, st.sets(st.tuples(st.sampled_from(["Bins", "Ledger"]), st.sampled_from("ABC"))))
def test_one_open_incident_per_check_and_key(seen: list[tuple[str, str]], before: set[tuple[str, str]]) -> None:
    known = {f"I-{check}-{sku}": one(check, sku) for check, sku in before}
    changes = compare([one(*at) for at in seen], known)
    still_open = [(new.invariant, new.key.sku) for new in (*changes.new, *changes.again.values())]
    assert sorted(still_open) == sorted(set(seen))
    assert set(changes.again) | set(changes.over) == set(known)
