"""What the engine does with documents of one DocType, worked out once: statements, casts, checks, handlers.

Invariant: a plan belongs to one `Meta` and one list of installed apps and never changes; when either changes, a new
plan is made. Nothing here is specific to any DocType by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from frappe_engine.context.hooks import get_hooks, hook_function
from frappe_engine.context.local import Context, _current, current, providers
from frappe_engine.database.database import process_cache_of
from frappe_engine.documents.controllers import get_controller
from frappe_engine.documents.metas import get_meta
from frappe_engine.kit.columns import INTEGER_TYPES, VARCHAR_LENGTH, column_type
from frappe_engine.kit.dates import get_datetime, getdate, to_timedelta
from frappe_engine.kit.numbers import cint, flt
from frappe_engine.schema.meta import DocField, Meta


class NotANumber(ValueError):
    """A text in a number field."""


def _to_int(value: Any) -> int:
    if value is None or value == "":
        return 0
    if isinstance(value, str):
        return int(_number(value))
    if isinstance(value, (int, float)):
        return int(value)
    return cint(value)


def _to_float(value: Any) -> float:
    if value is None or value == "":
        return 0.0
    if isinstance(value, str):
        return _number(value)
    return flt(value)


def _to_rating(value: Any) -> float:
    """Stars are a share of all stars, from 0 to 1."""
    return min(max(_to_float(value), 0.0), 1.0)


def _to_nullable_float(value: Any) -> float | None:
    return None if value is None or value == "" else _to_float(value)


def _number(text: str) -> float:
    plain = text.replace(",", "").strip()
    try:
        number = float(plain)
    except ValueError:
        lowered = plain.lower()
        if lowered in ("true", "yes"):
            return 1.0
        if lowered in ("false", "no"):
            return 0.0
        raise NotANumber(text) from None
    if number != number or number in (float("inf"), float("-inf")):
        raise NotANumber(text)
    return number


def _to_check(value: Any) -> int:
    return 1 if _to_int(value) else 0


def _to_date(value: Any) -> Any:
    return None if value in (None, "") else getdate(_year_first(value))


def _to_moment(value: Any) -> Any:
    return None if value in (None, "") else get_datetime(_year_first(value))


def _year_first(value: Any) -> Any:
    """A text that does not begin with its year is no date here: day and month would be a guess."""
    if isinstance(value, str) and not value.strip()[:4].isdigit():
        raise ValueError(f"{value!r} does not begin with a year")
    return value


def _to_time(value: Any) -> Any:
    return None if value in (None, "") else to_timedelta(str(value) if not isinstance(value, timedelta) else value)


NUMBER_CASTS: dict[str, Callable[[Any], Any]] = {
    "Check": _to_check,
    "Int": _to_int,
    "Long Int": _to_int,
    "Currency": _to_float,
    "Float": _to_float,
    "Percent": _to_float,
    "Rating": _to_rating,
    "Duration": _to_nullable_float,
}
TIME_CASTS: dict[str, Callable[[Any], Any]] = {"Date": _to_date, "Datetime": _to_moment, "Time": _to_time}
SETTLED: dict[str, tuple[type, ...]] = {
    "Check": (int,),
    "Int": (int,),
    "Long Int": (int,),
    "Currency": (float,),
    "Float": (float,),
    "Percent": (float,),
    "Date": (date,),
    "Datetime": (datetime,),
    "Time": (timedelta,),
}

PYTHON_MODES = {"Python": "exec", "PythonExpression": "eval"}
FORMATS = frozenset({"Email", "Phone", "URL", "Name"})
EVENTS_OF_OTHERS = "document_event"
SANITIZED = frozenset(
    {
        "Data",
        "Small Text",
        "Text",
        "Text Editor",
        "Long Text",
        "Select",
        "Link",
        "Dynamic Link",
        "Read Only",
        "Autocomplete",
    }
)


@dataclass(slots=True)
class ChildPlan:
    """One table field: its name, the DocType of its rows and their plan's statements."""

    fieldname: str
    doctype: str
    field: DocField


@dataclass(slots=True)
class Plan:
    """Everything worked out for one DocType."""

    meta: Meta
    controller: Any
    columns: tuple[str, ...]
    select_sql: str
    insert_sql: str
    update_columns: tuple[str, ...]
    update_sql: str
    select_rows_sql: str
    children: tuple[ChildPlan, ...]
    tables: tuple[str, ...]  # the names of their fields
    child_doctypes: tuple[str, ...]
    number_casts: Mapping[str, tuple[Callable[[Any], Any], Any]]  # how a field makes a number, and what of nothing
    number_types: tuple[type, ...]  # in the same order: the types that are numbers of these fields already
    switches: tuple[str, ...]
    time_casts: tuple[tuple[DocField, Callable[[Any], Any]], ...]
    text_lengths: Mapping[str, int]
    shortest_text: int  # of those: the length that is long enough for no field
    sanitized: tuple[str, ...]
    mandatory: tuple[DocField, ...]
    selects: tuple[tuple[DocField, frozenset[str]], ...]
    non_negative: tuple[DocField, ...]
    formatted: tuple[DocField, ...]
    defaults: tuple[DocField, ...]
    passwords: tuple[DocField, ...]
    links: Mapping[str, DocField]
    link_targets: tuple[tuple[DocField, str], ...]
    dynamic_links: tuple[DocField, ...]
    fetches_links: bool  # what is fetched through a link may be a link
    fetched: Mapping[str, tuple[tuple[str, str, bool], ...]]
    fetched_when_submitted: Mapping[str, tuple[tuple[str, str, bool], ...]]
    constants: tuple[DocField, ...]
    json_fields: tuple[str, ...]
    number_blanks: Mapping[str, float]
    number_limits: Mapping[str, float]
    smallest_limit: float
    python_fields: tuple[tuple[DocField, str], ...]
    uniques: tuple[str, ...]
    doc_events: Mapping[str, tuple[Callable[..., Any], ...]]
    blank: Mapping[str, Any]
    is_hashed: bool  # documents get a hash for a name, unless rules of the site or a controller say otherwise
    event_handlers: dict[tuple[type, str], bool] = field(default_factory=dict)
    default_rules: Any = None  # made by `defaults` when first asked for
    plain_fields: dict[type, frozenset[str]] = field(default_factory=dict)  # by class, made by `base` likewise
    checks: Any = None  # the checks that its fields ask for, made by `validation` likewise

    def wants(self, controller: type, event: str) -> bool:
        """Tell whether anybody listens to `event` of documents of this class."""
        key = (controller, event)
        known = self.event_handlers.get(key)
        if known is None:
            known = hasattr(controller, event) or event in self.doc_events
            self.event_handlers[key] = known
        return known


def get_plan(doctype: str) -> Plan:
    """Give the plan of a DocType. Raises `DoesNotExistError` when there is no such DocType."""
    try:  # nearly always: asked for hundreds of times a document
        return _current.get().definitions.plans[doctype]  # type: ignore[no-any-return]
    except (LookupError, AttributeError):
        return _plan_of(doctype, current())


def _plan_of(doctype: str, context: Context) -> Plan:
    cache = process_cache_of(context)
    generation = cache.generation
    plan: Plan = cache.get_or_load(f"plan|{doctype}", lambda: make_plan(get_meta(doctype)))
    if generation == cache.generation and "definitions_changed" not in context.__dict__:
        cache.definitions.plans[doctype] = plan
    return plan


def make_plan(meta: Meta) -> Plan:
    """Work out the plan of a DocType."""
    columns = tuple(meta.valid_columns)
    table = f"tab{meta.name}"
    quoted = ", ".join(f"`{name}`" for name in columns)
    update_columns = tuple(name for name in columns if name not in ("name", "creation", "owner"))
    written = frozenset(columns)
    stored = [item for item in meta.data_fields if item.fieldname in written]
    return Plan(
        meta=meta,
        controller=get_controller(meta.name),
        columns=columns,
        select_sql=f"SELECT {quoted} FROM `{table}` WHERE `name` = ?",
        insert_sql=f"INSERT INTO `{table}` ({quoted}) VALUES ({', '.join('?' * len(columns))})",
        update_columns=update_columns,
        update_sql=f"UPDATE `{table}` SET {', '.join(f'`{name}` = ?' for name in update_columns)} WHERE `name` = ?",
        select_rows_sql=(
            f"SELECT {quoted} FROM `{table}` WHERE `parent` = ? AND `parenttype` = ? ORDER BY `idx`" if meta.istable else ""
        ),
        children=tuple(ChildPlan(f.fieldname, f.options, f) for f in meta.table_fields),
        tables=tuple(f.fieldname for f in meta.table_fields),
        child_doctypes=tuple(dict.fromkeys(f.options for f in meta.table_fields)),
        **_numbers(stored),
        switches=tuple(f.fieldname for f in stored if f.fieldtype == "Check"),
        time_casts=tuple((f, TIME_CASTS[f.fieldtype]) for f in stored if f.fieldtype in TIME_CASTS),
        **_bounds(stored),
        sanitized=tuple(f.fieldname for f in stored if f.fieldtype in SANITIZED and not f.get("ignore_xss_filter")),
        mandatory=tuple(f for f in meta.fields if f.get("reqd")),
        selects=tuple(_selects(meta)),
        non_negative=tuple(f for f in stored if f.get("non_negative")),
        formatted=tuple(f for f in stored if f.fieldtype == "Phone" or (f.fieldtype == "Data" and f.options in FORMATS)),
        defaults=tuple(f for f in meta.fields if _may_have_default(f)),
        passwords=tuple(f for f in stored if f.fieldtype == "Password"),
        **_linking(meta),
        constants=tuple(f for f in meta.fields if f.get("set_only_once")),
        json_fields=tuple(f.fieldname for f in stored if f.fieldtype == "JSON"),
        python_fields=tuple(
            (f, PYTHON_MODES[f.options]) for f in stored if f.fieldtype == "Code" and f.options in PYTHON_MODES
        ),
        uniques=tuple(f.fieldname for f in stored if f.get("unique") and f.fieldtype not in NUMBER_CASTS),
        doc_events=_doc_events(meta.name),
        blank=meta.blank,
        is_hashed=_is_hashed(meta),
    )  # fmt: skip


def _numbers(stored: list[DocField]) -> dict[str, Any]:
    """Give the parts of a plan about numbers."""
    fields = {item.fieldname: item.fieldtype for item in stored if item.fieldtype in NUMBER_CASTS}
    return {
        "number_casts": {name: (NUMBER_CASTS[kind], NUMBER_CASTS[kind](None)) for name, kind in fields.items()},
        "number_types": tuple(SETTLED.get(kind, (float,))[0] for kind in fields.values()),
        "number_blanks": {name: 0 for name, kind in fields.items() if kind != "Duration"},
    }


def _bounds(stored: list[DocField]) -> dict[str, Any]:
    """Give the parts of a plan about how long texts and how large numbers may be."""
    lengths = dict(_lengths(stored))
    limits = {item.fieldname: limit for item in stored if (limit := largest_number(item))}
    return {
        "text_lengths": lengths,
        "shortest_text": min(lengths.values(), default=0),
        "number_limits": limits,
        "smallest_limit": min(limits.values(), default=0),
    }


def _is_hashed(meta: Meta) -> bool:
    by_series = meta.naming_rule == 'By "Naming Series" field' or meta.has_field("naming_series")
    return str(meta.autoname or "hash") == "hash" and not (meta.istable or meta.issingle or by_series)


def _lengths(stored: list[DocField]) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    for item in stored:
        kind = column_type(item.fieldtype, int(item.get("length") or 0))
        if kind is not None and kind.mariadb.startswith("varchar"):
            found.append((item.fieldname, min(int(item.get("length") or VARCHAR_LENGTH), 1000)))
        elif kind is not None and kind.mariadb == "text":
            found.append((item.fieldname, int(item.get("length") or 0) or 65_535 // 4))
    return found


def largest_number(item: DocField) -> float | None:
    """Give the largest number a field's column holds, None for those that hold any."""
    if item.fieldtype == "Check" or item.fieldtype not in NUMBER_CASTS:
        return None
    if item.fieldtype in INTEGER_TYPES:
        wide = item.fieldtype == "Long Int" or int(item.get("length") or 0) > 11
        return 2**63 - 1 if wide else 2**31 - 1
    return None if item.fieldtype == "Rating" else 10**12 - 1


def _selects(meta: Meta) -> list[tuple[DocField, frozenset[str]]]:
    found: list[tuple[DocField, frozenset[str]]] = []
    for item in meta.get_select_fields():
        if item.fieldname == "naming_series" or not item.options or item.get("is_virtual"):
            continue
        options = [line.strip() for line in str(item.options).split("\n")]
        if any(options):
            found.append((item, frozenset(options)))
    return found


def _may_have_default(item: DocField) -> bool:
    if item.fieldtype in (
        "Section Break",
        "Column Break",
        "Tab Break",
        "HTML",
        "Button",
        "Image",
        "Table",
        "Table MultiSelect",
        "Heading",
    ):
        return False
    return bool(item.get("default")) or (item.fieldtype in ("Link", "Select", "Time") and not item.get("is_virtual"))


def _fetched(meta: Meta, *, when_submitted: bool = False) -> dict[str, tuple[tuple[str, str, bool], ...]]:
    """Per link field what is fetched through it: (own field, field of the linked document, only when empty).

    With `when_submitted` only what may change after submit.
    """
    found: dict[str, list[tuple[str, str, bool]]] = {}
    for item in meta.get_fields_to_fetch():
        if item.get("is_virtual") or (when_submitted and not item.get("allow_on_submit")):
            continue
        link, _separator, source = item.fetch_from.partition(".")
        link, source = link.strip(), source.strip()
        if source and meta.has_field(link):
            found.setdefault(link, []).append((item.fieldname, source, bool(item.get("fetch_if_empty"))))
    return {link: tuple(entries) for link, entries in found.items()}


def _linking(meta: Meta) -> dict[str, Any]:
    """Give the parts of a plan about links and what is fetched through them."""
    links = tuple(f for f in meta.link_fields if not f.get("is_virtual"))
    dynamic_links = tuple(f for f in meta.dynamic_link_fields if not f.get("is_virtual"))
    fetched = _fetched(meta)
    own = {fieldname for entries in fetched.values() for fieldname, _source, _only_empty in entries}
    linking = {f.fieldname for f in (*links, *dynamic_links)} | {f.options for f in dynamic_links}
    return {
        "links": {f.fieldname: f for f in links},
        "link_targets": tuple((f, f.options) for f in links),
        "dynamic_links": dynamic_links,
        "fetches_links": not own.isdisjoint(linking),
        "fetched": fetched,
        "fetched_when_submitted": _fetched(meta, when_submitted=True),
    }


def _doc_events(doctype: str) -> dict[str, tuple[Callable[..., Any], ...]]:
    """Functions of apps per event: those for this DocType, then those for every DocType."""
    hooks = get_hooks("doc_events", {})
    if not isinstance(hooks, Mapping):
        return {}
    events: dict[str, list[str]] = {}
    for key in _event_keys(hooks, doctype):
        for event, paths in hooks[key].items():
            events.setdefault(event, []).extend(path for path in _flat(paths))
    return {event: tuple(hook_function(path) for path in paths) for event, paths in events.items()}


def _event_keys(hooks: Mapping[Any, Any], doctype: str) -> list[Any]:
    own = [key for key in hooks if key == doctype or (isinstance(key, tuple) and doctype in key)]
    return [*own, *(["*"] if "*" in hooks else [])]


def _flat(paths: Any) -> list[str]:
    if isinstance(paths, str):
        return [paths]
    return [inner for path in paths for inner in _flat(path)]


def listeners(event: str) -> bool:
    """Tell whether higher layers (notifications, webhooks, server scripts) listen to document events at all."""
    return providers.has(EVENTS_OF_OTHERS)
