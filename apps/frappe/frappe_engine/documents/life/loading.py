"""Reading documents and making new ones; what a document knows of its stored copy.

Invariant: a document that was read has all its rows, and every row knows its document.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn, Self

from frappe_engine.context.errors import DoesNotExistError, ValidationError
from frappe_engine.context.local import current, providers
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.database.database import cast_single
from frappe_engine.documents.base import BaseDocument, fill, from_row, missing, session_user
from frappe_engine.documents.controllers import get_controller
from frappe_engine.documents.defaults import new_values
from frappe_engine.documents.plans import NUMBER_CASTS, TIME_CASTS, Plan, get_plan
from frappe_engine.documents.validation import same_value
from frappe_engine.kit.attrdict import _dict


class Loading(BaseDocument):
    """A document that can be read, and compared with what was stored before."""

    # how the document was before this save (None while it is inserted), and what this save does
    _doc_before_save: Any = None
    _action: str | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        first = args[0] if args else kwargs or None
        if type(first) is dict or isinstance(first, Mapping):
            given = first
            doctype = given.get("doctype") or self.__dict__.get("doctype") or getattr(type(self), "doctype", None)
            if not isinstance(doctype, str):
                raise ValidationError("The DocType is missing")
            plan = get_plan(doctype)
            self.__dict__["__islocal"] = given.get("__islocal")
            fill(self, plan, given)
            return
        if not isinstance(first, str):
            raise ValueError("Document(...) takes a dict, or a DocType and a name")
        self.__dict__["doctype"] = first
        self.__dict__["name"] = args[1] if len(args) > 1 else first
        if isinstance(self.__dict__["name"], Mapping):
            self.__dict__["name"] = _name_for(first, self.__dict__["name"])
        self.__dict__.setdefault("flags", _dict())["for_update"] = kwargs.get("for_update")
        self.load_from_db()

    def load_from_db(self) -> Self:
        """Read the stored values and rows into this document. Raises `DoesNotExistError`."""
        flags = self.__dict__.get("flags")
        stored = load(self.doctype, self.name, for_update=bool(flags and flags.get("for_update")))
        own = self.__dict__
        own.clear()
        own.update(stored.__dict__)
        if flags is not None:
            own["flags"] = flags
        for row in self.get_all_children():
            row.__dict__["_parent_doc"] = self
        return self

    def reload(self) -> Self:
        """Read the stored document again."""
        return self.load_from_db()

    def get_latest(self) -> Self:
        """Give the stored document as it is now."""
        latest = self.__dict__.get("_latest")
        if latest is None:
            latest = self.__dict__["_latest"] = get_doc(self.doctype, self.name)
        return latest  # type: ignore[no-any-return]

    def load_doc_before_save(self, *, raise_exception: bool = False) -> None:
        """Keep the stored copy, locked, for comparing. Raises `DoesNotExistError` when asked to."""
        self.__dict__["_doc_before_save"] = None
        if self.is_new():
            return
        try:
            self.__dict__["_doc_before_save"] = get_doc(self.doctype, self.name, for_update=True)
        except DoesNotExistError:
            if raise_exception:
                raise

    def get_doc_before_save(self) -> Any:
        """Give the copy that was stored before this save, None for a new document."""
        return self.__dict__.get("_doc_before_save")

    def has_value_changed(self, fieldname: str) -> bool:
        """Tell whether this save changes a field (true for new documents)."""
        before = self.get_doc_before_save()
        if before is None:
            return True
        old, new = before.get(fieldname), self.get(fieldname)
        if isinstance(new, list) or isinstance(old, list):
            return [r.as_dict() for r in old or []] != [r.as_dict() for r in new or []]
        return not same_value(old, new)

    def get_value_before_save(self, fieldname: str) -> Any:
        """Give the stored value of a field before this save."""
        before = self.get_doc_before_save()
        return before.get(fieldname) if before is not None else None

    def is_child_table_same(self, fieldname: str) -> bool:
        """Tell whether a table's rows are as they were stored, in their order; what only the engine sets is left aside."""
        before = self.get_doc_before_save()
        own, stored = self.get(fieldname) or [], (before.get(fieldname) or []) if before is not None else []
        return len(own) == len(stored) and all(_same_row(row, old) for row, old in zip(own, stored, strict=True))

    def db_get(self, fieldname: str) -> Any:
        """Give the stored value of a field."""
        return current().db.get_value(self.doctype, self.name, fieldname)

    def get_db_value(self, key: str) -> Any:
        """Give the stored value of a field."""
        return self.db_get(key)


def _same_row(row: Any, stored: Any) -> bool:
    """Tell whether two rows hold the same values."""
    ignored = ("modified", "modified_by", "creation", "owner")
    names = [name for name in row.get_valid_dict() if name not in ignored]
    return all(row.get(name) == stored.get(name) for name in names)


def load(doctype: str, name: Any, *, for_update: bool = False) -> Any:
    """Read a stored document with its rows. Raises `DoesNotExistError`."""
    plan = get_plan(doctype)
    if plan.meta.issingle:
        return _load_single(plan, for_update)
    if plan.meta.is_virtual:  # it has no table: what its controller does not load is not there
        refuse_missing(doctype, name)
    database = current().db
    if for_update:
        query = plan.select_sql if database.is_sqlite else f"{plan.select_sql} FOR UPDATE"
        row = database.write(query, (name,)).fetchone()
        database.transaction_writes -= 1
    else:
        row = database.row(plan.select_sql, (name,))
    if row is None:
        refuse_missing(doctype, name)
    document = from_row(plan, row)
    _load_tables(document, plan)
    return document


def refuse_missing(doctype: str, name: Any) -> NoReturn:
    """Raise `DoesNotExistError` for a document that is not there, with a message."""
    throw(_("{0} {1} not found").format(_(doctype), name), missing(doctype, name))


def _load_single(plan: Plan, for_update: bool) -> Any:
    meta = plan.meta
    stored = current().db.get_singles_dict(meta.name, for_update=for_update)
    if not stored:
        document = new_doc(meta.name)
        document.__dict__["name"] = meta.name
        document.__dict__["__islocal"] = False
    else:
        values = {
            key: _single_value(meta.column_types.get(key, "Data"), value)
            for key, value in stored.items()
            if meta.has_field(key) or key in meta.column_types
        }
        document = plan.controller({**values, "doctype": meta.name, "name": meta.name})
    _load_tables(document, plan)
    return document


def _single_value(fieldtype: str, value: Any) -> Any:
    """Numbers as numbers; dates stay text, as the public API gives them."""
    return value if fieldtype in ("Date", "Datetime", "Time", "Duration") else cast_single(fieldtype, value)


def _load_tables(document: Any, plan: Plan) -> None:
    if not plan.children:
        return
    own = document.__dict__
    fields: dict[str, list[str]] = {}
    for child in plan.children:
        own[child.fieldname] = []
        fields.setdefault(child.doctype, []).append(child.fieldname)
    for fieldname, rows in load_rows(plan.meta.name, own["name"], fields).items():
        own[fieldname] = rows
        for row in rows:
            row.__dict__["_parent_doc"] = document


def load_rows(doctype: str, name: Any, fields: Mapping[str, list[str]]) -> dict[str, list[Any]]:
    """Read the rows of a document: per DocType of rows its table fields; one query each."""
    database = current().db
    found: dict[str, list[Any]] = {}
    for child_doctype, names in fields.items():
        plan = get_plan(child_doctype)
        if plan.meta.is_virtual:
            continue
        position = plan.columns.index("parentfield")
        for row in database.rows(plan.select_rows_sql, (name, doctype)):
            if row[position] in names:
                found.setdefault(row[position], []).append(from_row(plan, row))
    return found


def get_doc(*args: Any, **kwargs: Any) -> Any:
    """Give a document: stored (`doctype, name`; `doctype, filters`; `doctype` of a Single) or new (a dict, keywords).

    With `for_update=True` its row is locked until the transaction ends. Raises `DoesNotExistError`.
    """
    for_update = bool(kwargs.pop("for_update", None)) if args and isinstance(args[0], str) else None
    if args:
        first = args[0]
        if isinstance(first, BaseDocument):
            return first
        if isinstance(first, str):
            return _stored(first, args[1:], for_update=bool(for_update), **kwargs)
        if type(first) is dict or isinstance(first, Mapping):
            kwargs = {**first, **kwargs}
        else:
            raise ValueError("First non keyword argument must be a string or dict")
    doctype = kwargs.get("doctype")
    if not doctype:
        raise ValueError('"doctype" is a required key')
    if not isinstance(doctype, str):
        raise ValidationError(_("The DocType is a text"))
    if kwargs.get("for_update") is not None and len(kwargs) <= 3 and kwargs.get("name"):
        kwargs.pop("for_update")
    controller = _controller_or_import_error(doctype)
    document = controller(kwargs)
    return document


def _controller_or_import_error(doctype: str) -> type:
    try:
        return get_controller(doctype)
    except DoesNotExistError as error:
        raise ImportError(
            f"Module import failed for {doctype}, the DocType you're trying to open might be deleted. Error: {error}"
        ) from error


def is_single_without_name(doctype: str, name: Any = None) -> bool:
    """Tell whether a Single is meant: who asks for one need not name it."""
    return name in (None, "") and bool(get_plan(doctype).meta.issingle)


def _stored(doctype: str, rest: tuple[Any, ...], *, for_update: bool, **_kwargs: Any) -> Any:
    controller: Any = _controller_or_import_error(doctype)
    name: Any = rest[0] if rest else _kwargs.get("name", doctype)
    if isinstance(name, Mapping) or (isinstance(name, list) and name):
        name = _name_for(doctype, name)
    if is_single_without_name(doctype, name):
        name = doctype
    elif name is None:
        refuse_missing(doctype, name)
    if _loads_plainly(controller):
        return load(doctype, name, for_update=for_update)
    document = controller.__new__(controller)
    document.__init__(doctype, name, for_update=for_update)
    return document


def _loads_plainly(controller: Any) -> bool:
    return controller.__init__ is Loading.__init__ and controller.load_from_db is Loading.load_from_db


def has_plain_row(doctype: str) -> bool:
    """Tell whether a stored document of this DocType is what its row holds, and nothing its controller adds."""
    _controller_or_import_error(doctype)
    plan = get_plan(doctype)
    return not (plan.meta.issingle or plan.meta.is_virtual) and _loads_plainly(plan.controller)


def _name_for(doctype: str, filters: Any) -> Any:
    name = current().db.get_value(doctype, filters, "name")
    if name is None:
        refuse_missing(doctype, filters)
    return name


def get_lazy_doc(doctype: str, name: Any, *, for_update: bool = False) -> Any:
    """Give a stored document (rows are read at once here)."""
    return get_doc(doctype, name, for_update=for_update)


def get_single(doctype: str) -> Any:
    """Give the document of a Single."""
    return get_doc(doctype, doctype)


def get_last_doc(
    doctype: str, filters: Any = None, order_by: str = "creation desc", *, for_update: bool = False
) -> Any:
    """Give the newest document that fits. Raises `DoesNotExistError`."""
    database = current().db
    rows = database.run(
        database.compile(doctype, fields=["name"], filters=filters, order_by=order_by, limit=1, fold=True)
    )
    if not rows:
        throw(_("No documents found for {0}").format(_(doctype)), DoesNotExistError)
    return get_doc(doctype, rows[0][0], for_update=for_update)


def new_doc(
    doctype: str, *, parent_doc: Any = None, parentfield: str | None = None, as_dict: bool = False, **kwargs: Any
) -> Any:
    """Give a new document with its defaults and the given values (as a dict when `as_dict`)."""
    controller = _controller_or_import_error(doctype)
    document = controller({**new_values(doctype, parent_doc), "doctype": doctype, "__islocal": 1})
    document.__dict__["__islocal"] = 1
    document.__dict__["owner"] = session_user()
    if parent_doc is not None:
        document.__dict__.update(parent=parent_doc.get("name"), parenttype=parent_doc.doctype, parentfield=parentfield)
    if kwargs:
        document.update(kwargs)
    return document.as_dict() if as_dict else document


SINGLE_CASTS = {**{kind: cast for kind, cast in NUMBER_CASTS.items() if kind != "Duration"}, **TIME_CASTS}

providers.register("get_doc", get_doc)
providers.register("single_casts", lambda: SINGLE_CASTS)
