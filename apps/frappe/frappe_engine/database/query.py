"""List queries: DocType, fields, filters, sorting and limits to one SELECT.

Invariant: every identifier in the SQL is a column of a DocType that was looked up, every value a parameter; the same
query runs on SQLite and MariaDB.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from frappe_engine.context.errors import DataError, ValidationError
from frappe_engine.database.fields import (
    AGGREGATES,
    Call,
    Column,
    Literal,
    Node,
    Operation,
    Selected,
    Star,
    read_list,
    read_selected,
    read_sorting,
)
from frappe_engine.database.filters import (
    NESTED_SET_OPERATORS,
    ColumnRef,
    Condition,
    Filter,
    compile_filter,
    day_range,
    read_filters,
)
from frappe_engine.kit.columns import NEVER_NULL_TYPES

_NAME = re.compile(r"[^`\U00010000-\U0010ffff]{1,256}\Z")  # what MariaDB takes between backticks
_AGGREGATE = re.compile(rf"(?<![`\w])(?:{'|'.join(sorted(AGGREGATES))})\(", re.IGNORECASE)
MOST_IN_ORDER = 10_000  # rows that are looked up one by one in the order of an index, rather than read and sorted
LARGEST_NUMBER = 2**63 - 1  # what the databases take as a number of rows
DATE_KINDS = frozenset({"Date", "Datetime", "Time"})
EXTRACTED = frozenset({"year", "month", "day", "hour", "minute", "second", "quarter", "week"})
_SAME_KIND = frozenset({"max", "min", "ifnull", "coalesce", "greatest", "least", "if", "nullif"})
_DATE_MAKERS = {
    "date": "Date",
    "curdate": "Date",
    "now": "Datetime",
    "timestamp": "Datetime",
    "str_to_date": "Datetime",
}


class DocTypeColumns(Protocol):
    """What a query needs to know of a DocType."""

    name: str

    @property
    def column_types(self) -> Mapping[str, str]:
        """Give the field type of every column, the standard ones included."""
        ...

    def child_doctype(self, fieldname: str) -> str | None:
        """Give the DocType of the rows in a table field."""
        ...

    def link_doctype(self, fieldname: str) -> str | None:
        """Give the DocType a link field points at."""
        ...

    @property
    def table_doctypes(self) -> Mapping[str, str]:
        """Give the DocTypes of the rows in the table fields, by field."""
        ...

    def table_fields_of(self, child_doctype: str) -> Sequence[str]:
        """Give the table fields whose rows are of `child_doctype`."""
        ...

    @property
    def istable(self) -> Any:
        """Tell whether this is the DocType of rows."""
        ...

    @property
    def ordering_columns(self) -> frozenset[str]:
        """Give the columns that have an index because lists are ordered by them."""
        ...


def table_of_rows_with(name: str, main: DocTypeColumns, columns_of: Callable[[str], DocTypeColumns]) -> str | None:
    """Give the table of the rows that a filter on a field means which the DocType itself lacks; the first that has it."""
    if name in main.column_types:
        return None
    children = main.table_doctypes.values()
    return next((f"tab{child}" for child in children if name in columns_of(child).column_types), None)


@dataclass(frozen=True, slots=True)
class TableFields:
    """Fields of the rows in a table field, wanted at a position of the result."""

    fieldname: str
    doctype: str
    parenttype: str
    fields: tuple[Any, ...]
    position: int


@dataclass(slots=True)
class Compiled:
    """A SELECT, the names of its columns, and which of them hold dates that were computed.

    With `tables` the last column is the document's name, and the rows of these tables are read apart. `hint` is the part of the
    SQL that names the index to read in order, which a table made by others may not have.
    """

    sql: str
    values: tuple[Any, ...]
    names: list[str]
    computed_dates: tuple[int, ...] = ()
    tables: tuple[TableFields, ...] = ()
    hint: str = ""


@dataclass(slots=True)
class _Text:
    """SQL with its parameters and the kind of value it gives."""

    sql: str
    values: tuple[Any, ...] = ()
    kind: str = ""
    plain: bool = False


STANDARD_KINDS = {
    "name": "Data",
    "owner": "Link",
    "creation": "Datetime",
    "modified": "Datetime",
    "modified_by": "Link",
    "docstatus": "Int",
    "idx": "Int",
}


@dataclass(slots=True)
class ListQuery:
    """Builds one SELECT over a DocType. `columns_of` gives a DocType's columns, `tree_range` a node's lft and rgt."""

    doctype: str
    columns_of: Callable[[str], DocTypeColumns]
    sqlite: bool
    tree_range: Callable[[str, Any], tuple[int, int] | None] | None = None
    time_span: Callable[[str], tuple[Any, Any] | None] | None = None
    fold: bool = True
    joins: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    join_values: list[Any] = field(default_factory=list)
    tables: list[TableFields] = field(default_factory=list)
    main: DocTypeColumns = field(init=False)

    def __post_init__(self) -> None:
        self.main = self.columns_of(self.doctype)

    # columns

    def column(self, name: str, table: str | None = None) -> ColumnRef:
        """Give the column `name` of `table` (a DocType, `tabX`, a link or table field; None is the DocType itself)."""
        if table is None:
            return self._column_of(self.main, self.doctype, name)
        if table.startswith("tab") and table[3:] == self.doctype:
            return self._column_of(self.main, self.doctype, name)
        if table.startswith("tab"):
            return self._joined_child(table[3:], name)
        if table == self.doctype:
            return self._column_of(self.main, self.doctype, name)
        return self._joined_field(table, name)

    def _column_of(self, columns: DocTypeColumns, alias: str, name: str) -> ColumnRef:
        kind = columns.column_types.get(name)
        if kind is None:
            raise DataError(f"Field not permitted in query: {name}")
        never_null = kind in NEVER_NULL_TYPES or name in ("docstatus", "idx")
        return ColumnRef(f"`tab{alias}`.`{name}`" if alias == columns.name else f"`{alias}`.`{name}`", kind, never_null)

    def _joined_child(self, doctype: str, name: str) -> ColumnRef:
        """A column of a child table (or of the parent, for a list of rows)."""
        columns = self.columns_of(doctype)
        if not columns.istable:
            raise DataError(f"Table not permitted in query: tab{doctype}")
        joined = [alias for alias in self.joins if alias.startswith(f"tab{doctype}_")]
        if doctype not in self.joins and len(joined) == 1:  # the rows of its one table field that are asked for
            return self._column_of(columns, joined[0], name)
        if doctype not in self.joins:
            self.joins[doctype] = (
                f" LEFT JOIN `tab{doctype}` ON `tab{doctype}`.`parent` = `tab{self.doctype}`.`name`"
                f" AND `tab{doctype}`.`parenttype` = ?"
            )
            self.join_values.append(self.doctype)
        return self._column_of(columns, doctype, name)

    def _joined_field(self, fieldname: str, name: str) -> ColumnRef:
        """A column behind a link field or of the rows in a table field."""
        child = self.main.child_doctype(fieldname)
        if child is not None and child in self.joins and len(self.main.table_fields_of(child)) == 1:
            return self._column_of(self.columns_of(child), child, name)
        if child is not None:
            alias = f"tab{child}_{fieldname}"
            if alias not in self.joins:
                self.joins[alias] = (
                    f" LEFT JOIN `tab{child}` AS `{alias}` ON `{alias}`.`parent` = `tab{self.doctype}`.`name`"
                    f" AND `{alias}`.`parenttype` = ? AND `{alias}`.`parentfield` = ?"
                )
                self.join_values.extend((self.doctype, fieldname))
            return self._column_of(self.columns_of(child), alias, name)
        target = self.main.link_doctype(fieldname)
        if target is None:
            raise DataError(f"Field not permitted in query: {fieldname}.{name}")
        alias = f"tab{target}_{fieldname}"
        if alias not in self.joins:
            self.joins[alias] = (
                f" LEFT JOIN `tab{target}` AS `{alias}` ON `{alias}`.`name` = `tab{self.doctype}`.`{fieldname}`"
            )
        return self._column_of(self.columns_of(target), alias, name)

    # expressions

    def text(self, node: Node) -> _Text:
        """Write an expression as SQL."""
        if isinstance(node, Column):
            if node.table is None and node.name in self.aliases and node.name not in self.main.column_types:
                return _Text(f"`{node.name}`", kind=self.aliases[node.name])
            reference = self.column(node.name, node.table)
            return _Text(reference.sql, kind=reference.fieldtype, plain=True)
        if isinstance(node, Literal):
            return _Text("?", (node.value,))
        if isinstance(node, Operation):
            return self._operation(node)
        if isinstance(node, Call):
            return self._call(node)
        raise DataError("* stands for all fields alone, not inside an expression")

    def _operation(self, node: Operation) -> _Text:
        left, right = self.text(node.left), self.text(node.right)
        operator = "* 1.0 /" if node.operator == "/" and self.sqlite else node.operator
        return _Text(f"({left.sql} {operator} {right.sql})", left.values + right.values)

    def _call(self, node: Call) -> _Text:
        if node.name == "extract":
            return self._extract(node)
        if node.name == "count" and node.arguments == (Star(),) and not node.distinct:
            return _Text("count(*)")
        arguments = [self.text(argument) for argument in node.arguments]
        values = tuple(value for argument in arguments for value in argument.values)
        inside = ", ".join(argument.sql for argument in arguments)
        kind = _DATE_MAKERS.get(node.name, "")
        if node.name in _SAME_KIND:
            kind = next((argument.kind for argument in arguments if argument.kind in DATE_KINDS), "")
        text = f"{self._function(node.name)}({'DISTINCT ' if node.distinct else ''}{inside})"
        if node.name == "sum" and self.sqlite:
            text = f"CAST({text} AS REAL)"  # sums are decimals on MariaDB, so floats in Python
        return _Text(text, values, kind)

    def _extract(self, node: Call) -> _Text:
        unit, source = node.arguments
        name = str(unit.value) if isinstance(unit, Literal) else ""
        inside = self.text(source)
        if name not in EXTRACTED:
            raise DataError(f"{name} can't be extracted from a date")
        return _Text(f"{name}({inside.sql})", inside.values)

    def _function(self, name: str) -> str:
        if self.sqlite:
            return {"left": "ec_left", "right": "ec_right", "ucase": "upper", "lcase": "lower", "ceiling": "ceil"}.get(
                name, name
            )
        return name

    # parts

    def select_list(self, fields: Any) -> tuple[list[_Text], list[str], bool]:
        """Read `fields`; give what to select, the names of the result's columns, and whether `distinct` was asked."""
        texts: list[_Text] = []
        names: list[str] = []
        distinct = False
        for entry in field_entries(fields):
            if self._is_table(entry, len(names)):
                continue
            selected, is_distinct = selected_entry(entry)
            distinct = distinct or is_distinct
            if isinstance(selected.node, Star):
                self._select_all(selected.node, texts, names)
                continue
            text = self.text(selected.node)
            name = _checked_name(selected.alias or _result_name(selected.node, entry))
            self.aliases[name] = text.kind
            texts.append(text)
            names.append(name)
        if not texts and not self.tables:
            raise DataError("A query needs fields")
        if self.tables:
            texts.append(self.text(Column("name")))
            names.append("name")
        return texts, names, distinct

    def _is_table(self, entry: Any, position: int) -> bool:
        """Note `{"items": ["sku", "qty"]}`: fields of the rows in a table field."""
        if not isinstance(entry, Mapping) or len(entry) != 1:
            return False
        ((key, wanted),) = entry.items()
        child = self.main.child_doctype(key) if isinstance(key, str) else None
        if child is None:
            return False
        fields = tuple(wanted) if isinstance(wanted, (list, tuple)) else (wanted,)
        self.tables.append(TableFields(key, child, self.doctype, fields, position + len(self.tables)))
        return True

    def _select_all(self, star: Star, texts: list[_Text], names: list[str]) -> None:
        columns, alias = self.main, self.doctype
        if star.table and star.table != f"tab{self.doctype}":
            child = star.table.removeprefix("tab")
            self._joined_child(child, "name")
            columns, alias = self.columns_of(child), child
        for name in columns.column_types:
            reference = self._column_of(columns, alias, name)
            texts.append(_Text(reference.sql, kind=reference.fieldtype, plain=True))
            names.append(name)

    def condition(self, entry: Filter) -> Condition:
        """Write one filter as SQL."""
        column = self._filter_column(entry)
        condition = self._condition(column, entry)
        return Condition(condition.sql, column.values + condition.values) if column.values else condition

    def _condition(self, column: ColumnRef, entry: Filter) -> Condition:
        operator, value = entry.operator, entry.value
        value = _plain_value(value)
        if isinstance(value, _FieldValue):
            other = self.text(value.node)
            return Condition(f"{column.sql} {operator} {other.sql}", other.values)
        if operator in NESTED_SET_OPERATORS:
            return self._in_tree(column, entry)
        if operator in ("timespan", "previous", "next"):
            return self._in_time_span(column, operator, value)
        return compile_filter(column, operator, value, fold=self.fold)

    def _filter_column(self, entry: Filter) -> ColumnRef:
        if not isinstance(entry.field, str):
            name = getattr(entry.field, "name", None)
            if not isinstance(name, str):
                raise ValidationError(f"A filter names a field, not {entry.field!r}")
            return self.column(name)
        if entry.doctype:
            return self.column(entry.field, f"tab{entry.doctype}")
        if entry.field in self.main.column_types:
            return self._column_of(self.main, self.doctype, entry.field)
        node = read_selected(entry.field)[0].node
        if isinstance(node, Column):
            return self.column(node.name, node.table or table_of_rows_with(node.name, self.main, self.columns_of))
        text = self.text(node)
        return ColumnRef(text.sql, text.kind or "Float", never_null=True, values=text.values)

    def _in_tree(self, column: ColumnRef, entry: Filter) -> Condition:
        target = self.doctype if entry.field == "name" else self.main.link_doctype(str(entry.field))
        if target is None or self.tree_range is None or "lft" not in self.columns_of(target).column_types:
            raise ValidationError(f"{entry.field} does not point into a tree")
        if isinstance(entry.value, (list, tuple, set, Mapping)):
            raise DataError(f"One value expected after {entry.operator}, not {entry.value!r}")
        bounds = self.tree_range(target, entry.value)
        negative = entry.operator.startswith("not ")
        if bounds is None:
            return Condition("1 = 1" if negative else "1 = 0")
        left, right = bounds
        if "ancestors" in entry.operator:
            inside = f"SELECT `name` FROM `tab{target}` WHERE `lft` < ? AND `rgt` > ?"
        elif "inclusive" in entry.operator:
            inside = f"SELECT `name` FROM `tab{target}` WHERE `lft` >= ? AND `rgt` <= ?"
        else:
            inside = f"SELECT `name` FROM `tab{target}` WHERE `lft` > ? AND `rgt` < ?"
        if negative:
            return Condition(f"({column.sql} NOT IN ({inside}) OR {column.sql} IS NULL)", (left, right))
        return Condition(f"{column.sql} IN ({inside})", (left, right))

    def _in_time_span(self, column: ColumnRef, operator: str, value: Any) -> Condition:
        if self.time_span is None:
            raise ValidationError("time spans are not known here")
        words = str(value) if operator == "timespan" else f"{'last' if operator == 'previous' else 'next'} {value}"
        span = self.time_span(words.lower())
        if span is None:
            return Condition("1 = 0")
        start, end = span
        if column.fieldtype == "Datetime":
            start, end = day_range(start, end)
        return Condition(f"{column.sql} BETWEEN ? AND ?", (start, end))

    def where(self, filters: Any, or_filters: Any, extra: Iterable[Condition | str]) -> Condition:
        """Join all conditions."""
        parts = [self.condition(entry) for entry in read_filters(filters, self.doctype)]
        alternatives = [self.condition(entry) for entry in read_filters(or_filters, self.doctype)]
        if alternatives:
            joined = " OR ".join(f"({part.sql})" for part in alternatives)
            parts.append(Condition(f"({joined})", tuple(value for part in alternatives for value in part.values)))
        for item in extra:
            if item:
                parts.append(item if isinstance(item, Condition) else Condition(f"({item})"))
        return Condition(
            " AND ".join(part.sql for part in parts), tuple(value for part in parts for value in part.values)
        )

    def order(self, order_by: Any, width: int = 0) -> tuple[str, tuple[Any, ...]]:
        """Write an order by list as SQL; a number stands for one of the `width` columns of the result."""
        if not order_by:
            return "", ()
        pieces: list[str] = []
        values: list[Any] = []
        for item in read_sorting(str(order_by).strip()):
            text = self._position(item.node, width) or self._caseless(self.text(item.node))
            pieces.append(f"{text.sql}{' DESC' if item.descending else ' ASC'}")
            values.extend(text.values)
        return f" ORDER BY {', '.join(pieces)}", tuple(values)

    def group(self, group_by: Any, selected: Sequence[_Text] = ()) -> tuple[str, tuple[Any, ...]]:
        """Write a group by list as SQL; numbers stand for columns `selected`. Raises `DataError` on sums and the like."""
        if not group_by:
            return "", ()
        source = ", ".join(group_by) if isinstance(group_by, (list, tuple)) else str(group_by)
        nodes = read_list(source.strip())
        texts = [self._position(node, len(selected)) or self._caseless(self.text(node)) for node in nodes]
        meant = [
            selected[int(text.sql) - 1] if isinstance(node, Literal) else text
            for node, text in zip(nodes, texts, strict=True)
        ]
        if any(_AGGREGATE.search(text.sql) for text in meant):
            raise DataError(f"Rows can't be grouped by what is computed of groups: {source!r}")
        return (
            f" GROUP BY {', '.join(text.sql for text in texts)}",
            tuple(value for text in texts for value in text.values),
        )

    def _caseless(self, text: _Text) -> _Text:
        """What is computed carries no collation on SQLite; it sorts and groups as a column does."""
        return text if text.plain or not self.sqlite else replace(text, sql=f"{text.sql} COLLATE NOCASE")

    def _refuse_tables(self, grouped: bool) -> None:
        if self.tables and grouped:
            raise DataError("Rows of tables can't be asked for together with distinct or a grouping")

    @staticmethod
    def _position(node: Node, width: int) -> _Text | None:
        if not isinstance(node, Literal):
            return None
        if isinstance(node.value, int) and 1 <= node.value <= width:
            return _Text(str(node.value))
        raise DataError(f"There is no column {node.value!r} to sort or group by")

    def compile(
        self,
        fields: Any = None,
        filters: Any = None,
        or_filters: Any = None,
        group_by: Any = None,
        order_by: Any = None,
        limit: int | None = None,
        offset: int | None = None,
        distinct: bool = False,
        for_update: bool = False,
        extra: Iterable[Condition | str] = (),
    ) -> Compiled:
        """Give the whole SELECT."""
        texts, names, asked_distinct = self.select_list(fields or ["name"])
        unique = distinct or asked_distinct
        self._refuse_tables(unique or bool(group_by))
        where = self.where(filters, or_filters, extra)
        clauses = [
            (f" WHERE {where.sql}" if where.sql else "", where.values),
            self.group(group_by, texts),
            self.order(order_by, len(names)),
        ]
        written = [text for text, _values in clauses]
        hint = self._hint([unique, *self.joins, *written], limit, offset)
        sql = (
            f"SELECT {'DISTINCT ' if unique else ''}{_columns(texts, names)} FROM `tab{self.doctype}`{hint}",
            *self.joins.values(),
            *written,
            _limit(limit, offset),
            " FOR UPDATE" if for_update and not self.sqlite else "",
        )
        selected = (value for text in texts for value in text.values)
        return Compiled(
            "".join(sql),
            (*selected, *self.join_values, *(value for _text, values in clauses for value in values)),
            names,
            tuple(i for i, text in enumerate(texts) if text.kind in DATE_KINDS and not text.plain),
            tuple(self.tables),
            hint,
        )

    def _hint(self, parts: list[Any], limit: int | None, offset: int | None) -> str:
        """Let MariaDB read the first rows of a whole table over the index of their order: it would rather sort all rows."""
        *others, order = parts
        rows = int(limit or 0) + int(offset or 0)
        if self.sqlite or any(others) or not limit or rows > MOST_IN_ORDER:
            return ""
        start = f" ORDER BY `tab{self.doctype}`.`"
        column, _quote, way = order.removeprefix(start).partition("`")
        is_alone = order.startswith(start) and way in (" ASC", " DESC")
        return f" FORCE INDEX FOR ORDER BY (`{column}`)" if is_alone and column in self.main.ordering_columns else ""


def _columns(texts: list[_Text], names: list[str]) -> str:
    """The select list; a column that is called what it is needs no alias."""
    return ", ".join(
        text.sql if text.plain and text.sql.endswith(f".`{name}`") else f"{text.sql} AS `{name}`"
        for text, name in zip(texts, names, strict=True)
    )


@dataclass(frozen=True, slots=True)
class _FieldValue:
    """The value of a filter that is itself a column."""

    node: Node


def _plain_value(value: Any) -> Any:
    get_sql = getattr(value, "get_sql", None)
    if get_sql is None or isinstance(value, type):
        return value
    return _FieldValue(read_selected(get_sql(quote_char="`", secondary_quote_char="'"))[0].node)


def selected_entry(entry: Any) -> tuple[Selected, bool]:
    """Read one entry of a field list: a text, a dict like {"SUM": "qty"} or a term of the query builder."""
    if isinstance(entry, Mapping):
        return _from_mapping(entry), False
    if isinstance(entry, str):
        return read_selected(entry.strip())
    get_sql = getattr(entry, "get_sql", None)
    if get_sql is not None:
        alias = getattr(entry, "alias", None)
        selected, distinct = read_selected(get_sql(quote_char="`", secondary_quote_char="'", with_alias=False))
        return Selected(selected.node, alias or selected.alias), distinct
    raise ValidationError(f"A field is a text or a dict, not {entry!r}")


def _from_mapping(entry: Mapping[str, Any]) -> Selected:
    """`{"SUM": "qty", "as": "total"}`, and nested ones."""
    alias = entry.get("as")
    functions = [key for key in entry if key != "as"]
    if len(functions) != 1:
        raise ValidationError(f"One function expected in {dict(entry)!r}")
    name = functions[0]
    argument = entry[name]
    arguments = argument if isinstance(argument, (list, tuple)) else [argument]
    inside = ", ".join(_argument_text(item) for item in arguments)
    return Selected(read_selected(f"{name}({inside})")[0].node, str(alias) if alias else None)


def _argument_text(item: Any) -> str:
    if isinstance(item, Mapping):
        (name, argument), *_rest = [(key, value) for key, value in item.items() if key != "as"]
        inner = argument if isinstance(argument, (list, tuple)) else [argument]
        return f"{name}({', '.join(_argument_text(part) for part in inner)})"
    return str(item)


def field_entries(fields: Any) -> list[Any]:
    """Give the entries of a field list, whether it came as a list, a text or one entry."""
    if isinstance(fields, str):
        return [fields] if "(" in fields else [part for part in fields.split(",") if part.strip()]
    if isinstance(fields, (list, tuple, set)):
        return [entry for entry in fields if entry not in (None, "")]
    return [fields]


def _checked_name(name: str) -> str:
    """The name of a result's column stands between backticks in the SQL, so it may hold none."""
    if not name or not _NAME.match(name) or not name.isprintable():
        raise DataError(f"{name!r} can't be the name of a column")
    return name


def _result_name(node: Node, entry: Any) -> str:
    if isinstance(node, Column):
        return node.name
    if isinstance(entry, Mapping):
        return str(next(key for key in entry if key != "as")).replace("`", "")
    return str(entry).replace("`", "")


def _limit(limit: int | None, offset: int | None) -> str:
    if not limit:
        return ""
    if int(limit) < 0 or int(offset or 0) < 0:
        raise DataError(f"A page begins and ends at 0 or more, not {limit!r} rows from {offset or 0!r}")
    size, start = min(int(limit), LARGEST_NUMBER), min(int(offset or 0), LARGEST_NUMBER)
    return f" LIMIT {size}" + (f" OFFSET {start}" if start else "")
