"""What all messages of providers share: the site's clock, and goods by their codes.

Invariant: a code that no SKU and no barcode has is refused by name, all of them at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import frappe

from ec_erp.documents.errors import refuse
from ec_erp.kernel.problems import N_, problem
from ec_erp.kernel.times import moment_of
from ec_erp.outer_warehouse.errors import ProviderRefused
from ec_erp.outer_warehouse.types import MessageLine
from ec_erp.stockroom.store import load_skus_of_barcodes

Made = list[tuple[str, str]]  # documents: DocType, name


def zone() -> ZoneInfo:
    """Return the site's time zone."""
    return ZoneInfo(frappe.utils.get_system_timezone())


def not_ahead(moment: datetime) -> datetime:
    """Return a moment, at most now: the clocks of others run fast."""
    return min(moment, moment_of(frappe.utils.now_datetime()))


def known_goods(lines: Iterable[MessageLine]) -> list[MessageLine]:
    """Return lines with SKUs for their codes. Raises ``ProviderRefused`` naming every unknown code."""
    rows = list(lines)
    skus = load_skus_of_barcodes(line.code for line in rows)
    unknown = sorted({line.code for line in rows} - set(skus))
    refuse([problem(N_("Nothing has the code {0}"), code) for code in unknown], ProviderRefused)
    return [replace(line, code=skus[line.code]) for line in rows]
