"""The checks that every document passes because of its DocType: types, mandatory values, choices, lengths, formats.

Invariant: checks look at the document alone (links are `links.py`); each raises the exception class clients branch
on, with the label of the field in the message.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import compress
from operator import is_not
from typing import Any, NoReturn

from frappe_engine.context.errors import (
    CannotChangeConstantError,
    CharacterLengthExceededError,
    InvalidDateError,
    InvalidEmailAddressError,
    InvalidNameError,
    InvalidPhoneNumberError,
    MandatoryError,
    NonNegativeError,
    UpdateAfterSubmitError,
    ValidationError,
)
from frappe_engine.context.messages import msgprint, throw
from frappe_engine.context.translate import _
from frappe_engine.documents.plans import TIME_CASTS, NotANumber, Plan, get_plan
from frappe_engine.kit.columns import TABLE_TYPES
from frappe_engine.kit.jsontext import is_json
from frappe_engine.kit.validation import address_in, is_email, is_person_name, is_phone_number, is_url

_TAG = re.compile(r"<[a-zA-Z/!]")
_MARKUP = re.compile(r"<[^>]*>")
_TEXT = {str}
GIVEN_TIMES = "_given_times"  # between the checks and the writing of a document: what its dates and times were before
TIME_KINDS: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    (datetime, TIME_CASTS["Datetime"]),
    (date, TIME_CASTS["Date"]),
    ((timedelta, time), TIME_CASTS["Time"]),
)
LOGGED_OUT_OF_CHECKS = frozenset({"Error Log", "Activity Log", "Deleted Document", "Version"})


def documents_of(doc: Any) -> list[Any]:
    """Give the document and all its rows."""
    return [doc, *doc.get_all_children()]


def where(doc: Any) -> str:
    """Say which row a document is, for messages ("" for a document that is no row)."""
    if doc.__dict__.get("parentfield"):
        return _("Row #{0}:").format(doc.__dict__.get("idx") or "?") + " "
    return ""


def fix_types(doc: Any, plan: Plan) -> None:
    """Give numbers and checks the type of their field. Raises `ValidationError` for a text that is no number."""
    own = doc.__dict__
    is_other = map(is_not, map(type, map(own.get, plan.number_casts)), plan.number_types)
    for name, (cast, blank) in compress(plan.number_casts.items(), is_other):
        value = own.get(name)
        if value is None:
            own[name] = blank
        else:
            try:
                own[name] = cast(value)
            except (NotANumber, TypeError, ValueError, OverflowError):
                field = plan.meta.by_name[name]
                throw(
                    _("{0}{1} must be a number, not {2}").format(where(doc), _label(field), repr(value)[:60]),
                    title=_("Not a number"),
                )
    for name in filter(own.get, plan.switches):
        own[name] = 1  # any other number says the same


def fix_times(doc: Any, plan: Plan) -> Mapping[str, Any]:
    """Give dates and times the type of their field, and give what stood there where that was another.

    Raises `InvalidDateError` for a text that is none.
    """
    own, given = doc.__dict__, {}
    for field, cast in plan.time_casts:
        value = own.get(field.fieldname)
        if value is None:
            continue
        try:
            settled = cast(value)
        except (ValueError, TypeError, OverflowError, ValidationError):
            throw(
                _("{0}{1} must be a {2}, not {3}").format(
                    where(doc), _label(field), _(field.fieldtype), repr(value)[:60]
                ),
                InvalidDateError,
                title=_("Not a date"),
            )
        if settled is not value:
            own[field.fieldname], given[field.fieldname] = settled, value
    return given


def give_back_times(doc: Any) -> None:
    """Put dates and times of a document and its rows back as they were given, once they are written."""
    for item, given in doc.__dict__.pop(GIVEN_TIMES, ()):
        item.__dict__.update(given)


def check_mandatory(doc: Any) -> None:
    """Raise `MandatoryError` naming every mandatory field without a value, of the document and its rows."""
    plan = get_plan(doc.doctype)
    missing = missing_fields(doc, plan)
    if plan.children:
        for row in doc.get_all_children():
            missing.extend(missing_fields(row, get_plan(row.doctype)))
    if not missing:
        return
    for _fieldname, message in missing:
        msgprint(message, title=_("Missing Values Required"), indicator="red")
    names = ", ".join(dict.fromkeys(fieldname for fieldname, _message in missing))
    raise MandatoryError(f"[{doc.doctype}, {doc.name}]: {names}")


def missing_fields(doc: Any, plan: Plan) -> list[tuple[str, str]]:
    """Give (field name, message) of each mandatory field of one document that has no value.

    What `mandatory_depends_on` asks is asked in forms alone, as upstream has it: programs may leave it out.
    """
    own = doc.__dict__
    found: list[tuple[str, str]] = []
    for field in plan.mandatory:
        value = own.get(field.fieldname)
        if value is None or value == "" or value == []:
            if field.get("is_virtual") or field.fieldtype in (
                "HTML",
                "Button",
                "Section Break",
                "Column Break",
                "Tab Break",
            ):
                continue
            found.append((field.fieldname, _missing_message(doc, field)))
        elif type(value) is str and not has_content(value):
            found.append((field.fieldname, _missing_message(doc, field)))
    return found


def has_content(text: str) -> bool:
    """Tell whether a text says anything: characters beside blanks and mark-up, or a picture."""
    if "<" not in text:
        return bool(text.strip())
    return "<img" in text or bool(_MARKUP.sub("", text).replace("&nbsp;", " ").strip())


def _missing_message(doc: Any, field: Any) -> str:
    if field.fieldtype in TABLE_TYPES:
        return _("Error: Data missing in table {0}").format(_label(field))
    if doc.__dict__.get("parentfield"):
        return _("Error: {0} Row #{1}: Value missing for: {2}").format(
            _(doc.doctype), doc.__dict__.get("idx"), _label(field)
        )
    return _("Error: Value missing for {0}: {1}").format(_(doc.doctype), _label(field))


def _label(field: Any) -> str:
    return _(field.get("label") or field.fieldname, context=field.get("parent"))


def check_choices(doc: Any, plan: Plan) -> None:
    """Raise `ValidationError` when a select field holds what is not among its options."""
    own = doc.__dict__
    for field, options in plan.selects:
        value = own.get(field.fieldname)
        if value is None or value == "" or (type(value) is str and value in options):
            continue
        text = str(value).strip()
        if text not in options:
            allowed = '", "'.join(_(option) for option in str(field.options).split("\n") if option.strip())
            throw(
                _('{0}{1} cannot be "{2}". It should be one of "{3}"').format(
                    where(doc), _label(field), text[:60], allowed
                )
            )
        own[field.fieldname] = text


def check_lengths(doc: Any, plan: Plan) -> None:
    """Raise `CharacterLengthExceededError` when a text is longer than its field, or a number larger than its column."""
    own = doc.__dict__
    lengths = plan.text_lengths
    texts = [*filter(None, map(own.get, lengths))]
    fits = {*map(type, texts)} <= _TEXT and max(map(len, texts), default=0) <= plan.shortest_text
    for name in () if fits else filter(own.get, lengths):
        value, longest = own[name], lengths[name]
        if isinstance(value, str) and len(value) > longest:
            label = _label(plan.meta.by_name[name])
            _refuse_size(
                doc,
                _("'{0}' ({1}) will get truncated, as max characters allowed is {2}").format(
                    label, f"{value[:40]}…", longest
                ),
            )
    limits = plan.number_limits
    fits = max(map(abs, filter(None, map(own.get, limits))), default=0) <= plan.smallest_limit
    for name in () if fits else filter(own.get, limits):
        value, largest = own[name], limits[name]
        if abs(value) > largest:
            label = _label(plan.meta.by_name[name])
            _refuse_size(doc, _("{0} ({1}) is too large, the largest value is {2}").format(label, value, largest))


def _refuse_size(doc: Any, message: str) -> NoReturn:
    throw(f"{where(doc)}{message}", CharacterLengthExceededError, title=_("Value too big"))


def check_not_negative(doc: Any, plan: Plan) -> None:
    """Raise `NonNegativeError` when a number is negative that must not be."""
    own = doc.__dict__
    for field in plan.non_negative:
        if (own.get(field.fieldname) or 0) < 0:
            throw(
                _("{0}Value cannot be negative for {1}").format(where(doc), _label(field)),
                NonNegativeError,
                title=_("Negative Value"),
            )


def check_formats(doc: Any, plan: Plan) -> None:
    """Raise when an e-mail address, phone number, URL or name of a person is none."""
    own = doc.__dict__
    for field in plan.formatted:
        value = own.get(field.fieldname)
        if value and isinstance(value, str):
            _FORMAT_CHECKS["Phone" if field.fieldtype == "Phone" else field.options](doc, value)


STANDARD_USERS = ("Administrator", "Guest")


def _check_email(doc: Any, value: str) -> None:
    if (doc.__dict__.get("flags") or {}).get("ignore_email_validation"):
        return
    if value in STANDARD_USERS and doc.__dict__.get("owner") in STANDARD_USERS:
        return  # what the site itself writes has no address
    for address in filter(None, map(str.strip, re.split(r"[,\n;]", value))):
        if not is_email(address_in(address)):
            throw(_("{0} is not a valid Email Address").format(address), InvalidEmailAddressError)


def _check_phone(doc: Any, value: str) -> None:
    if not is_phone_number(value.strip()):
        throw(_("{0} is not a valid Phone Number").format(value), InvalidPhoneNumberError)


def _check_url(doc: Any, value: str) -> None:
    if not is_url(value.strip()):
        throw(_("{0} is not a valid URL").format(value))


def _check_person(doc: Any, value: str) -> None:
    if not is_person_name(value):
        throw(_("{0} is not a valid Name").format(value), InvalidNameError)


_FORMAT_CHECKS = {"Email": _check_email, "Phone": _check_phone, "URL": _check_url, "Name": _check_person}


def check_code(doc: Any, plan: Plan) -> None:
    """Raise `ValidationError` when Python code can't be parsed."""
    for field, mode in plan.python_fields:
        value = doc.__dict__.get(field.fieldname)
        if not value or not isinstance(value, str):
            continue
        try:
            compile(value, "<code>", mode)
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None) or 1
            message = _("{0}: Invalid python code on line {1}").format(_label(field), line)
            throw(f"{where(doc)}{message}", title=_("Syntax Error"))


def check_json(doc: Any, plan: Plan) -> None:
    """Raise `ValidationError` when a JSON field holds text that is none; an empty text is no value."""
    own = doc.__dict__
    for fieldname in plan.json_fields:
        value = own.get(fieldname)
        if not isinstance(value, str):
            continue
        if not value.strip():
            own[fieldname] = None
            continue
        try:
            json.loads(value)
        except ValueError:
            throw(_("{0}{1} must be valid JSON").format(where(doc), _label(plan.meta.by_name[fieldname])))


def sanitise(doc: Any) -> None:
    """Take what could run in a browser out of texts that hold mark-up."""
    own = doc.__dict__
    if doc.doctype in LOGGED_OUT_OF_CHECKS:
        return
    plan = get_plan(doc.doctype)
    texts = [*filter(None, map(own.get, plan.sanitized))]
    if {*map(type, texts)} <= _TEXT and "<" not in "".join(texts):
        return
    for name in filter(own.get, plan.sanitized):
        value = own[name]
        if not isinstance(value, str) or "<" not in value or not _TAG.search(value):
            continue
        field = plan.meta.by_name[name]
        if field.fieldtype == "Data" and field.options == "Email" and value.count("<") == 1 and "@" in value:
            continue
        own[name] = _harmless(value, linkify=field.fieldtype == "Text Editor")


def _harmless(value: str, *, linkify: bool) -> Any:
    from frappe_engine.kit.html import sanitize_html, words_in_angles  # a native library, only where there is mark-up

    if value.lstrip()[:1] in ("{", "[") and is_json(value):  # it is written another way
        return sanitize_html(value, linkify=linkify)
    text, has_tags = words_in_angles(value)
    return sanitize_html(text, linkify=linkify) if has_tags else text


def check_constants(doc: Any, before: Any, plan: Plan) -> None:
    """Raise `CannotChangeConstantError` when a field changed that keeps its first value."""
    for field in plan.constants:
        old, new = before.get(field.fieldname), doc.get(field.fieldname)
        if field.fieldtype in TABLE_TYPES:
            same = [_content(row) for row in old or []] == [_content(row) for row in new or []]
        else:
            same = old in (None, "") or same_value(old, new)
        if not same:
            throw(_("Value cannot be changed for {0}").format(_label(field)), CannotChangeConstantError)
    for name, label in () if plan.meta.issingle else (("owner", "Created By"), ("creation", "Created On")):
        if not same_value(before.get(name), doc.get(name)):
            throw(_("Value cannot be changed for {0}").format(_(label)), CannotChangeConstantError)


def _content(row: Any) -> dict[str, Any]:
    """What a row holds, without its bookkeeping."""
    skipped = {
        "name",
        "creation",
        "modified",
        "modified_by",
        "owner",
        "docstatus",
        "parent",
        "parentfield",
        "parenttype",
    }
    return {key: _plain(value) for key, value in row.get_valid_dict(ignore_virtual=True).items() if key not in skipped}


def _plain(value: Any) -> Any:
    return None if value == "" else value


def same_value(one: Any, two: Any) -> bool:
    """Tell whether two values are the same once stored (5 and 5.0, None and "", a date and its text)."""
    if one == two:
        return True
    if one in (None, "", 0) and two in (None, "", 0):
        return not (one == 0 and two == 0) or one == two
    if isinstance(one, (int, float)) and isinstance(two, (int, float, str)):
        try:
            return float(one) == float(two)
        except ValueError:
            return False
    for kind, cast in TIME_KINDS:
        if isinstance(one, kind) or isinstance(two, kind):
            return _same_time(one, two, cast)
    return str(one) == str(two)


def _same_time(one: Any, two: Any, cast: Callable[[Any], Any]) -> bool:
    try:
        return bool(cast(one) == cast(two))
    except (ValueError, TypeError, OverflowError, ValidationError):
        return str(one) == str(two)


def check_update_after_submit(doc: Any, before: Any) -> None:
    """Raise `UpdateAfterSubmitError` when a submitted document changed in a field that may not change any more."""
    _check_submitted(doc, before)
    stored = {row.name: row for row in before.get_all_children()}
    for child in get_plan(doc.doctype).children:
        rows, old_rows = doc.get(child.fieldname) or [], before.get(child.fieldname) or []
        if child.field.get("allow_on_submit"):  # rows may come and go, yet those that stay keep what may not change
            rows = [row for row in rows if row.name in stored]
        elif {row.name for row in rows} != {row.name for row in old_rows}:
            throw(
                _("Not allowed to change {0} after submission from {1} to {2}").format(
                    _label(child.field), len(old_rows), len(rows)
                ),
                UpdateAfterSubmitError,
                title=_("Cannot Update After Submit"),
            )
        for row in rows:
            _check_submitted(row, stored[row.name])


def _check_submitted(doc: Any, before: Any) -> None:
    for field in doc.meta.data_fields:
        if field.get("allow_on_submit") or field.get("is_virtual"):
            continue
        old, new = before.get(field.fieldname), doc.get(field.fieldname)
        if not same_value(old, new) and not (old in (None, "") and new in (None, "")):
            throw(
                where(doc)
                + _("Not allowed to change {0} after submission from {1} to {2}").format(_label(field), old, new),
                UpdateAfterSubmitError,
                title=_("Cannot Update After Submit"),
            )


def check_values(doc: Any, rows: Sequence[Any]) -> None:
    """Run every check on a document and its rows; each check looks at the document first, then at its rows."""
    plan = get_plan(doc.doctype)
    entries = [(doc, plan), *[(row, get_plan(row.doctype)) for row in rows]] if rows else [(doc, plan)]
    times = []
    for item, plan in entries:
        fix_types(item, plan)
        if plan.time_casts and (given := fix_times(item, plan)):
            times.append((item, given))
        if plan.checks is None:
            plan.checks = [check for check, field_list in _CHECKS.items() if getattr(plan, field_list)]
    if times:
        doc.__dict__[GIVEN_TIMES] = times
    else:
        doc.__dict__.pop(GIVEN_TIMES, None)  # of a save that was refused
    for check in _CHECKS if rows else plan.checks:
        for item, plan in entries:
            if check in plan.checks:
                check(item, plan)
    for item, plan in entries:
        check_lengths(item, plan)


Check = Callable[[Any, Plan], None]
# In the order in which they run, each with the list in a plan of the fields that it looks at.
_CHECKS: Mapping[Check, str] = {
    check_formats: "formatted",
    check_choices: "selects",
    check_not_negative: "non_negative",
    check_json: "json_fields",
    check_code: "python_fields",
}
