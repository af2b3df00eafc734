"""`frappe.qb`: PyPika, with queries that run on the site's database.

Invariant: what `run` executes has every value as a parameter where PyPika allows it, and MariaDB's quoting, which both
databases read.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

from pypika import MySQLQuery, Table
from pypika.dialects import MySQLQueryBuilder
from pypika.queries import QueryBuilder, _SetOperation
from pypika.terms import ContainsCriterion, Field, Tuple, ValueWrapper
from pypika.utils import format_alias_sql

from frappe_engine.context.local import current
from frappe_engine.context.missing import NamesWhatIsMissing
from frappe_engine.database.statements import NOTHING, with_literals


class Parameters:
    """Collects the values of a query while PyPika writes it."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def add(self, value: Any) -> str:
        """Keep a value, give its placeholder."""
        name = f"param{len(self.values) + 1}"
        self.values[name] = value
        return f"%({name})s"


_write_literal = ValueWrapper.get_sql


def _write_value(self: Any, **kwargs: Any) -> str:
    """Write a value as a placeholder, or as a literal when nobody collects parameters.

    Takes the place of `ValueWrapper.get_sql`: PyPika escapes quotes but not MariaDB's backslash.
    """
    collector: Parameters | None = kwargs.get("parameters")
    value = self.value
    if collector is None or value is None or isinstance(value, (bool, int, float)) or hasattr(value, "get_sql"):
        text = str(_write_literal(self, **kwargs))
        if collector is None or hasattr(value, "get_sql"):  # a term inside has written its own placeholders
            return text
        return text.replace("%", "%%")
    return str(format_alias_sql(collector.add(_plain(value)), self.alias, **kwargs))


_write_contains = ContainsCriterion.get_sql


def _write_membership(self: Any, subquery: Any = None, **kwargs: Any) -> str:
    """Write `IN (…)`; an empty list is a query without rows, because MariaDB knows no empty list."""
    if not isinstance(self.container, Tuple) or self.container.values:
        return str(_write_contains(self, subquery=subquery, **kwargs))
    term = self.term.get_sql(**kwargs)
    return str(format_alias_sql(f"{term} {'NOT ' if self._is_negated else ''}IN {NOTHING}", self.alias, **kwargs))


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


class Builder(MySQLQueryBuilder):  # type: ignore[misc]
    """A query that can be run."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)

    def walk(self) -> tuple[str, dict[str, Any]]:
        """Give the SQL with named placeholders, and the values."""
        collector = Parameters()
        text = self.get_sql(parameters=collector)
        return text, collector.values

    def run(self, *args: Any, **kwargs: Any) -> Any:
        """Run the query as `frappe.db.sql` would, with its options (as_dict, pluck, …)."""
        text, values = self.walk()
        if not kwargs.pop("run", True):
            return text
        kwargs.pop("debug", None)
        return current().db.sql(text, values, *args, **kwargs)


class Query(MySQLQuery):  # type: ignore[misc]
    """Starts queries."""

    @classmethod
    def _builder(cls, **kwargs: Any) -> Builder:
        return Builder(**kwargs)


class UnionRunner:
    """Lets unions run as queries do."""

    @staticmethod
    def run(query: Any, *args: Any, **kwargs: Any) -> Any:
        """Run a union."""
        collector = Parameters()
        text = query.get_sql(parameters=collector)
        return current().db.sql(text, collector.values, *args, **kwargs)


class QueryBuilderFace(NamesWhatIsMissing):
    """`frappe.qb`."""

    public_name = "frappe.qb"

    terms: Any
    Field = Field
    Table = Table

    @staticmethod
    def DocType(table_name: str, *args: Any, **kwargs: Any) -> Any:  # noqa: N802 - the public name
        """Give the table of a DocType."""
        return table_of(table_name, *args, **kwargs)

    @staticmethod
    def into(table: Any, *args: Any, **kwargs: Any) -> Any:
        """Start an insert."""
        return Query.into(_as_table(table), *args, **kwargs)

    @staticmethod
    def update(table: Any, *args: Any, **kwargs: Any) -> Any:
        """Start an update."""
        return Query.update(_as_table(table), *args, **kwargs)

    @staticmethod
    def from_(table: Any, *args: Any, **kwargs: Any) -> Any:
        """Start a select."""
        return Query.from_(_as_table(table), *args, **kwargs)

    @staticmethod
    def select(*terms: Any, **kwargs: Any) -> Any:
        """Start a select without a table."""
        return Query.select(*terms, **kwargs)

    @staticmethod
    def with_(table: Any, name: str) -> Any:
        """Start a query with a common table expression."""
        return Query.with_(table, name)

    @staticmethod
    def get_query(doctype: Any, **parts: Any) -> Any:
        """Give a query by fields, filters and so on, as `frappe.db.get_values` builds it, ready to `run`.

        With `update` it is one to `set` values in, with `delete` running it removes the rows that fit `filters`.
        """
        name = str(getattr(doctype, "_table_name", doctype)).removeprefix("tab")
        if parts.get("update"):
            return _update_statement(name, parts.get("filters"))
        return DeleteStatement(name, parts.get("filters")) if parts.get("delete") else ListStatement(name, parts)

    @staticmethod
    def max(dt: str, fieldname: str, filters: Any = None, **kwargs: Any) -> Any:
        """Give the highest value of a field."""
        return aggregate("max", dt, fieldname, filters, **kwargs)

    @staticmethod
    def min(dt: str, fieldname: str, filters: Any = None, **kwargs: Any) -> Any:
        """Give the lowest value of a field."""
        return aggregate("min", dt, fieldname, filters, **kwargs)

    @staticmethod
    def avg(dt: str, fieldname: str, filters: Any = None, **kwargs: Any) -> Any:
        """Give the mean value of a field."""
        return aggregate("avg", dt, fieldname, filters, **kwargs)

    @staticmethod
    def sum(dt: str, fieldname: str, filters: Any = None, **kwargs: Any) -> Any:
        """Give the sum of a field."""
        return aggregate("sum", dt, fieldname, filters, **kwargs)

    @property
    def desc(self) -> Any:
        """Sort from high to low."""
        from pypika import Order

        return Order.desc

    @property
    def asc(self) -> Any:
        """Sort from low to high."""
        from pypika import Order

        return Order.asc

    @property
    def functions(self) -> Any:
        """PyPika's functions."""
        from pypika import functions

        return functions


def aggregate(function: str, doctype: str, fieldname: str, filters: Any = None, **parts: Any) -> Any:
    """Give an aggregate of a field over the documents that fit, 0 when none does."""
    database = current().db
    rows = database.run(
        database.compile(doctype, fields=[f"{function}({fieldname}) as value"], filters=filters, **parts)
    )
    return (rows[0][0] if rows else 0) or 0


class ListStatement:
    """A list query that waits to be run."""

    def __init__(self, doctype: str, parts: dict[str, Any]) -> None:
        self.doctype = doctype
        allowed = (
            "fields",
            "filters",
            "order_by",
            "group_by",
            "limit",
            "offset",
            "distinct",
            "for_update",
            "or_filters",
        )
        self.parts = {key: value for key, value in parts.items() if key in allowed}
        order_by = self.parts.get("order_by")
        if order_by and isinstance(order_by, str) and " " not in order_by.strip() and "(" not in order_by:
            self.parts["order_by"] = f"{order_by} desc"

    def get_sql(self, **_options: Any) -> str:
        """Give the SQL with its values in place."""
        compiled = current().db.compile(self.doctype, **self.parts)
        return with_literals(compiled.sql, compiled.values)

    __str__ = get_sql

    def run(self, as_dict: bool = False, as_list: bool = False, pluck: Any = False, **_options: Any) -> Any:
        """Run the query."""
        from frappe_engine.kit.attrdict import _dict

        database = current().db
        compiled = database.compile(self.doctype, **self.parts)
        names, rows = database.read(compiled, for_update=bool(self.parts.get("for_update")))
        if pluck:
            return [row[0] for row in rows]
        if as_dict:
            return [_dict(zip(names, row, strict=True)) for row in rows]
        return [list(row) for row in rows] if as_list else tuple(rows)


class DeleteStatement:
    """A removal of rows that waits to be run."""

    def __init__(self, doctype: str, filters: Any) -> None:
        self.doctype, self.filters = doctype, filters

    def run(self, **_options: Any) -> tuple[()]:
        """Remove the rows."""
        current().db.delete(self.doctype, self.filters)
        return ()


def _update_statement(doctype: str, filters: Any) -> Any:
    """A statement that waits for values to set in the rows that fit."""
    table = table_of(doctype)
    statement = Query.update(table)
    return (
        statement.where(table.name.isin(ListStatement(doctype, {"filters": filters}).run(pluck=True)))
        if filters
        else statement
    )


def table_of(table_name: str, *args: Any, **kwargs: Any) -> Table:
    """Give the table of a DocType (names with `__` are tables themselves)."""
    name = table_name if table_name.startswith("__") else f"tab{table_name}"
    return Table(name, *args, query_cls=Query, **kwargs)


def _as_table(table: Any) -> Any:
    return table_of(table) if isinstance(table, str) else table


def run_union(self: Any, *args: Any, **kwargs: Any) -> Any:
    """Run a union of queries."""
    return UnionRunner.run(self, *args, **kwargs)


def extend_pypika() -> None:
    """Let unions be run like queries, and values become parameters; PyPika has no hooks for either."""
    _SetOperation.run = run_union
    ValueWrapper.get_sql = _write_value
    ContainsCriterion.get_sql = _write_membership


extend_pypika()
QueryBuilder.run = Builder.run
QueryBuilder.walk = Builder.walk
