"""Finding the recording of a scan check: who checked a delivery, and from when to when.

Invariant: reads only.
"""

from __future__ import annotations

import frappe

from ec_erp.fulfilment.rules import videos as rules
from ec_erp.fulfilment.store import outbound as store


def link_of(note: str) -> str:
    """Return the address of the recording of a delivery's check; empty where none is known."""
    template = str(frappe.get_cached_doc("Fulfilment Settings").get("video_link") or "")
    scans = store.load_check_scans(note) if template else []
    if not scans:
        return ""
    head = store.load_heads([note])[note]
    return rules.fill(
        template,
        {
            "delivery": note,
            "order": head["sales_order"] or "",
            "waybill": store.load_waybill_of(note),
            "by": scans[-1]["scanned_by"],
            "from": _moment(scans[0]["scanned_at"]),
            "to": _moment(scans[-1]["scanned_at"]),
        },
    )


def _moment(value: object) -> str:
    return str(frappe.utils.get_datetime(value).strftime("%Y-%m-%dT%H:%M:%S"))
