"""What every new site has before anybody works with it."""

import json
from typing import Any

import pytest


def test_countries_have_currency_and_time_zone(frappe: Any) -> None:
    china = frappe.get_doc("Country", "China")
    assert (china.code, china.time_zones.split("\n")[0], china.date_format) == ("cn", "Asia/Shanghai", "yyyy-mm-dd")
    assert frappe.db.count("Country") > 240


@pytest.mark.parametrize(
    ("code", "symbol", "units", "number_format"),
    [
        ("CNY", "¥", 100, "#,###.##"),
        ("JPY", "¥", 1, "#,###"),
        ("INR", "₹", 100, "#,##,###.##"),
        ("KWD", "د.ك.", 1000, "#,###.###"),
    ],
)
def test_currencies_are_written_as_their_countries_do(
    frappe: Any, code: str, symbol: str, units: int, number_format: str
) -> None:
    currency = frappe.get_doc("Currency", code)
    assert (currency.symbol, currency.fraction_units, currency.number_format) == (symbol, units, number_format)


def test_every_currency_of_a_country_is_there(frappe: Any) -> None:
    from frappe.geo.country_info import get_countries

    wanted = {entry["currency"] for entry in get_countries().values() if entry["currency"]}
    assert wanted <= set(frappe.get_all("Currency", pluck="name"))


def test_languages_have_native_names(frappe: Any) -> None:
    names = dict(frappe.get_all("Language", fields=["name", "language_name"], as_list=True))
    assert (names["zh"], names["en"], names["ja"]) == ("简体中文", "English", "日本語")
    assert frappe.get_all("Language", filters={"enabled": 1}, pluck="name", order_by="name") == ["en", "zh", "zh-TW"]


def test_names_of_countries_are_translated(frappe: Any) -> None:
    from frappe.geo.country_info import get_countries

    frappe.local.lang = "zh"
    untranslated = [name for name in get_countries() if frappe._(name) == name]
    assert untranslated == []
    assert frappe._("Germany") == "德国"


def test_settings_are_those_of_a_chinese_seller(frappe: Any) -> None:
    settings = frappe.get_single("System Settings")
    assert (settings.language, settings.time_zone, settings.currency) == ("zh", "Asia/Shanghai", "CNY")
    assert frappe.db.get_default("currency") == "CNY"


def test_standard_users_have_their_kind_and_roles(frappe: Any) -> None:
    administrator, guest = (frappe.get_doc("User", name) for name in ("Administrator", "Guest"))
    assert (administrator.user_type, guest.user_type) == ("System User", "Website User")
    assert [row.role for row in guest.roles] == ["Guest"]
    assert {row.role for row in administrator.roles} == set(frappe.get_all("Role", pluck="name"))


def test_installing_again_adds_nothing(frappe: Any) -> None:
    from frappe.utils import install

    doctypes = ("Country", "Currency", "Language", "User", "Has Role", "Workflow State", "Address Template")
    before = [frappe.db.count(name) for name in doctypes]
    install.before_install()
    install.after_install()
    assert [frappe.db.count(name) for name in doctypes] == before


def test_country_info_joins_country_and_currency(frappe: Any) -> None:
    from frappe.geo.country_info import get_country_info, get_country_timezone_info

    info = get_country_info("Japan")
    assert (info.currency, info.currency_symbol, info.timezones) == ("JPY", "¥", ["Asia/Tokyo"])
    answer = json.loads(json.dumps(get_country_timezone_info()))
    assert "Asia/Shanghai" in answer["all_timezones"]
    assert answer["country_info"]["China"]["currency"] == "CNY"
