"""Days as they are typed on a device."""

from datetime import date

import pytest
from ec_erp.scanning.rules.days import day_of


@pytest.mark.parametrize("typed", ["20261123", "2026-11-23", " 2026/11/23 ", "2026.11.23"])
def test_a_day_is_read(typed: str) -> None:
    assert day_of(typed) == date(2026, 11, 23)


@pytest.mark.parametrize("typed", ["", "0", "20261323", "20260230", "6900000000011", "today"])
def test_what_is_no_day_is_none(typed: str) -> None:
    assert day_of(typed) is None
