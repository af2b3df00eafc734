"""What-if Replenishment: what other lead times, growth, promotions, service levels or a budget would change (补货推演)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import frappe
from frappe import _

from ec_erp.kernel.problems import N_
from ec_erp.purchasing.flows import whatif

TITLE = N_("What-if Replenishment")  # the report's name, as menus translate it
ROWS, POINTS = 500, 60
# Field, label, type, width; each stands once for the present parameters and once for the moved ones.
_PAIRS = (
    ("demand", N_("Sales a Day"), "Float", 100),
    ("lead", N_("Lead Time (Days)"), "Float", 100),
    ("out", N_("Days without Stock"), "Int", 110),
    ("lost", N_("Units Missed"), "Float", 100),
    ("order", N_("Buy Today"), "Float", 100),
    ("value", N_("Value Today"), "Currency", 110),
    ("bought", N_("Value in These Days"), "Currency", 120),
    ("tied", N_("Money Tied Up"), "Currency", 120),
)


def execute(filters: dict[str, Any] | None = None) -> tuple[Any, ...]:
    """Return columns, rows, a message, a chart of the money tied up by day, and totals of both ways; nothing is written.

    Filters: company, warehouse, supplier, category, sku; ``lead_days_more`` (days), ``growth_more`` (percentage points),
    ``uplift_percent`` with ``uplift_from`` and ``uplift_to``, ``service_percent``, ``budget``; ``days`` (60), ``rows`` (500).
    """
    frappe.has_permission("Purchase Suggestion", "read", throw=True)
    wanted = frappe._dict(filters or {})
    scope, scenario, days = whatif.asked_of(wanted)
    found = whatif.compare(scope, scenario, days, whatif.today())
    rows = whatif.rows_of(found, int(wanted.rows or ROWS))
    moved = ", ".join(whatif.told(scenario)) or _(
        "nothing: move lead time, growth, a promotion, service level or budget"
    )
    message = _("Moved: {0}. {1} of {2} rows are shown.").format(moved, len(rows), len(found.goods))
    return _columns(), rows, message, _chart(found) if found.goods else None, _summary(found)


def _columns() -> list[dict[str, Any]]:
    columns = [
        {"fieldname": "sku", "label": _("SKU"), "fieldtype": "Link", "options": "SKU", "width": 140},
        {"fieldname": "sku_name", "label": _("SKU Name"), "fieldtype": "Data", "width": 180},
        {"fieldname": "warehouse", "label": _("Warehouse"), "fieldtype": "Link", "options": "Warehouse", "width": 140},
        {"fieldname": "supplier", "label": _("Supplier"), "fieldtype": "Link", "options": "Supplier", "width": 140},
    ]
    ways = (("present", ""), ("moved", _("if moved")))
    return columns + [
        {
            "fieldname": f"{name}_{way}",
            "label": f"{_(label)} · {suffix}" if suffix else _(label),
            "fieldtype": kind,
            "options": "currency" if kind == "Currency" else "",
            "width": width,
        }
        for name, label, kind, width in _PAIRS
        for way, suffix in ways
    ]


def _chart(found: whatif.Comparison) -> dict[str, Any]:
    """Return a line for each way: the money in stock at the end of days."""
    step = max(1, -(-found.days // POINTS))
    at = range(0, found.days, step)
    ways = ((_("Present"), found.present.tied_up), (_("If moved"), found.moved.tied_up))
    return {
        "data": {
            "labels": [str(found.today + timedelta(days=day)) for day in at],
            "datasets": [{"name": name, "values": [_shown(curve[day]) for day in at]} for name, curve in ways],
        },
        "type": "line",
        "fieldtype": "Currency",
    }


def _shown(value: Decimal) -> float:
    return float(round(value, 2))


def _summary(found: whatif.Comparison) -> list[dict[str, Any]]:
    if not found.goods:
        return []
    now, then = (whatif.totals_of(way, found.currency) for way in (found.present, found.moved))
    labels = (
        ("out_days", _("Days without Stock"), "Int"),
        ("value_now", _("Value Today"), "Currency"),
        ("bought", _("Value in These Days"), "Currency"),
        ("tied_mean", _("Money Tied Up"), "Currency"),
    )
    return [
        card
        for key, label, kind in labels
        for card in (
            _card(label, now[key], kind, found.currency),
            _card(f"{label} · {_('if moved')}", then[key], kind, found.currency, _indicator(now, then, key)),
        )
    ]


def _card(label: str, value: float, kind: str, currency: str, indicator: str = "") -> dict[str, Any]:
    return {"label": label, "value": value, "datatype": kind, "currency": currency, "indicator": indicator}


def _indicator(now: Mapping[str, float], then: Mapping[str, float], key: str) -> str:
    """Return green where less is needed, red where more is: each of these figures is better when it is small."""
    return "" if then[key] == now[key] else "Green" if then[key] < now[key] else "Red"
