"""Is a DocType as somebody defines it one that can be stored, shown and used? Every rule a DocType must keep.

A definition is a mapping as DocType files hold it (`fields`, `permissions`, … are lists of mappings). What has to be
known of other DocTypes comes as `Surroundings`. Rules yield `Problem`s; who asks decides what to do with them.

Invariant: pure. Texts are English templates with `{0}`, so that callers can translate them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from frappe_engine.kit.columns import LAYOUT_TYPES, NO_COLUMN, TABLE_TYPES, column_type
from frappe_engine.schema.fieldtypes import ALL_TYPES, CHILD_TABLE_FIELDS, DEFAULT_FIELDS, OPTIONAL_FIELDS

Definition = Mapping[str, Any]
Row = Mapping[str, Any]

NAME_LENGTH = 61
FIELDNAME_LENGTH = 64
ROW_BYTES = 65_535
BYTES_PER_CHARACTER = 4
LEGAL_NAME = re.compile(r"[A-Za-z][A-Za-z0-9 _-]*\Z")
LEGAL_FIELDNAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*\Z")
RESTRICTED = frozenset({*DEFAULT_FIELDS, *CHILD_TABLE_FIELDS, *OPTIONAL_FIELDS, "flags", "meta", "file_list"})
# Custom DocPerm names the DocType it is about as rows of DocPerm do; a file's picture is the file itself.
RESTRICTED_YET_ALLOWED = frozenset({("Custom DocPerm", "parent")})
IMAGE_YET_ALLOWED = ("File", "file_url")
LONG_TEXTS = frozenset(
    {"Text", "Small Text", "Long Text", "Text Editor", "HTML Editor", "Markdown Editor", "Code", "JSON", "Signature"}
    | {"Geolocation", "Attach", "Attach Image", "Barcode", "Password"}
)
UNIQUE_TYPES = frozenset(
    {
        "Data",
        "Link",
        "Read Only",
        "Int",
        "Long Int",
        "Select",
        "Dynamic Link",
        "Date",
        "Datetime",
        "Time",
        "Float",
        "Currency",
    }
    | {"Autocomplete", "Phone", "Color", "Icon", "Percent"}
)
NOT_LISTED = frozenset(LAYOUT_TYPES | TABLE_TYPES | {"Signature", "Password"}) - {"HTML", "Button", "Image"}
DATA_OPTIONS = frozenset({"Email", "Name", "Phone", "URL", "Barcode", "IBAN"})
LINK_HOLDERS = frozenset({"Link", "Select", "Data", "Autocomplete", "Read Only"})
DEPENDENT_RIGHTS = ("submit", "cancel", "amend")
BASIC_RIGHTS = (
    "select",
    "read",
    "write",
    "create",
    "delete",
    "submit",
    "cancel",
    "amend",
    "report",
    "export",
    "print",
    "email",
    "share",
)


@dataclass(frozen=True, slots=True)
class Problem:
    """A rule that is broken: which (as the name of an error class), and the sentence that says so."""

    kind: str
    text: str
    values: tuple[Any, ...] = ()

    def __str__(self) -> str:
        return self.text.format(*self.values)


@dataclass(frozen=True, slots=True)
class Target:
    """What has to be known of a DocType that fields point at."""

    name: str
    istable: bool = False
    issingle: bool = False
    fieldnames: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Other DocTypes, looked up by name whatever the case, and what the table of this one holds already."""

    target: Callable[[str], Target | None]
    has_rows: Callable[[], bool] = lambda: False
    has_duplicates: Callable[[str], bool] = lambda _fieldname: False
    has_null: Callable[[str], bool] = lambda _fieldname: False
    series_of_others: Mapping[str, str] = field(default_factory=dict)
    stored_autoname: str | None = None
    is_new: bool = True


Rule = Callable[[Definition, Surroundings], Iterator[Problem]]


def problems_of(definition: Definition, around: Surroundings) -> list[Problem]:
    """Give every rule the definition breaks, those of the DocType itself first."""
    return [problem for rule in RULES for problem in rule(definition, around)]


def is_legal_doctype_name(name: str) -> bool:
    """Tell whether a DocType can be called so."""
    return bool(LEGAL_NAME.match(name)) and len(name) <= NAME_LENGTH


def rows(definition: Definition, table: str) -> Sequence[Row]:
    """Give the rows of one of the definition's tables."""
    return definition.get(table) or ()


def _label(row: Row) -> str:
    return str(row.get("label") or row.get("fieldname") or "?")


def _number(position: int, row: Row) -> int:
    return int(row.get("idx") or position)


def _fields(definition: Definition) -> list[tuple[int, Row]]:
    return [(_number(position, row), row) for position, row in enumerate(rows(definition, "fields"), start=1)]


# the DocType itself


def check_name(definition: Definition, around: Surroundings) -> Iterator[Problem]:
    """The name can be that of a table, a class and a folder."""
    name = str(definition.get("name") or "")
    if len(name) > NAME_LENGTH:
        yield Problem("NameError", "The name of a DocType has at most {0} characters ({1})", (NAME_LENGTH, name))
    elif not LEGAL_NAME.match(name):
        text = (
            "A DocType's name begins with a letter and has letters, numbers, spaces, underscores and hyphens alone: {0}"
        )
        yield Problem("NameError", text, (name,))


def check_kind(definition: Definition, around: Surroundings) -> Iterator[Problem]:
    """A DocType is of one kind: documents, rows, or one document alone."""
    if definition.get("istable") and definition.get("issingle"):
        yield Problem("ValidationError", "{0} can't be a child table and a single at once", (definition.get("name"),))
    if definition.get("is_tree") and (definition.get("istable") or definition.get("issingle")):
        yield Problem(
            "ValidationError",
            "{0} can't be a tree: only documents of their own have parents",
            (definition.get("name"),),
        )


def _counts_otherwise(around: Surroundings, autoname: str) -> bool:
    """Whether names become numbers that the database counts, or cease to be."""
    stored = around.stored_autoname
    return stored is not None and (stored == "autoincrement") != (autoname == "autoincrement")


def check_autoname(definition: Definition, around: Surroundings) -> Iterator[Problem]:
    """What names documents exists, and does not change under stored documents where that would mix names."""
    autoname = str(definition.get("autoname") or "").strip()
    scheme, separator, rest = autoname.partition(":")
    names = {row.get("fieldname"): row for row in rows(definition, "fields")}
    if separator and scheme.lower() == "field":
        if rest.strip() not in names and rest.strip() != "name":
            yield Problem("ValidationError", "Invalid fieldname '{0}' in autoname", (rest,))
    elif separator and scheme.lower() == "naming_series" and "naming_series" not in names:
        yield Problem("ValidationError", "Naming by series needs a field naming_series", ())
    elif separator and scheme.lower() == "format" and "{" not in rest:
        yield Problem("ValidationError", "A naming format needs at least one part in braces, such as {0}", ("{####}",))
    if _counts_otherwise(around, autoname) and around.has_rows():
        yield Problem(
            "ValidationError", "Naming can change to or from Autoincrement only while there are no documents", ()
        )
    yield from _check_series(definition, around, autoname)


def _check_series(definition: Definition, around: Surroundings, autoname: str) -> Iterator[Problem]:
    prefix, separator, digits = autoname.partition(".")
    if separator and "#" in digits and ":" not in prefix and prefix:
        other = around.series_of_others.get(prefix)
        if other and other != definition.get("name"):
            yield Problem("ValidationError", "Series {0} is used by {1} already", (prefix, other))


# fields


def check_fieldnames(definition: Definition, around: Surroundings) -> Iterator[Problem]:
    """Every field has a name of its own that the database and documents accept."""
    seen: dict[str, int] = {}
    name = definition.get("name")
    for number, row in _fields(definition):
        fieldname = str(row.get("fieldname") or "")
        if fieldname.lower() in seen:
            values = (name, fieldname, seen[fieldname.lower()], number)
            yield Problem("UniqueFieldnameError", "{0}: the fieldname {1} stands in row {2} and row {3}", values)
        seen.setdefault(fieldname.lower(), number)
        yield from _check_fieldname(str(name), fieldname, number)


def _check_fieldname(doctype: str, fieldname: str, number: int) -> Iterator[Problem]:
    if len(fieldname) > FIELDNAME_LENGTH:
        yield Problem("ValidationError", "A fieldname has at most {0} characters ({1})", (FIELDNAME_LENGTH, fieldname))
    elif not LEGAL_FIELDNAME.match(fieldname):
        text = "Row #{0}: the fieldname {1} may have Latin letters, numbers and underscores alone, and begins with a letter"
        yield Problem("InvalidColumnName", text, (number, fieldname))
    elif fieldname in RESTRICTED and (doctype, fieldname) not in RESTRICTED_YET_ALLOWED:
        yield Problem(
            "InvalidFieldNameError", "Row #{0}: the fieldname {1} is the framework's own", (number, fieldname)
        )


def check_fieldtypes(definition: Definition, around: Surroundings) -> Iterator[Problem]:
    """Every field is of a kind there is."""
    for number, row in _fields(definition):
        if row.get("fieldtype") not in ALL_TYPES:
            yield Problem("ValidationError", "Row #{0}: there is no field type {1}", (number, row.get("fieldtype")))


def check_links(definition: Definition, around: Surroundings) -> Iterator[Problem]:
    """Links and tables name a DocType that can be linked or be a table."""
    name = definition.get("name")
    for number, row in _fields(definition):
        fieldtype, options = row.get("fieldtype"), str(row.get("options") or "").strip()
        if fieldtype not in {"Link", *TABLE_TYPES} or row.get("is_virtual") or options == "[Select]":
            continue
        if not options:
            text = "{0}: the field {1} in row {2} needs the name of a DocType in its options"
            yield Problem("DoctypeLinkError", text, (name, _label(row), number))
            continue
        target = _target(definition, around, options)
        if target is None:
            text = "{0}: the options of the field {1} in row {2} name no DocType: {3}"
            yield Problem("WrongOptionsDoctypeLinkError", text, (name, _label(row), number, options))
        elif fieldtype in TABLE_TYPES:
            yield from _check_table(definition, row, target)


def _target(definition: Definition, around: Surroundings, options: str) -> Target | None:
    if options.lower() == str(definition.get("name")).lower():
        names = frozenset(str(row.get("fieldname")) for row in rows(definition, "fields"))
        return Target(options, bool(definition.get("istable")), bool(definition.get("issingle")), names)
    return around.target(options)


def _check_table(definition: Definition, row: Row, target: Target) -> Iterator[Problem]:
    if not target.istable:
        yield Problem("ValidationError", "Option {0} of the field {1} is no child table", (target.name, _label(row)))
    if definition.get("istable") and row.get("fieldtype") in TABLE_TYPES and not row.get("is_virtual"):
        yield Problem(
            "ValidationError",
            "{0} is a child table and can't hold another one ({1})",
            (definition.get("name"), _label(row)),
        )


def check_dynamic_links(definition: Definition, around: Surroundings) -> Iterator[Problem]:
    """A dynamic link names a field of this DocType that says what it points at."""
    by_name = {row.get("fieldname"): row for row in rows(definition, "fields")}
    for number, row in _fields(definition):
        if row.get("fieldtype") != "Dynamic Link":
            continue
        holder = by_name.get(str(row.get("options") or ""))
        if holder is None or holder.get("fieldtype") not in LINK_HOLDERS:
            text = "Row #{0}: the options of the dynamic link {1} name a field of this DocType that holds the name of a DocType"
            yield Problem("ValidationError", text, (number, _label(row)))
        elif holder.get("fieldtype") == "Link" and holder.get("options") != "DocType":
            text = "Row #{0}: the field {1} that says what {2} points at must be a link to DocType"
            yield Problem("ValidationError", text, (number, _label(holder), _label(row)))


def check_multi_selects(definition: Definition, around: Surroundings) -> Iterator[Problem]:
    """A multi-select table chooses through a link of its rows."""
    for number, row in _fields(definition):
        if row.get("fieldtype") != "Table MultiSelect" or row.get("is_virtual"):
            continue
        target = around.target(str(row.get("options") or ""))
        if target is not None and not target.fieldnames:
            text = "Row #{0}: the rows of {1} need a link to choose from"
            yield Problem("ValidationError", text, (number, _label(row)))


def check_mandatory(definition: Definition, around: Surroundings) -> Iterator[Problem]:
    """Only what a person can fill is mandatory."""
    for number, row in _fields(definition):
        if not row.get("reqd"):
            continue
        if row.get("fieldtype") in LAYOUT_TYPES:
            values = (definition.get("name"), _label(row), row.get("fieldtype"))
            yield Problem("IllegalMandatoryError", "{0}: the field {1} of type {2} can't be mandatory", values)
        elif row.get("hidden") and not row.get("default") and not row.get("is_virtual"):
            text = "{0}: the field {1} in row {2} can't be hidden and mandatory without a default"
            yield Problem("HiddenAndMandatoryWithoutDefaultError", text, (definition.get("name"), _label(row), number))


def check_defaults(definition: Definition, around: Surroundings) -> Iterator[Problem]:
    """Defaults are values that the field can have."""
    for number, row in _fields(definition):
        default = str(row.get("default") if row.get("default") is not None else "").strip()
        if not default or default.startswith(":"):
            continue
        if row.get("fieldtype") == "Check" and default not in ("0", "1"):
            yield Problem("ValidationError", "Row #{0}: the default of the check {1} is 0 or 1", (number, _label(row)))
        if row.get("fieldtype") == "Select" and row.get("options"):
            choices = [choice.strip() for choice in str(row["options"]).split("\n")]
            if default not in choices:
                text = "Row #{0}: the default {1} of {2} is not among its choices"
                yield Problem("ValidationError", text, (number, default, _label(row)))


def check_numbers(definition: Definition, around: Surroundings) -> Iterator[Problem]:
    """Precision and length are in bounds."""
    for number, row in _fields(definition):
        precision = str(row.get("precision") or "").strip()
        if precision and (not precision.isdigit() or int(precision) > 9):
            yield Problem(
                "ValidationError", "Row #{0}: the precision of {1} is a number from 0 to 9", (number, _label(row))
            )
        length = row.get("length") or 0
        if int(length) < 0 or (int(length) > 1000 and _is_short_text(row)):
            yield Problem("ValidationError", "Row #{0}: the length of {1} is between 1 and 1000", (number, _label(row)))


def _is_short_text(row: Row) -> bool:
    kind = column_type(str(row.get("fieldtype")), 0)
    return kind is not None and kind.mariadb.startswith("varchar")


def check_indexes(definition: Definition, around: Surroundings) -> Iterator[Problem]:
    """Only what a database can index is indexed or unique, and stored values are unique that have to be."""
    name = definition.get("name")
    for _number_of_row, row in _fields(definition):
        fieldtype = row.get("fieldtype")
        if row.get("unique") and fieldtype not in UNIQUE_TYPES:
            yield Problem(
                "NonUniqueError", "{0}: the field {1} of type {2} can't be unique", (name, _label(row), fieldtype)
            )
        elif row.get("unique") and not around.is_new and around.has_duplicates(str(row.get("fieldname"))):
            text = "{0}: the field {1} can't be made unique, because documents share a value"
            yield Problem("NonUniqueError", text, (name, _label(row)))
        if row.get("search_index") and (fieldtype in LONG_TEXTS or fieldtype in NO_COLUMN):
            yield Problem(
                "CannotIndexedError", "{0}: the field {1} of type {2} can't be indexed", (name, _label(row), fieldtype)
            )


def check_lists(definition: Definition, around: Surroundings) -> Iterator[Problem]:
    """Only what fits into a cell stands in lists."""
    for number, row in _fields(definition):
        for attribute, title in (("in_list_view", "In List View"), ("in_global_search", "In Global Search")):
            if row.get(attribute) and row.get("fieldtype") in NOT_LISTED:
                values = (title, row.get("fieldtype"), number)
                yield Problem("ValidationError", "'{0}' is not allowed for the type {1} in row {2}", values)


def check_fetched(definition: Definition, around: Surroundings) -> Iterator[Problem]:
    """Values are fetched through a link of this DocType, from a field that is there."""
    by_name = {row.get("fieldname"): row for row in rows(definition, "fields")}
    for number, row in _fields(definition):
        path = str(row.get("fetch_from") or "").strip()
        if not path or "." not in path:
            continue
        link_name, _dot, source = path.partition(".")
        link = by_name.get(link_name.strip())
        if link is None or link.get("fieldtype") not in ("Link", "Dynamic Link"):
            yield Problem(
                "ValidationError",
                "Row #{0}: {1} fetches through {2}, which is no link here",
                (number, _label(row), link_name),
            )
        elif link.get("fieldtype") == "Link":
            target = around.target(str(link.get("options")))
            if target is not None and target.fieldnames and source.strip() not in target.fieldnames | RESTRICTED:
                values = (number, _label(row), source, target.name)
                yield Problem("ValidationError", "Row #{0}: {1} fetches {2}, which {3} has not", values)


def check_row_size(definition: Definition, around: Surroundings) -> Iterator[Problem]:
    """All short texts together fit into a row of MariaDB."""
    if definition.get("issingle") or definition.get("is_virtual"):
        return
    size = row_bytes(definition)
    if size > ROW_BYTES:
        text = "The fields of {0} need {1} bytes in a row, and the database holds {2}: make long texts Small Text"
        yield Problem("ValidationError", text, (definition.get("name"), size, ROW_BYTES))


def row_bytes(definition: Definition) -> int:
    """Give the bytes that all short texts and numbers together take at most in a row of MariaDB."""
    return sum(_bytes(row) for row in rows(definition, "fields"))


def _bytes(row: Row) -> int:
    kind = column_type(str(row.get("fieldtype")), int(row.get("length") or 0))
    if kind is None or row.get("is_virtual"):
        return 0
    match = re.match(r"varchar\((\d+)\)", kind.mariadb)
    return int(match.group(1)) * BYTES_PER_CHARACTER if match else 12


# fields that the DocType names


def _unknown(names: Iterable[str], known: set[str]) -> list[str]:
    return [name for name in names if name not in known]


def check_named_fields(definition: Definition, around: Surroundings) -> Iterator[Problem]:
    """Fields that title, sort, search and picture documents exist and are of the right kind."""
    by_name = {str(row.get("fieldname")): row for row in rows(definition, "fields")}
    yield from _check_title(definition, by_name)
    image = definition.get("image_field")
    is_own = (definition.get("name"), image) == IMAGE_YET_ALLOWED
    if image and not is_own and by_name.get(image, {}).get("fieldtype") != "Attach Image":
        yield Problem("InvalidFieldNameError", "The image field must be a field of type Attach Image: {0}", (image,))
    published = definition.get("is_published_field")
    if published and published not in by_name:
        yield Problem("InvalidFieldNameError", "The field {0} that says what is published is not there", (published,))
    timeline = definition.get("timeline_field")
    if timeline and by_name.get(timeline, {}).get("fieldtype") not in ("Link", "Dynamic Link"):
        yield Problem("InvalidFieldNameError", "The timeline field must be a link: {0}", (timeline,))
    parent = definition.get("nsm_parent_field")
    if parent and definition.get("is_tree") and parent not in by_name:
        yield Problem("InvalidFieldNameError", "The parent field {0} of the tree is not there", (parent,))
    known = {*by_name, *RESTRICTED}
    for name in _unknown(_names(definition.get("search_fields")), known):
        yield Problem("ValidationError", "Search field {0} is not valid", (name,))
    for name in _unknown(_sorted_by(definition.get("sort_field")), known):
        yield Problem("InvalidFieldNameError", "Sort field {0} must be a valid fieldname", (name,))


def _check_title(definition: Definition, by_name: Mapping[str, Row]) -> Iterator[Problem]:
    title = definition.get("title_field")
    if title and title not in by_name and title != "name":
        yield Problem("InvalidFieldNameError", "The title field must be a valid fieldname: {0}", (title,))
        return
    row = by_name.get("title" if not title else str(title), {})
    for attribute in ("options", "default") if row.get("fieldname") == "title" else ():
        for part in re.findall(r"{(\w+)}", str(row.get(attribute) or "")):
            if part not in by_name and part not in RESTRICTED:
                yield Problem(
                    "InvalidFieldNameError",
                    "{{{0}}} is not a valid fieldname pattern. It should be {{field_name}}.",
                    (part,),
                )


def _names(text: Any) -> list[str]:
    return [part.strip() for part in str(text or "").split(",") if part.strip()]


def _sorted_by(text: Any) -> list[str]:
    return [part.split()[0].strip("`").split(".")[-1].strip("`") for part in _names(text)]


def check_links_shown(definition: Definition, around: Surroundings) -> Iterator[Problem]:
    """Connections on the form lead to fields that are there."""
    for position, row in enumerate(rows(definition, "links"), start=1):
        target = _target(definition, around, str(row.get("link_doctype") or ""))
        if target is None:
            yield Problem(
                "ValidationError", "Connections row #{0}: there is no DocType {1}", (position, row.get("link_doctype"))
            )
        elif (
            not row.get("is_child_table")
            and target.fieldnames
            and row.get("link_fieldname") not in target.fieldnames | RESTRICTED
        ):
            values = (position, target.name, row.get("link_fieldname"))
            yield Problem("InvalidFieldNameError", "Connections row #{0}: {1} has no field {2}", values)


# permissions


def check_permissions(definition: Definition, around: Surroundings) -> Iterator[Problem]:
    """Rules of rights are possible and make sense together."""
    if definition.get("istable"):
        return
    seen: set[tuple[Any, ...]] = set()
    base_roles = {row.get("role") for row in rows(definition, "permissions") if not int(row.get("permlevel") or 0)}
    for position, row in enumerate(rows(definition, "permissions"), start=1):
        place = (row.get("role"), int(row.get("permlevel") or 0), _number(position, row))
        key = (row.get("role"), place[1], bool(row.get("if_owner")))
        if key in seen:
            yield Problem(
                "ValidationError",
                "Rule of {0} at level {1} in row {2}: one rule is allowed for a role, level and 'if owner'",
                place,
            )
        seen.add(key)
        if place[1] and row.get("role") not in base_roles:
            yield Problem(
                "ValidationError",
                "Rule of {0} at level {1} in row {2}: a rule at level 0 must be set before higher levels",
                place,
            )
        if not place[1] and not any(row.get(right) for right in BASIC_RIGHTS):
            yield Problem("ValidationError", "Rule of {0} at level {1} in row {2}: no right is given", place)
        yield from _check_rights(definition, row, place)


def _check_rights(definition: Definition, row: Row, place: tuple[Any, ...]) -> Iterator[Problem]:
    if any(row.get(right) for right in DEPENDENT_RIGHTS):
        if not definition.get("is_submittable"):
            text = "Rule of {0} at level {1} in row {2}: Submit, Cancel and Amend are rights on what can be submitted alone"
            yield Problem("ValidationError", text, place)
        elif not row.get("write"):
            yield Problem(
                "ValidationError", "Rule of {0} at level {1} in row {2}: Submit, Cancel and Amend need Write", place
            )
    if row.get("cancel") and not row.get("submit"):
        yield Problem("ValidationError", "Rule of {0} at level {1} in row {2}: Cancel needs Submit", place)
    if row.get("amend") and not row.get("write"):
        yield Problem("ValidationError", "Rule of {0} at level {1} in row {2}: Amend needs Write", place)
    if row.get("import") and not definition.get("allow_import"):
        yield Problem(
            "ValidationError", "Rule of {0} at level {1} in row {2}: Import needs a DocType that allows it", place
        )


RULES: tuple[Rule, ...] = (
    check_name,
    check_kind,
    check_fieldnames,
    check_fieldtypes,
    check_autoname,
    check_links,
    check_dynamic_links,
    check_multi_selects,
    check_mandatory,
    check_defaults,
    check_numbers,
    check_indexes,
    check_lists,
    check_fetched,
    check_row_size,
    check_named_fields,
    check_links_shown,
    check_permissions,
)


# names and fields that follow from others


def fieldname_of(label: str | None, fieldtype: str, position: int, taken: Iterable[str], prefix: str = "") -> str:
    """Give the name of a field that has none: made of its label in Latin letters, else of its type and place.

    Free among `taken`; restricted names get a 1 behind them.
    """
    words = re.sub(r"[^a-z0-9]+", "_", (label or "").strip().lower()).strip("_")
    if not words:
        words = f"{fieldtype.lower().replace(' ', '_')}_{position}"
    elif words[0].isdigit():
        words = f"field_{words}"
    name = f"{prefix}{words}"[: FIELDNAME_LENGTH - 4]
    if name in RESTRICTED:
        name = f"{name}1"
    used = set(taken)
    if label and words and name in used and fieldtype not in LAYOUT_TYPES:
        return name  # two fields of one label: said so by `check_fieldnames`
    number = 2
    free = name
    while free in used:
        free, number = f"{name}_{number}", number + 1
    return free


def tree_fields(doctype: str, parent_field: str) -> list[dict[str, Any]]:
    """Give the fields that a tree needs, in the order in which they are added."""
    is_usual = parent_field == f"parent_{doctype.lower().replace(' ', '_').replace('-', '_')}"
    parent_label = f"Parent {doctype}" if is_usual else parent_field.replace("_", " ").title()
    hidden = {"hidden": 1, "read_only": 1, "no_copy": 1}
    return [
        {"fieldname": "lft", "fieldtype": "Int", "label": "Left", "search_index": 1, **hidden},
        {"fieldname": "rgt", "fieldtype": "Int", "label": "Right", **hidden},
        {"fieldname": "is_group", "fieldtype": "Check", "label": "Is Group", "in_list_view": 1},
        {"fieldname": "old_parent", "fieldtype": "Link", "label": "Old Parent", "options": doctype, **hidden},
        {
            "fieldname": parent_field,
            "fieldtype": "Link",
            "label": parent_label,
            "options": doctype,
            "ignore_user_permissions": 1,
        },
    ]


def amended_from_field(doctype: str) -> dict[str, Any]:
    """Give the field that a submittable DocType needs."""
    return {
        "fieldname": "amended_from",
        "fieldtype": "Link",
        "label": "Amended From",
        "options": doctype,
        "no_copy": 1,
        "print_hide": 1,
        "read_only": 1,
        "search_index": 1,
    }


def naming_rule_of(autoname: str | None) -> str:
    """Give the words for a way of naming."""
    text = (autoname or "").strip()
    lowered = text.lower()
    if lowered in _RULE_WORDS:
        return _RULE_WORDS[lowered]
    for scheme, words in _RULE_OF_SCHEME.items():
        if lowered.startswith(f"{scheme}:"):
            return words
    return "Expression (old style)" if "#" in text else ""


_RULE_WORDS = {
    "": "", "hash": "Random", "autoincrement": "Autoincrement", "prompt": "Set by user", "uuid": "UUID",
}  # fmt: skip
_RULE_OF_SCHEME = {
    "field": "By fieldname",
    "naming_series": 'By "Naming Series" field',
    "format": "Expression",
}

__all__ = [
    "Problem",
    "Surroundings",
    "Target",
    "amended_from_field",
    "fieldname_of",
    "naming_rule_of",
    "problems_of",
    "tree_fields",
]
