"""`frappe.utils.data`: conversions, dates, money, text and addresses, as apps import them.

Invariant: a name here is the pure helper of `frappe_engine.kit` given what the site knows (clock, settings,
language); nothing is decided twice.
"""

from __future__ import annotations

import datetime
import json
import time
from collections.abc import Iterable
from typing import Any, TypedDict
from urllib.parse import quote, urlencode, urljoin, urlsplit

from frappe_engine.context import clock
from frappe_engine.context.errors import DataError, InvalidRoundingMethod, ValidationError
from frappe_engine.context.local import current
from frappe_engine.context.messages import throw
from frappe_engine.context.settings import default_value, system_setting
from frappe_engine.context.translate import _
from frappe_engine.kit import dateformats as formats
from frappe_engine.kit import dates, filters, html, money, numbers, sql, text, timespans, urls
from frappe_engine.kit.attrdict import _dict
from frappe_engine.kit.dates import (
    DATE_FORMAT,
    DATETIME_FORMAT,
    TIME_FORMAT,
    Weekday,
    format_timedelta,
    is_invalid_date_string,
)
from frappe_engine.kit.filters import sql_like
from frappe_engine.kit.html import clean_script_and_style, escape_html, is_html, strip_html
from frappe_engine.kit.html import html_to_markdown as to_markdown
from frappe_engine.kit.money import get_number_format_info
from frappe_engine.kit.numbers import ceil, cint, floor, sbool
from frappe_engine.kit.text import (
    cstr,
    encode,
    filter_strip_join,
    get_abbr,
    get_string_between,
    has_common,
    is_subset,
    sha256_hash,
    strip,
    unique,
)
from frappe_engine.kit.text import lines_of as new_line_sep
from frappe_engine.kit.urls import has_port as url_contains_port
from frappe_engine.kit.urls import quote_urls, quoted
from frappe_engine.kit.validation import is_image

DateTimeLikeObject = str | datetime.date | datetime.datetime
NumericType = int | float
number_format_info = money.NUMBER_FORMATS
operator_map = filters.OPERATORS
_COUNTABLE_FLOATS = ("Currency", "Float", "Percent")
_TEXTS = ("Data", "Text", "Small Text", "Long Text", "Text Editor", "Select", "Link", "Dynamic Link")


def _language() -> str:
    return str(current().get("lang") or "en")


def _rounding_method(named: str | None) -> str:
    return named or system_setting("rounding_method") or numbers.BANKERS_LEGACY


def _bold(value: Any) -> str:
    return f"<strong>{escape_html(str(value))}</strong>"


# --- numbers -------------------------------------------------------------------------------------------------------


def flt(s: Any, precision: int | None = None, rounding_method: str | None = None) -> float:
    """Read `s` as a float, rounded to `precision` decimals by `rounding_method` (the site's by default).

    Thousands commas are skipped; what is no number is 0.0.
    """
    if precision is None:
        return s if type(s) is float else numbers.to_float(s)
    try:
        return numbers.flt(s, cint(precision), _rounding_method(rounding_method))
    except numbers.UnknownRoundingMethod as error:
        throw(str(error), InvalidRoundingMethod)


def rounded(num: float, precision: int = 0, rounding_method: str | None = None) -> float:
    """Round `num` to `precision` decimals by `rounding_method` (the site's by default)."""
    try:
        return numbers.rounded(num, cint(precision), _rounding_method(rounding_method))
    except numbers.UnknownRoundingMethod as error:
        throw(str(error), InvalidRoundingMethod)


def remainder(numerator: NumericType, denominator: NumericType, precision: int = 2) -> NumericType:
    """Give what is left of `numerator` after whole `denominator`s, rounded to `precision` decimals."""
    return numbers.remainder(numerator, denominator, precision, _rounding_method(None))


def safe_div(numerator: NumericType, denominator: NumericType, precision: int = 2) -> float:
    """Divide and round to `precision` decimals; 0.0 when the denominator is 0."""
    return numbers.safe_div(numerator, denominator, precision, _rounding_method(None))


def round_based_on_smallest_currency_fraction(value: float, currency: str, precision: int = 2) -> float:
    """Round an amount to the smallest coin of `currency`; to whole units where the currency names none."""
    smallest = currency_style(currency).smallest_fraction
    return numbers.round_to_multiple(value, smallest, precision, _rounding_method(None))


def cast(fieldtype: str, value: Any = None) -> Any:
    """Read `value` as a field of `fieldtype` holds it; values of other field types come back unchanged.

    Empty dates are year 1, empty times midnight, empty numbers 0, empty texts "".
    """
    if fieldtype in _COUNTABLE_FLOATS:
        return flt(value)
    if fieldtype in ("Int", "Check"):
        return cint(sbool(value))
    if fieldtype in _TEXTS:
        return cstr(value)
    if fieldtype == "Date":
        return getdate(value) if value else datetime.date.min
    if fieldtype == "Datetime":
        return get_datetime(value) if value else datetime.datetime.min
    if fieldtype == "Time":
        return get_timedelta(value)
    return value


def cast_fieldtype(fieldtype: str, value: Any, show_warning: bool = True) -> Any:
    """Read `value` as a field of `fieldtype` holds it: the older name of `cast`."""
    return cast(fieldtype, value)


def parse_val(v: Any) -> Any:
    """Give dates as ISO text and spans as "H:MM"; other values unchanged."""
    if isinstance(v, (datetime.date, datetime.datetime)):
        return str(v)
    if isinstance(v, datetime.timedelta):
        return format_timedelta(v).rpartition(":")[0]
    return v


# --- the present ---------------------------------------------------------------------------------------------------


def now_datetime() -> datetime.datetime:
    """Give the present moment in the site's time zone, without zone information."""
    return clock.now_datetime()


def now() -> str:
    """Give the present moment in the site's time zone as text: "2021-05-25 06:38:52.242515".

    The day is that of `frappe.flags.current_date` where a test or a simulation has set it.
    """
    moment = now_datetime()
    flags = current().get("flags")
    fixed = getdate(flags.get("current_date")) if flags and flags.get("current_date") else None
    return dates.datetime_text(datetime.datetime.combine(fixed, moment.time()) if fixed else moment)


def nowdate() -> str:
    """Give today's date in the site's time zone as text: "2021-05-25"."""
    return dates.date_text(now_datetime())


def today() -> str:
    """Give today's date in the site's time zone as text: "2021-05-25"."""
    return nowdate()


def nowtime() -> str:
    """Give the present time of day in the site's time zone as text: "06:38:52.242515"."""
    return now_datetime().strftime(TIME_FORMAT)


def get_system_timezone() -> str:
    """Give the site's time zone (IANA name)."""
    return clock.get_system_timezone()


def convert_utc_to_timezone(utc_timestamp: datetime.datetime, time_zone: str) -> datetime.datetime:
    """Give a moment of UTC (naive) in `time_zone`, with zone information."""
    return utc_timestamp.replace(tzinfo=datetime.UTC).astimezone(clock.zone(time_zone))


def convert_utc_to_system_timezone(utc_timestamp: datetime.datetime) -> datetime.datetime:
    """Give a moment of UTC (naive) in the site's time zone, with zone information."""
    return convert_utc_to_timezone(utc_timestamp, get_system_timezone())


def get_datetime_in_timezone(time_zone: str) -> datetime.datetime:
    """Give the present moment in `time_zone`, with zone information."""
    return datetime.datetime.now(clock.zone(time_zone))


# --- reading dates and times ---------------------------------------------------------------------------------------


def getdate(string_date: Any = None, parse_day_first: bool = False) -> datetime.date | None:
    """Read a date from text, date or datetime; today when it is empty, None for zero dates.

    `parse_day_first` reads 01/02/2024 as the first of February. Raises `frappe.ValidationError` for other text.
    """
    if not parse_day_first:
        found = dates.iso_date(string_date)
        if found is not None:
            return found
    try:
        return dates.getdate(string_date, now_datetime().date(), parse_day_first)
    except dates.InvalidDate:
        throw(_("{0} is not a valid date string.").format(_bold(string_date)), title=_("Invalid Date"))


def get_datetime(datetime_str: Any = None) -> Any:
    """Read a datetime from text, date or datetime; the present moment for None, None for what can't be read.

    Raises `ValueError` for text that is no date.
    """
    if datetime_str is None:
        return now_datetime()
    if type(datetime_str) is str:
        found = dates.iso_datetime(datetime_str)
        return found if found is not None else dates.get_datetime(datetime_str, now_datetime())
    return dates.get_datetime(datetime_str)


def get_time(time_str: Any) -> datetime.time:
    """Read a time of day from text, time, datetime or timedelta. Raises `ValueError`."""
    return dates.get_time(time_str)


def to_timedelta(time_str: Any) -> Any:
    """Read a time of day (text or time) as a timedelta since midnight; other values come back unchanged."""
    return dates.to_timedelta(time_str)


def get_timedelta(time: Any = None) -> datetime.timedelta | None:
    """Read a span of text or a timedelta; empty is zero, None for what is no span."""
    return dates.get_timedelta(time)


def parse_timedelta(s: str) -> datetime.timedelta:
    """Read "H:MM:SS" or "N days, H:MM:SS" as a timedelta. Raises `ValueError`."""
    span = dates.parse_timedelta(s)
    if span is None:
        raise ValueError(f"{s!r} is not a span of time")
    return span


def get_datetime_str(datetime_obj: Any) -> str:
    """Give a datetime as text: "2024-01-31 10:11:12.000000"."""
    value = get_datetime(datetime_obj) if isinstance(datetime_obj, str) else datetime_obj
    return str(value.strftime(DATETIME_FORMAT))


def get_date_str(date_obj: Any) -> str:
    """Give a date as text: "2024-01-31"."""
    value = get_datetime(date_obj) if isinstance(date_obj, str) else date_obj
    return str(value.strftime(DATE_FORMAT))


def get_time_str(timedelta_obj: Any) -> str:
    """Give a span or time of day as "H:M:S", without leading zeros."""
    span = to_timedelta(timedelta_obj) if isinstance(timedelta_obj, (str, datetime.time)) else timedelta_obj
    minutes, second = divmod(span.seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute}:{second}"


def get_timestamp(date: Any) -> float:
    """Give the beginning of a day as seconds since 1970, in the server's time zone."""
    return time.mktime(_day(date).timetuple())


def _day(value: Any) -> datetime.date:
    """The date of `value`; refuses zero dates and values that are no dates."""
    day = getdate(value)
    if day is None:
        throw(_("{0} is not a valid date string.").format(_bold(value)), title=_("Invalid Date"))
    return day


# --- moving along the calendar -------------------------------------------------------------------------------------


def add_to_date(
    date: DateTimeLikeObject | None = None,
    years: int = 0,
    months: int = 0,
    weeks: float = 0,
    days: float = 0,
    hours: float = 0,
    minutes: float = 0,
    seconds: float = 0,
    as_string: bool = False,
    as_datetime: bool = False,
) -> Any:
    """Move a date (the present moment for None) and give it back in its kind: text for text.

    Text keeps its time when it had one, when hours are added, or with `as_datetime`; `as_string` makes text of a date.
    """
    try:
        return dates.add_to_date(
            now_datetime() if date is None else date,
            years=years,
            months=months,
            weeks=weeks,
            days=days,
            hours=hours,
            minutes=minutes,
            seconds=seconds,
            as_string=as_string,
            as_datetime=as_datetime,
        )
    except dates.InvalidDate:
        throw(_("{0} is not a valid date string.").format(_bold(date)), title=_("Invalid Date"))


def add_days(date: Any, days: float) -> Any:
    """Move a date by days."""
    return add_to_date(date, days=days)


def add_months(date: Any, months: int) -> Any:
    """Move a date by months; the day is cut to the month's length."""
    return add_to_date(date, months=months)


def add_years(date: Any, years: int) -> Any:
    """Move a date by years; 29 February becomes the 28th where there is no 29th."""
    return add_to_date(date, years=years)


def date_diff(string_ed_date: Any, string_st_date: Any) -> int:
    """Count the days from the second date to the first."""
    return days_diff(string_ed_date, string_st_date)


def days_diff(string_ed_date: Any, string_st_date: Any) -> int:
    """Count the days from the second date to the first."""
    return (_day(string_ed_date) - _day(string_st_date)).days


def month_diff(string_ed_date: Any, string_st_date: Any) -> int:
    """Count the calendar months from the second date to the first, both included."""
    return dates.month_diff(_day(string_ed_date), _day(string_st_date))


def time_diff(string_ed_date: Any, string_st_date: Any) -> datetime.timedelta:
    """Give the time from the second moment to the first."""
    difference: datetime.timedelta = get_datetime(string_ed_date) - get_datetime(string_st_date)
    return difference


def time_diff_in_seconds(string_ed_date: Any, string_st_date: Any) -> float:
    """Give the seconds from the second moment to the first."""
    return time_diff(string_ed_date, string_st_date).total_seconds()


def time_diff_in_hours(string_ed_date: Any, string_st_date: Any) -> float:
    """Give the hours from the second moment to the first, to six decimals."""
    return round(time_diff(string_ed_date, string_st_date).total_seconds() / 3600, 6)


def _maybe_text(day: datetime.date, as_str: bool) -> Any:
    return dates.date_text(day) if as_str else day


def get_first_day(dt: Any, d_years: int = 0, d_months: int = 0, as_str: bool = False) -> Any:
    """Give the first day of the month of `dt`, moved by years and months."""
    return _maybe_text(dates.first_day_of_month(_day(dt), d_years, d_months), as_str)


def get_last_day(dt: Any) -> datetime.date:
    """Give the last day of the month of `dt`."""
    return dates.last_day_of_month(_day(dt))


def is_last_day_of_the_month(dt: Any) -> bool:
    """Tell whether `dt` is the last day of its month."""
    return dates.is_last_day_of_month(_day(dt))


def get_quarter_start(dt: Any, as_str: bool = False) -> Any:
    """Give the first day of the calendar quarter of `dt`."""
    return _maybe_text(dates.quarter_start(_day(dt)), as_str)


def get_quarter_ending(date: Any) -> datetime.date:
    """Give the last day of the calendar quarter of `date`."""
    return dates.quarter_end(_day(date))


def get_year_start(dt: Any, as_str: bool = False) -> Any:
    """Give the first of January of the year of `dt`."""
    return _maybe_text(dates.year_start(_day(dt)), as_str)


def get_year_ending(date: Any) -> datetime.date:
    """Give the 31st of December of the year of `date`."""
    return dates.year_end(_day(date))


def get_first_day_of_the_week() -> str:
    """Give the day on which weeks begin on this site, in English."""
    return str(system_setting("first_day_of_the_week") or "Sunday")


def get_start_of_week_index() -> int:
    """Give the day on which weeks begin on this site, Sunday 0 to Saturday 6."""
    return int(dates.weekday_named(get_first_day_of_the_week()))


def get_first_day_of_week(dt: Any, as_str: bool = False) -> Any:
    """Give the day on which the week of `dt` begins, as the site counts weeks."""
    return _maybe_text(dates.week_start(_day(dt), get_start_of_week_index()), as_str)


def get_last_day_of_week(dt: Any) -> datetime.date:
    """Give the last day of the week of `dt`, as the site counts weeks."""
    return dates.week_end(_day(dt), get_start_of_week_index())


def get_week_start_offset_days(dt: Any) -> int:
    """Count the days from the beginning of the week to `dt`, as the site counts weeks."""
    return dates.days_into_week(_day(dt), get_start_of_week_index())


def get_normalized_weekday_index(dt: Any) -> int:
    """Give the day of the week of `dt`, Sunday 0 to Saturday 6."""
    return dates.weekday_index(_day(dt))


def get_weekdays() -> list[str]:
    """Give the names of the days of the week in English, Monday first."""
    return list(dates.WEEKDAY_NAMES)


def get_weekday(datetime: Any = None) -> str:
    """Give the name of the day of the week in English; today's by default."""
    return dates.WEEKDAY_NAMES[_day(datetime).weekday()]


def get_month(datetime: Any = None) -> str:
    """Give the name of the month in English; this month's by default."""
    return dates.MONTH_NAMES[_day(datetime).month - 1]


def get_timespan_date_range(timespan: str) -> tuple[datetime.date, datetime.date] | None:
    """Give the first and last day of a span like "last month" or "next 7 days"; None when there is no such span."""
    return timespans.timespan_range(timespan, now_datetime().date(), get_start_of_week_index())


# --- writing dates and times ---------------------------------------------------------------------------------------


def get_user_date_format() -> str:
    """Give the date format of the user's settings: "dd-mm-yyyy"."""
    return str(current().get("user_date_format") or system_setting("date_format") or "yyyy-mm-dd")


def get_user_format() -> str:
    """Give the date format of the user's settings: the older name of `get_user_date_format`."""
    return get_user_date_format()


def get_user_time_format() -> str:
    """Give the time format of the user's settings: "HH:mm:ss"."""
    return str(current().get("user_time_format") or system_setting("time_format") or "HH:mm:ss")


def formatdate(string_date: Any = None, format_string: str | None = None, parse_day_first: bool = False) -> str:
    """Write a date by `format_string` (the user's format by default) in the user's language; "" when it is empty.

    `format_string` is a pattern like "d MMMM yyyy" or one of short, medium, long, full.
    """
    if not string_date:
        return ""
    day = getdate(string_date, parse_day_first)
    if day is None:
        return ""
    return formats.format_date(day, format_string or get_user_date_format(), _language())


format_date = formatdate


def format_time(time_string: Any = None, format_string: str | None = None) -> str:
    """Write a time of day by `format_string` (the user's format by default) in the user's language; "" when empty."""
    if not time_string:
        return ""
    return formats.format_time(get_time(time_string), format_string or get_user_time_format(), _language())


def format_datetime(datetime_string: Any, format_string: str | None = None) -> Any:
    """Write a date and time by `format_string` (the user's formats by default); None when it is empty."""
    if not datetime_string:
        return None
    moment = get_datetime(datetime_string)
    if moment is None:
        return ""
    if format_string:
        return formats.format_datetime(moment, format_string, _language())
    return formats.format_date_and_time(moment, get_user_date_format(), get_user_time_format(), _language())


def global_date_format(date: Any, format: str = "long") -> str:
    """Write a date in the long (or medium, short, full) form of the user's language."""
    return formats.format_date(_day(date), format, _language())


def pretty_date(iso_datetime: Any) -> str:
    """Tell in the user's language how far a moment is from now: "2 hours ago"; "" when it is empty."""
    if not iso_datetime:
        return ""
    moment = get_datetime(iso_datetime)
    if not isinstance(moment, datetime.datetime):
        return ""
    return formats.pretty_date(moment.replace(tzinfo=None), now_datetime(), _language())


def get_eta(from_time: Any, percent_complete: float) -> str:
    """Estimate the time left of work begun at `from_time`, as "H:MM:SS"."""
    return str(formats.eta(get_datetime(from_time), now_datetime(), percent_complete))


def format_duration(seconds: Any, hide_days: bool = False) -> str:
    """Write seconds as "11d 13h 46m 40s"; days as hours with `hide_days`."""
    return formats.format_duration(seconds, hide_days)


def duration_to_seconds(duration: str) -> int:
    """Read "11d 13h 46m 40s" as seconds. Raises `frappe.ValidationError`."""
    try:
        return formats.duration_to_seconds(duration)
    except formats.InvalidDuration:
        throw(_("Value {0} must be in the valid duration format: d h m s").format(_bold(duration)))


def validate_duration_format(duration: str) -> None:
    """Raise `frappe.ValidationError` unless `duration` is like "1d 2h 3m 4s"."""
    duration_to_seconds(duration)


def guess_date_format(date_string: str) -> str | None:
    """Find the strftime pattern that a text of a date, a time or both is written in; None if none is."""
    return formats.guess_date_format(date_string)


# --- money ---------------------------------------------------------------------------------------------------------


def currency_style(code: str | None) -> money.CurrencyStyle:
    """Give how amounts in a currency are written, from its `Currency` document; its code alone without one."""
    if not code:
        return money.CurrencyStyle("")
    known: dict[str, money.CurrencyStyle] = current().__dict__.setdefault("currency_styles", {})
    style = known.get(code)
    if style is None:
        style = _load_currency_style(code)
        known[code] = style
    return style


def _load_currency_style(code: str) -> money.CurrencyStyle:
    database = current().get("db")
    if database is None:
        return money.CurrencyStyle(code)
    fields = ["symbol", "symbol_on_right", "fraction", "fraction_units", "smallest_currency_fraction_value"]
    row = database.get_value("Currency", code, [*fields, "number_format"], as_dict=True)
    if not row:
        return money.CurrencyStyle(code)
    return money.CurrencyStyle(
        code,
        symbol=row.symbol or "",
        symbol_on_right=bool(row.symbol_on_right),
        fraction=row.fraction or "",
        fraction_units=cint(row.fraction_units) or 100,
        smallest_fraction=flt(row.smallest_currency_fraction_value),
        number_format=row.number_format or "",
    )


def fmt_money(amount: Any, precision: int | None = None, currency: str | None = None, format: str | None = None) -> str:
    """Write an amount in the site's number format, with the sign of `currency` when one is given.

    `precision` counts the decimals (the site's currency precision, else the number format's); `format` is a number
    format such as "#.###,##".
    """
    style = currency_style(currency) if currency else None
    number_format = format or _number_format(style)
    if precision is None:
        precision = cint(_setting("currency_precision")) or None
    written = money.fmt_money(amount, precision, style, number_format)
    if style is not None and _setting("hide_currency_symbol") == "Yes":
        return money.fmt_money(amount, precision, None, number_format)
    return written


def _number_format(style: money.CurrencyStyle | None) -> str:
    if style is not None and style.number_format and cint(_setting("use_number_format_from_currency")):
        return style.number_format
    return str(_setting("number_format") or money.DEFAULT_NUMBER_FORMAT)


def _setting(key: str) -> Any:
    """A default of the site, or else its system setting."""
    value = default_value(key)
    return system_setting(key) if value in (None, "") else value


def money_in_words(number: Any, main_currency: str | None = None, fraction_currency: str | None = None) -> str:
    """Write an amount in words of the user's language: "USD Nine Hundred and Fifty Cent only."

    Without a currency the site's default one; "" for what is no amount, or below zero. In Chinese the words are the
    capitals that cheques ask for.
    """
    code = main_currency or default_value("currency") or "INR"
    style = currency_style(code)
    named = money.CurrencyStyle(
        code,
        fraction=fraction_currency or style.fraction,
        fraction_units=style.fraction_units,
        number_format=style.number_format,
    )
    number_format = str(_setting("number_format") or money.DEFAULT_NUMBER_FORMAT)
    return money.money_in_words(number, named, _, _language(), number_format)


def in_words(integer: Any, in_million: bool = True) -> str:
    """Write a whole number in words of the user's language; in lakh and crore without `in_million`."""
    return money.in_words(integer, not in_million, _language())


# --- text ----------------------------------------------------------------------------------------------------------


class UnicodeWithAttrs(str):
    """HTML made from Markdown, with its table of contents and metadata where there are any."""

    toc_html: str | None = None
    metadata: dict[str, Any]

    def __new__(cls, text: str) -> UnicodeWithAttrs:
        """Wrap `text`."""
        made = super().__new__(cls, text)
        made.metadata = {}
        return made


def md_to_html(markdown_text: str) -> UnicodeWithAttrs:
    """Render Markdown as HTML. It is not sanitised: pass what people typed through `sanitize_html`."""
    return UnicodeWithAttrs(html.markdown_to_html(markdown_text or ""))


def markdown(markdown_text: str) -> UnicodeWithAttrs:
    """Render Markdown as HTML: another name of `md_to_html`."""
    return md_to_html(markdown_text)


def comma_or(some_list: Any, add_quotes: bool = True) -> Any:
    """Write a list as prose with "or" before the last item, in the user's language."""
    return comma_sep(some_list, _("{0} or {1}"), add_quotes)


def comma_and(some_list: Any, add_quotes: bool = True) -> Any:
    """Write a list as prose with "and" before the last item, in the user's language."""
    return comma_sep(some_list, _("{0} and {1}"), add_quotes)


def comma_sep(some_list: Any, pattern: str, add_quotes: bool = True) -> Any:
    """Write a list as prose; `pattern` ("{0} and {1}") joins the last item to the others."""
    return text.list_in_words(some_list, pattern, "'{0}'" if add_quotes else None)


def generate_hash(*_args: Any, length: int | None = None, **_kwargs: Any) -> str:
    """Give `length` random hexadecimal digits (56 by default); a text given before the length is not used."""
    if length is None:
        length = next((arg for arg in _args if isinstance(arg, int)), None)
    return text.generate_hash(length)


def dict_with_keys(dict: dict[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    """Give the entries of a dict that have one of `keys`."""
    return {key: dict[key] for key in keys if key in dict}


def get_job_name(key: str, doctype: str | None = None, doc_name: str | None = None) -> str:
    """Give a job's name made of a key and, where given, the document it is about."""
    return "_".join(part for part in (key, doctype, doc_name) if part)


def validate_json_string(string: str) -> None:
    """Raise `frappe.ValidationError` unless `string` is JSON."""
    try:
        json.loads(string)
    except (TypeError, ValueError) as error:
        raise ValidationError(str(error)) from error


def validate_python_code(string: str, fieldname: str | None = None, is_expression: bool = True) -> None:
    """Raise `frappe.ValidationError` unless `string` is a Python expression (or program); empty text is."""
    if not string:
        return
    try:
        compile(string, fieldname or "<expression>", "eval" if is_expression else "exec")
    except SyntaxError as error:
        line = escape_html(error.text or string)
        place = f"{fieldname}: " if fieldname else ""
        throw(f"{place}{_('Invalid python code on line {0}').format(error.lineno)}<br><pre>{line}</pre>")


def sanitize_column(column_name: str) -> str:
    """Give a column name without SQL comments. Raises `frappe.DataError` when it could be more than a name."""
    try:
        return sql.sanitize_column(column_name)
    except sql.InvalidColumn:
        throw(_("Invalid field name {0}").format(escape_html(column_name)), DataError)


# --- filters in memory ---------------------------------------------------------------------------------------------


def compare(val1: Any, condition: str, val2: Any, fieldtype: str | None = None) -> bool:
    """Tell whether `val1` stands in the relation `condition` (=, !=, >, in, like, is …) to `val2`.

    With `fieldtype` both are read as fields of that type first.
    """
    if fieldtype:
        val1 = cast(fieldtype, val1)
        val2 = [cast(fieldtype, item) for item in val2] if isinstance(val2, (list, tuple)) else cast(fieldtype, val2)
    try:
        return filters.compare(val1, condition, val2, now_datetime().date())
    except filters.InvalidFilter as error:
        throw(str(error))


def filter_operator_is(value: Any, pattern: str) -> bool:
    """Tell whether `value` is "set" or "not set", as `pattern` asks."""
    return compare(value, "is", pattern)


def filter_operator_timespan(value: Any, pattern: str) -> bool:
    """Tell whether the date `value` lies in the span that `pattern` names ("last month")."""
    return compare(value, "timespan", pattern)


def evaluate_filters(doc: Any, filters: Any) -> bool:
    """Tell whether a document (or dict) passes all of `filters`, given in any form that lists accept."""
    meta = getattr(doc, "meta", None) if not isinstance(doc, dict) else None
    for _doctype, fieldname, operator, value in filter_rows(filters):
        field = meta.get_field(fieldname) if meta is not None else None
        if not compare(doc.get(fieldname), operator, value, field.fieldtype if field else None):
            return False
    return True


def filter_rows(given: Any) -> list[tuple[str | None, str, str, Any]]:
    """Give filters in any form as (doctype, field, operator, value). Raises `frappe.ValidationError`."""
    try:
        return filters.filter_triples(given)
    except filters.InvalidFilter as error:
        throw(str(error))


def get_filter(doctype: str, f: Any, filters_config: Any = None) -> _dict:
    """Give one filter as a dict of doctype, fieldname, operator and value. Raises `frappe.ValidationError`."""
    row = filter_rows(f)[0] if isinstance(f, dict) else filter_rows([f])[0]
    named, fieldname, operator, value = row
    operator = str(operator or "=").lower()
    valid = {*filters.OPERATORS, "timespan", "ancestors of", "descendants of", *(filters_config or ())}
    valid |= {"not ancestors of", "not descendants of", "descendants of (inclusive)", "previous", "next", "regexp"}
    if operator not in valid:
        throw(_("Operator must be one of {0}").format(", ".join(sorted(valid))))
    return _dict(doctype=named or doctype, fieldname=fieldname, operator=operator, value=value)


def make_filter_tuple(doctype: str, key: str, value: Any) -> list[Any]:
    """Give one entry of a dict of filters as [doctype, field, operator, value]."""
    return filters.filter_tuple(doctype, key, value)


def make_filter_dict(filters: Iterable[Any]) -> dict[str, tuple[str, Any]]:
    """Give filters of four parts as a dict of field to (operator, value)."""
    return _filter_dict(filters)


_filter_dict = filters.filter_dict


# --- addresses -----------------------------------------------------------------------------------------------------


def get_url(uri: str | None = None, full_address: bool = False, allow_header_override: bool = True) -> str:
    """Give the site's address with `uri` put to it; an absolute `uri` comes back unchanged.

    The site is known by `host_name` of its configuration, by the request (unless `allow_header_override` is off),
    or by its folder's name. `full_address` stands for the address of the present request.
    """
    if uri and uri.startswith(("http://", "https://")):
        return uri
    base = _base_url(allow_header_override)
    request = current().get("request")
    if not uri and full_address and request is not None:
        uri = request.full_path.rstrip("?")
    return urljoin(base, uri) if uri else base


def _base_url(allow_header_override: bool) -> str:
    config = current().get("conf") or {}
    host = config.get("host_name") or config.get("hostname")
    if not host and allow_header_override:
        host = get_host_name_from_request()
        if host:
            return str(host)
    if not host:
        secure = config.get("ssl_certificate") or config.get("ssl_certificate_key")
        host = f"{'https' if secure else 'http'}://{current().get('site') or 'localhost'}"
    if not host.startswith(("http://", "https://")):
        host = f"http://{host}"
    port = config.get("http_port") or config.get("webserver_port")
    behind_proxy = config.get("restart_supervisor_on_update") or config.get("restart_systemd_on_update")
    return f"{host}:{port}" if port and not behind_proxy and urlsplit(host).port is None else str(host)


def get_host_name_from_request() -> str | None:
    """Give scheme and host that the present request came to; None outside a request."""
    request = current().get("request")
    host = getattr(request, "host", None) if request is not None else None
    return f"{request.scheme}://{host}" if host else None


def get_host_name() -> str:
    """Give the site's host (with its port) without a scheme."""
    return get_url().rsplit("//", 1)[-1]


def get_absolute_url(doctype: str, name: str) -> str:
    """Give the path of a document's form."""
    return f"/app/{quoted(text.slug(doctype))}/{quoted(cstr(name))}"


def get_url_to_form(doctype: str, name: str) -> str:
    """Give the address of a document's form."""
    return get_url(get_absolute_url(doctype, name))


def get_url_to_list(doctype: str) -> str:
    """Give the address of a DocType's list."""
    return get_url(f"/app/{quoted(text.slug(doctype))}")


def get_url_to_report(name: str, report_type: str | None = None, doctype: str | None = None) -> str:
    """Give the address of a report; that of a builder report belongs to its DocType's list."""
    if report_type == "Report Builder" and doctype:
        return get_url(f"/app/{quoted(text.slug(doctype))}/view/report/{quoted(name)}")
    return get_url(f"/app/query-report/{quoted(name)}")


def get_url_to_report_with_filters(
    name: str, filters: Any, report_type: str | None = None, doctype: str | None = None
) -> str:
    """Give the address of a report with its filters set; `filters` is a query or a dict."""
    query = filters if isinstance(filters, str) else urlencode(filters)
    if report_type == "Report Builder" and doctype:
        return get_url(f"/app/{quoted(text.slug(doctype))}/view/report?{query}")
    return f"{get_url_to_report(name, report_type, doctype)}?{query}"


def get_link_to_form(doctype: str, name: str, label: str | None = None) -> str:
    """Give a link to a document's form, by its name or `label` (which may be HTML)."""
    shown = label if label else escape_html(str(name))
    return f'<a href="{get_url_to_form(doctype, name)}">{shown}</a>'


def get_link_to_report(
    name: str,
    label: str | None = None,
    report_type: str | None = None,
    doctype: str | None = None,
    filters: dict[str, Any] | None = None,
) -> str:
    """Give a link to a report, by its name or `label`, with `filters` set.

    A value is a plain value, or a list of [operator, value].
    """
    if not filters:
        return f"<a href='{get_url_to_report(name, report_type, doctype)}'>{label or name}</a>"
    query = "&".join(_report_conditions(filters))
    return f"<a href='{get_url_to_report_with_filters(name, query, report_type, doctype)}'>{label or name}</a>"


def _report_conditions(conditions: dict[str, Any]) -> Iterable[str]:
    for key, value in conditions.items():
        if not isinstance(value, (list, tuple)):
            yield f"{quote(key)}={quote(str(value))}"
            continue
        pairs = value if value and isinstance(value[0], (list, tuple)) else [value]
        for operator, wanted in pairs:
            yield f"{quote(key)}={quote(json.dumps([operator, wanted]))}"


def is_site_link(link: str) -> bool:
    """Tell whether a link leads to this site: a path, or an address that begins with the site's."""
    return link.startswith(("/", get_url()))


def expand_relative_urls(html: str) -> str:
    """Put the site's address before the relative addresses in HTML."""
    return urls.expand_relative_urls(html, get_url())


def scrub_urls(html: str) -> str:
    """Put the site's address before the relative addresses in HTML: the older name of `expand_relative_urls`."""
    return expand_relative_urls(html)


def add_trackers_to_url(url: str, source: str, campaign: str, medium: str = "email") -> str:
    """Give `url` with the marks that tell where a visitor came from."""
    return urls.add_query(url, source=source, medium=medium, campaign=campaign)


class _UserInfo(TypedDict):
    email: str
    image: str | None
    name: str


def get_user_info_for_avatar(user_id: str) -> _UserInfo:
    """Give e-mail address, image and full name of a user; the id itself when there is no such user."""
    database = current().get("db")
    row = database.get_value("User", user_id, ["email", "user_image", "full_name"]) if database is not None else None
    if not row:
        return {"email": user_id, "image": "", "name": user_id}
    email, image, name = row
    return {"email": email, "image": image, "name": name}


def get_imaginary_pixel_response() -> dict[str, Any]:
    """Give a response that is a transparent image of one pixel, for counting mails that were opened."""
    import base64

    pixel = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
    return {"type": "binary", "filename": "imaginary_pixel.gif", "filecontent": base64.b64decode(pixel)}


def image_to_base64(image: Any, extn: str) -> bytes:
    """Give a Pillow image as base64 of a file of the kind `extn` ("png", "jpg")."""
    import base64
    import io

    file = io.BytesIO()
    kind = extn.lower().lstrip(".")
    image.save(file, format={"jpg": "JPEG"}.get(kind, kind.upper()))
    return base64.b64encode(file.getvalue())


__all__ = [
    "DATETIME_FORMAT",
    "DATE_FORMAT",
    "TIME_FORMAT",
    "DateTimeLikeObject",
    "NumericType",
    "UnicodeWithAttrs",
    "Weekday",
    "add_days",
    "add_months",
    "add_to_date",
    "add_trackers_to_url",
    "add_years",
    "cast",
    "cast_fieldtype",
    "ceil",
    "cint",
    "clean_script_and_style",
    "comma_and",
    "comma_or",
    "comma_sep",
    "compare",
    "convert_utc_to_system_timezone",
    "convert_utc_to_timezone",
    "cstr",
    "currency_style",
    "date_diff",
    "datetime",
    "days_diff",
    "dict_with_keys",
    "duration_to_seconds",
    "encode",
    "escape_html",
    "evaluate_filters",
    "expand_relative_urls",
    "filter_operator_is",
    "filter_operator_timespan",
    "filter_rows",
    "filter_strip_join",
    "floor",
    "flt",
    "fmt_money",
    "format_date",
    "format_datetime",
    "format_duration",
    "format_time",
    "format_timedelta",
    "formatdate",
    "generate_hash",
    "get_abbr",
    "get_absolute_url",
    "get_date_str",
    "get_datetime",
    "get_datetime_in_timezone",
    "get_datetime_str",
    "get_eta",
    "get_filter",
    "get_first_day",
    "get_first_day_of_the_week",
    "get_first_day_of_week",
    "get_host_name",
    "get_host_name_from_request",
    "get_imaginary_pixel_response",
    "get_job_name",
    "get_last_day",
    "get_last_day_of_week",
    "get_link_to_form",
    "get_link_to_report",
    "get_month",
    "get_normalized_weekday_index",
    "get_number_format_info",
    "get_quarter_ending",
    "get_quarter_start",
    "get_start_of_week_index",
    "get_string_between",
    "get_system_timezone",
    "get_time",
    "get_time_str",
    "get_timedelta",
    "get_timespan_date_range",
    "get_timestamp",
    "get_url",
    "get_url_to_form",
    "get_url_to_list",
    "get_url_to_report",
    "get_url_to_report_with_filters",
    "get_user_date_format",
    "get_user_format",
    "get_user_info_for_avatar",
    "get_user_time_format",
    "get_week_start_offset_days",
    "get_weekday",
    "get_weekdays",
    "get_year_ending",
    "get_year_start",
    "getdate",
    "global_date_format",
    "guess_date_format",
    "has_common",
    "image_to_base64",
    "in_words",
    "is_html",
    "is_image",
    "is_invalid_date_string",
    "is_last_day_of_the_month",
    "is_site_link",
    "is_subset",
    "make_filter_dict",
    "make_filter_tuple",
    "md_to_html",
    "money_in_words",
    "month_diff",
    "new_line_sep",
    "now",
    "now_datetime",
    "nowdate",
    "nowtime",
    "number_format_info",
    "operator_map",
    "parse_timedelta",
    "parse_val",
    "pretty_date",
    "quote_urls",
    "quoted",
    "remainder",
    "round_based_on_smallest_currency_fraction",
    "rounded",
    "safe_div",
    "sanitize_column",
    "sbool",
    "scrub_urls",
    "sha256_hash",
    "sql_like",
    "strip",
    "strip_html",
    "time_diff",
    "time_diff_in_hours",
    "time_diff_in_seconds",
    "to_markdown",
    "to_timedelta",
    "today",
    "unique",
    "url_contains_port",
    "validate_duration_format",
    "validate_json_string",
    "validate_python_code",
]
