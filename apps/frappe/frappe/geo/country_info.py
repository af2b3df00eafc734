"""Countries, currencies and languages as every site begins with, read from the files beside this module.

Invariant: the files are read once per process; callers get copies.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import frappe

HERE = Path(__file__).parent


@lru_cache(maxsize=4)
def _read(stem: str) -> dict[str, dict[str, Any]]:
    content: dict[str, dict[str, Any]] = json.loads((HERE / f"{stem}.json").read_text(encoding="utf-8"))
    return content


def get_countries() -> dict[str, dict[str, Any]]:
    """Give code, currency, formats, telephone prefix and time zones per English name of a country."""
    return {name: dict(entry) for name, entry in _read("country_info").items()}


def get_currencies() -> dict[str, dict[str, Any]]:
    """Give symbol, coin and number format per ISO 4217 code."""
    return {code: dict(entry) for code, entry in _read("currency_info").items()}


def get_languages() -> dict[str, dict[str, Any]]:
    """Give native name and formats per code of a language."""
    return {code: dict(entry) for code, entry in _read("language_info").items()}


def get_country_info(country: str | None = None) -> Any:
    """Give what is known of a country together with its currency; empty for an unknown name.

    Keys: code, currency, currency_fraction, currency_fraction_units, smallest_currency_fraction_value,
    currency_symbol, number_format, date_format, time_format, isd, timezones.
    """
    entry = _read("country_info").get(country or "")
    return _combined(entry) if entry else frappe._dict()


def get_all() -> dict[str, Any]:
    """Give what `get_country_info` gives, per country."""
    return {name: _combined(entry) for name, entry in _read("country_info").items()}


def _combined(entry: dict[str, Any]) -> Any:
    currency = _read("currency_info").get(entry["currency"] or "", {})
    return frappe._dict(
        code=entry["code"],
        currency=entry["currency"],
        currency_fraction=currency.get("fraction"),
        currency_fraction_units=currency.get("fraction_units"),
        smallest_currency_fraction_value=currency.get("smallest_currency_fraction_value"),
        currency_symbol=currency.get("symbol"),
        number_format=currency.get("number_format", "#,###.##"),
        date_format=entry["date_format"],
        time_format="HH:mm:ss",
        isd=entry["isd"],
        timezones=list(entry["time_zones"]),
    )


@frappe.whitelist(allow_guest=True)
def get_country_timezone_info() -> dict[str, Any]:
    """Give all countries with their time zones and currencies, and the names of all time zones."""
    return {"country_info": get_all(), "all_timezones": get_all_timezones()}


def get_all_timezones() -> list[str]:
    """Give the names of all time zones of the IANA database that people choose from."""
    import pytz  # reads its table when asked

    return list(pytz.all_timezones)


def get_translated_dict() -> dict[str, str]:
    """Give the names of countries in the language of the one who asks, by English name."""
    return {name: frappe._(name) for name in _read("country_info")}
