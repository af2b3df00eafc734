"""A site without a database for the helpers that know the site: its clock stands still, its settings are known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from frappe_engine.context import clock
from frappe_engine.context.local import Context, use_context
from frappe_engine.kit.money import CurrencyStyle

NOW = datetime(2024, 2, 29, 13, 14, 15, 678901)
SETTINGS = {
    "rounding_method": "Banker's Rounding (legacy)",
    "date_format": "yyyy-mm-dd",
    "time_format": "HH:mm:ss",
    "number_format": "#,###.##",
    "first_day_of_the_week": "Sunday",
    "time_zone": "Asia/Shanghai",
    "float_precision": "3",
}
# symbol, number format, coin, coins in one, smallest coin
CURRENCIES = {
    "CHF": ("Fr", "#'###.##", "Rappen[K]", 100, 0.05),
    "CNY": (None, "#,###.##", None, 100, 0.01),
    "EUR": ("€", "#,###.##", "Cent", 100, 0.01),
    "INR": ("₹", "#,##,###.##", "Paisa", 100, 0.0),
    "JPY": ("¥", "#,###", "Sen[G]", 100, 0.0),
    "USD": ("$", "#,###.##", "Cent", 100, 0.01),
    "KWD": ("د.ك", "#,###.###", "Fils", 1000, 0.0),
    "BHD": (".د.ب", "#,###.###", "Fils", 1000, 0.0),
}


def currency_style(code: str) -> CurrencyStyle:
    """Give the style of a currency as its document would have it."""
    if code not in CURRENCIES:
        return CurrencyStyle(code)
    symbol, number_format, fraction, units, smallest = CURRENCIES[code]
    return CurrencyStyle(code, symbol or "", False, fraction or "", units, smallest, number_format)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Context]]:
    """Give a function that sets language, settings and defaults of the present site."""
    from frappe.utils import data, formatters

    defaults: dict[str, Any] = {}
    monkeypatch.setattr(clock, "now_datetime", lambda: NOW)
    monkeypatch.setattr(data, "default_value", defaults.get)
    monkeypatch.setattr(formatters, "default_value", defaults.get)

    monkeypatch.setattr(data, "_load_currency_style", currency_style)

    context = Context(site="oracle.localhost", conf={"webserver_port": 18100})

    def configure(lang: str = "en", **settings: Any) -> Context:
        prefix = "default:"
        defaults.clear()
        defaults.update({key.removeprefix(prefix): settings[key] for key in settings if key.startswith(prefix)})
        own = {key: settings[key] for key in settings if not key.startswith(prefix)}
        context.__dict__.update(lang=lang, system_settings={**SETTINGS, **own})
        return context

    with use_context(context):
        configure()
        yield configure
