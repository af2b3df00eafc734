"""`Meta`: everything the engine and apps ask about a DocType, computed once.

Invariant: a `Meta` never changes after it was compiled; a change of the DocType makes a new one. Nothing here
queries: links to other DocTypes are names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from frappe_engine.kit.attrdict import _dict
from frappe_engine.schema.fieldtypes import (
    CHILD_TABLE_FIELDS,
    DATA_TYPES,
    NO_COLUMN,
    OPTIONAL_FIELDS,
    STANDARD_LABELS,
    STANDARD_TYPES,
    TABLE_TYPES,
)

STANDARD_COLUMNS = tuple(STANDARD_TYPES)


class MissingMember(NotImplementedError, AttributeError):
    """A method of definitions that this runtime does not have."""


class Row:
    """A row of a DocType's definition (field, permission, link, action, state): attributes, None where unset."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.__dict__.update(values)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return None

    def get(self, name: str, default: Any = None) -> Any:
        """Give an attribute, `default` when it is unset."""
        value = self.__dict__.get(name)
        return default if value is None else value

    def set(self, name: str, value: Any) -> None:
        """Set an attribute (of this copy of the row)."""
        self.__dict__[name] = value

    def update(self, values: Mapping[str, Any]) -> Row:
        """Set several attributes."""
        self.__dict__.update(values)
        return self

    def as_dict(self, no_nulls: bool = False, **_options: Any) -> Any:
        """Give the attributes as a dict."""
        return _dict({key: value for key, value in self.__dict__.items() if not (no_nulls and value is None)})

    def __getitem__(self, name: str) -> Any:
        return self.__dict__.get(name)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.get('fieldname') or self.get('role') or self.get('name')}>"


class DocField(Row):
    """One field of a DocType."""

    fieldname: str
    fieldtype: str


class Meta:
    """A compiled DocType. Attributes of the DocType are attributes here (`meta.issingle`, `meta.title_field` …)."""

    def __init__(
        self,
        doctype: Mapping[str, Any],
        fields: Sequence[DocField],
        permissions: Sequence[Row] = (),
        actions: Sequence[Row] = (),
        links: Sequence[Row] = (),
        states: Sequence[Row] = (),
    ) -> None:
        self.__dict__.update(doctype)
        self.doctype = "DocType"
        self.name: str = doctype["name"]
        self.fields: list[DocField] = list(fields)
        self.permissions = list(permissions)
        self.actions = list(actions)
        self.links = list(links)
        self.states = list(states)
        self.by_name: dict[str, DocField] = {field.fieldname: field for field in self.fields if field.get("fieldname")}
        self._fields = self.by_name

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name.startswith("get_"):  # no attribute of a definition is called so: a method that this runtime has not
            raise MissingMember(f"Meta.{name} is not part of this runtime yet")
        return None

    def __repr__(self) -> str:
        return f"<Meta {self.name}>"

    # generic access, as documents have it

    def get(self, key: str, filters: Any = None, limit: int | None = None, default: Any = None) -> Any:
        """Give an attribute; for lists of rows those that fit `filters` ({attribute: value or [operator, value]})."""
        value = getattr(self, key, None)
        if isinstance(value, list) and (filters or limit):
            value = [row for row in value if _fits(row, filters or {})]
            return value[:limit] if limit else value
        return default if value is None else value

    def as_dict(self, no_nulls: bool = False) -> Any:
        """Give the DocType with its rows as plain dicts."""
        hidden = {"by_name", "_fields"}
        tables = ("fields", "permissions", "actions", "links", "states")
        plain = {
            key: value
            for key, value in self.__dict__.items()
            if key not in hidden and key not in tables and not callable(value) and _is_plain(value)
        }
        for table in tables:
            plain[table] = [row.as_dict(no_nulls=no_nulls) for row in getattr(self, table)]
        return _dict({key: value for key, value in plain.items() if not (no_nulls and value is None)})

    # fields

    def get_field(self, fieldname: str) -> DocField | None:
        """Give a field, None when there is none of that name."""
        return self.by_name.get(fieldname)

    def has_field(self, fieldname: str) -> bool:
        """Tell whether there is a field of that name."""
        return fieldname in self.by_name

    def get_label(self, fieldname: str) -> str:
        """Give the label of a field, of a standard column too; "No Label" where there is none."""
        field = self.by_name.get(fieldname)
        if field is not None:
            return field.get("label") or "No Label"
        return STANDARD_LABELS.get(fieldname, "No Label")

    def get_options(self, fieldname: str) -> Any:
        """Give the options of a field."""
        return self.by_name[fieldname].options

    def get_link_doctype(self, fieldname: str) -> str | None:
        """Give the DocType a link (or the links in a multi-select table) points at."""
        field = self.by_name.get(fieldname)
        if field is None:
            return None
        if field.fieldtype == "Link":
            return field.options  # type: ignore[no-any-return]
        if field.fieldtype == "Dynamic Link":
            other = self.by_name.get(field.options)
            return other.options if other is not None else None
        return None

    def link_doctype(self, fieldname: str) -> str | None:
        """Give the DocType that a column holds names of."""
        if fieldname in ("owner", "modified_by"):
            return "User"
        field = self.by_name.get(fieldname)
        return field.options if field is not None and field.fieldtype == "Link" else None

    def child_doctype(self, fieldname: str) -> str | None:
        """Give the DocType of the rows in a table field."""
        return self.table_doctypes.get(fieldname)

    def table_fields_of(self, child_doctype: str) -> list[str]:
        """Give the table fields whose rows are of `child_doctype`."""
        return [name for name, doctype in self.table_doctypes.items() if doctype == child_doctype]

    def get_table_field_doctype(self, fieldname: str) -> str | None:
        """Give the DocType of the rows in a table field."""
        return self.table_doctypes.get(fieldname)

    def _of_type(self, *types: str) -> list[DocField]:
        return [field for field in self.fields if field.fieldtype in types]

    @cached_property
    def table_fields(self) -> list[DocField]:
        """Fields that hold rows."""
        return [field for field in self._of_type(*TABLE_TYPES) if not field.get("is_virtual")]

    @cached_property
    def table_doctypes(self) -> dict[str, str]:
        """DocType of the rows per table field."""
        return {field.fieldname: field.options for field in self._of_type(*TABLE_TYPES)}

    @cached_property
    def table_fieldnames(self) -> tuple[str, ...]:
        """Names of the fields that hold rows."""
        return tuple(self.table_doctypes)

    def get_table_fields(self, include_computed: bool = False) -> list[DocField]:
        """Give the fields that hold rows."""
        return self._of_type(*TABLE_TYPES) if include_computed else self.table_fields

    @cached_property
    def link_fields(self) -> list[DocField]:
        """Fields that point at a document."""
        return [field for field in self._of_type("Link") if field.options != "[Select]"]

    def get_link_fields(self) -> list[DocField]:
        """Give the fields that point at a document."""
        return self.link_fields

    @cached_property
    def dynamic_link_fields(self) -> list[DocField]:
        """Fields that point at a document of a DocType named in another field."""
        return self._of_type("Dynamic Link")

    def get_dynamic_link_fields(self) -> list[DocField]:
        """Give the fields that point at a document of a DocType named in another field."""
        return self.dynamic_link_fields

    def get_data_fields(self) -> list[DocField]:
        """Give the fields of type Data."""
        return self._of_type("Data")

    def get_phone_fields(self) -> list[DocField]:
        """Give the fields that hold phone numbers."""
        return [f for f in self.fields if f.fieldtype == "Phone" or (f.fieldtype == "Data" and f.options == "Phone")]

    def get_select_fields(self) -> list[DocField]:
        """Give the fields with a list of choices."""
        return [field for field in self._of_type("Select") if field.options not in ("[Select]", "Loading...")]

    def get_image_fields(self) -> list[DocField]:
        """Give the fields that hold pictures."""
        return self._of_type("Attach Image")

    def get_code_fields(self) -> list[DocField]:
        """Give the fields that hold code."""
        return self._of_type("Code")

    def get_set_only_once_fields(self) -> list[DocField]:
        """Give the fields that keep the value they were first given."""
        return [field for field in self.fields if field.get("set_only_once")]

    def get_global_search_fields(self) -> list[DocField]:
        """Give the fields that the search over everything reads."""
        found = [field for field in self.fields if field.get("in_global_search") and field.fieldtype not in NO_COLUMN]
        if getattr(self, "show_name_in_global_search", 0):
            found.append(DocField({"fieldname": "name", "fieldtype": "Data", "label": "Name"}))
        return found

    def get_translatable_fields(self) -> list[str]:
        """Give the names of the fields whose values are translated."""
        return [field.fieldname for field in self.fields if field.get("translatable")]

    def get_custom_fields(self) -> list[DocField]:
        """Give the fields that were added on this site."""
        return [field for field in self.fields if field.get("is_custom_field")]

    @cached_property
    def virtual_fieldnames(self) -> frozenset[str]:
        """Names of the fields that are computed, not stored."""
        return frozenset(field.fieldname for field in self.fields if field.get("is_virtual"))

    # columns

    @cached_property
    def data_fields(self) -> list[DocField]:
        """Fields that are stored in a column."""
        return [f for f in self.fields if f.fieldtype in _STORED and not f.get("is_virtual")]

    @cached_property
    def column_types(self) -> dict[str, str]:
        """Field type of every column, standard ones first."""
        types = dict(STANDARD_TYPES)
        types.update((field.fieldname, field.fieldtype) for field in self.data_fields)
        if self.__dict__.get("istable"):
            types.update(parent="Data", parentfield="Data", parenttype="Data")
        else:
            types.update((name, "Text") for name in OPTIONAL_FIELDS[:4])
            if self.__dict__.get("track_seen"):
                types["_seen"] = "Text"
        if self.__dict__.get("autoname") == "autoincrement":
            types["name"] = "Int"
        return types

    @cached_property
    def valid_columns(self) -> list[str]:
        """Names of the columns a document writes."""
        optional = set(OPTIONAL_FIELDS)
        return [name for name in self.column_types if name not in optional]

    def get_valid_columns(self) -> list[str]:
        """Give the names of the columns a document writes."""
        return self.valid_columns

    def get_valid_fields(self) -> list[str]:
        """Give the names of all fields a document can have, tables included."""
        return [*self.valid_columns, *self.table_fieldnames]

    def get_fieldnames_with_value(self, with_field_meta: bool = False, with_virtual_fields: bool = False) -> list[Any]:
        """Give the fields that hold a value: stored ones, tables, and the computed ones when asked for."""
        found = [
            field
            for field in self.fields
            if field.fieldtype not in NO_COLUMN - TABLE_TYPES and (with_virtual_fields or not field.get("is_virtual"))
        ]
        return found if with_field_meta else [field.fieldname for field in found]

    def is_nested_set(self) -> bool:
        """Tell whether documents form a tree."""
        return self.has_field("lft") and self.has_field("rgt")

    @property
    def nsm_parent(self) -> str:
        """Name of the field that holds a node's parent."""
        named = self.__dict__.get("nsm_parent_field")
        return named or f"parent_{self.name.lower().replace(' ', '_').replace('-', '_')}"

    # titles, lists, search

    def get_title_field(self) -> str:
        """Give the field that titles a document: the one set, else "title" where it exists, else "name"."""
        named = self.__dict__.get("title_field")
        return named or ("title" if self.has_field("title") else "name")

    def get_search_fields(self) -> list[str]:
        """Give the fields that are searched beside the name."""
        text = self.__dict__.get("search_fields") or "name"
        names = [part.strip() for part in str(text).split(",") if part.strip()]
        return names if "name" in names else [*names, "name"]

    def get_list_fields(self) -> list[str]:
        """Give the fields a list shows."""
        names = ["name", *(f.fieldname for f in self.fields if f.get("in_list_view") and f.fieldtype in _STORED)]
        title = self.__dict__.get("title_field")
        return [*names, title] if title and title not in names else names

    def get_fields_to_fetch(self, link_fieldname: str | None = None) -> list[DocField]:
        """Give the fields that take their value from a linked document (through `link_fieldname` when given)."""
        found = [f for f in self.fields if f.get("fetch_from") and "." in f.fetch_from]
        if link_fieldname is None:
            return found
        return [field for field in found if field.fetch_from.split(".", 1)[0] == link_fieldname]

    @property
    def default_order(self) -> str:
        """The order of lists, e.g. `modified desc`."""
        field = self.__dict__.get("sort_field") or "modified"
        if "," in field or " " in field.strip():
            return str(field)
        if field not in self.column_types:
            field = "modified"
        return f"`{field}` {self.__dict__.get('sort_order') or 'DESC'}"

    @property
    def ordering_columns(self) -> frozenset[str]:
        """The columns that lists are ordered by unless somebody asks for another: each has an index, but for long texts."""
        first = str(self.__dict__.get("sort_field") or "").split(",")[0].split(" ")[0].strip("`")
        return frozenset() if self.istable else frozenset({"modified", first} - {"name"})

    def get_naming_series_options(self) -> list[str]:
        """Give the choices of the field naming_series."""
        field = self.by_name.get("naming_series")
        return [line for line in str((field and field.options) or "").split("\n") if line.strip()]

    # permission levels

    def get_permlevel_access(
        self, permission_type: str = "read", parenttype: str | None = None, *, user_roles: Sequence[str] = ()
    ) -> list[int]:
        """Give the levels at which any of `user_roles` has the right."""
        return sorted(
            {
                int(rule.get("permlevel") or 0)
                for rule in self.permissions
                if rule.get(permission_type) and rule.role in user_roles
            }
        )

    @cached_property
    def high_permlevel_fields(self) -> list[DocField]:
        """Fields above level 0."""
        return [field for field in self.fields if int(field.get("permlevel") or 0) > 0]

    @cached_property
    def fields_with_mask(self) -> list[DocField]:
        """Stored fields whose values are shown to some roles only."""
        return [
            field
            for field in self.fields
            if field.get("mask") and field.fieldname in self.column_types and field.fieldtype != "Password"
        ]

    def get_high_permlevel_fields(self) -> list[DocField]:
        """Give the fields above level 0."""
        return self.high_permlevel_fields

    # iteration over what a new document has

    @cached_property
    def blank(self) -> dict[str, Any]:
        """Every stored field of a new document with None, rows not included."""
        values: dict[str, Any] = dict.fromkeys(self.valid_columns)
        values["docstatus"] = 0
        values["idx"] = 0
        if not self.__dict__.get("istable"):
            for name in CHILD_TABLE_FIELDS:
                values.pop(name, None)
        return values

    def __iter__(self) -> Iterator[DocField]:
        return iter(self.fields)


_STORED = frozenset(DATA_TYPES)


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, (str, int, float, bool)) or hasattr(value, "isoformat")


def _fits(row: Any, filters: Mapping[str, Any]) -> bool:
    for key, wanted in filters.items():
        value = row.get(key)
        if isinstance(wanted, (list, tuple)) and len(wanted) == 2:
            if not _compare(value, str(wanted[0]).lower(), wanted[1]):
                return False
        elif wanted is True:
            if not value:
                return False
        elif value != wanted and not (wanted in (0, None, "") and not value):
            return False
    return True


def _compare(value: Any, operator: str, wanted: Any) -> bool:
    if operator == "in":
        return value in wanted
    if operator == "not in":
        return value not in wanted
    if operator == "!=":
        return bool(value != wanted)
    return bool(value == wanted)
