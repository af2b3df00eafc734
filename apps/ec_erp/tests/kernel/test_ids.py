"""Ids sort by the moment and the place in the list; lanes are stable."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from ec_erp.kernel.ids import MOST_PER_CALL, lane_of, row_ids

NOON = datetime(2026, 11, 22, 12)


def test_ids_sort_in_order_within_and_between_calls() -> None:
    ids = row_ids(40, NOON, "zz") + row_ids(40, NOON + timedelta(microseconds=1), "aa")
    assert ids == sorted(ids)
    assert len(set(ids)) == 80


def test_ids_of_two_writers_at_one_moment_differ() -> None:
    assert not set(row_ids(5, NOON, "aaaaa")) & set(row_ids(5, NOON, "bbbbb"))


def test_ids_have_limits() -> None:
    with pytest.raises(ValueError, match="too many"):
        row_ids(MOST_PER_CALL + 1, NOON, "a")
    with pytest.raises(ValueError, match="2020"):
        row_ids(1, datetime(2019, 12, 31), "a")


def test_lanes_are_stable_and_even() -> None:
    lanes = Counter(lane_of(f"DN-261122-{number:05d}", 16) for number in range(16_000))
    assert lane_of("DN-261122-00001", 16) == lane_of("DN-261122-00001", 16)
    assert len(lanes) == 16
    assert max(lanes.values()) < 1.2 * 1000
