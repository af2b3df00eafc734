"""The rewriting itself: MariaDB's syntax tree to SQLite's grammar, by sqlglot.

Functions keep MariaDB's names and meaning (they are registered on the connection, see `functions.py`); only what
SQLite's grammar can't say is changed. Imported lazily, because sqlglot is large.

Invariant: pure; what is not known to be equal on both databases is refused.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any, TypeAlias

from sqlglot import exp, parse_one
from sqlglot.dialects.mysql import MySQL
from sqlglot.errors import ParseError, TokenError

from frappe_engine.context.errors import ValidationError

logging.getLogger("sqlglot").setLevel(logging.ERROR)  # what it can't read is refused here, with a message of our own
Node: TypeAlias = Any  # sqlglot's expressions
# sqlglot before 28 reads `localtime` as the present moment; apps may hold the bench to such a version
LOCAL_MOMENTS: tuple[Any, ...] = tuple(
    getattr(exp, name) for name in ("Localtime", "Localtimestamp") if hasattr(exp, name)
)

_REFUSED: dict[Any, str] = {
    exp.MatchAgainst: "MATCH … AGAINST",
    exp.Alter: "ALTER",
    exp.Set: "SET",
    exp.LoadData: "LOAD DATA",
    exp.Show: "SHOW",
    exp.Command: "this statement",
    exp.Parameter: "variables",
    exp.SessionParameter: "variables",
}


class UnsupportedSyntax(ValidationError):
    """A statement uses what only MariaDB has."""


class MariaDB(MySQL):
    """MariaDB's grammar; functions stay what they are called, none is understood."""

    class Parser(MySQL.Parser):  # type: ignore[valid-type,misc]
        """Reads."""

        FUNCTIONS: dict[str, Any] = {}  # noqa: RUF012 - sqlglot's convention


def parse(query: str) -> Node:
    """Give the syntax tree of one statement. Raises `UnsupportedSyntax` when it can't be read."""
    try:
        return parse_one(query, read=MariaDB)
    except (ParseError, TokenError) as error:
        raise _refusal(query, str(error).split("\n", maxsplit=1)[0]) from error


def rewrite(query: str) -> str:
    """Give `query` (MariaDB's dialect, `?` placeholders) for SQLite; raise `UnsupportedSyntax` naming the culprit."""
    known = _statement_of_its_own(query)
    if known:
        return known
    replacing = _REPLACE.match(query)
    tree = parse(f"INSERT INTO {query[replacing.end() :]}" if replacing else query)
    _check(tree, query)
    text = str(_reshape(tree, query).sql(dialect=SQLiteForMariaDB, comments=False))
    return re.sub(r"^INSERT INTO\b", "INSERT OR REPLACE INTO", text) if replacing else text


_REPLACE = re.compile(r"\s*replace\s+into\s", re.IGNORECASE)


def _refusal(query: str, reason: str) -> UnsupportedSyntax:
    start = " ".join(query.split())[:200]
    return UnsupportedSyntax(f"This SQL can't run on SQLite ({reason}): {start}")


def _check(tree: Node, query: str) -> None:
    for node in tree.walk():
        if type(node) in _REFUSED:
            raise _refusal(query, _REFUSED[type(node)])
        if isinstance(node, exp.Group) and node.args.get("rollup"):
            raise _refusal(query, "WITH ROLLUP")


# statements that change shape


def _reshape(tree: Node, query: str) -> Node:
    for table in tree.find_all(exp.Table):
        table.set("hints", None)
    for join in tree.find_all(exp.Join):
        if join.kind == "STRAIGHT_JOIN":
            join.set("kind", None)
    for union in tree.find_all(exp.SetOperation):
        _open_members(union)
    for select in tree.find_all(exp.Select):
        select.set("operation_modifiers", None)  # SQL_CALC_FOUND_ROWS and the like
        _filter_rows(select)
    if isinstance(tree, exp.Update):
        return _limited(_update_with_joins(tree, query))
    if isinstance(tree, exp.Delete):
        return _limited(_delete_with_joins(tree, query))
    return tree


def _filter_rows(select: exp.Select) -> None:
    """HAVING without groups filters rows by what was selected; SQLite's WHERE knows the selected names."""
    having = select.args.get("having")
    if (
        having is None
        or select.args.get("group")
        or any(part.find(exp.AggFunc) for part in (having, *select.expressions))
    ):
        return
    select.set("having", None)
    select.where(having.this, copy=False)


def _open_members(union: Node) -> None:
    """SQLite's unions have no parentheses around their members; those with an order or limit become sub-queries."""
    for key in ("this", "expression"):
        member = union.args[key]
        if not isinstance(member, exp.Subquery) or member.alias:
            continue
        inner = member.this
        plain = isinstance(inner, exp.Select) and not (inner.args.get("order") or inner.args.get("limit"))
        union.set(key, inner if plain else exp.select("*").from_(exp.Subquery(this=inner)))


def _joins_of(table: Node) -> list[exp.Join]:
    return list(table.args.get("joins") or []) if table is not None else []


def _update_with_joins(tree: Node, query: str) -> Node:
    """`UPDATE a JOIN b ON … SET …` is `UPDATE a SET … FROM b WHERE …` in SQLite (inner joins only)."""
    table = tree.this
    _bare_targets(tree, query)
    joins = _joins_of(table)
    if not joins:
        return tree
    if any(join.side or join.kind not in ("", "INNER", "CROSS") for join in joins):
        raise _refusal(query, "UPDATE with an outer JOIN")
    table.set("joins", None)
    first, *others = [join.this for join in joins]
    first.set("joins", [exp.Join(this=extra, kind="CROSS") for extra in others] or None)
    tree.set("from_", exp.From(this=first))
    conditions = [join.args["on"] for join in joins if join.args.get("on")]
    conditions += [tree.args["where"].this] if tree.args.get("where") is not None else []
    if conditions:
        tree.set("where", exp.Where(this=exp.and_(*conditions)))
    return tree


def _bare_targets(tree: Node, query: str) -> None:
    """SQLite names the columns it sets without their table."""
    own = (tree.this.alias_or_name, tree.this.name)
    for assignment in tree.expressions:
        column = assignment.this
        if isinstance(column, exp.Column) and column.table:
            if column.table not in own:
                raise _refusal(query, "UPDATE of several tables")
            column.set("table", None)


def _delete_with_joins(tree: Node, query: str) -> Node:
    """`DELETE a FROM a JOIN b …` becomes a delete by rowid of what the join finds."""
    targets = tree.args.get("tables") or []
    if len(targets) > 1 or tree.args.get("using"):
        raise _refusal(query, "DELETE from several tables")
    table = tree.this
    joins = _joins_of(table)
    if not targets and not joins:
        return tree
    alias = targets[0].name if targets else table.alias_or_name
    tree.set("tables", None)
    found = exp.select(exp.column("rowid", table=alias, quoted=True)).from_(table)
    where = tree.args.get("where")
    if where is not None:
        found = found.where(where.this)
    plain = next(source for source in [table, *(join.this for join in joins)] if source.alias_or_name == alias).copy()
    plain.set("joins", None)
    plain.set("alias", None)
    return exp.delete(plain).where(exp.In(this=exp.column("rowid"), query=exp.Subquery(this=found)))


def _limited(tree: Node) -> Node:
    """`UPDATE … ORDER BY … LIMIT n` and the like change the rows that a query with that limit finds."""
    order, limit = tree.args.get("order"), tree.args.get("limit")
    if limit is None:
        tree.set("order", None)
        return tree
    table = tree.this.copy()
    found = exp.select(exp.column("rowid", table=table.alias_or_name, quoted=True)).from_(table)
    if tree.args.get("where") is not None:
        found = found.where(tree.args["where"].this)
    found.set("order", order)
    found.set("limit", limit)
    for key in ("order", "limit"):
        tree.set(key, None)
    tree.set("where", exp.Where(this=exp.In(this=exp.column("rowid"), query=exp.Subquery(this=found))))
    return tree


# statements about the database itself

_SHOW = re.compile(
    r"^\s*(?:show\s+(?P<full>full\s+)?tables(?:\s+like\s+(?P<like>'[^']*'|\"[^\"]*\"))?"
    r"|(?:describe|desc|show\s+(?:full\s+)?columns\s+(?:from|in))\s+`?(?P<columns>[^`;]+?)`?(?:\s+like\s+(?P<column>'[^']*'))?"
    r"|show\s+(?:index(?:es)?|keys)\s+(?:from|in)\s+`?(?P<index>[^`;]+?)`?)\s*;?\s*$",
    re.IGNORECASE,
)
_TABLE_STATEMENT = re.compile(
    r"^\s*(?:(?P<empty>truncate)(?:\s+table)?|(?P<count>analyze|optimize)\s+table)\s+(?P<table>`[^`]+`|\w+)\s*;?\s*$",
    re.IGNORECASE,
)
_EXPLAIN = re.compile(r"^\s*explain\s+(?P<query>(?:select|with|update|delete|insert)\b.*)$", re.IGNORECASE | re.DOTALL)
_ALTER = re.compile(
    r"^\s*alter\s+table\s+(?:`[^`]+`|\w+)\s+(?:add\s+column|drop\s+column|rename\s+column|rename\s+to)\s+[^,]+$",
    re.IGNORECASE,
)


_DROP_INDEX = re.compile(
    r"\s*drop\s+index\s+(?P<if_exists>if\s+exists\s+)?`?(?P<index>\w+)`?\s+on\s+(?P<quote>`?)(?P<table>[^`;]+?)(?P=quote)\s*;?\s*$",
    re.IGNORECASE,
)


def _statement_of_its_own(query: str) -> str | None:
    """Give SQLite's word for statements about tables, None for all others."""
    match = _SHOW.match(query)
    if match is not None:
        return _show_statement(match)
    match = _TABLE_STATEMENT.match(query)
    if match is not None:
        return f"{'DELETE FROM' if match['empty'] else 'ANALYZE'} {match['table']}"
    match = _EXPLAIN.match(query)
    if match is not None:
        return f"EXPLAIN QUERY PLAN {rewrite(match['query'])}"
    match = _DROP_INDEX.match(query)
    if match is not None:  # names of indexes are per database there, see `Catalogue._index_name`
        return f"DROP INDEX {match['if_exists'] or ''}`{match['table']}.{match['index']}`"
    return query if _ALTER.match(query) else None


def _show_statement(match: re.Match[str]) -> str:
    """Answer SHOW TABLES, DESCRIBE and SHOW INDEX from SQLite's own catalogue, with MariaDB's column names."""
    if match["columns"]:
        name = match["columns"].strip().replace("'", "''")
        like = f" WHERE name LIKE {match['column']}" if match["column"] else ""
        return (
            "SELECT name AS `Field`, lower(type) AS `Type`, CASE WHEN `notnull` OR pk THEN 'NO' ELSE 'YES' END AS `Null`,"
            " CASE WHEN pk THEN 'PRI' ELSE '' END AS `Key`, dflt_value AS `Default`, '' AS `Extra`"
            f" FROM pragma_table_info('{name}'){like}"
        )
    if match["index"]:
        name = match["index"].strip().replace("'", "''")
        return (
            f"SELECT '{name}' AS `Table`, 1 - i.`unique` AS `Non_unique`, i.name AS `Key_name`, c.seqno + 1 AS `Seq_in_index`,"
            f" c.name AS `Column_name` FROM pragma_index_list('{name}') i, pragma_index_info(i.name) c"
        )
    pattern = match["like"][1:-1].replace("'", "''") if match["like"] else "%"
    return (
        f"SELECT name AS `Tables_in_main` FROM sqlite_master WHERE type = 'table' AND name LIKE '{pattern}'"
        " AND name NOT LIKE 'sqlite|_%' ESCAPE '|' ORDER BY name"
    )


# expressions


def _shifted(generator: Any, sign: str, moment: Node, interval: Node) -> str:
    """`moment ± INTERVAL n UNIT` as a call; a bare number counts days."""
    unit, amount = "day", interval
    if isinstance(interval, exp.Interval):
        unit, amount = str(interval.args["unit"].name).lower(), interval.this
    text = generator.sql(amount)
    if isinstance(amount, exp.Literal) and amount.is_string and _PLAIN_NUMBER.match(amount.name):
        text = amount.name
    return f"ec_{'add' if sign == '+' else 'sub'}_interval({generator.sql(moment)}, {text}, '{unit}')"


_PLAIN_NUMBER = re.compile(r"-?\d+(?:\.\d+)?\Z")


def _sum_or_shift(sign: str) -> Callable[[Any, Any], str]:
    def write(generator: Any, node: Any) -> str:
        left, right = node.this, node.expression
        if isinstance(right, exp.Interval):
            return _shifted(generator, sign, left, right)
        if isinstance(left, exp.Interval):
            return _shifted(generator, sign, right, left)
        return f"{generator.sql(left)} {sign} {generator.sql(right)}"

    return write


def _call(name: str, *keys: str) -> Callable[[Any, Any], str]:
    def write(generator: Any, node: Any) -> str:
        values = [node.args[key] for key in keys if node.args.get(key) is not None]
        return f"{name}({', '.join(map(generator.sql, values))})"

    return write


def _extract(generator: Any, node: Any) -> str:
    return f"{node.this.name.lower()}({generator.sql(node.expression)})"


def _group_concat(generator: Any, node: Any) -> str:
    """SQLite 3.40 knows neither an order nor a separator together with DISTINCT inside the aggregate."""
    separator = generator.sql(node.args["separator"]) if node.args.get("separator") else "','"
    inner, ordered = node.this, []
    if isinstance(inner, exp.Order):
        inner, ordered = inner.this, inner.expressions
    distinct = isinstance(inner, exp.Distinct)
    if distinct:
        inner = inner.expressions[0] if len(inner.expressions) == 1 else exp.Concat(expressions=inner.expressions)
    value = generator.sql(inner)
    if not distinct and not ordered:
        return f"group_concat({value}, {separator})"
    keys = "".join(f", {generator.sql(item.this)}, {1 if item.args.get('desc') else 0}" for item in ordered)
    return f"ec_group_concat({separator}, {int(distinct)}, {value}{keys})"


def _cast(generator: Any, node: Any) -> str:
    target = node.to.this
    name = target.name if hasattr(target, "name") else str(target)
    value = generator.sql(node.this)
    if name in {"UBIGINT", "BIGINT", "INT", "UINT", "SMALLINT", "TINYINT", "MEDIUMINT"}:
        return f"ec_int({value})"
    if name in {"DECIMAL", "UDECIMAL"}:
        digits = node.to.expressions[1].name if len(node.to.expressions) > 1 else "0"
        return f"round(ec_number({value}), {digits})"
    if name in {"DOUBLE", "FLOAT"}:
        return f"ec_number({value})"
    if name in {"DATE", "DATETIME", "TIMESTAMP", "TIMESTAMPTZ", "DATETIME2", "TIME"}:
        return f"{'timestamp' if name not in ('DATE', 'TIME') else name.lower()}({value})"
    return f"{value} COLLATE BINARY" if name in {"BINARY", "VARBINARY"} else f"CAST({value} AS TEXT)"


def _collate(generator: Any, node: Any) -> str:
    name = node.expression.name.lower()
    return f"{generator.sql(node.this)} COLLATE {'BINARY' if name.endswith('bin') or name == 'binary' else 'NOCASE'}"


def _conflict(generator: Any, node: Any) -> str:
    assignments = ", ".join(generator.sql(item) for item in node.expressions)
    return f"ON CONFLICT DO UPDATE SET {assignments}" if assignments else "ON CONFLICT DO NOTHING"


def _units(name: str) -> Callable[[Any, list[Any]], str]:
    """`TIMESTAMPDIFF(unit, a, b)` and `TIMESTAMPADD(unit, n, moment)`."""

    def write(generator: Any, arguments: list[Any]) -> str:
        unit, first, second = arguments
        word = unit.name.lower().removeprefix("sql_tsi_")
        if name == "timestampadd":
            return f"ec_add_interval({generator.sql(second)}, {generator.sql(first)}, '{word}')"
        return f"ec_timestampdiff('{word}', {generator.sql(first)}, {generator.sql(second)})"

    return write


_CALLS: dict[str, Callable[[Any, list[Any]], str]] = {
    "date_add": lambda generator, items: _shifted(generator, "+", *items),
    "adddate": lambda generator, items: _shifted(generator, "+", *items),
    "date_sub": lambda generator, items: _shifted(generator, "-", *items),
    "subdate": lambda generator, items: _shifted(generator, "-", *items),
    "timestampdiff": _units("timestampdiff"),
    "timestampadd": _units("timestampadd"),
    "isnull": lambda generator, items: f"({generator.sql(items[0])} IS NULL)",
    "values": lambda generator, items: f"excluded.{generator.sql(items[0])}",
}
_RENAMED = {
    "left": "ec_left",
    "right": "ec_right",
    "mod": "ec_mod",
    "current_timestamp": "now",
    "current_date": "curdate",
    "current_time": "curtime",
    "localtime": "now",
}


def _function(generator: Any, node: Any) -> str:
    name = str(node.this).lower()
    if name in _CALLS:
        return _CALLS[name](generator, node.expressions)
    return f"{_RENAMED.get(name, name)}({', '.join(map(generator.sql, node.expressions))})"


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


def _trim(generator: Any, node: Any) -> str:
    name = {"LEADING": "ec_ltrim", "TRAILING": "ec_rtrim"}.get(str(node.args.get("position") or "").upper(), "ec_trim")
    return (
        f"{name}({generator.sql(node.this)}, {generator.sql(node.expression)})"
        if node.expression
        else (f"{name.removeprefix('ec_')}({generator.sql(node.this)})")
    )


def _xor(generator: Any, node: Any) -> str:
    return f"(NOT ({generator.sql(node.this)})) <> (NOT ({generator.sql(node.expression)}))"


class SQLiteForMariaDB(MySQL):
    """MariaDB's dialect as SQLite reads it, given the registered functions."""

    class Tokenizer(MySQL.Tokenizer):
        """Texts are escaped by doubling the quote alone."""

        STRING_ESCAPES = ["'"]  # noqa: RUF012 - sqlglot's convention

    class Generator(MySQL.Generator):  # type: ignore[valid-type,misc]
        """Writes the tree; every entry says one thing SQLite has another word for."""

        TRANSFORMS = {  # noqa: RUF012 - sqlglot's convention
            **MySQL.Generator.TRANSFORMS,
            exp.Add: _sum_or_shift("+"),
            exp.Sub: _sum_or_shift("-"),
            exp.Extract: _extract,
            exp.GroupConcat: _group_concat,
            exp.Cast: _cast,
            exp.TryCast: _cast,
            exp.Collate: _collate,
            exp.OnConflict: _conflict,
            exp.Anonymous: _function,
            exp.Values: _values_function,
            exp.If: _call("iif", "this", "true", "false"),
            exp.StrPosition: _call("locate", "substr", "this", "position"),
            exp.Substring: _call("substr", "this", "start", "length"),
            exp.Trim: _trim,
            exp.Chr: lambda generator, node: f"char({', '.join(map(generator.sql, node.expressions))})",
            exp.NullSafeEQ: lambda generator, node: f"{generator.sql(node.this)} IS {generator.sql(node.expression)}",
            exp.IntDiv: _call("ec_div", "this", "expression"),
            exp.Mod: _call("ec_mod", "this", "expression"),
            exp.Div: lambda generator, node: f"{generator.sql(node.this)} * 1.0 / {generator.sql(node.expression)}",
            exp.BitwiseXor: _call("ec_xor", "this", "expression"),
            exp.RegexpLike: lambda generator, node: (
                f"{generator.sql(node.this)} REGEXP {generator.sql(node.expression)}"
            ),
            exp.Xor: _xor,
            exp.DPipe: lambda generator, node: f"({generator.sql(node.this)} OR {generator.sql(node.expression)})",
            exp.CurrentDate: lambda generator, node: "curdate()",
            exp.CurrentTime: lambda generator, node: "curtime()",
            exp.CurrentTimestamp: lambda generator, node: "now()",
            **dict.fromkeys(LOCAL_MOMENTS, lambda generator, node: "now()"),
            exp.Like: _like,
            exp.National: lambda generator, node: generator.sql(exp.Literal.string(node.name)),
        }

        def update_sql(self, node: Any) -> str:
            """SQLite has UPDATE … FROM."""
            source = node.args.get("from_")
            parts = [f"UPDATE {self.sql(node.this)} SET {self.expressions(node, flat=True)}"]
            if source is not None:
                parts.append(f"FROM {self.sql(source.this)}")
            parts.append(self.sql(node, "where"))
            return " ".join(part.strip() for part in parts if part)

        def insert_sql(self, node: Any) -> str:
            """`INSERT IGNORE` is `INSERT OR IGNORE`; a query before ON CONFLICT needs a WHERE to be told from a join."""
            query = node.expression
            if node.args.get("conflict") and isinstance(query, exp.Select) and not query.args.get("where"):
                query.set("where", exp.Where(this=exp.true()))
            text = str(super().insert_sql(node))
            return re.sub(r"^INSERT IGNORE\b", "INSERT OR IGNORE", text)
