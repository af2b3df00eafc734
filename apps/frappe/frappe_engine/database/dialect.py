"""The rewriting itself: MariaDB's syntax tree to SQLite's grammar, by sqlglot.

Functions keep MariaDB's names (they are registered on the connection, see `functions.py`); only what SQLite's
grammar can't say is changed. Imported lazily, because sqlglot is large.

Invariant: pure; what is not known to be equal on both databases is refused.
"""

from __future__ import annotations

import re
from typing import Any, TypeAlias

from sqlglot import exp, parse_one
from sqlglot.dialects.mysql import MySQL
from sqlglot.errors import ParseError, TokenError

from frappe_engine.context.errors import ValidationError

Node: TypeAlias = Any  # sqlglot's expressions

_REFUSED: dict[Any, str] = {
    exp.MatchAgainst: "MATCH … AGAINST",
    exp.Alter: "ALTER",
    exp.Drop: "DROP",
    exp.Set: "SET",
    exp.LoadData: "LOAD DATA",
}


class UnsupportedSyntax(ValidationError):
    """A statement uses what only MariaDB has."""


def rewrite(query: str) -> str:
    """Give `query` (MariaDB's dialect, `?` placeholders) for SQLite; raise `UnsupportedSyntax` naming the culprit."""
    shown = _show_statement(query)
    if shown:
        return shown
    try:
        tree = parse_one(query, read="mysql")
    except (ParseError, TokenError) as error:
        raise _refusal(query, str(error).split("\n", maxsplit=1)[0]) from error
    _check(tree, query)
    return str(_reshape(tree, query).sql(dialect=SQLiteForMariaDB, comments=False))


def _refusal(query: str, reason: str) -> UnsupportedSyntax:
    start = " ".join(query.split())[:200]
    return UnsupportedSyntax(f"This SQL can't run on SQLite ({reason}): {start}")


def _check(tree: Node, query: str) -> None:
    for node in tree.walk():
        if type(node) in _REFUSED:
            raise _refusal(query, _REFUSED[type(node)])
        if isinstance(node, exp.Group) and node.args.get("rollup"):
            raise _refusal(query, "WITH ROLLUP")
        if isinstance(node, exp.Parameter | exp.SessionParameter):
            raise _refusal(query, "variables")


def _reshape(tree: Node, query: str) -> Node:
    for table in tree.find_all(exp.Table):
        table.set("hints", None)
    if isinstance(tree, exp.Update):
        return _update_with_joins(tree, query)
    if isinstance(tree, exp.Delete):
        return _delete_with_joins(tree)
    return tree


def _joins_of(table: Node) -> list[exp.Join]:
    return list(table.args.get("joins") or []) if table is not None else []


def _update_with_joins(tree: Node, query: str) -> Node:
    """`UPDATE a JOIN b ON … SET …` is `UPDATE a SET … FROM b WHERE …` in SQLite (inner joins only)."""
    table = tree.this
    joins = _joins_of(table)
    if not joins:
        return tree
    if any(join.side or join.kind not in ("", "INNER", "CROSS") for join in joins):
        raise _refusal(query, "UPDATE with an outer JOIN")
    table.set("joins", None)
    conditions = [join.args["on"] for join in joins if join.args.get("on")]
    where = tree.args.get("where")
    if where is not None:
        conditions.append(where.this)
    sources = [join.this for join in joins]
    source = sources[0]
    source.set("joins", [exp.Join(this=extra, kind="CROSS") for extra in sources[1:]] or None)
    tree.set("from_", exp.From(this=source))
    if conditions:
        tree.set("where", exp.Where(this=exp.and_(*conditions)))
    target = table.alias_or_name
    for assignment in tree.expressions:
        column = assignment.this
        if isinstance(column, exp.Column) and column.table == target:
            column.set("table", None)
    return tree


def _delete_with_joins(tree: Node) -> Node:
    """`DELETE a FROM a JOIN b …` becomes a delete by rowid of what the join finds."""
    targets = tree.args.get("tables") or []
    table = tree.this
    joins = _joins_of(table)
    if not targets and not joins:
        return tree
    alias = targets[0].name if targets else table.alias_or_name
    tree.set("tables", None)
    if not joins:
        return tree
    found = exp.select(exp.column("rowid", table=alias, quoted=True)).from_(table)
    where = tree.args.get("where")
    if where is not None:
        found = found.where(where.this)
    plain = next(source for source in [table, *(join.this for join in joins)] if source.alias_or_name == alias).copy()
    plain.set("joins", None)
    plain.set("alias", None)
    return exp.delete(plain).where(exp.In(this=exp.column("rowid"), query=exp.Subquery(this=found)))


_SHOW = re.compile(
    r"^\s*(?:show\s+(?P<full>full\s+)?tables(?:\s+like\s+(?P<like>'[^']*'))?"
    r"|(?:describe|desc|show\s+(?:full\s+)?columns\s+(?:from|in))\s+`?(?P<columns>[^`;]+?)`?"
    r"|show\s+(?:index(?:es)?|keys)\s+(?:from|in)\s+`?(?P<index>[^`;]+?)`?)\s*;?\s*$",
    re.IGNORECASE,
)


def _show_statement(query: str) -> str | None:
    """Answer SHOW TABLES, DESCRIBE and SHOW INDEX from SQLite's own catalogue, with MariaDB's column names."""
    match = _SHOW.match(query)
    if match is None:
        return None
    if match["columns"]:
        name = match["columns"].strip().replace("'", "''")
        return (
            "SELECT name AS `Field`, lower(type) AS `Type`, CASE WHEN `notnull` OR pk THEN 'NO' ELSE 'YES' END AS `Null`,"
            " CASE WHEN pk THEN 'PRI' ELSE '' END AS `Key`, dflt_value AS `Default`, '' AS `Extra`"
            f" FROM pragma_table_info('{name}')"
        )
    if match["index"]:
        name = match["index"].strip().replace("'", "''")
        return (
            f"SELECT '{name}' AS `Table`, 1 - i.`unique` AS `Non_unique`, i.name AS `Key_name`, c.seqno + 1 AS `Seq_in_index`,"
            f" c.name AS `Column_name` FROM pragma_index_list('{name}') i, pragma_index_info(i.name) c"
        )
    like = f" AND name LIKE {match['like']}" if match["like"] else ""
    return f"SELECT name AS `Tables_in_main` FROM sqlite_master WHERE type = 'table'{like} ORDER BY name"


def _interval(name: str) -> Any:
    def write(generator: Any, node: Any) -> str:
        amount = node.expression
        unit = node.args.get("unit")
        if isinstance(amount, exp.Interval):
            unit, amount = amount.unit, amount.this
        unit_name = unit.name if unit is not None else "DAY"
        value = generator.sql(amount)
        if isinstance(amount, exp.Literal) and amount.is_string:
            value = amount.name
        return f"{name}({generator.sql(node.this)}, {value}, '{unit_name.lower()}')"

    return write


def _add_date(generator: Any, name: str, day: Node, amount: Node) -> str:
    """`ADDDATE(d, n)` counts days, `ADDDATE(d, INTERVAL n UNIT)` units."""
    unit = "DAY"
    if isinstance(amount, exp.Interval):
        unit, amount = str(amount.args["unit"].name), amount.this
    value = amount.name if isinstance(amount, exp.Literal) else generator.sql(amount)
    return f"{name}({generator.sql(day)}, {value}, '{unit.lower()}')"


def _call(name: str, *keys: str) -> Any:
    def write(generator: Any, node: Any) -> str:
        values: list[str] = []
        for key in keys:
            value = node.args.get(key)
            if isinstance(value, list):
                values.extend(generator.sql(item) for item in value)
            elif value is not None:
                values.append(generator.sql(value))
        return f"{name}({', '.join(values)})"

    return write


def _binary_interval(sign: str) -> Any:
    """`d + INTERVAL 1 DAY` and `d - INTERVAL 1 DAY`."""
    name = "ec_add_interval" if sign == "+" else "ec_sub_interval"

    def write(generator: Any, node: Any) -> str:
        if isinstance(node.expression, exp.Interval):
            return str(_interval(name)(generator, node))
        return f"{generator.sql(node.this)} {sign} {generator.sql(node.expression)}"

    return write


def _timestamp_difference(generator: Any, node: Any) -> str:
    unit = node.args.get("unit")
    return (
        f"ec_timestampdiff('{(unit.name if unit else 'day').lower()}',"
        f" {generator.sql(node.expression)}, {generator.sql(node.this)})"
    )


def _extract(generator: Any, node: Any) -> str:
    return f"{node.this.name.lower()}({generator.sql(node.expression)})"


def _group_concat(generator: Any, node: Any) -> str:
    separator = generator.sql(node.args["separator"]) if node.args.get("separator") else "','"
    inner = node.this
    if isinstance(inner, exp.Order):
        inner = inner.this  # SQLite 3.40 has no order inside aggregates; rows arrive in the order of the scan
    if isinstance(inner, exp.Distinct):
        expression = inner.expressions[0]
        text = generator.sql(expression)
        return (
            f"replace(group_concat(DISTINCT {text}), ',', {separator})"
            if separator != "','"
            else f"group_concat(DISTINCT {text})"
        )
    return f"group_concat({generator.sql(inner)}, {separator})"


def _cast(generator: Any, node: Any) -> str:
    target = node.to.this
    name = target.name if hasattr(target, "name") else str(target)
    value = generator.sql(node.this)
    if name in {"UBIGINT", "BIGINT", "INT", "UINT", "SMALLINT", "TINYINT", "MEDIUMINT"}:
        return f"CAST({value} AS INTEGER)"
    if name in {"DECIMAL", "DOUBLE", "FLOAT", "UDECIMAL"}:
        return f"CAST({value} AS REAL)"
    if name == "DATE":
        return f"date({value})"
    if name in {"DATETIME", "TIMESTAMP", "TIMESTAMPTZ", "DATETIME2"}:
        return f"timestamp({value})"
    return f"CAST({value} AS TEXT)"


def _conflict(generator: Any, node: Any) -> str:
    assignments = ", ".join(generator.sql(item) for item in node.expressions)
    return f"ON CONFLICT DO UPDATE SET {assignments}" if assignments else "ON CONFLICT DO NOTHING"


def _anonymous(generator: Any, node: Any) -> str:
    name = str(node.this)
    if name.upper() == "VALUES":
        return f"excluded.{generator.sql(node.expressions[0])}"
    if name.upper() in {"ADDDATE", "SUBDATE"}:
        return _add_date(
            generator, "ec_add_interval" if name.upper() == "ADDDATE" else "ec_sub_interval", *node.expressions
        )
    return f"{name.lower()}({', '.join(generator.sql(item) for item in node.expressions)})"


def _like(generator: Any, node: Any) -> str:
    """MariaDB escapes with a backslash; SQLite has to be told."""
    pattern = node.expression
    escape = " ESCAPE '\\'" if isinstance(pattern, exp.Literal) and "\\" in pattern.name else ""
    word = "NOT LIKE" if node.args.get("negate") else "LIKE"
    return f"{generator.sql(node.this)} {word} {generator.sql(pattern)}{escape}"


def _values_function(generator: Any, node: Any) -> str:
    """`VALUES(column)` of ON DUPLICATE KEY UPDATE, where sqlglot sees a one-value table."""
    inside = node.find(exp.Column)
    if node.find_ancestor(exp.OnConflict) and inside is not None:
        return f"excluded.{generator.sql(inside)}"
    return str(MySQL.Generator.values_sql(generator, node))


class SQLiteForMariaDB(MySQL):
    """MariaDB's dialect as SQLite reads it, given the registered functions."""

    class Tokenizer(MySQL.Tokenizer):
        """Texts are escaped by doubling the quote alone."""

        STRING_ESCAPES = ["'"]  # noqa: RUF012 - sqlglot's convention

    class Generator(MySQL.Generator):  # type: ignore[valid-type,misc]
        """Writes the tree; every entry says one thing SQLite has another word for."""

        TRANSFORMS = {  # noqa: RUF012 - sqlglot's convention
            **MySQL.Generator.TRANSFORMS,
            exp.DateAdd: _interval("ec_add_interval"),
            exp.DateSub: _interval("ec_sub_interval"),
            exp.TsOrDsAdd: _interval("ec_add_interval"),
            exp.DatetimeAdd: _interval("ec_add_interval"),
            exp.TimestampAdd: _interval("ec_add_interval"),
            exp.DatetimeSub: _interval("ec_sub_interval"),
            exp.TimestampSub: _interval("ec_sub_interval"),
            exp.Add: _binary_interval("+"),
            exp.Sub: _binary_interval("-"),
            exp.TimestampDiff: _timestamp_difference,
            exp.DatetimeDiff: _timestamp_difference,
            exp.DateDiff: _call("datediff", "this", "expression"),
            exp.Extract: _extract,
            exp.GroupConcat: _group_concat,
            exp.Cast: _cast,
            exp.TryCast: _cast,
            exp.OnConflict: _conflict,
            exp.Anonymous: _anonymous,
            exp.Values: _values_function,
            exp.If: _call("iif", "this", "true", "false"),
            exp.Right: _call("ec_right", "this", "expression"),
            exp.StrPosition: _call("locate", "substr", "this", "position"),
            exp.NullSafeEQ: lambda generator, node: f"{generator.sql(node.this)} IS {generator.sql(node.expression)}",
            exp.IntDiv: _call("ec_div", "this", "expression"),
            exp.Div: lambda generator, node: f"{generator.sql(node.this)} * 1.0 / {generator.sql(node.expression)}",
            exp.RegexpLike: lambda generator, node: (
                f"{generator.sql(node.this)} REGEXP {generator.sql(node.expression)}"
            ),
            exp.Xor: lambda generator, node: (
                f"(NOT ({generator.sql(node.this)})) <> (NOT ({generator.sql(node.expression)}))"
            ),
            exp.DPipe: lambda generator, node: f"({generator.sql(node.this)} OR {generator.sql(node.expression)})",
            exp.CurrentDate: lambda generator, node: "curdate()",
            exp.CurrentTime: lambda generator, node: "curtime()",
            exp.CurrentTimestamp: lambda generator, node: "now()",
            exp.Collate: lambda generator, node: generator.sql(node.this),
            exp.TsOrDsToDate: _call("date", "this"),
            exp.Date: _call("date", "this"),
            exp.Timestamp: _call("timestamp", "this", "expression", "zone"),
            exp.Like: _like,
            exp.TimeToStr: _call("date_format", "this", "format"),
            exp.Month: _call("month", "this"),
            exp.Year: _call("year", "this"),
            exp.Day: _call("day", "this"),
            exp.Week: _call("week", "this"),
            exp.LastDay: _call("last_day", "this"),
            exp.UnixToTime: _call("from_unixtime", "this"),
        }

        def update_sql(self, node: Any) -> str:
            """SQLite has UPDATE … FROM."""
            source = node.args.get("from_")
            parts = [f"UPDATE {self.sql(node.this)} SET {self.expressions(node, flat=True)}"]
            if source is not None:
                parts.append(f"FROM {self.sql(source.this)}")
            parts.append(self.sql(node, "where"))
            return " ".join(part.strip() for part in parts if part)

        def left_sql(self, node: Any) -> str:
            """LEFT is a join word in SQLite."""
            return f"substr({self.sql(node.this)}, 1, {self.sql(node.expression)})"

        def insert_sql(self, node: Any) -> str:
            """`INSERT IGNORE` is `INSERT OR IGNORE`."""
            text = str(super().insert_sql(node))
            return re.sub(r"^INSERT IGNORE\b", "INSERT OR IGNORE", text)

        def binary_sql(self, node: Any) -> str:
            """`BINARY x` compares by bytes."""
            return f"{self.sql(node.this)} COLLATE BINARY"
