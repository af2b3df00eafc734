"""Crossings of bounds follow the page of watching stock; each is told once."""

import pytest
from algorithm_tables import Row, read_table
from ec_erp.inventory.rules.alerting import OpenAlert, crossings, told
from ec_erp.inventory.types import StockKey
from hypothesis import given
from hypothesis import strategies as st

KEYS = [StockKey("A", "W"), StockKey("A", "X"), StockKey("B", "W")]
states = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(["Below", "Above"]))


@pytest.mark.parametrize("row", read_table("stock-watch.md", "Crossings"))
def test_crossings(row: Row) -> None:
    key = KEYS[0]
    known = [OpenAlert("old", key, row["open alert"])] if row["open alert"] else []
    outside = {} if row["found"] == "Within" else {key: row["found"]}
    changes = crossings(outside, known)
    assert (bool(changes.new), bool(changes.over)) == (row["new alert"] == "yes", row["old one is over"] == "yes")


@given(st.lists(states, max_size=6))
def test_after_any_looks_exactly_the_keys_outside_are_open(looks: list[dict[StockKey, str]]) -> None:
    open_alerts: dict[str, OpenAlert] = {}
    for at, outside in enumerate(looks):
        changes = crossings(outside, open_alerts.values())
        for name in changes.over:
            del open_alerts[name]
        for key in changes.new:
            open_alerts[f"{at} {key}"] = OpenAlert(f"{at} {key}", key, outside[key])
        assert sorted((one.key, one.state) for one in open_alerts.values()) == sorted(outside.items())


@given(states)
def test_a_second_look_finds_nothing_new(outside: dict[StockKey, str]) -> None:
    known = [OpenAlert(str(key), key, state) for key, state in outside.items()]
    changes = crossings(outside, known)
    assert (changes.new, changes.over, len(changes.again)) == ((), (), len(outside))


def test_users_and_members_of_roles_are_told_once_and_only_while_enabled() -> None:
    found = told(
        ["R", "S"], {"R": ["Buyer", "Chief"]}, {"R": ["li"]}, {"Buyer": ["li", "max"], "Chief": ["gone"]}, ["li", "max"]
    )
    assert found == {"R": ("li", "max"), "S": ()}
