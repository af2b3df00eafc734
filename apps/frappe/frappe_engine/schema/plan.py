"""From a `Meta` and what the table looks like now to the statements that bring the table in line.

Invariant: pure. No plan ever drops a column or narrows a type: what a field once held stays readable. A plan run on
its own result is empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from frappe_engine.kit.columns import (
    CHILD_COLUMNS,
    NEVER_NULL_TYPES,
    OPTIONAL_COLUMNS,
    SEEN_COLUMN,
    STANDARD_COLUMNS,
    ColumnType,
    column_type,
)
from frappe_engine.schema.conversion import bare, change_statements, copied_value, lost_values, text_size
from frappe_engine.schema.meta import DocField, Meta

FILLED_TYPES = frozenset({"Data", "Select", "Link", "Autocomplete", "Read Only", "Small Text", "Text", "Long Text"})
RULES_OF_DEFAULTS = frozenset({"user", "today", "now"})
_PLAIN = re.compile(r"[^'\"\\%?`{}\n]{1,140}\Z")
_LEGAL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]{0,63}\Z")
Indexes = Mapping[str, tuple[bool, Sequence[str]]]


class SchemaError(ValueError):
    """A DocType can't be stored as it is defined."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it is: type of each column, and each index by name as (unique, columns)."""

    columns: Mapping[str, str]
    indexes: Mapping[str, tuple[bool, Sequence[str]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Column:
    """A column as it should be."""

    name: str
    definition: str
    indexed: bool = False
    unique: bool = False
    default: str = ""
    initial: str = ""  # what rows hold that were there before the column

    @property
    def kind(self) -> str:
        """The bare type, e.g. `varchar(140)`."""
        return self.definition.split(" ", 1)[0].lower()


@dataclass(slots=True)
class Plan:
    """What has to be done: statements in order; `checks` are queries that must find nothing before them."""

    statements: list[str] = field(default_factory=list)
    checks: list[tuple[str, str]] = field(default_factory=list)
    rebuild: dict[str, str] = field(default_factory=dict)


def wanted_columns(meta: Meta, database: str) -> list[Column]:
    """Give the columns the table of `meta` should have on `database` ("sqlite" or "mariadb")."""
    columns = [_name_column(meta, database)]
    columns += [Column(name, _ddl(kind, database)) for name, kind in STANDARD_COLUMNS]
    rows = [
        Column(name, _ddl(kind, database), indexed=name == "parent") for name, kind in CHILD_COLUMNS if meta.istable
    ]
    taken = {column.name for column in (*columns, *rows)}
    for item in meta.data_fields:
        if item.fieldname in taken:
            continue
        taken.add(item.fieldname)
        columns.append(_field_column(item, database))
    columns += rows
    if not meta.istable:
        columns = [_ordering(column) if column.name in meta.ordering_columns else column for column in columns]
        optional = [*OPTIONAL_COLUMNS, *([SEEN_COLUMN] if meta.track_seen else [])]
        columns += [Column(name, _ddl(kind, database)) for name, kind in optional if name not in taken]
    return columns


def _ordering(column: Column) -> Column:
    return column if "text" in column.kind else replace(column, indexed=True)


def _name_column(meta: Meta, database: str) -> Column:
    if meta.autoname == "autoincrement":
        return Column("name", "INTEGER PRIMARY KEY" if database == "sqlite" else "bigint(20) NOT NULL PRIMARY KEY")
    if database == "sqlite":
        return Column("name", "varchar(140) COLLATE NOCASE NOT NULL PRIMARY KEY")
    return Column("name", "varchar(140) NOT NULL PRIMARY KEY")


def _ddl(kind: ColumnType, database: str) -> str:
    return kind.sqlite if database == "sqlite" else kind.mariadb


def _field_column(item: DocField, database: str) -> Column:
    if not _LEGAL.match(item.fieldname):
        raise SchemaError(f"{item.fieldname!r} can't be the name of a field")
    kind = column_type(item.fieldtype, int(item.get("length") or 0))
    if kind is None:
        raise SchemaError(f"{item.fieldtype} has no column")
    definition = _ddl(kind, database)
    default = _default(item)
    if item.fieldtype in NEVER_NULL_TYPES and default:
        definition = re.sub(r"DEFAULT 0$", f"DEFAULT {default}", definition)
    return Column(
        item.fieldname,
        definition,
        indexed=bool(item.get("search_index")),
        unique=bool(item.get("unique")),
        default=default,
        initial=_initial(item),
    )


def _default(item: DocField) -> str:
    """The default of a number column; text defaults are given by documents, not by the table."""
    text = str(item.get("default") or "").strip()
    if item.fieldtype in NEVER_NULL_TYPES and re.fullmatch(r"-?\d+(\.\d+)?", text):
        return text
    return ""


def _initial(item: DocField) -> str:
    """What a new text column holds in rows that are there already: its default, where that is plain text and no rule."""
    text = str(item.get("default") or "").strip()
    is_rule = text.lower() in RULES_OF_DEFAULTS or text.startswith((":", "_", "eval:"))
    if item.fieldtype not in FILLED_TYPES or item.get("unique") or is_rule or not _PLAIN.match(text):
        return ""
    return text


def create_table(meta: Meta, database: str) -> list[str]:
    """Give the statements that make the table and its indexes; MariaDB, which takes its time for each, gets one alone."""
    columns = wanted_columns(meta, database)
    table = f"tab{meta.name}"
    parts = [f"`{column.name}` {column.definition}" for column in columns]
    indexed = [column for column in columns if column.indexed or column.unique]
    if database == "sqlite":
        return [_table(table, parts), *(_wanted_index(table, column, database) for column in indexed)]
    parts += [
        f"{'UNIQUE ' if column.unique else ''}INDEX `{index_name(table, column.name, database, unique=column.unique)}`"
        f" (`{column.name}`{_index_length(column.definition, database)})"
        for column in indexed
    ]
    return [f"{_table(table, parts)}{_options(meta)}"]


def _table(table: str, parts: Sequence[str]) -> str:
    body = ",\n ".join(parts)
    return f"CREATE TABLE `{table}` (\n {body}\n)"


def _wanted_index(table: str, column: Column, database: str) -> str:
    return _index(table, column.name, database, unique=column.unique, definition=column.definition)


def _index_length(definition: str, database: str) -> str:
    """MariaDB indexes the beginning of a long text."""
    return "(140)" if database == "mariadb" and "text" in definition.lower() else ""


def _options(meta: Meta) -> str:
    engine = meta.engine if meta.engine in ("InnoDB", "MyISAM") else "InnoDB"
    row_format = "COMPRESSED" if meta.row_format == "Compressed" else "DYNAMIC"
    return f" ENGINE={engine} ROW_FORMAT={row_format} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci"


def index_name(table: str, column: str, database: str, *, unique: bool = False) -> str:
    """Give the name of the index over one column (per database on SQLite, per table on MariaDB)."""
    if database == "sqlite":
        return f"{table}.{column}{'_unique' if unique else ''}"
    return column


def _index(table: str, column: str, database: str, *, unique: bool = False, definition: str = "") -> str:
    kind = "UNIQUE INDEX" if unique else "INDEX"
    name = index_name(table, column, database, unique=unique)
    length = _index_length(definition, database)
    return (
        f"CREATE {kind} `{name}` ON `{table}` (`{column}`{length}{_tie(column, definition, database, unique=unique)})"
    )


def _tie(column: str, definition: str, database: str, *, unique: bool) -> str:
    """Give the second column of an index: documents with the same value are listed by name, as MariaDB's indexes have them.

    Moments are shared by few documents, which are soon sorted; rows of a parent are not listed at all.
    """
    is_alone = unique or column == "parent" or definition.lower().startswith("date")
    return "" if is_alone or database != "sqlite" else ", `name`"


def plan_changes(meta: Meta, table: Table | None, database: str) -> Plan:
    """Give what has to be done so that the table holds documents of `meta`; `table` None: there is none yet."""
    if table is None:
        return Plan(create_table(meta, database))
    plan = Plan()
    name = f"tab{meta.name}"
    existing = {column.lower(): kind for column, kind in table.columns.items()}
    for column in wanted_columns(meta, database):
        now = existing.get(column.name.lower())
        if now is None:
            filled = f" DEFAULT '{column.initial}'" if column.initial else ""
            plan.statements.append(f"ALTER TABLE `{name}` ADD COLUMN `{column.name}` {column.definition}{filled}")
        elif column.name != "name":
            _plan_type(plan, name, column, now, database, table.indexes)
        _plan_index(plan, name, column, table, database)
    return plan


def _plan_type(plan: Plan, table: str, column: Column, now: str, database: str, indexes: Indexes) -> None:
    old, new = bare(now), bare(column.kind)
    if old == new:
        return
    plan.checks += [(column.name, query) for query in lost_values(table, column.name, old, new, database)]
    if database == "sqlite":
        plan.rebuild[column.name] = column.definition
        return
    if text_size(new) is not None and not new.startswith("varchar"):  # no index over a whole text
        plan.statements += [_drop_index(table, name, database) for name in _single(indexes, column.name)]
    plan.statements += change_statements(table, column.name, old, column.definition, column.default)


def _single(indexes: Indexes, column: str) -> list[str]:
    """Names of the indexes over one column alone."""
    return [name for name, (_unique, columns) in indexes.items() if list(columns) == [column]]


def _plan_index(plan: Plan, table: str, column: Column, now: Table, database: str) -> None:
    single = {tuple(columns): (name, unique) for name, (unique, columns) in now.indexes.items() if len(columns) == 1}
    found = single.get((column.name,))
    if column.unique and (found is None or not found[1]):
        if found is not None and index_name(table, column.name, database, unique=True) == found[0]:
            plan.statements.append(_drop_index(table, found[0], database))
        plan.statements.append(_index(table, column.name, database, unique=True, definition=column.definition))
    elif not column.unique and found is not None and found[1] and column.name != "name":
        plan.statements.append(_drop_index(table, found[0], database))
        if column.indexed:
            plan.statements.append(_index(table, column.name, database, definition=column.definition))
    elif column.indexed and found is None:
        plan.statements.append(_index(table, column.name, database, definition=column.definition))


def _drop_index(table: str, name: str, database: str) -> str:
    return f"DROP INDEX `{name}`" if database == "sqlite" else f"DROP INDEX `{name}` ON `{table}`"


def rebuild_statements(meta: Meta, plan: Plan, table: Table) -> list[str]:
    """Give SQLite's way to change column types: a new table, the rows copied, the old one replaced."""
    name = f"tab{meta.name}"
    wanted = {column.name: column for column in wanted_columns(meta, "sqlite")}
    definitions: list[str] = []
    copied: list[str] = []
    sources: list[str] = []
    for column, kind in table.columns.items():
        target = wanted.get(column)
        definitions.append(f"`{column}` {target.definition if target else kind}")
        copied.append(f"`{column}`")
        sources.append(_source(column, kind, target) if column in plan.rebuild and target else f"`{column}`")
    indexes = [
        _index(name, columns[0], "sqlite", definition=table.columns[columns[0]])
        if index == index_name(name, columns[0], "sqlite") and len(columns) == 1 and not unique
        else f"CREATE {'UNIQUE ' if unique else ''}INDEX `{index}` ON `{name}` ({', '.join(f'`{c}`' for c in columns)})"
        for index, (unique, columns) in table.indexes.items()
        if not index.startswith("sqlite_autoindex")
    ]
    return [
        f"CREATE TABLE `{name}__new` ({', '.join(definitions)})",
        f"INSERT INTO `{name}__new` ({', '.join(copied)}) SELECT {', '.join(sources)} FROM `{name}`",
        f"DROP TABLE `{name}`",
        f"ALTER TABLE `{name}__new` RENAME TO `{name}`",
        *indexes,
    ]


def _source(column: str, now: str, target: Column) -> str:
    return copied_value(column, bare(now), target.definition, target.default)


def rename_columns(meta: Meta, table: Table, renamed: Mapping[str, str], database: str) -> tuple[Table, list[str]]:
    """Give the table as it is once columns have new names ({old: new}), and the statements that rename them.

    Only columns that are there and whose new name is free are renamed; indexes over one of them alone are dropped, so
    that the plan makes those that are wanted.
    """
    name = f"tab{meta.name}"
    moved = {old: new for old, new in renamed.items() if old in table.columns and new not in table.columns}
    if not moved:
        return table, []
    dropped = [
        index for index, (_unique, columns) in table.indexes.items() if list(columns)[:1] and set(columns) <= set(moved)
    ]
    columns = {moved.get(column, column): kind for column, kind in table.columns.items()}
    indexes = {
        index: (unique, [moved.get(column, column) for column in listed])
        for index, (unique, listed) in table.indexes.items()
        if index not in dropped
    }
    statements = [_drop_index(name, index, database) for index in dropped]
    statements += [f"ALTER TABLE `{name}` RENAME COLUMN `{old}` TO `{new}`" for old, new in moved.items()]
    return Table(columns, indexes), statements


def as_table(columns: Mapping[str, str], indexes: Mapping[str, Any]) -> Table:
    """Give a `Table` from what the catalogue says."""
    return Table(dict(columns), {name: (bool(unique), list(names)) for name, (unique, names) in indexes.items()})
