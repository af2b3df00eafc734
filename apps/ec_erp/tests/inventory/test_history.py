"""Stock as of a moment: each entry is in exactly one part of the past; sums do not depend on how they are cut."""

from datetime import datetime
from decimal import Decimal

import pytest
from algorithm_tables import read_table
from ec_erp.inventory.rules.history import MONTH, TEN_DAYS, Past, Sum, added_up, past_until, periods_of
from ec_erp.inventory.types import StockKey
from hypothesis import given
from hypothesis import strategies as st

KEY = StockKey("A", "W")


def parts(past: Past, moment: datetime, *, checkpointed: bool) -> list[str]:
    """Return the parts of the past that an entry is read in, as the statements of the store have it."""
    single = ["single entries"] if past.midnight <= moment <= past.moment else []
    if not checkpointed:
        return ["tail"] if moment < past.midnight else single
    starts = dict(periods_of(moment.date()))
    found = ["months"] if starts[MONTH] < past.month else []
    found += ["ten days"] if past.month <= starts[TEN_DAYS] < past.start else []
    return [*found, *single]


@pytest.mark.parametrize("row", read_table("as-of.md", "Which part an entry is in"))
def test_the_parts_of_the_page(row: dict[str, str]) -> None:
    past = past_until(datetime(2026, 3, 16, 12))
    moment = datetime.fromisoformat(row["event time"])
    assert parts(past, moment, checkpointed=row["in checkpoints"] == "yes") == ([row["part"]] if row["part"] else [])


moments = st.datetimes(min_value=datetime(2025, 11, 1), max_value=datetime(2026, 4, 30))


@given(moments, moments, st.booleans())
def test_every_entry_until_the_moment_is_in_one_part(asked: datetime, event: datetime, checkpointed: bool) -> None:
    assert len(parts(past_until(asked), event, checkpointed=checkpointed)) == (event <= asked)


def test_keys_that_come_to_nothing_are_left_out() -> None:
    other = StockKey("B", "W")
    totals = added_up(
        [Sum(KEY, Decimal(5), Decimal(9)), Sum(KEY, Decimal(-5), Decimal(-9)), Sum(other, Decimal(1), Decimal(0))]
    )
    assert list(totals) == [other]
