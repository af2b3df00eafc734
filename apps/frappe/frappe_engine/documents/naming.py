"""Names of new documents: series, fields, formats, hashes, counters, prompts, controllers.

Order: a name asked for by the caller where the DocType lets users name; the amended document's name; naming rules
kept on the site; the controller's `autoname`; the DocType's own rule; a hash.

Invariant: two documents never get the same number from a series, also when they are made at the same moment; numbers
of rolled-back transactions are given out again.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from frappe_engine.context.clock import now_datetime
from frappe_engine.context.errors import DoesNotExistError, InvalidNameError, NameError, ValidationError
from frappe_engine.context.hooks import get_hooks, hook_function
from frappe_engine.context.local import current, providers
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.documents.events import run_event
from frappe_engine.documents.plans import get_plan
from frappe_engine.kit.text import random_string

_ALPHABET = "0123456789abcdefghijklmnopqrstuv"
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_SERIES = re.compile(r"[\w\- /.#{}]*")
_FORMAT_PART = re.compile(r"\{(#+|[^{}]*)\}")
DEFAULT_DIGITS = ".#####"
NAME_LENGTH = 140
DRAWN_TOGETHER = 64


class InvalidNamingSeriesError(ValidationError):
    """A naming series is not written as one."""


class InvalidUUIDValue(ValidationError):
    """A name should be a UUID and is none."""


_chances: list[int] = []  # random numbers of 40 bits, drawn from the system many at a time
os.register_at_fork(after_in_child=_chances.clear)


def _draw() -> int:
    """Give a random number of 40 bits that no other process has."""
    try:
        return _chances.pop()
    except IndexError:
        drawn = os.urandom(5 * DRAWN_TOGETHER)
        _chances.extend([int.from_bytes(drawn[at : at + 5], "big") for at in range(5, len(drawn), 5)])
        return int.from_bytes(drawn[:5], "big")


def hash_name() -> str:
    """Give a name nobody else has: 16 letters and digits, the first 8 growing with time (1,000 a second)."""
    now, chance, pairs = int(time.time() * 1000), _draw(), _PAIRS
    return (
        f"{pairs[now >> 30 & 1023]}{pairs[now >> 20 & 1023]}{pairs[now >> 10 & 1023]}{pairs[now & 1023]}"
        f"{pairs[chance >> 30]}{pairs[chance >> 20 & 1023]}{pairs[chance >> 10 & 1023]}{pairs[chance & 1023]}"
    )


def set_new_name(doc: Any) -> None:
    """Give a new document its name. Raises `ValidationError` when the user should have given one."""
    give_name(doc)


def give_name(doc: Any) -> bool:
    """Give a new document its name as `set_new_name` does; tell whether it is a hash, which no document ever had."""
    run_event(doc, "before_naming")
    own = doc.__dict__
    plan = get_plan(own["doctype"])
    if plan.is_hashed and not (own.get("name") or own.get("amended_from")):
        _name_by_site_or_class(doc)
    elif _name_by_definition(doc, plan.meta):
        return False
    return _settle_name(own)


def _name_by_definition(doc: Any, meta: Any) -> bool:
    """Name a document as its DocType says, where it says anything; tell whether no more is to be done."""
    own, autoname = doc.__dict__, str(meta.autoname or "")
    if meta.istable:
        _name_table_row(doc, meta, autoname)
        return True
    flagged = own.get("flags") or {}
    if own.get("name") and not _made_up(own["name"]) and current().get("flags", {}).get("in_import"):
        own["name"] = validate_name(doc.doctype, own["name"])
        return True
    if autoname.lower() != "prompt" and not flagged.get("name_set"):
        own["name"] = None
    if meta.issingle:
        own["name"] = doc.doctype
    elif autoname == "autoincrement":
        own["name"] = _next_number(doc.doctype)
    elif own.get("amended_from"):
        own["name"] = amended_name(doc)
        if own["name"] and autoname.startswith("field:"):
            own[autoname[6:].strip()] = own["name"]  # the field tells the name, and may be unique
    if not own.get("name"):
        _name_by_rules(doc, meta, autoname)
    return False


def _settle_name(own: dict[str, Any]) -> bool:
    if not own.get("name"):
        own["name"] = hash_name()
        return True
    own["name"] = validate_name(own["doctype"], own["name"])
    return False


def _name_table_row(row: Any, meta: Any, autoname: str) -> None:
    own = row.__dict__
    if not own.get("name") or own.get("__islocal"):
        own["name"] = None
    if autoname == "autoincrement":
        own["name"] = own["name"] or _next_number(row.doctype)
    elif autoname and autoname.lower() != "hash":
        _name_by_rules(row, meta, autoname)
    own["name"] = own.get("name") or hash_name()


def _made_up(name: Any) -> bool:
    return str(name).startswith("new-")


def _name_by_site_or_class(doc: Any) -> None:
    if providers.has("naming_rule"):
        providers("naming_rule", doc)
    if not doc.__dict__.get("name"):
        run_event(doc, "autoname")


def _name_by_rules(doc: Any, meta: Any, autoname: str) -> None:
    _name_by_site_or_class(doc)
    if not doc.__dict__.get("name") and autoname:
        doc.name = name_from_autoname(doc, autoname)
    if (
        not doc.__dict__.get("name")
        and not autoname
        and (
            meta.naming_rule == 'By "Naming Series" field'
            or (meta.has_field("naming_series") and doc.get("naming_series"))
        )
    ):
        doc.name = _from_series_field(doc)


def name_from_autoname(doc: Any, autoname: str) -> Any:
    """Give the name that an `autoname` rule makes for a document; None when the rule is unknown (a hash then)."""
    rule = autoname.strip()
    lowered = rule.lower()
    if lowered.startswith("field:"):
        return _from_field(doc, rule[6:].strip())
    if lowered.startswith("naming_series:"):
        return _from_series_field(doc)
    if lowered == "prompt":
        name = doc.get("name") or doc.__dict__.get("__newname")  # the second is what a form asks for
        if not name:
            throw(_("Please set the document name"))
        return name
    if lowered.startswith("format:"):
        return from_format(rule[7:], doc)
    if "#" in rule:
        return make_autoname(rule, doc=doc)
    return None


def _from_field(doc: Any, fieldname: str) -> str:
    value = str(doc.get(fieldname) if doc.get(fieldname) is not None else "").strip()
    if not value:
        label = doc.meta.get_label(fieldname)
        throw(_("{0} is required").format(_(label)))
    return value


def _from_series_field(doc: Any) -> str:
    series = doc.get("naming_series") or _default_series(doc)
    if not series:
        throw(_("Naming Series mandatory"))
    doc.naming_series = series
    return make_autoname(f"{series}.#####" if "#" not in series else series, doc=doc)


def _default_series(doc: Any) -> str | None:
    options = doc.meta.get_naming_series_options()
    return options[0].strip() if options else None


def from_format(template: str, doc: Any) -> str:
    """Give the name of a `format:` rule: `{field}`, `{YYYY}`, `{MM}`, `{##}` …"""

    def part(match: re.Match[str]) -> str:
        inside = match.group(1).strip()
        if inside and set(inside) == {"#"}:
            return get_series("", len(inside))
        return parse_series([inside], doc=doc)

    return _FORMAT_PART.sub(part, template.strip())


def make_autoname(key: str = "", doctype: str = "", doc: Any = "", *, ignore_validate: bool = False) -> str:
    """Give the next name of a series, e.g. `INV-.YYYY.-.####`; `hash` gives ten random letters and digits.

    Parts between dots: `YYYY`, `YY`, `MM`, `DD`, `WW`, `timestamp`, a field of `doc` (with or without braces), `####`
    the number, anything else itself. Raises `InvalidNamingSeriesError` where a dot is missing before `#`.
    """
    if key == "hash":
        return random_string(10).lower() if not doctype else hash_name()[-10:]
    if not ignore_validate and not _SERIES.fullmatch(key):
        raise InvalidNamingSeriesError(
            _("A naming series has letters, digits, blanks and {0}, not {1}").format("- _ / . # { }", key)
        )
    if "#" in key and "." not in key:
        raise InvalidNamingSeriesError(_("Invalid naming series {0}: dot (.) missing").format(key))
    series = key if "#" in key else f"{key}{DEFAULT_DIGITS}"
    return parse_series(series.split("."), doctype, doc or "")


def parse_series(
    parts: Iterable[str] | str,
    doctype: str = "",
    doc: Any = "",
    number_generator: Callable[[str, int], str] | None = None,
) -> str:
    """Give the text of the parts of a series, taking the next number where `#` stand."""
    generate = number_generator or get_series
    pieces = parts.split(".") if isinstance(parts, str) else list(parts)
    today = now_datetime()
    variables = get_hooks("naming_series_variables", {})
    name = ""
    numbered = False
    for piece in pieces:
        if not piece:
            continue
        if piece.startswith("#"):
            if not numbered:
                name += generate(name, len(piece))
                numbered = True
            continue
        name += _series_part(piece, doc, today, variables)
    return name


_DATE_PARTS: dict[str, Callable[[datetime], str]] = {
    "YY": lambda day: f"{day.year % 100:02d}",
    "YYYY": lambda day: f"{day.year:04d}",
    "MM": lambda day: f"{day.month:02d}",
    "DD": lambda day: f"{day.day:02d}",
    "WW": lambda day: f"{(day.timetuple().tm_yday + 5 - day.weekday()) // 7 + 1:02d}",
    "timestamp": str,
}


def _series_part(piece: str, doc: Any, today: datetime, variables: Any) -> str:
    date_part = _DATE_PARTS.get(piece)
    if date_part is not None:
        return date_part(today)
    custom = _custom_variable(piece, variables) if variables else None
    if custom is not None:
        value = custom(doc, piece)
        return "" if value is None else str(value)
    fieldname = piece.strip("{}").strip()
    if doc and (piece.startswith("{") or _is_field(doc, fieldname)):
        value = doc.get(fieldname)
        return "" if value is None else str(value)
    return piece if not piece.startswith("{") else ""


def _is_field(doc: Any, fieldname: str) -> bool:
    """Tell whether part of a series names a field of the document: one without a value adds nothing to the name."""
    meta = getattr(doc, "meta", None)
    return bool(meta is not None and meta.has_field(fieldname)) or (
        fieldname in ("owner", "creation") and doc.get(fieldname) is not None
    )


def _custom_variable(piece: str, variables: Any) -> Callable[..., Any] | None:
    paths = variables.get(piece) if isinstance(variables, dict) else None
    return hook_function(paths[-1]) if paths else None


# numbers


def get_series(key: str, digits: int, count: int = 1) -> str:
    """Take the next number of the series `key` (`count` of them: the last is given) and write it with `digits`."""
    return f"{take_numbers(key, count):0{digits}d}"


def take_numbers(key: str, count: int = 1) -> int:
    """Take `count` numbers of a series in one statement; give the last. Others wait until this transaction ends."""
    return int(current().db.take_numbers(key, count))


def current_number(key: str) -> int:
    """Give the last number that was taken of a series, 0 when none was."""
    row = current().db.row("SELECT `current` FROM `tabSeries` WHERE `name` = ?", (key,))
    return int(row[0]) if row else 0


def _next_number(doctype: str) -> int:
    return take_numbers(f"autoincrement:{doctype}")


def revert_series_if_last(key: str, name: str, doc: Any = None) -> None:
    """Give a number back to its series when `name` was the last one made of it."""
    if ".#" in key:
        prefix, digits = key.rsplit(".", 1)
        if "#" not in digits:
            digits = "#####"
            prefix = key
    else:
        prefix, digits = key, "#####"
    if "." in prefix or "{" in prefix:
        prefix = parse_series(prefix.split("."), doc=doc)
    tail = name[len(prefix) :]
    if not name.startswith(prefix) or not tail.isdigit():
        return
    number = int(tail)
    current().db.write(
        "UPDATE `tabSeries` SET `current` = `current` - 1 WHERE `name` = ? AND `current` = ?", (prefix, number)
    )


def revert_name(doc: Any) -> None:
    """Give the number of a deleted document back to its series when it was the last."""
    autoname = str(doc.meta.autoname or "")
    if autoname.startswith(("format:", "field:", "hash", "prompt", "autoincrement")):
        return
    series = (
        doc.get("naming_series")
        if autoname.startswith("naming_series:") or doc.meta.has_field("naming_series")
        else autoname
    )
    if series and (doc.meta.has_field("naming_series") or "#" in str(series)):
        revert_series_if_last(str(series), str(doc.name), doc)


# amended documents


def amended_name(doc: Any) -> str:
    """Give the name of an amendment: the original's with -1, -2 …, or the series where the site wants it so."""
    if _amended_by_series(doc.doctype):
        return ""
    original = str(doc.amended_from)
    before = current().db.get_value_by_name(doc.doctype, original, "amended_from")
    if not before:
        return f"{original}-1"
    head, _separator, count = original.rpartition("-")
    return f"{head}-{int(count) + 1}" if count.isdigit() else f"{original}-1"


def _amended_by_series(doctype: str) -> bool:
    if not providers.has("amended_naming"):
        return False
    return bool(providers("amended_naming", doctype))


# checks


def validate_name(doctype: str, name: Any, case: str | None = None) -> Any:
    """Give a name without spaces around it. Raises `NameError` when it is empty or illegal, `InvalidNameError` when too long."""
    if isinstance(name, int):
        if get_plan(doctype).meta.autoname == "autoincrement":
            return name
        name = str(name)
    if not name:
        throw(_("No Name Specified for {0}").format(doctype), NameError)
    text = str(name).strip()
    if text.startswith("New " + doctype):
        throw(_("There were some errors setting the name, please contact the administrator"), NameError)
    if text == doctype and doctype != "DocType" and not _is_single(doctype):
        throw(_("Name of {0} cannot be {1}").format(doctype, text), NameError)
    if len(text) > NAME_LENGTH:
        throw(_("The name {0}… is longer than {1} characters.").format(text[:40], NAME_LENGTH), InvalidNameError)
    if "<" in text or ">" in text:
        throw(_("Name cannot contain special characters like {0}").format("< >"), NameError)
    return text


def _is_single(doctype: str) -> bool:
    try:
        return bool(get_plan(doctype).meta.issingle)
    except DoesNotExistError:
        return False


def append_number_if_name_exists(
    doctype: str, value: str, fieldname: str = "name", separator: str = "-", filters: Any = None
) -> str:
    """Give `value`, with -1, -2 … behind it when a document has it already."""
    database = current().db
    conditions = {**(filters or {}), fieldname: value}
    if not database.get_value(doctype, conditions, "name", order_by=None):
        return value
    pattern = re.compile(re.escape(value) + re.escape(separator) + r"(\d+)\Z")
    rows = database.run(
        database.compile(
            doctype, fields=[fieldname], filters={**(filters or {}), fieldname: ["like", f"{value}{separator}%"]}
        )
    )
    numbers = [int(match.group(1)) for row in rows if (match := pattern.match(str(row[0])))]
    return f"{value}{separator}{max(numbers, default=0) + 1}"
