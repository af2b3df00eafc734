"""A site without a database for the helpers that know the site: its clock stands still, its settings are known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from frappe_engine.context import clock
from frappe_engine.context.local import Context, use_context
from frappe_engine.kit.attrdict import _dict

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


class CurrencyTable:
    """Answers as the database would, for the table of currencies."""

    def get_value(self, doctype: str, name: str, *_fields: Any, **_options: Any) -> Any:
        row = CURRENCIES.get(name) if doctype == "Currency" else None
        if row is None:
            return None
        symbol, number_format, fraction, units, smallest = row
        return _dict(
            symbol=symbol,
            symbol_on_right=0,
            number_format=number_format,
            fraction=fraction,
            fraction_units=units,
            smallest_currency_fraction_value=smallest,
        )


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Context]]:
    """Give a function that sets language, settings and defaults of the present site."""
    from frappe.utils import data, formatters

    defaults: dict[str, Any] = {}
    monkeypatch.setattr(clock, "now_datetime", lambda: NOW)
    monkeypatch.setattr(data, "default_value", defaults.get)
    monkeypatch.setattr(formatters, "default_value", defaults.get)

    context = Context(site="oracle.localhost", db=CurrencyTable(), conf={"webserver_port": 18100})

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
