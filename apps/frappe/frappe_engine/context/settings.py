"""System settings and defaults of the site, as lower layers see them.

Invariant: before a database is there (installing, bare commands) every setting has its built-in default.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.context.local import current, providers

BUILT_IN: dict[str, Any] = {
    "language": "zh",
    "time_zone": "Asia/Shanghai",
    "country": "China",
    "date_format": "yyyy-mm-dd",
    "time_format": "HH:mm:ss",
    "number_format": "#,###.##",
    "float_precision": "",
    "currency_precision": "",
    "first_day_of_the_week": "Monday",
    "rounding_method": "Commercial Rounding",
    "currency": "CNY",
    "session_expiry": "170:00",
}


def system_setting(key: str, default: Any = None) -> Any:
    """Give the system setting `key`; `default`, or the built-in one, when the site has not set it."""
    values = current().get("system_settings")
    if values is None:
        values = _load()
    value = values.get(key)
    if value in (None, ""):
        return BUILT_IN.get(key) if default is None else default
    return value


def default_value(key: str) -> Any:
    """Give the global default `key` (company, currency, fiscal year …), or None."""
    if current().get("db") is None or not providers.has("default_value"):
        return BUILT_IN.get(key)
    return providers("default_value", key)


def forget_system_settings() -> None:
    """Read the settings again at next use."""
    current().system_settings = None


def _load() -> dict[str, Any]:
    context = current()
    if context.get("db") is None or not providers.has("system_settings"):
        return {}
    context.system_settings = {}  # settings asked for while they are being read have their defaults
    values: dict[str, Any] = providers("system_settings")
    context.system_settings = values
    return values
