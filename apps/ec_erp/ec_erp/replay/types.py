"""Values of the replay: rows as the ledgers hold them, and differences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ec_erp.kernel.numbers import ZERO, decimal_of, plain

Row = Mapping[str, Any]
Figures = Mapping[str, Any]

# Stored figures are floats: what differs by less than this is the same figure.
_TOLERANCE = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Difference:
    """A stored figure that is not what a replay comes to."""

    where: str
    field: str
    stored: str
    rebuilt: str

    def __str__(self) -> str:
        return f"{self.where}: {self.field} is {self.stored}, rebuilt {self.rebuilt}"


def differences(where: str, stored: Figures, rebuilt: Figures) -> list[Difference]:
    """Return the fields of ``rebuilt`` that ``stored`` has otherwise; numbers compare as exact decimals, nothing as zero."""
    return [
        Difference(where, field, _shown(stored.get(field)), _shown(value))
        for field, value in rebuilt.items()
        if not _same(stored.get(field), value)
    ]


def sums(rows: Iterable[tuple[Any, Decimal]]) -> dict[Any, Decimal]:
    """Return the sum per key, sums of zero left out."""
    totals: dict[Any, Decimal] = {}
    for key, amount in rows:
        totals[key] = totals.get(key, ZERO) + amount
    return {key: total for key, total in totals.items() if total}


def _same(stored: object, rebuilt: object) -> bool:
    if isinstance(rebuilt, Decimal):
        return abs(decimal_of(stored) - rebuilt) < _TOLERANCE
    return (stored or "") == (rebuilt or "")


def _shown(value: object) -> str:
    if isinstance(value, (float, Decimal)):
        return plain(decimal_of(value))
    return str(value if value is not None else "nothing")
