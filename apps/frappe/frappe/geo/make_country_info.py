"""Makes `country_info.json`, `currency_info.json`, `language_info.json` and the Chinese names of countries and coins.

Run by `python -m frappe.geo.make_country_info`.

Sources: names, symbols and formats from CLDR (through Babel), codes of ISO 3166 and ISO 4217, time zones of the IANA
database (through pytz), telephone prefixes from libphonenumber; minor units and names of coins are listed here.

Invariant: run only by hand, when those sources have news; sites read the files it wrote.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

DAY = date(2026, 1, 1)
HERE = Path(__file__).parent
TRANSLATIONS = HERE.parent / "translations" / "countries_zh.csv"

# ISO 4217: currencies whose minor unit is not a hundredth.
WITHOUT_MINOR_UNIT = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
IN_THOUSANDTHS = "BHD IQD JOD KWD LYD OMR TND"
SMALLEST_COIN = {"CHF": 0.05, "AUD": 0.05, "NZD": 0.1, "CAD": 0.05}
COMMON = (
    "CNY USD EUR GBP JPY HKD MOP TWD KRW SGD MYR THB VND IDR PHP INR AUD NZD CAD CHF SEK NOK DKK PLN CZK HUF RUB TRY"
    " BRL MXN CLP COP PEN ZAR NGN KES EGP AED SAR QAR KWD ILS KZT PKR BDT"
)
MAIN_TERRITORY = {"EUR": "DE", "XCD": "LC", "XOF": "CI", "XAF": "CM", "XPF": "PF", "ANG": "CW"}

# Territories without people of their own, and codes that are no territories.
LEFT_OUT = "AC AN CP CQ DG EA EU EZ IC QO TA UN XA XB XK ZZ"
SHORT_NAMES = {
    "HK": "Hong Kong",
    "MO": "Macao",
    "MM": "Myanmar",
    "TR": "Turkey",
    "PS": "Palestine",
    "CD": "Congo, Democratic Republic",
    "CG": "Congo",
    "CI": "Ivory Coast",
    "CC": "Cocos Islands",
}
CHINESE_NAMES = {"HK": "中国香港", "MO": "中国澳门", "TW": "中国台湾"}

LANGUAGES = """
am ar bg bn bs ca cs da de el en en-GB en-US eo es es-MX et eu fa fi fil fr fr-CA gu he hi hr hu hy id is it ja ka kk km kn
ko lo lt lv mk ml mn mr ms my nb ne nl pa pl ps pt pt-BR ro ru si sk sl sq sr sv sw ta te th tr uk ur uz vi zh zh-HK zh-TW
"""
WITH_TRANSLATIONS = frozenset({"zh", "zh-TW", "en"})
LANGUAGE_NAMES = {"ka": "ქართული", "zh": "简体中文", "zh-TW": "繁體中文", "zh-HK": "繁體中文（香港）"}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

COINS = """
AED Fils|AFN Pul|ALL Qindarkë|AMD Luma|ANG Cent|AOA Cêntimo|ARS Centavo|AUD Cent|AWG Cent|AZN Qəpik|BAM Fening|BBD Cent
BDT Paisa|BGN Stotinka|BHD Fils|BMD Cent|BND Sen|BOB Centavo|BRL Centavo|BSD Cent|BTN Chetrum|BWP Thebe|BYN Kapyeyka
BZD Cent|CAD Cent|CDF Centime|CHF Rappen|CNY Fen|COP Centavo|CRC Céntimo|CUP Centavo|CVE Centavo|CZK Haléř|DKK Øre
DOP Centavo|DZD Santeem|EGP Piastre|ERN Cent|ETB Santim|EUR Cent|FJD Cent|FKP Penny|GBP Penny|GEL Tetri|GHS Pesewa
GIP Penny|GMD Butut|GTQ Centavo|GYD Cent|HKD Cent|HNL Centavo|HTG Centime|HUF Fillér|IDR Sen|ILS Agora|INR Paisa
IQD Fils|IRR Dinar|JMD Cent|JOD Fils|KES Cent|KGS Tyiyn|KHR Sen|KPW Chon|KWD Fils|KYD Cent|KZT Tiyn|LAK Att
LBP Piastre|LKR Cent|LRD Cent|LSL Sente|LYD Dirham|MAD Santimat|MDL Ban|MGA Iraimbilanja|MKD Deni|MMK Pya|MNT Möngö
MOP Avo|MRU Khoums|MUR Cent|MVR Laari|MWK Tambala|MXN Centavo|MYR Sen|MZN Centavo|NAD Cent|NGN Kobo|NIO Centavo
NOK Øre|NPR Paisa|NZD Cent|OMR Baisa|PAB Centésimo|PEN Céntimo|PGK Toea|PHP Sentimo|PKR Paisa|PLN Grosz|QAR Dirham
RON Ban|RSD Para|RUB Kopeck|SAR Halala|SBD Cent|SCR Cent|SDG Piastre|SEK Öre|SGD Cent|SHP Penny|SLE Cent|SOS Cent
SRD Cent|SSP Piastre|STN Cêntimo|SYP Piastre|SZL Cent|THB Satang|TJS Diram|TMT Teňňe|TND Millime|TOP Seniti|TRY Kuruş
TTD Cent|TWD Cent|TZS Cent|UAH Kopiyka|USD Cent|UYU Centésimo|UZS Tiyin|VES Céntimo|WST Sene|XCD Cent|YER Fils|ZAR Cent
ZMW Ngwee|ZWG Cent
"""
CHINESE_COINS = {
    "Fen": "分", "Cent": "分", "Penny": "便士", "Sen": "仙", "Kopeck": "戈比", "Fils": "费尔", "Satang": "萨当",
    "Paisa": "派萨", "Rappen": "拉彭", "Centavo": "分", "Céntimo": "分", "Øre": "欧尔", "Öre": "欧尔", "Avo": "仙",
    "Kuruş": "库鲁什", "Grosz": "格罗希", "Agora": "阿高洛", "Halala": "哈拉拉", "Dirham": "迪拉姆", "Piastre": "皮阿斯特",
}  # fmt: skip


def coins() -> dict[str, str]:
    """Give the name of the coin per currency."""
    entries = COINS.replace("\n", "|").split("|")
    return dict(entry.strip().split(" ", 1) for entry in entries if entry.strip())


def territories() -> dict[str, str]:
    """Give the English name per ISO 3166 code."""
    from babel import Locale

    named = Locale("en").territories
    found = {code: SHORT_NAMES.get(code, name) for code, name in named.items() if len(code) == 2 and code.isalpha()}
    return {code: _plain(name) for code, name in found.items() if code not in LEFT_OUT.split()}


def _plain(name: str) -> str:
    for sign, written in (("’", "'"), ("&", "and"), ("St. ", "Saint ")):
        name = name.replace(sign, written)
    return name


def locale_of(territory: str) -> Any:
    """Give the locale that most people of a territory use."""
    from babel import Locale
    from babel.core import UnknownLocaleError

    for tag in (f"und_{territory}", f"en_{territory}"):
        try:
            return Locale.parse(tag)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en", "US")


def number_format(locale: Any, digits: int) -> str:
    """Give the number format of a locale as documents write it (# for digits)."""
    symbols = locale.number_symbols["latn"]
    group = {"\u202f": " ", "\xa0": " ", "’": "'"}.get(symbols["group"], symbols["group"])
    decimal = symbols["decimal"]
    if digits == 0:
        return "#.###" if group == "." else "#,###"
    if digits == 3:
        return "#,###.###"
    if tuple(locale.decimal_formats[None].grouping) == (3, 2):
        return "#,##,###.##"
    wanted = f"#{group}###{decimal}##"
    return wanted if wanted in ("#,###.##", "#.###,##", "# ###.##", "# ###,##", "#'###.##") else "#,###.##"


def date_format(locale: Any) -> str:
    """Give the order of day, month and year of a locale as one of the formats that sites offer."""
    pattern = locale.date_formats["short"].pattern.lower()
    order = "".join(sign for sign in dict.fromkeys(pattern) if sign in "dmy")
    mark = next((sign for sign in pattern if sign in "./-"), "-")
    if order == "mdy":
        return "mm-dd-yyyy" if mark == "-" else "mm/dd/yyyy"
    if order == "dmy":
        return f"dd{mark}mm{mark}yyyy"
    return "yyyy-mm-dd"


def fraction_digits(currency: str) -> int:
    """Give the decimals of a currency after ISO 4217."""
    return 0 if currency in WITHOUT_MINOR_UNIT.split() else 3 if currency in IN_THOUSANDTHS.split() else 2


def countries(names: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Give what is kept of each country, by name."""
    import phonenumbers
    import pytz

    found: dict[str, dict[str, Any]] = {}
    for code, name in sorted(names.items(), key=lambda entry: entry[1]):
        prefix = phonenumbers.country_code_for_region(code)
        found[name] = {
            "code": code.lower(),
            "currency": currency_of(code),
            "date_format": date_format(locale_of(code)),
            "isd": f"+{prefix}" if prefix else "",
            "time_zones": list(pytz.country_timezones.get(code, [])),
        }
    return found


def currency_of(territory: str) -> str | None:
    """Give the currency that is legal tender in a territory; its own where there are several."""
    from babel.numbers import get_territory_currencies

    found = list(get_territory_currencies(territory, DAY, tender=True))
    own = [code for code in found if code.startswith(territory)]
    return (own or found or [None])[0]


def currencies(codes: Iterable[str], names: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Give what is kept of each currency, by code."""
    from babel.numbers import get_currency_symbol

    coin = coins()
    found: dict[str, dict[str, Any]] = {}
    for code in sorted(set(codes)):
        territory = MAIN_TERRITORY.get(code, code[:2])
        locale = locale_of(territory if territory in names else "US")
        digits = fraction_digits(code)
        pattern = locale.currency_formats["standard"].pattern.split(";")[0]
        found[code] = {
            "enabled": int(code in COMMON.split()),
            "fraction": coin.get(code, "") if digits else "",
            "fraction_units": 10**digits,
            "number_format": number_format(locale, digits),
            "smallest_currency_fraction_value": SMALLEST_COIN.get(code, round(10**-digits, 3)),
            "symbol": plain_symbol(get_currency_symbol(code, locale)),
            "symbol_on_right": int(pattern.strip("\u200e\u200f").find("¤") > pattern.find("#")),
        }
    return found


def plain_symbol(symbol: str) -> str:
    """Give a symbol without marks of direction, and as wide as other letters."""
    wide = symbol.replace("￥", "¥").replace("\u202f", " ")
    return wide.strip("\u200b\u200e\u200f ") or "$"


def languages() -> dict[str, dict[str, Any]]:
    """Give what is kept of each language, by code."""
    from babel import Locale

    found: dict[str, dict[str, Any]] = {}
    for code in LANGUAGES.split():
        locale = locale_of(code[-2:]) if code.startswith("zh-") else Locale.parse(code, sep="-")
        native = locale.get_display_name(locale) or code
        found[code] = {
            "based_on": code.partition("-")[0] if "-" in code else None,
            "date_format": date_format(locale),
            "enabled": int(code in WITH_TRANSLATIONS),
            "first_day_of_the_week": WEEKDAYS[locale.first_week_day],
            "language_name": LANGUAGE_NAMES.get(code, native[0].upper() + native[1:]),
            "number_format": number_format(locale, 2),
        }
    return found


def translations(names: dict[str, str]) -> list[tuple[str, str]]:
    """Give the Chinese names of countries and coins."""
    from babel import Locale

    chinese = Locale("zh").territories
    rows = {name: CHINESE_NAMES.get(code, chinese[code]) for code, name in names.items()}
    return sorted({**rows, **CHINESE_COINS}.items(), key=lambda row: (row[0].lower(), row[0]))


def write() -> None:
    """Write the files."""
    names = territories()
    found = countries(names)
    codes = [entry["currency"] for entry in found.values() if entry["currency"]]
    files = {"country_info": found, "currency_info": currencies(codes, names), "language_info": languages()}
    for stem, content in files.items():
        text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
        (HERE / f"{stem}.json").write_text(f"{text}\n", encoding="utf-8")
    with TRANSLATIONS.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(translations(names))


if __name__ == "__main__":
    write()
