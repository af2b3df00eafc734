"""Hash chains that make a ledger tamper-evident: each entry's hash covers its content and the hash before it.

Invariant: the canonical text of an entry does not depend on how a database gives numbers and moments back.
See docs/algorithms/hash-chain.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from ec_erp.kernel.numbers import decimal_of, plain

GENESIS = ""
_SEPARATOR = "\x1f"


def chain_hash(previous: str, fields: Sequence[str], row: Mapping[str, object]) -> str:
    """Return the SHA-256 (hex) of an entry's canonical text, chained to the hash before it (``""`` for the first)."""
    text = _SEPARATOR.join([previous, *(canonical(row.get(field)) for field in fields)])
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(value: object) -> str:
    """Return one text per value: numbers without trailing zeros, moments in ISO form with microseconds, None as ''."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int | float | Decimal):
        return plain(decimal_of(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
