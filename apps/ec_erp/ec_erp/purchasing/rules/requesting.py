"""How far purchase requests are ordered, and how their lines become orders.

Invariant: one order has one supplier; a line without a supplier goes to the primary one of its SKU.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ec_erp.purchasing.types import RequestedLine

TO_ORDER, PART_ORDERED, ORDERED = "To Order", "Part Ordered", "Ordered"


def request_status(lines: Sequence[RequestedLine]) -> str:
    """Return the status of a submitted request from its lines."""
    if not any(line.open_qty for line in lines):
        return ORDERED
    return PART_ORDERED if any(line.ordered for line in lines) else TO_ORDER


def by_supplier(
    lines: Sequence[RequestedLine], primary: Mapping[str, str]
) -> tuple[dict[str, list[RequestedLine]], list[RequestedLine]]:
    """Group open lines by supplier (their own, else their SKU's primary one); return also those without any."""
    groups: dict[str, list[RequestedLine]] = {}
    homeless: list[RequestedLine] = []
    for line in lines:
        supplier = line.supplier or primary.get(line.sku)
        if not line.open_qty:
            continue
        if supplier:
            groups.setdefault(supplier, []).append(line)
        else:
            homeless.append(line)
    return groups, homeless
