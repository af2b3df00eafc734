"""Field values as people read them: the form of each field type, in the user's language and formats.

Invariant: a value that its field type can't hold comes back readable, never as an error.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

from frappe_engine.access.masks import is_masked
from frappe_engine.context.local import current
from frappe_engine.context.settings import default_value, system_setting
from frappe_engine.context.translate import _
from frappe_engine.kit.attrdict import _dict

from frappe.utils import cint, data, markdown
from frappe.utils.data import flt, fmt_money

BLOCK_TAGS_PATTERN = re.compile(r"<(?:br|div|p)\b")


def format_value(
    value: Any,
    df: Any = None,
    doc: Any = None,
    currency: str | None = None,
    translated: bool = False,
    format: str | None = None,
) -> Any:
    """Write `value` as the field `df` (a docfield, a dict, or a field type) shows it.

    `doc` tells the currency that a Currency field's options name; `currency` and `format` (a number format) win over
    it. With `translated`, text is given in the user's language. Values without a special form come back unchanged.
    """
    field = _field(df, value)
    if field.get("mask") and is_masked(value):
        return value
    if value is None:
        value = ""
    elif translated or (field.get("fieldtype") == "Select" and isinstance(value, str)):
        value = _(value) if isinstance(value, str) else value
    formatter = _FORMATTERS.get(field.get("fieldtype") or "")
    return formatter(value, field, doc, currency, format) if formatter else value


def _field(df: Any, value: Any) -> Any:
    if isinstance(df, str):
        return _dict(fieldtype=df)
    if df:
        return _dict(df) if isinstance(df, dict) else df
    return _dict(fieldtype=_type_for(value))


def _type_for(value: Any) -> str | None:
    if isinstance(value, datetime.datetime):
        return "Datetime"
    if isinstance(value, datetime.date):
        return "Date"
    if isinstance(value, (datetime.timedelta, datetime.time)):
        return "Time"
    return "Float" if isinstance(value, float) else None


def _date(value: Any, *_others: Any) -> str:
    return data.formatdate(value)


def _datetime(value: Any, *_others: Any) -> Any:
    return data.format_datetime(value)


def _time(value: Any, *_others: Any) -> str:
    try:
        return data.format_time(value)
    except (TypeError, ValueError):
        return data.format_timedelta(value)


def _currency(value: Any, field: Any, doc: Any, currency: str | None, number_format: str | None) -> str:
    code = currency or _field_currency(field, doc) or default_value("currency")
    precision = field.get("precision")
    decimals = cint(precision) if precision not in (None, "") else None
    return fmt_money(value, decimals, code, number_format)


def _float(value: Any, field: Any, doc: Any, currency: str | None, _number_format: str | None) -> str:
    number = flt(value)
    code = currency or (_field_currency(field, doc) if field.get("options") else None)
    precision = cint(field.get("precision")) or cint(system_setting("float_precision")) or 3
    if number == int(number) if abs(number) < 1e16 else True:
        precision = 0
    return fmt_money(number, precision, code)


def _percent(value: Any, *_others: Any) -> str:
    return f"{flt(value, 2)}%"


def _lines(value: Any, *_others: Any) -> Any:
    if not isinstance(value, str) or BLOCK_TAGS_PATTERN.search(value):
        return value
    return value.replace("\n", "<br>")


def _markdown(value: Any, *_others: Any) -> str:
    return markdown(str(value or ""))


def _rich_text(value: Any, *_others: Any) -> str:
    return f"<div class='ql-snow'>{value}</div>"


def _duration(value: Any, field: Any, *_others: Any) -> str:
    return data.format_duration(value, bool(field.get("hide_days")))


def _rows(value: Any, *_others: Any) -> Any:
    """The linked names of a Table MultiSelect, as prose: each row's own link field."""
    if not isinstance(value, list):
        return value
    names = [name for row in value if (name := _linked_name(row))]
    return data.comma_and(names, add_quotes=False)


def _linked_name(row: Any) -> Any:
    meta = getattr(row, "meta", None)
    links = meta.get_link_fields() if meta is not None else ()
    return next((row.get(link.fieldname) for link in links if row.get(link.fieldname)), None)


def _field_currency(field: Any, doc: Any) -> str | None:
    """The currency that a field's options name: a field of the document, or "DocType:link field:field"."""
    options = field.get("options")
    if not options or doc is None:
        return None
    if ":" not in options:
        return doc.get(options) or None
    database = current().get("db")
    parts = options.split(":")
    name = doc.get(parts[1]) if len(parts) == 3 else None
    if not name or database is None:
        return None
    code: str | None = database.get_value(parts[0], name, parts[2])
    return code


_FORMATTERS: dict[str, Callable[..., Any]] = {
    "Date": _date,
    "Datetime": _datetime,
    "Time": _time,
    "Currency": _currency,
    "Float": _float,
    "Percent": _percent,
    "Text": _lines,
    "Small Text": _lines,
    "Markdown Editor": _markdown,
    "Text Editor": _rich_text,
    "Duration": _duration,
    "Table MultiSelect": _rows,
}
