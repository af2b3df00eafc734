"""Which orders go to one buyer at one address, and may leave in one parcel.

Invariant: orders are merged only where buyer, receiver, shop group, warehouse and payment type are the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

_SEPARATOR = "\x1f"


def merge_key(
    company: str, shop_group: str, buyer: str, payment_type: str, receiver: Sequence[str | None]
) -> str | None:
    """Return a text that orders share where they may be merged; None where buyer or address are not known.

    ``receiver`` ends with the street address. Upper case, spaces around words and their number do not matter.
    """
    parts = [_plain(part or "") for part in receiver]
    if not buyer or not parts[0] or not parts[-1]:
        return None
    text = _SEPARATOR.join([company, shop_group, buyer, payment_type, *parts])
    return hashlib.sha256(text.casefold().encode()).hexdigest()[:40]


def _plain(text: str) -> str:
    return " ".join(text.split())


@dataclass(frozen=True, slots=True)
class MergeCandidate:
    """An order that may be merged: its key, when it was placed, and what it must have in common."""

    name: str
    key: str
    ordered: datetime
    warehouse: str
    sealed: bool = False


def merge_groups(candidates: Sequence[MergeCandidate], window: timedelta) -> list[tuple[str, ...]]:
    """Return groups of two and more orders that go into one parcel, the earliest first in each.

    Within a key and warehouse an order joins where it was placed no later than ``window`` after the first of its group.
    """
    groups: list[list[MergeCandidate]] = []
    for one in sorted(candidates, key=lambda one: (one.key, one.warehouse, one.ordered, one.name)):
        last = groups[-1] if groups else None
        same = last and (last[0].key, last[0].warehouse) == (one.key, one.warehouse)
        if one.sealed or not one.key:
            continue
        if last and same and one.ordered - last[0].ordered <= window:
            last.append(one)
        else:
            groups.append([one])
    return [tuple(one.name for one in group) for group in groups if len(group) > 1]
