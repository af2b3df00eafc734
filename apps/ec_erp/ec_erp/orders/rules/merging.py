"""Which orders go to one buyer at one address, and may leave in one parcel.

Invariant: orders are merged only where buyer, receiver, shop group, warehouse and payment type are the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

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
