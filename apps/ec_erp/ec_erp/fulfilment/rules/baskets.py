"""What of picked goods still lies in baskets: pure.

Invariant: never more than was picked, and never more than deliveries still hold of the place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

BinPlace = tuple[str, str, str]  # SKU, bin, batch
WavePlace = tuple[str, BinPlace]


def in_baskets(
    picked: Iterable[tuple[WavePlace, Decimal, datetime]], held: Mapping[WavePlace, Decimal]
) -> list[tuple[BinPlace, Decimal, datetime]]:
    """Return what lies in baskets per wave and place: the smaller of what was picked and what deliveries still hold there.

    While a wave is being picked deliveries hold more than was picked; once some of them have left they hold less.
    """
    taken: dict[WavePlace, tuple[Decimal, datetime]] = {}
    for at, qty, moment in picked:
        known, last = taken.get(at, (Decimal(0), moment))
        taken[at] = (known + qty, max(last, moment))
    found = [(at[1], min(qty, held.get(at, Decimal(0))), moment) for at, (qty, moment) in taken.items()]
    return [one for one in found if one[1] > 0]
