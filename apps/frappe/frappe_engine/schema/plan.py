"""From a `Meta` and what the table looks like now to the statements that bring the table in line.

Invariant: pure. No plan ever drops a column or narrows a type: what a field once held stays readable. A plan run on
its own result is empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
from frappe_engine.schema.meta import DocField, Meta

_LEGAL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]{0,63}\Z")
_LENGTH = re.compile(r"varchar\((\d+)\)")


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
    if meta.istable:
        columns += [Column(name, _ddl(kind, database), indexed=name == "parent") for name, kind in CHILD_COLUMNS]
    taken = {column.name for column in columns}
    for item in meta.data_fields:
        if item.fieldname in taken:
            continue
        taken.add(item.fieldname)
        columns.append(_field_column(item, database))
    if not meta.istable:
        optional = [*OPTIONAL_COLUMNS, *([SEEN_COLUMN] if meta.track_seen else [])]
        columns += [Column(name, _ddl(kind, database)) for name, kind in optional if name not in taken]
    return columns


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
    )


def _default(item: DocField) -> str:
    """The default of a number column; text defaults are given by documents, not by the table."""
    text = str(item.get("default") or "").strip()
    if item.fieldtype in NEVER_NULL_TYPES and re.fullmatch(r"-?\d+(\.\d+)?", text):
        return text
    return ""


def create_table(meta: Meta, database: str) -> list[str]:
    """Give the statements that make the table and its indexes."""
    columns = wanted_columns(meta, database)
    body = ",\n ".join(f"`{column.name}` {column.definition}" for column in columns)
    table = f"tab{meta.name}"
    options = "" if database == "sqlite" else _options(meta)
    statements = [f"CREATE TABLE `{table}` (\n {body}\n){options}"]
    return statements + [_index(table, column.name, database, unique=column.unique, definition=column.definition)
                         for column in columns if column.indexed or column.unique] + _modified_index(meta, database)  # fmt: skip


def _modified_index(meta: Meta, database: str) -> list[str]:
    if meta.istable:
        return []
    return [_index(f"tab{meta.name}", "modified", database)]


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
    length = "(140)" if database == "mariadb" and "text" in definition.lower() else ""
    name = index_name(table, column, database, unique=unique)
    return f"CREATE {kind} `{name}` ON `{table}` (`{column}`{length})"


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
            plan.statements.append(f"ALTER TABLE `{name}` ADD COLUMN `{column.name}` {column.definition}")
        elif column.name != "name":
            _plan_type(plan, name, column, now, database)
        _plan_index(plan, name, column, table, database)
    return plan


def _plan_type(plan: Plan, table: str, column: Column, now: str, database: str) -> None:
    old, new = _bare(now), _bare(column.kind)
    if old == new:
        return
    if not _fits_into(old, new):
        plan.checks.append((column.name, _check(table, column.name, new, database)))
    if database == "sqlite":
        plan.rebuild[column.name] = column.definition
    else:
        if "not null" in column.definition.lower():
            default = column.default or "0"
            plan.statements.append(f"UPDATE `{table}` SET `{column.name}` = {default} WHERE `{column.name}` IS NULL")
        plan.statements.append(f"ALTER TABLE `{table}` MODIFY `{column.name}` {column.definition}")


_SAME = {"int(1)": "int", "int(8)": "int", "int(11)": "int", "integer": "int", "tinyint(4)": "int", "json": "longtext"}


def _bare(kind: str) -> str:
    bare = kind.strip().lower().split(" ", 1)[0]
    return _SAME.get(bare, bare)


_TEXT_SIZE = {"text": 65_535, "longtext": 2**32 - 1}


def _size(kind: str) -> int | None:
    match = _LENGTH.match(kind)
    return int(match.group(1)) if match else _TEXT_SIZE.get(kind)


def _fits_into(old: str, new: str) -> bool:
    """Tell whether every value of the old type is a value of the new one."""
    old_size, new_size = _size(old), _size(new)
    if new_size is not None:
        return old_size <= new_size if old_size is not None else new_size >= 40
    numbers = ("int", "bigint(20)", "decimal(21,9)", "real")
    if old in numbers and new in numbers:
        return numbers.index(old) <= numbers.index(new)
    return old == "date" and new.startswith("datetime")


def _check(table: str, column: str, new: str, database: str) -> str:
    """A query for values that would be lost."""
    size = _size(new)
    select = f"SELECT `{column}` FROM `{table}` WHERE"
    if size is not None:
        return f"{select} {'length' if database == 'sqlite' else 'char_length'}(`{column}`) > {size}"
    pattern = next((text for kinds, text in _PATTERNS if new.startswith(kinds)), _TIME_PATTERN)
    return f"{select} `{column}` IS NOT NULL AND `{column}` <> '' AND NOT (`{column}` REGEXP '{pattern}')"


_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME_PATTERN = "^-?[0-9]+:[0-9]{2}"
_PATTERNS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("int", "bigint"), "^-?[0-9]+([.]0*)?$"),
    (("decimal", "real"), "^-?[0-9]+([.][0-9]*)?$"),
    (("datetime",), f"^{_DAY}"),
    (("date",), f"^{_DAY}( 00:00:00([.]0*)?)?$"),
)


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
        sources.append(_converted(column, target) if column in plan.rebuild and target else f"`{column}`")
    indexes = [
        f"CREATE {'UNIQUE ' if unique else ''}INDEX `{index}` ON `{name}` ({', '.join(f'`{c}`' for c in columns)})"
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


def _converted(column: str, target: Column) -> str:
    kind = target.kind
    if kind == "integer":
        return f"CAST(IFNULL(NULLIF(`{column}`, ''), {target.default or 0}) AS INTEGER)"
    if kind == "real":
        filled = f"NULLIF(`{column}`, '')"
        return (
            f"CAST(IFNULL({filled}, {target.default or 0}) AS REAL)"
            if "NOT NULL" in target.definition
            else f"CAST({filled} AS REAL)"
        )
    if kind == "date":
        return f"substr(NULLIF(`{column}`, ''), 1, 10)"
    if kind == "datetime":
        return (
            f"CASE WHEN length(`{column}`) = 10 THEN `{column}` || ' 00:00:00.000000' ELSE NULLIF(`{column}`, '') END"
        )
    return f"CAST(`{column}` AS TEXT)"


def as_table(columns: Mapping[str, str], indexes: Mapping[str, Any]) -> Table:
    """Give a `Table` from what the catalogue says."""
    return Table(dict(columns), {name: (bool(unique), list(names)) for name, (unique, names) in indexes.items()})
