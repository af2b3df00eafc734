"""Refusing goods that a bin does not take.

Invariant: asked where a person says into which bin goods go; what the books have to follow (counts, reversals) is never refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from ec_erp.catalog import store as catalog_store
from ec_erp.documents.errors import refuse
from ec_erp.inventory import store
from ec_erp.inventory.errors import TrackingRefused
from ec_erp.inventory.flows.batches import full_batch_name
from ec_erp.inventory.rules import capacity as rules
from ec_erp.kernel.numbers import decimal_of

# (bin, SKU, batch, quantity)
Arriving = tuple[str, str, str, Decimal]


def refuse_full_bins(arriving: Iterable[Arriving]) -> None:
    """Raise ``TrackingRefused`` for bins that don't take what comes beside what lies there."""
    coming: dict[str, list[tuple[str, str, Decimal]]] = {}
    for bin_name, sku, batch, qty in arriving:
        if bin_name and qty > 0:
            coming.setdefault(bin_name, []).append((sku, batch, qty))
    limits = {row["name"]: row for row in store.load_bins(coming).values() if _limits_anything(row)}
    if not limits:
        return
    there = store.load_contents(limits)
    skus = {sku for name in limits for sku, *_ in (*coming[name], *there.get(name, ()))}
    facts = catalog_store.load_skus(skus)
    for name, row in limits.items():
        found = [[_content(one, facts) for one in goods] for goods in (there.get(name, ()), coming[name])]
        refuse(rules.capacity_problems(_limits(row), *found), TrackingRefused)


def _limits_anything(row: Mapping[str, Any]) -> bool:
    return any(row[field] for field in store.LIMIT_FIELDS)


def _limits(row: Mapping[str, Any]) -> rules.BinLimits:
    return rules.BinLimits(
        code=row["bin_code"],
        qty=decimal_of(row["capacity_qty"]),
        volume_cm3=decimal_of(row["capacity_volume_cm3"]),
        weight_g=decimal_of(row["capacity_weight_g"]),
        fixed_sku=row["fixed_sku"] or "",
        single_sku=bool(row["single_sku"]),
        single_batch=bool(row["single_batch"]),
    )


def _content(goods: tuple[str, str, Decimal], facts: Mapping[str, Any]) -> rules.Content:
    sku, batch, qty = goods
    known = facts[sku.casefold()]
    named = full_batch_name(known.name, batch) if batch else ""
    return rules.Content(known.name, qty, named, known.volume_cm3, known.weight_g)
