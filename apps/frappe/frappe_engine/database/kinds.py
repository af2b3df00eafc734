"""What the result columns of a SELECT hold, where SQLite forgets it: dates, times and decimals that were computed.

SQLite hands columns of a table back with their type, expressions only as text or number. MariaDB gives a date for
`max(day)`, a duration for `timediff(…)`, a decimal for `sum(qty)`; reading the statement tells which column is which.

Invariant: pure; a text is never taken for a date because it looks like one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from sqlglot import exp

from frappe_engine.database.dialect import LOCAL_MOMENTS, UnsupportedSyntax, parse

MOMENT, TIME, FLOAT, TEXT, OTHER = "moment", "time", "float", "text", "other"
Node: TypeAlias = Any  # sqlglot's expressions
Kinds = frozenset[str]

_MOMENTS = frozenset({
    "now", "sysdate", "curdate", "date", "timestamp", "last_day", "str_to_date", "from_unixtime", "utc_timestamp", "utc_date",
    "makedate", "from_days", "localtime", "localtimestamp", "current_timestamp",
})  # fmt: skip
_TIMES = frozenset({"time", "timediff", "sec_to_time", "curtime", "maketime"})
_FLOATS = frozenset({"sum", "avg", "std", "stddev", "variance"})
_FIRST_ARGUMENT = frozenset({
    "max", "min", "any_value", "first_value", "last_value", "nth_value", "lag", "lead", "date_add", "date_sub", "adddate",
    "subdate", "addtime", "subtime", "round", "truncate", "abs", "nullif",
})  # fmt: skip
_ALL_ARGUMENTS = frozenset({"ifnull", "coalesce", "greatest", "least"})
_CASTS = {"DATE": MOMENT, "DATETIME": MOMENT, "TIMESTAMP": MOMENT, "TIMESTAMPTZ": MOMENT, "TIME": TIME}
_NOT_ONE_OF_THEM = frozenset({OTHER})


@dataclass(frozen=True, slots=True)
class ResultColumns:
    """The kinds of a result's columns from the left and, behind a star, from the right; and the tables it reads.

    A kind is one of the words above, or `column:` and the name of a column whose kind the schema tells.
    """

    from_left: tuple[Kinds, ...]
    from_right: tuple[Kinds, ...]
    tables: tuple[str, ...]

    def readers(
        self, width: int, column_kind: Callable[[str], str], read: Mapping[str, Callable[[Any], Any]]
    ) -> list[tuple[int, Callable[[Any], Any]]]:
        """Give the positions of a result of `width` columns that have to be read, with what reads them."""
        placed = dict(enumerate(self.from_left))
        placed.update((width - number, kinds) for number, kinds in enumerate(self.from_right, start=1))
        found = ((position, _settled(kinds, column_kind)) for position, kinds in sorted(placed.items()))
        return [(position, read[kind]) for position, kind in found if kind in read]


def _settled(kinds: Kinds, column_kind: Callable[[str], str]) -> str:
    known = {column_kind(kind.removeprefix("column:")) if kind.startswith("column:") else kind for kind in kinds}
    known.discard("")
    if TEXT in known:
        return TEXT
    if FLOAT in known and known <= {FLOAT, OTHER}:
        return FLOAT
    return known.pop() if len(known) == 1 else OTHER


@lru_cache(maxsize=4096)
def result_columns(query: str) -> ResultColumns | None:
    """Read a statement of MariaDB's dialect; None when it gives no result or can't be read."""
    try:
        tree = parse(query)
    except UnsupportedSyntax:
        return None
    select = tree.find(exp.Select) if isinstance(tree, exp.SetOperation) else tree
    while isinstance(select, exp.SetOperation | exp.Subquery):
        select = select.this
    if not isinstance(select, exp.Select):
        return None
    names = _Names(tree)
    left: list[Kinds] = []
    right: list[Kinds] = []
    target = left
    for item in select.expressions:
        if _is_star(item):
            target = right
            right.clear()
        else:
            target.append(names.kinds_of(item))
    tables = tuple(dict.fromkeys(table.name for table in tree.find_all(exp.Table)))
    return ResultColumns(tuple(left), tuple(reversed(right)), tables)


def _is_star(item: Node) -> bool:
    return isinstance(item, exp.Star) or (isinstance(item, exp.Column) and isinstance(item.this, exp.Star))


class _Names:
    """Knows what the names of sub-queries' columns stand for."""

    def __init__(self, tree: Node) -> None:
        self.inner: dict[str, Node] = {}
        outermost = tree.find(exp.Select)
        for select in tree.find_all(exp.Select):
            if select is not outermost:
                self.inner.update((item.alias.lower(), item.this) for item in select.expressions if item.alias)
        self._busy: set[str] = set()

    def kinds_of(self, node: Node) -> Kinds:
        """Give the kinds an expression may have."""
        if isinstance(node, exp.Alias | exp.Paren | exp.Window | exp.Distinct | exp.Neg):
            inner = node.expressions[0] if isinstance(node, exp.Distinct) else node.this
            return self.kinds_of(inner)
        if isinstance(node, exp.Column):
            return self._column(node.name)
        if isinstance(node, exp.Literal):
            return frozenset({TEXT} if node.is_string else {FLOAT} if "." in node.name else {OTHER})
        if isinstance(node, exp.Placeholder):
            return frozenset({TEXT})
        if isinstance(node, exp.Null):
            return frozenset()
        if isinstance(node, exp.Subquery):
            first = node.find(exp.Select)
            return self.kinds_of(first.expressions[0]) if first else _NOT_ONE_OF_THEM
        return self._expression(node)

    def _column(self, name: str) -> Kinds:
        inner = self.inner.get(name.lower())
        if inner is None or name.lower() in self._busy:
            return frozenset({f"column:{name}"})
        self._busy.add(name.lower())
        try:
            return self.kinds_of(inner)
        finally:
            self._busy.discard(name.lower())

    def _expression(self, node: Node) -> Kinds:
        if isinstance(node, exp.Anonymous):
            return self._function(str(node.this).lower(), node.expressions)
        if isinstance(node, exp.If):
            return self._any(node.args["true"], node.args.get("false"))
        if isinstance(node, exp.Case):
            return self._any(*(item.args["true"] for item in node.args["ifs"]), node.args.get("default"))
        if isinstance(node, exp.Cast):
            name = node.to.this.name
            return frozenset({FLOAT if name in ("DECIMAL", "DOUBLE", "FLOAT") else _CASTS.get(name, OTHER)})
        if isinstance(node, (exp.CurrentDate, exp.CurrentTimestamp, *LOCAL_MOMENTS)):
            return frozenset({MOMENT})
        if isinstance(node, exp.CurrentTime):
            return frozenset({TIME})
        return self._arithmetic(node)

    def _arithmetic(self, node: Node) -> Kinds:
        if not isinstance(node, exp.Add | exp.Sub | exp.Mul | exp.Div | exp.Mod):
            return _NOT_ONE_OF_THEM
        sides = [side for side in (node.this, node.expression) if not isinstance(side, exp.Interval)]
        if len(sides) == 1:
            return self.kinds_of(sides[0])
        if isinstance(node, exp.Div) or any(FLOAT in self.kinds_of(side) for side in sides):
            return frozenset({FLOAT})
        return _NOT_ONE_OF_THEM

    def _function(self, name: str, arguments: list[Node]) -> Kinds:
        if name in _MOMENTS:
            return frozenset({MOMENT})
        if name in _TIMES:
            return frozenset({TIME})
        if name in _FLOATS:
            return frozenset({FLOAT})
        if name in _FIRST_ARGUMENT and arguments:
            return self.kinds_of(arguments[0])
        if name == "timestampadd" and len(arguments) == 3:
            return self.kinds_of(arguments[2])
        if name in _ALL_ARGUMENTS:
            kinds = self._any(*arguments)
            return kinds - {TEXT} if name in ("greatest", "least") and len(kinds) > 1 else kinds
        return _NOT_ONE_OF_THEM

    def _any(self, *nodes: Node) -> Kinds:
        return frozenset().union(*(self.kinds_of(node) for node in nodes if node is not None))
