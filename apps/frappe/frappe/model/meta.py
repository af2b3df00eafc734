"""DocTypes as the engine sees them."""

from __future__ import annotations

from typing import Any

from frappe_engine.context.settings import system_setting
from frappe_engine.documents.metas import get_meta, load_meta
from frappe_engine.documents.precision import DEFAULT_FLOAT_PRECISION, field_precision
from frappe_engine.schema.meta import Meta

from frappe.utils import cint, get_number_format_info

__all__ = ["Meta", "get_field_currency", "get_field_precision", "get_meta", "is_single", "load_meta"]


def is_single(doctype: str) -> int:
    """Tell whether a DocType has one document alone. Raises `DoesNotExistError` where there is none of that name."""
    return int(get_meta(doctype).issingle or 0)


def get_field_precision(df: Any, doc: Any = None, currency: str | None = None) -> int:
    """Give the decimals of a field: its own, its currency's (of `currency`, else of the document), else the site's."""
    if df.fieldtype == "Currency" and df.get("precision") in (None, ""):
        chosen = currency or (get_field_currency(df, doc) if doc is not None else None)
        number_format = _number_format_of(chosen) if chosen else None
        if number_format and system_setting("currency_precision") in (None, ""):
            return int(get_number_format_info(number_format)[2])
    decimals = field_precision(df, doc)
    return decimals if decimals is not None else cint(system_setting("float_precision")) or DEFAULT_FLOAT_PRECISION


def get_field_currency(df: Any, doc: Any = None) -> str | None:
    """Give the currency of a field, which its options name: a field of the document, or `DocType:link field:field`."""
    options = df.get("options")
    if not options or doc is None:
        return None
    if ":" not in options:
        return doc.get(options) or None
    doctype, link, fieldname = [*options.split(":"), "", ""][:3]
    name = doc.get(link)
    if not (doctype and name and fieldname):
        return None
    from frappe_engine.documents.document import get_cached_value  # documents need metas first

    return get_cached_value(doctype, name, fieldname) or None


def _number_format_of(currency: str) -> str | None:
    from frappe_engine.documents.document import get_cached_value

    return get_cached_value("Currency", currency, "number_format") or None
