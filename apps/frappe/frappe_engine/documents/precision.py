"""How many decimals a number field has, and how its value reads.

Invariant: the field's own precision wins over the site's; currency amounts follow their currency's format.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.context.settings import default_value, system_setting
from frappe_engine.kit.numbers import cint, flt

DEFAULT_FLOAT_PRECISION = 3
DEFAULT_CURRENCY_PRECISION = 2


def field_precision(field: Any, doc: Any = None) -> int | None:
    """Give the decimals of a field; None for fields that are not numbers with decimals."""
    if field.get("precision") not in (None, ""):
        return cint(field.precision)
    if field.fieldtype == "Currency":
        return currency_precision()
    if field.fieldtype in ("Float", "Percent"):
        return cint(system_setting("float_precision")) or DEFAULT_FLOAT_PRECISION
    return None


def currency_precision() -> int:
    """Give the decimals of currency amounts: the site's setting, else what its number format has."""
    setting = system_setting("currency_precision")
    if setting not in (None, ""):
        return cint(setting)
    number_format = str(default_value("number_format") or system_setting("number_format") or "#,###.##")
    for sign in (".", ","):
        _head, separator, tail = number_format.rpartition(sign)
        if separator and len(tail.replace("#", "")) == 0 and len(tail) != 3:
            return len(tail)
    return DEFAULT_CURRENCY_PRECISION if "." in number_format else 0


def round_value(value: Any, precision: int | None = None) -> float:
    """Round by the site's rounding method."""
    return flt(value, precision, str(system_setting("rounding_method") or "Banker's Rounding"))


def format_field(document: Any, fieldname: str, *, absolute_value: bool = False, **options: Any) -> Any:
    """Give a field's value (without its sign, with `absolute_value`) as people read it, by the registered formatter."""
    from frappe_engine.context.local import providers  # formatting belongs to the layer above

    value = document.get(fieldname)
    if absolute_value and isinstance(value, (int, float)):
        value = abs(value)
    return providers("format_value", value, document.meta.get_field(fieldname), **options)
