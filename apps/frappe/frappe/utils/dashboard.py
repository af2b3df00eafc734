"""Charts of apps: keeping what a chart's source computed."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

import frappe
from frappe.utils import cint, now_datetime

CHART_KEPT_S = 30 * 24 * 60 * 60


def cache_source(function: Callable[..., Any]) -> Callable[..., Any]:
    """Keep what a chart's source gives, per chart and filters; `refresh` (or no chart) computes it anew."""

    @wraps(function)
    def kept(*args: Any, **kwargs: Any) -> Any:
        name = kwargs.get("chart_name")
        chart = frappe.parse_json(kwargs.get("chart") or "null") or (
            frappe.get_cached_doc("Dashboard Chart", name).as_dict() if name else None
        )
        if not chart or cint(kwargs.get("no_cache")):
            return function(*args, **kwargs)
        key = _key(chart.get("name") or name, kwargs)
        result = None if cint(kwargs.get("refresh")) else frappe.cache.get_value(key)
        if result is None:
            result = function(*args, **kwargs)
            frappe.cache.set_value(key, result, expires_in_sec=CHART_KEPT_S)
            _note_time(chart.get("name") or name)
        return result

    return kept


def _key(name: str, given: dict[str, Any]) -> str:
    asked = {key: given.get(key) for key in ("filters", "from_date", "to_date", "timespan", "time_interval")}
    asked["user"] = frappe.session.user  # two people may not see the same rows
    return f"chart-data:{name}:{json.dumps(asked, sort_keys=True, default=str)}"


def _note_time(name: str | None) -> None:
    if name and frappe.db.exists("Dashboard Chart", name):
        frappe.db.set_value("Dashboard Chart", name, "last_synced_on", now_datetime(), update_modified=False)
