"""Never more is promised than there is, whoever asks at once and whoever is killed meanwhile.

The sizes here fit an ordinary run; EC_STRESS=1 takes the full ones (64 writers for 30 s). `benchmarks/oversell.py` prints figures.
"""

import os
from pathlib import Path
from typing import Any

import pytest
import stock_load
from stock_load import Load

FULL = bool(os.environ.get("EC_STRESS"))
LOADS = {
    "64 writers on one SKU": Load(64 if FULL else 24, skus=1, at_once=1, seconds=30 if FULL else 6, stock=400),
    "16 writers on 50 SKUs": Load(16, skus=50, at_once=5, seconds=30 if FULL else 6, stock=60),
}


@pytest.mark.parametrize("name", LOADS)
def test_nothing_is_oversold_lost_or_doubled(own_site: Any, tmp_path: Path, name: str) -> None:
    load = LOADS[name]
    with own_site.connected():
        stock_load.prepare(load)
    outcome = stock_load.run(own_site, load, tmp_path)
    assert outcome.errors == []
    assert outcome.killed > 3
    assert min(outcome.answers[kind] for kind in ("reserve", "release", "deliver")) > 1, outcome.answers
    with own_site.connected():
        assert stock_load.faults(load, outcome) == []
