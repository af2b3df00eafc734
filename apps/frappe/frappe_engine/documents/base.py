"""A document in memory: values as attributes, rows as lists of documents, and how they travel as dicts and JSON.

Invariant: nothing here queries beyond the DocType's definition; saving is `document.py`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from itertools import chain
from typing import Any, Self

from frappe_engine.context.errors import DoesNotExistError, ValidationError
from frappe_engine.context.local import _current
from frappe_engine.documents.docstatus import DocStatus, status_of
from frappe_engine.documents.plans import Plan, get_plan
from frappe_engine.kit.attrdict import _dict
from frappe_engine.kit.jsontext import as_json
from frappe_engine.schema.meta import Meta

SPECIAL_KEYS = ("__islocal", "__onload", "__unsaved", "__run_link_triggers", "__last_sync_on")
_NOT_SET: Any = object()
_PLAIN_SET: Any = object.__setattr__


class BaseDocument:
    """Values of one document. Built from a dict; unknown keys are kept as attributes, as documented."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        doctype = values.get("doctype") or self.__dict__.get("doctype")
        if not doctype:
            raise ValueError("a document needs a doctype")
        fill(self, get_plan(doctype), values)

    @property
    def docstatus(self) -> DocStatus:
        """The status: 0 draft, 1 submitted, 2 cancelled."""
        return status_of(self.__dict__.get("docstatus"))

    @docstatus.setter
    def docstatus(self, value: Any) -> None:
        self.__dict__["docstatus"] = value

    # attributes that are made when asked for

    def __getattr__(self, name: str) -> Any:
        if name == "flags":
            flags = self.__dict__["flags"] = _dict()
            return flags
        if name == "doctype":
            raise AttributeError(name)
        if name[:2] != "__" and "doctype" in self.__dict__:
            meta = get_plan(self.__dict__["doctype"]).meta
            field = meta.by_name.get(name)
            if field is not None and not field.get("is_virtual"):
                if name in meta.table_doctypes:
                    rows: list[Any] = []
                    self.__dict__[name] = rows
                    return rows
                return None
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    @property
    def meta(self) -> Meta:
        """The DocType's definition."""
        return get_plan(self.__dict__["doctype"]).meta

    @property
    def permitted_fieldnames(self) -> list[str]:
        """Names of the fields the user may read."""
        from frappe_engine.access.decisions import permitted_fields  # access knows documents by duck type only

        allowed = permitted_fields(self.meta)
        return [name for name in self.meta.get_valid_fields() if allowed is None or name in allowed]

    # reading and writing values

    def get(self, key: Any, filters: Any = None, limit: int | None = None, default: Any = None) -> Any:
        """Give a value, `default` when it is not there; of a table the rows that fit `filters`."""
        if filters is None and limit is None and type(key) is str:  # nearly every call
            try:
                value = self.__dict__[key]
            except KeyError:
                pass
            else:
                return default if value is None else value
        if isinstance(key, Mapping):
            return _matching(self.get_all_children(), key, limit)
        return self._get_filtered(key, filters, limit, default)

    def _get_filtered(self, key: Any, filters: Any, limit: int | None, default: Any) -> Any:
        value = self.__dict__.get(key, _NOT_SET)
        if value is _NOT_SET:
            value = getattr(self, key, None) if isinstance(key, str) and not key.startswith("__") else None
        if isinstance(value, list) and (filters or limit):
            return _matching(value, filters or {}, limit)
        if default is None and filters is not None and not isinstance(filters, Mapping):
            default = filters  # `doc.get("field", 0)`, as of a dict
        return default if value is None else value

    def getone(self, key: Any, filters: Any = None) -> Any:
        """Give the first row that fits, None when none does."""
        rows = self.get(key, filters=filters, limit=1)
        return rows[0] if rows else None

    def set(self, key: str, value: Any, as_value: bool = False) -> None:
        """Set a value; rows given for a table replace those there, as documents. Names of methods are left alone."""
        controller = type(self)
        if as_value or (
            key in get_plan(self.doctype).plain_fields.get(controller, ()) and controller.__setattr__ is _PLAIN_SET
        ):
            self.__dict__[key] = value
            return
        if is_reserved(type(self), key) and key not in self.meta.by_name:
            return
        child = self.meta.table_doctypes.get(key)
        if child is not None and isinstance(value, (list, tuple)):
            self.__dict__[key] = []
            self.extend(key, value)
        else:
            setattr(self, key, value)

    def update(self, d: Mapping[str, Any] | Iterable[tuple[str, Any]], **values: Any) -> Self:
        """Set several values; `name` first, because rows need it."""
        given = dict(d, **values)
        if "name" in given:
            self.name = given["name"]
        for key, value in given.items():
            self.set(key, value)
        return self

    def update_if_missing(self, d: Any) -> None:
        """Set values where there is none yet, or only an empty one."""
        values = d.get_valid_dict() if isinstance(d, BaseDocument) else d
        own = self.__dict__
        for key, value in values.items():
            if value is not None and own.get(key) is None and not isinstance(value, list):
                self.set(key, value)

    def append(self, key: str, value: Any = None, position: int = -1) -> Any:
        """Add a row to a table (at the end, or before the row at `position`) and give it."""
        rows = self.__dict__.get(key)
        if rows is None:
            rows = self.__dict__[key] = []
        row = self._init_child({} if value is None else value, key)
        if position < 0:
            rows.append(row)
            row.idx = row.idx or len(rows)
        else:
            rows.insert(position, row)
            for number, other in enumerate(rows, start=1):
                other.idx = number
        row.__dict__["_parent_doc"] = self
        return row

    def extend(self, key: str, value: Iterable[Any]) -> None:
        """Add rows to a table."""
        for item in value:
            self.append(key, item)

    def remove(self, doc: Any) -> None:
        """Take a row out of its table; the others are numbered anew."""
        rows = self.__dict__.get(doc.parentfield)
        if rows is None:
            return
        remaining = [row for row in rows if row is not doc]
        rows[:] = remaining
        for number, row in enumerate(remaining, start=1):
            row.idx = number

    def _init_child(self, value: Any, key: str) -> Any:
        doctype = self.meta.table_doctypes.get(key)
        if doctype is None:
            raise AttributeError(key)
        if isinstance(value, BaseDocument):
            row = value
        elif isinstance(value, Mapping):
            row = new_from(get_plan(doctype), {**value, "doctype": doctype})
        else:
            raise TypeError(f"a row of {key} is a dict or a document, not {type(value).__name__}")
        own = row.__dict__
        own["parent"], own["parenttype"], own["parentfield"] = self.__dict__.get("name"), self.doctype, key
        own["docstatus"] = own.get("docstatus") or self.__dict__.get("docstatus") or 0
        if not own.get("name"):
            own["__islocal"] = 1
        return row

    @property
    def parent_doc(self) -> Any:
        """The document this row is of: the one in memory, else the stored one; None when this is no row."""
        if not self.meta.istable:
            return None
        known = self.__dict__.get("_parent_doc")
        if known is None and self.__dict__.get("parent"):
            from frappe_engine.documents.life.loading import get_doc  # loading is the layer above

            known = get_doc(self.parenttype, self.parent)
        return known

    @parent_doc.setter
    def parent_doc(self, value: Any) -> None:
        self.__dict__["_parent_doc"] = value

    def get_parent_doc(self) -> Any:
        """Give the document this row is of."""
        return self.parent_doc

    def get_all_children(self, parenttype: str | None = None) -> list[Any]:
        """Give the rows of all tables, or of the table fields of one DocType."""
        own = self.__dict__
        plan = get_plan(own["doctype"])
        names = plan.tables if parenttype is None else [c.fieldname for c in plan.children if c.doctype == parenttype]
        return [*chain.from_iterable(filter(None, map(own.get, names)))]

    def is_new(self) -> bool:
        """Tell whether the document was not stored yet."""
        return bool(self.__dict__.get("__islocal"))

    def get_valid_columns(self) -> list[str]:
        """Give the names of the columns this document writes."""
        return list(get_plan(self.doctype).columns)

    @property
    def docstatus_name(self) -> str:
        """Draft, Submitted or Cancelled."""
        return ("Draft", "Submitted", "Cancelled")[int(self.__dict__.get("docstatus") or 0)]

    # as dict and JSON

    def get_valid_dict(
        self,
        sanitize: bool = True,
        convert_dates_to_str: bool = False,
        ignore_nulls: bool = False,
        ignore_virtual: bool = False,
    ) -> Any:
        """Give the stored values (and computed ones unless `ignore_virtual`) as a dict."""
        plan = get_plan(self.doctype)
        own = self.__dict__
        values = _dict(zip(plan.columns, map(own.get, plan.columns), strict=True))
        for name in plan.json_fields:
            values[name] = stored_value(values[name], name, self.doctype)
        if ignore_nulls:
            values = _dict((name, value) for name, value in values.items() if value is not None)
        if not ignore_virtual:
            for name in plan.meta.virtual_fieldnames:
                value = self.get_virtual_value(name)
                if not (value is None and ignore_nulls):
                    values[name] = value
        if convert_dates_to_str:
            for name, value in values.items():
                if isinstance(value, (date, datetime, timedelta)):
                    values[name] = str(value)
        return values

    def get_virtual_value(self, fieldname: str) -> Any:
        """Give the value of a computed field: the property of that name, or its formula in the options."""
        if isinstance(getattr(type(self), fieldname, None), property) or fieldname in self.__dict__:
            return getattr(self, fieldname)
        options = self.meta.by_name[fieldname].get("options")
        if (
            not options
            or not isinstance(options, str)
            or self.meta.by_name[fieldname].fieldtype in ("Link", "Select", "Table")
        ):
            return None
        from frappe_engine.expressions.python import safe_eval  # RestrictedPython, only where it is used

        return safe_eval(options, {"doc": self})

    def as_dict(
        self,
        no_nulls: bool = False,
        no_default_fields: bool = False,
        convert_dates_to_str: bool = False,
        no_child_table_fields: bool = False,
        no_private_properties: bool = False,
    ) -> Any:
        """Give the document with its rows as a dict."""
        document = self.get_valid_dict(convert_dates_to_str=convert_dates_to_str, ignore_nulls=no_nulls)
        document["doctype"] = self.doctype
        for child in get_plan(self.doctype).children:
            rows = self.__dict__.get(child.fieldname) or ()
            document[child.fieldname] = [
                row.as_dict(
                    no_nulls=no_nulls,
                    no_default_fields=no_default_fields,
                    convert_dates_to_str=convert_dates_to_str,
                    no_child_table_fields=no_child_table_fields,
                    no_private_properties=no_private_properties,
                )
                for row in rows
            ]
        if no_default_fields:
            for name in ("owner", "creation", "modified", "modified_by", "docstatus", "idx", "name", "doctype"):
                document.pop(name, None)
        if no_child_table_fields:
            for name in ("parent", "parentfield", "parenttype"):
                document.pop(name, None)
        if not no_private_properties:
            for key in SPECIAL_KEYS:
                value = self.__dict__.get(key)
                if value:
                    document[key] = value
        return document

    def as_json(self, indent: int | None = 1) -> str:
        """Give the document as JSON text."""
        return as_json(self.as_dict(), indent=indent)

    def __getstate__(self) -> dict[str, Any]:
        state = dict(self.__dict__)
        for name in ("_parent_doc", "_doc_before_save"):
            state.pop(name, None)
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    def __repr__(self) -> str:
        name = self.__dict__.get("name") or "unsaved"
        parent = f" parent={self.__dict__['parent']}" if self.__dict__.get("parent") else ""
        return f"<{type(self).__name__}: {name}{parent}>"

    def __str__(self) -> str:
        name = self.__dict__.get("name") or "unsaved"
        return f"{type(self).__name__}({name})"

    # labels, formats

    def get_label_from_fieldname(self, fieldname: str) -> str | None:
        """Give the label of a field, None when there is no such field."""
        field = self.meta.get_field(fieldname)
        return field.label if field is not None else None

    def precision(self, fieldname: str, parentfield: str | None = None) -> int | None:
        """Give the number of decimals of a number field (of the rows in `parentfield`): its own, else the site's.

        None for fields that are not numbers with decimals.
        """
        from frappe_engine.documents.precision import field_precision  # settings of the site

        meta = get_plan(self.meta.table_doctypes[parentfield]).meta if parentfield else self.meta
        field = meta.get_field(fieldname)
        return None if field is None else field_precision(field, self)

    def get_formatted(
        self,
        fieldname: str,
        doc: Any = None,
        currency: str | None = None,
        absolute_value: bool = False,
        translated: bool = False,
        format: Any = None,
    ) -> Any:
        """Give a value as people read it."""
        from frappe_engine.documents.precision import format_field  # settings of the site

        return format_field(
            self, fieldname, doc=doc or self, currency=currency, absolute_value=absolute_value, translated=translated
        )

    def is_print_hide(self, fieldname: str, df: Any = None, for_print: bool = True) -> bool:
        """Tell whether a field is left out of prints."""
        field = df or self.meta.get_field(fieldname)
        return bool(field is not None and (field.get("print_hide") or (for_print and field.get("hidden"))))

    def in_format_data(self, fieldname: str) -> bool:
        """Tell whether a print format wants a field (all, unless it lists some)."""
        wanted = self.__dict__.get("format_data_map") or {}
        return not wanted or fieldname in wanted

    def reset_values_if_no_permlevel_access(
        self, has_access_to: Iterable[int], high_permlevel_fields: Iterable[Any]
    ) -> None:
        """Put back the stored (or default) values of fields above the user's levels."""
        allowed = set(has_access_to)
        stored = self._stored_values()
        for field in high_permlevel_fields:
            if int(field.permlevel) not in allowed and field.fieldtype not in (
                "Section Break",
                "Column Break",
                "Tab Break",
            ):
                self.set(field.fieldname, stored.get(field.fieldname))

    def _stored_values(self) -> Mapping[str, Any]:
        before = self.__dict__.get("_doc_before_save")
        if before is not None:
            return before.__dict__  # type: ignore[no-any-return]
        return {}

    def cast(self, value: Any, df: Any) -> Any:
        """Give a value as the type of a field."""
        plan = get_plan(self.doctype)
        if df.fieldname in plan.number_casts:
            return plan.number_casts[df.fieldname][0](value)
        for field, cast_time in plan.time_casts:
            if field.fieldname == df.fieldname:
                return cast_time(value)
        return value


def fill(document: BaseDocument, plan: Plan, values: Mapping[str, Any]) -> None:
    """Put values into an empty document; fields without one are None, tables empty."""
    own = document.__dict__
    own.update(plan.blank)
    own["doctype"] = plan.meta.name
    for child in plan.children:
        own[child.fieldname] = []
    name = values.get("name")
    if name is not None:
        own["name"] = name
    plain = plan.plain_fields.get(type(document)) or _plain_fields(type(document), plan)
    for key, value in values.items():
        if key in plain:  # nearly always
            own[key] = value
        elif key != "doctype":
            _put(document, plan, key, value)


def _put(document: BaseDocument, plan: Plan, key: str, value: Any) -> None:
    """Put a value where it belongs: rows into their table, what a property takes through it; what is reserved nowhere."""
    controller, meta = type(document), plan.meta
    if (key in _reserved(controller) or key[:1] == "_") and key not in meta.by_name and not _may_be_given(key):
        return
    properties = _properties(controller)
    if key in meta.table_doctypes:
        if value and not isinstance(value, (list, tuple)):
            raise ValidationError(f"{key} holds rows: a list is expected, not {value!r:.60}")
        document.extend(key, value or ())
    elif key in properties:
        if properties[key]:
            setattr(document, key, value)
    else:
        document.__dict__[key] = value


def _plain_fields(controller: type, plan: Plan) -> frozenset[str]:
    """Give the fields that take a value as it is given: those that hold no rows and have no property of their own."""
    names = plan.meta.by_name.keys() - plan.meta.table_doctypes.keys() - _properties(controller).keys() - {"doctype"}
    plan.plain_fields[controller] = frozenset(names)
    return plan.plain_fields[controller]


_PRIVATE_COLUMNS = frozenset({"_user_tags", "_comments", "_assign", "_liked_by", "_seen"})
_reserved_cache: dict[type, frozenset[str]] = {}


def _reserved(controller: type) -> frozenset[str]:
    """Names that values may not take: those of methods, and what the life cycle keeps for itself."""
    known = _reserved_cache.get(controller)
    if known is None:
        methods = {name for klass in controller.__mro__ for name, value in vars(klass).items() if callable(value)}
        known = _reserved_cache[controller] = frozenset(methods | {"flags", "meta"})
    return known


def _may_be_given(key: str) -> bool:
    return key in _PRIVATE_COLUMNS or (key[:2] == "__" and key[-2:] != "__")


def is_reserved(controller: type, key: str) -> bool:
    """Tell whether `key` names a method or something of the life cycle, which a value from outside may not replace."""
    return (key in _reserved(controller) or key[:1] == "_") and not _may_be_given(key)


_property_cache: dict[type, dict[str, bool]] = {}


def _properties(controller: type) -> dict[str, bool]:
    """The class's properties by name, and whether each can be set."""
    known = _property_cache.get(controller)
    if known is None:
        known = {}
        for klass in reversed(controller.__mro__):
            for name, value in vars(klass).items():
                if isinstance(value, property):
                    known[name] = value.fset is not None
        _property_cache[controller] = known
    return known


def new_from(plan: Plan, values: Mapping[str, Any]) -> Any:
    """Make a document in memory from a dict."""
    return plan.controller(values)


def from_row(plan: Plan, row: tuple[Any, ...]) -> Any:
    """Make a document from a stored row, fast: no conversion, no defaults. Tables are left empty."""
    controller = plan.controller
    if controller.__init__ is _document_init():
        document = controller.__new__(controller)
        own = document.__dict__
        own["doctype"] = plan.meta.name
        own.update(zip(plan.columns, row, strict=True))
        for child in plan.children:
            own[child.fieldname] = []
        return document
    return controller({**dict(zip(plan.columns, row, strict=True)), "doctype": plan.meta.name})


@cache
def _document_init() -> Callable[..., None]:
    from frappe_engine.documents.life.loading import Loading  # a class of the layer above

    return Loading.__init__


def _matching(rows: Iterable[Any], filters: Any, limit: int | None) -> list[Any]:
    found: list[Any] = []
    for row in rows:
        if _fits(row, filters):
            found.append(row)
            if limit and len(found) >= limit:
                break
    return found


def _fits(row: Any, filters: Any) -> bool:
    if not isinstance(filters, Mapping):
        filters = {entry[-3]: (entry[-2], entry[-1]) for entry in filters}
    for key, wanted in filters.items():
        value = row.get(key)
        if isinstance(wanted, bool):
            if bool(value) != wanted:
                return False
        elif isinstance(wanted, (list, tuple)) and len(wanted) == 2 and isinstance(wanted[0], str):
            if not compare(value, wanted[0], wanted[1]):
                return False
        elif isinstance(wanted, str) and wanted.startswith("^"):
            if not str(value or "").startswith(wanted[1:]):
                return False
        elif value != wanted:
            return False
    return True


def compare(value: Any, condition: str, wanted: Any) -> bool:
    """Compare two values by an operator of list filters (=, !=, >, <, >=, <=, in, not in, like, not like, is)."""
    operation = _COMPARISONS.get(condition.lower())
    if operation is None:
        return False
    try:
        return bool(operation(value, wanted))
    except TypeError:
        return False


def _like(value: Any, pattern: Any) -> bool:
    text, wanted = str(value or "").lower(), str(pattern or "").lower()
    core = wanted.strip("%")
    if wanted.startswith("%") and wanted.endswith("%"):
        return core in text
    if wanted.startswith("%"):
        return text.endswith(core)
    return text.startswith(core) if wanted.endswith("%") else text == core


_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "=": lambda a, b: a == b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    ">": lambda a, b: a > b,
    "<": lambda a, b: a < b,
    ">=": lambda a, b: a >= b,
    "<=": lambda a, b: a <= b,
    "in": lambda a, b: a in b,
    "not in": lambda a, b: a not in b,
    "like": _like,
    "not like": lambda a, b: not _like(a, b),
    "is": lambda a, b: (a not in (None, "")) == (str(b).lower() == "set"),
    "not none": lambda a, b: a is not None,
    "none": lambda a, b: a is None,
}


def stored_value(value: Any, fieldname: str, doctype: str) -> Any:
    """Give a value as it is stored: lists and dicts become JSON. Raises `TypeError` for what has no form."""
    if isinstance(value, (list, dict, tuple)):
        return json.dumps(value, default=str, ensure_ascii=False, separators=(",", ":"))
    return value


def missing(doctype: str, name: Any) -> DoesNotExistError:
    """Make the error for a document that is not there."""
    error = DoesNotExistError(f"{doctype} {name} not found")
    error.doctype = doctype  # type: ignore[attr-defined]
    return error


def session_user() -> str:
    """Give the user who asks; Administrator where there is no session (installing, commands)."""
    try:
        user = _current.get().session["user"]
    except (LookupError, AttributeError, TypeError):
        return "Administrator"
    return str(user) if user else "Administrator"
