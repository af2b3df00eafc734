"""Reading and writing parties and places."""

from __future__ import annotations

from collections.abc import Sequence

import frappe

from ec_erp.documents.store import insert_rows, load_rows
from ec_erp.parties.rules.addresses import Region


def load_regions() -> list[tuple[str, str, str, str]]:
    """Return code, name, level and parent's code of all regions that are not switched off."""
    fields = ["code", "region_name", "level", "parent_code"]
    rows = frappe.get_all("Region", {"disabled": 0}, fields, order_by="code asc")
    return [(row.code, row.region_name, row.level, row.parent_code or "") for row in rows]


def insert_regions(regions: Sequence[Region]) -> int:
    """Add the regions whose codes are not there yet; return how many that were."""
    known = {row["name"] for row in load_rows("Region", (one.code for one in regions), ["name"])}
    new = [one for one in regions if one.code not in known]
    insert_rows(
        "Region",
        [
            {
                "name": one.code,
                "code": one.code,
                "region_name": one.name,
                "level": one.level,
                "parent_code": one.parent or None,
                "disabled": 0,
            }
            for one in new
        ],
    )
    return len(new)
