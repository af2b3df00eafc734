"""A changed, missing, inserted or cut-off entry is found where it stands."""

from typing import Any

import pytest
from ec_erp.kernel.hashing import chain_hash
from ec_erp.posting.rules.proof import ChainState, prove_entries, prove_head, prove_running_balance

FIELDS = ("seq", "qty_change", "value_change", "qty_after", "value_after")


def ledger(length: int = 5) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    before = ""
    for seq in range(1, length + 1):
        row: dict[str, Any] = {
            "name": f"E{seq}",
            "seq": seq,
            "prev_hash": before,
            "qty_change": 1.0,
            "value_change": 2.5,
        }
        row |= {"qty_after": float(seq), "value_after": 2.5 * seq}
        before = row["hash"] = chain_hash(before, FIELDS, row)
        rows.append(row)
    return rows


def fault_in(rows: list[dict[str, Any]], seq: int = 5, head: str | None = None) -> str | None:
    state = prove_entries(ChainState(), rows, FIELDS, "chain")
    fault = prove_head(state, seq, ledger()[-1]["hash"] if head is None else head, "chain")
    return fault.what if fault else None


def test_a_sound_chain_has_no_fault() -> None:
    assert fault_in(ledger()) is None
    assert fault_in([], 0, "") is None


@pytest.mark.parametrize("field", ["qty_change", "value_after"])
def test_a_changed_entry_is_named(field: str) -> None:
    rows = ledger()
    rows[2][field] += 1
    assert fault_in(rows) == "entry E3 has been changed"


def test_a_changed_entry_with_a_new_hash_breaks_the_next() -> None:
    rows = ledger()
    rows[2]["qty_change"] = 9.0
    rows[2]["hash"] = chain_hash(rows[2]["prev_hash"], FIELDS, rows[2])
    assert fault_in(rows) == "entry E4 does not follow the one before it"


def test_a_missing_entry_is_named() -> None:
    rows = ledger()
    del rows[1]
    assert fault_in(rows) == "entry 2 is missing before E3"


def test_a_cut_off_end_is_found_by_the_head() -> None:
    assert fault_in(ledger()[:4]) == "the chain ends at entry 4, its head says 5"


def test_pages_of_a_chain_are_proved_one_after_the_other() -> None:
    rows = ledger()
    state = prove_entries(prove_entries(ChainState(), rows[:2], FIELDS, "c"), rows[2:], FIELDS, "c")
    assert (state.seq, state.fault) == (5, None)


def test_a_wrong_running_balance_is_named_once() -> None:
    rows = ledger()
    rows[1]["qty_after"] = 7.0
    qty, value, fault = prove_running_balance(rows, "A in W")
    assert (qty, value) == (5, 12.5)
    assert fault is not None
    assert "entry E2" in fault.what
