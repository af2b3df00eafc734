"""What clients send about documents: names, values, fields, filters. Read, checked, and refused with a clear message.

Invariant: what can't be understood is refused with `ValidationError` (417) naming the parameter, an unknown DocType
with `DoesNotExistError` (404); nothing is read or written before that.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from frappe_engine.access.decisions import has_permission, permitted_fields
from frappe_engine.access.masks import is_masked
from frappe_engine.context.errors import (
    CharacterLengthExceededError,
    DataError,
    DoesNotExistError,
    InvalidDateError,
    PermissionError,
    TimestampMismatchError,
    ValidationError,
)
from frappe_engine.context.local import current
from frappe_engine.context.messages import clear_messages, throw
from frappe_engine.context.translate import _
from frappe_engine.database.fields import Call, Column, read_selected, read_sorting
from frappe_engine.documents.life.loading import get_doc
from frappe_engine.documents.metas import get_meta
from frappe_engine.documents.plans import NUMBER_CASTS, TIME_CASTS, largest_number
from frappe_engine.kit.jsontext import as_json
from frappe_engine.kit.numbers import cint
from frappe_engine.schema.meta import Meta

DEFAULT_PAGE = 20
LARGEST_PLACE = 2**31 - 1  # MariaDB's int

TEXTS = frozenset(
    {
        "Data",
        "Small Text",
        "Text",
        "Long Text",
        "Text Editor",
        "HTML Editor",
        "Markdown Editor",
        "Code",
        "Barcode",
        "Phone",
        "Color",
    }
)


def load_json(text: str | bytes, refusal: str) -> Any:
    """Read JSON text; raise `ValidationError` with `refusal` (its {0} is the reason) when it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        throw(refusal.format(_reason(error)))


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg}, {_('position')} {error.pos}"
    return type(error).__name__


def json_parameter(values: Any, name: str, kinds: tuple[type, ...] = (dict, list)) -> Any:
    """Give the parameter `name`, read from JSON when it is text; None when it is absent or empty.

    Raises `ValidationError` naming the parameter when it is no JSON or not one of `kinds`.
    """
    value = values.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, (str, bytes)):
        value = load_json(value, _("Parameter {0} is not valid JSON: {1}").replace("{0}", name).replace("{1}", "{0}"))
    if value is not None and not isinstance(value, kinds):
        names: dict[type, str] = {dict: _("object"), list: _("list"), str: _("text")}
        wanted = " / ".join(names.get(kind, kind.__name__) for kind in kinds)
        throw(_("Parameter {0} must be JSON: {1}").format(name, wanted))
    return value


def text_parameter(value: Any, name: str) -> str | None:
    """Give a parameter that is text. Raises `ValidationError`."""
    if value is None or isinstance(value, str):
        return value
    throw(_("Parameter {0} must be text").format(name))


def sorting_parameter(value: Any, name: str) -> str | None:
    """Give a list of fields to sort or group by as text. Raises `DataError` for anything but names of fields."""
    text = (text_parameter(value, name) or "").strip()
    if not text:
        return None
    if not all(isinstance(entry.node, Column) for entry in read_sorting(text)):
        throw(_("Parameter {0} takes fields only").format(name), DataError)
    return text


def field_parameter(value: Any) -> list[Any]:
    """Give the fields a request asks for: a JSON list, or names with commas between them."""
    if value in (None, "", []):
        return ["name"]
    if isinstance(value, str):
        text = value.strip()
        value = json_parameter({"fields": text}, "fields", (list, str)) if text[:1] in ("[", '"') else text.split(",")
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list) or not all(isinstance(entry, (str, dict)) for entry in value):
        throw(_("Parameter {0} must be JSON: {1}").format("fields", _("list")))
    return [entry.strip() if isinstance(entry, str) else entry for entry in value if entry]


def filter_parameter(parameters: Any, name: str) -> Any:
    """Give filters: JSON, or the name of a document."""
    value = parameters.get(name)
    if isinstance(value, str) and value.strip()[:1] in ("{", "["):
        return json_parameter(parameters, name)
    if value in (None, ""):
        return None
    if not isinstance(value, (str, dict, list)):
        throw(_("Parameter {0} must be JSON: {1}").format(name, _("object or list")))
    return value


def check_doctype(doctype: Any) -> Meta:
    """Give the DocType. Raises `DoesNotExistError` when there is none of that name, `ValidationError` for no name."""
    if not isinstance(doctype, str) or not doctype:
        throw(_("Missing argument: {0}").format("doctype"))
    try:
        meta = get_meta(doctype)
    except DoesNotExistError:
        meta = None
    if meta is None or meta.name != doctype:
        throw(_("{0} {1} not found").format(_("DocType"), doctype[:140]), DoesNotExistError)
    return meta


def fitting(values: Mapping[str, Any], meta: Meta, row: int = 0) -> dict[str, Any]:
    """Give values a document can take; `row` is the place of a row in its table, counted from 1.

    Raises `ValidationError` (for dates `InvalidDateError`) when one has a shape or size that its field can't hold.
    """
    found: dict[str, Any] = {}
    for key, value in values.items():
        if key in ("flags", "doctype"):
            continue
        child = meta.table_doctypes.get(key)
        if child is not None:
            found[key] = _rows(meta, key, value, child)
            continue
        if isinstance(value, (dict, list)) and not _holds_structure(meta, key):
            kind = _("list") if isinstance(value, list) else _("object")
            throw(
                _("Value for {0} cannot be a {1}").format(_(meta.get_label(key)) if meta.has_field(key) else key, kind)
            )
        if key in meta.by_name and value is not None and value != "" and not _stands_for_hidden(meta, key, value):
            _check_readable(meta, key, value, row)
        if key == "idx":
            found[key] = _place_of(value)
            continue
        found[key] = value if type(value) is str else _as_stored(meta, key, value)
    return found


def _place_of(value: Any) -> int:
    """The place of a row or document is a whole number that its column holds, whatever was sent."""
    place = cint(value)
    if abs(place) > LARGEST_PLACE:
        message = _("{0} ({1}) is too large, the largest value is {2}").format("idx", repr(value)[:60], LARGEST_PLACE)
        throw(message, CharacterLengthExceededError, title=_("Value too big"))
    return place


def _as_stored(meta: Meta, key: str, value: Any) -> Any:
    """Numbers and structures for a field of text are the text that is stored, so that the answer already shows it."""
    if value is None or key not in meta.by_name or meta.by_name[key].fieldtype not in TEXTS:
        return value
    if isinstance(value, (dict, list)):
        return as_json(value, indent=None)
    return str(int(value)) if isinstance(value, bool) else str(value)


def _stands_for_hidden(meta: Meta, key: str, value: Any) -> bool:
    """A masked value comes back as it was shown; the stored one stays."""
    return bool(meta.by_name[key].get("mask")) and is_masked(value)


def _check_readable(meta: Meta, key: str, value: Any, row: int) -> None:
    """Refuse texts that are no number or date, and numbers no column holds, before a controller has to work with them."""
    field = meta.by_name[key]
    cast = NUMBER_CASTS.get(field.fieldtype) or TIME_CASTS.get(field.fieldtype)
    if cast is None:
        return
    place = f"{_('Row #{0}:').format(row)} " if row else ""
    label, shown = _(meta.get_label(key), context=meta.name), repr(value)[:60]
    try:
        known = cast(value)
    except (ValueError, TypeError, OverflowError, ValidationError):
        if field.fieldtype in TIME_CASTS:
            message = _("{0}{1} must be a {2}, not {3}").format(place, label, _(field.fieldtype), shown)
            throw(message, InvalidDateError, title=_("Not a date"))
        throw(_("{0}{1} must be a number, not {2}").format(place, label, shown), title=_("Not a number"))
    largest = largest_number(field)
    if largest is not None and known and abs(known) > largest:
        message = _("{0} ({1}) is too large, the largest value is {2}").format(label, shown, largest)
        throw(f"{place}{message}", CharacterLengthExceededError, title=_("Value too big"))


def _holds_structure(meta: Meta, key: str) -> bool:
    """JSON and code fields take structures; what is no column is not stored at all."""
    if key not in meta.column_types:
        return True
    return meta.column_types[key] in ("JSON", "Code", "Long Text", "Text", "Small Text")


def _rows(meta: Meta, key: str, value: Any, child: str) -> list[dict[str, Any]]:
    if value in (None, ""):
        return []
    label = _(meta.get_label(key))
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        throw(_("{0} must be a list of objects, one per row").format(label))
    child_meta = get_meta(child)
    return [fitting(row, child_meta, place) for place, row in enumerate(value, 1)]


def document_from(value: Any, name: str = "doc") -> Any:
    """Give the document a client sent. Raises `ValidationError` for what is none."""
    content = json_parameter({name: value}, name, (dict,))
    if not content:
        throw(_("Missing argument: {0}").format(name))
    doctype = content.get("doctype")
    meta = check_doctype(doctype)
    return get_doc({**fitting(content, meta), "doctype": doctype})


def stored_document_from(value: Any, name: str = "doc") -> Any:
    """Give a document that replaces a stored one; without its stamp nobody knows what it would overwrite."""
    document = document_from(value, name)
    if document.get("name") and not document.is_new() and not document.get("modified") and not document.meta.issingle:
        throw(
            _("Error: Document has been modified after you have opened it") + ". "
            + _("Please refresh to get the latest document."),
            TimestampMismatchError,
        )  # fmt: skip
    return document


def load_document(doctype: str, name: Any, *, for_update: bool = False, parent_doctype: str | None = None) -> Any:
    """Load a document. What is not there is not found, or not allowed for who may not read that DocType at all."""
    try:
        return get_doc(doctype, name, for_update=for_update)
    except DoesNotExistError:
        if not has_permission(doctype, "read", print_logs=False, raise_exception=False, parent_doctype=parent_doctype):
            clear_messages()
            current().flags.error_message = _("Insufficient Permission for {0}").format(_(doctype))
            raise PermissionError(current().flags.error_message) from None
        raise


def may_link_to(doctype: str) -> bool:
    """Tell whether the user may choose documents of a DocType: has the right to select or to read them."""
    return any(has_permission(doctype, right, print_logs=False, raise_exception=False) for right in ("select", "read"))


def readable_field(meta: Meta, fieldname: str) -> bool:
    """Tell whether the user may read a field."""
    allowed = permitted_fields(meta)
    return allowed is None or fieldname in allowed or fieldname not in meta.by_name


# lists


def list_options(parameters: Any, default_limit: int = DEFAULT_PAGE) -> dict[str, Any]:
    """Read what a list request asks for. Raises `ValidationError` naming the parameter that can't be read."""
    fields = field_parameter(parameters.get("fields"))
    group_by = parameters.get("group_by") or None
    order_by = parameters.get("order_by") or None
    if order_by is None and not group_by and not _aggregates(fields):
        order_by = "name asc"
    limit = parameters.get("limit_page_length")
    if limit in (None, ""):
        limit = parameters.get("limit")
    size = default_limit if limit in (None, "") else cint(limit)
    if size < 0 or cint(parameters.get("limit_start")) < 0:
        throw(_("Parameter {0} must not be negative").format("limit"))
    return {
        "fields": fields,
        "filters": filter_parameter(parameters, "filters"),
        "or_filters": filter_parameter(parameters, "or_filters"),
        "group_by": sorting_parameter(group_by, "group_by"),
        "order_by": sorting_parameter(order_by, "order_by"),
        "limit_start": cint(parameters.get("limit_start") or parameters.get("start")),
        "limit_page_length": size,
        "debug": bool(cint(parameters.get("debug"))),
    }


def _aggregates(fields: list[Any]) -> bool:
    """Tell whether a list is of sums and counts, which have no order of their own."""
    for entry in fields:
        if isinstance(entry, dict):
            return True
        try:
            if isinstance(read_selected(entry)[0].node, Call):
                return True
        except (DataError, ValidationError):
            return False
    return False
