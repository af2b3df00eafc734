"""Reads the field expressions of list queries: `qty`, `items.qty`, `sum(qty) as total`, `status desc`.

Invariant: pure; what comes out is a small tree of columns, literals and known functions, so nothing a caller writes
reaches the SQL text unread. Unknown functions and broken syntax raise `DataError` naming the expression.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar

from frappe_engine.context.errors import DataError

FUNCTIONS = frozenset({
    "abs", "avg", "ceil", "ceiling", "coalesce", "concat", "concat_ws", "count", "curdate", "date", "date_add",
    "date_format", "datediff", "day", "dayname", "dayofmonth", "dayofweek", "dayofyear", "extract", "field",
    "find_in_set", "floor", "greatest", "group_concat", "hour", "if", "ifnull", "lcase", "least", "left", "length",
    "locate", "lower", "lpad", "max", "min", "minute", "month", "monthname", "now", "nullif", "quarter", "replace",
    "right", "round", "rpad", "second", "stddev", "str_to_date", "substr", "substring", "substring_index", "sum",
    "time", "timediff", "timestamp", "timestampdiff", "trim", "truncate", "ucase", "unix_timestamp", "upper",
    "week", "weekday", "year", "yearweek", "char_length", "cast",
})  # fmt: skip
_MANY = 255
_ONE_ARGUMENT = (
    "abs avg ceil ceiling char_length date day dayname dayofmonth dayofweek dayofyear floor hour lcase length lower max min"
    " minute month monthname quarter second stddev sum time trim ucase upper weekday year"
)
# How many arguments a function takes, at least and at most; those not named take any number.
ARGUMENTS = {
    **dict.fromkeys(_ONE_ARGUMENT.split(), (1, 1)),
    **dict.fromkeys(
        ("datediff", "find_in_set", "ifnull", "left", "nullif", "right", "str_to_date", "timediff"), (2, 2)
    ),
    **dict.fromkeys(("if", "replace", "substring_index", "timestampdiff"), (3, 3)),
    **dict.fromkeys(("date_format", "locate", "lpad", "rpad", "substr", "substring"), (2, 3)),
    **dict.fromkeys(("round", "timestamp", "week", "yearweek"), (1, 2)),
    **dict.fromkeys(("concat_ws", "field", "greatest", "least"), (2, _MANY)),
    **dict.fromkeys(("coalesce", "concat", "group_concat"), (1, _MANY)),
    **dict.fromkeys(("now", "unix_timestamp"), (0, 1)),
    "curdate": (0, 0),
    "truncate": (2, 2),
}
AGGREGATES = frozenset({"count", "sum", "avg", "min", "max", "group_concat", "stddev"})

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*")
      | (?P<number>\d+(?:\.\d+)?)
      | (?P<quoted>`[^`]+`)
      | (?P<word>[A-Za-z_À-￿][\w\-À-￿]*)
      | (?P<operator><=|>=|!=|<>|[-+*/%=<>(),.]))""",
    re.VERBOSE,
)
_NOT_AN_EXPRESSION = re.compile(r"--|/\*|;|#")


@dataclass(frozen=True, slots=True)
class Column:
    """A column, with the table it was qualified with (`tabX`, or a link or table field) or None."""

    name: str
    table: str | None = None


@dataclass(frozen=True, slots=True)
class Literal:
    """A number or a text, passed on as a parameter."""

    value: float | int | str


@dataclass(frozen=True, slots=True)
class Call:
    """A function of `FUNCTIONS` with its arguments."""

    name: str
    arguments: tuple[Node, ...]
    distinct: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """Two expressions joined by an operator."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Star:
    """All columns, of one table when it is named."""

    table: str | None = None


Item = TypeVar("Item")
Node = Column | Literal | Call | Operation | Star


@dataclass(frozen=True, slots=True)
class Selected:
    """One entry of a select list: its expression and the name it has in the result."""

    node: Node
    alias: str | None = None


@dataclass(frozen=True, slots=True)
class Sorted:
    """One entry of an order by list."""

    node: Node
    descending: bool = False


@dataclass(slots=True)
class _Reader:
    """Reads tokens one after another; recursive descent over the grammar below."""

    source: str
    tokens: list[tuple[str, str]] = field(default_factory=list)
    position: int = 0

    def __post_init__(self) -> None:
        end = 0
        text = self.source
        while end < len(text):
            if text[end:].strip() == "":
                break
            match = _TOKEN.match(text, end)
            if match is None or match.lastgroup is None:
                raise self.error()
            self.tokens.append((match.lastgroup, match.group(match.lastgroup)))
            end = match.end()

    def error(self) -> DataError:
        return DataError(f"Can't use this in a query: {self.source!r}")

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.position] if self.position < len(self.tokens) else ("end", "")

    def take(self) -> tuple[str, str]:
        token = self.peek()
        self.position += 1
        return token

    def accept(self, value: str) -> bool:
        kind, text = self.peek()
        if kind in ("operator", "word") and text.lower() == value:
            self.position += 1
            return True
        return False

    def expect(self, value: str) -> None:
        if not self.accept(value):
            raise self.error()

    # expression := comparison ; comparison := sum [op sum] ; sum := term (+|- term)* ; term := atom (*|/|% atom)*

    def expression(self) -> Node:
        left = self.sum()
        kind, text = self.peek()
        if kind == "operator" and text in ("=", "!=", "<>", "<", ">", "<=", ">="):
            self.take()
            return Operation(text, left, self.sum())
        return left

    def sum(self) -> Node:
        left = self.term()
        while self.peek()[1] in ("+", "-") and self.peek()[0] == "operator":
            left = Operation(self.take()[1], left, self.term())
        return left

    def term(self) -> Node:
        left = self.atom()
        while self.peek()[1] in ("*", "/", "%") and self.peek()[0] == "operator":
            left = Operation(self.take()[1], left, self.atom())
        return left

    def atom(self) -> Node:
        kind, text = self.take()
        if kind == "number":
            return Literal(float(text) if "." in text else int(text))
        if kind == "text":
            return Literal(_unquote(text))
        if kind == "operator" and text == "(":
            inside = self.expression()
            self.expect(")")
            return inside
        if kind == "operator" and text == "-":
            return Operation("-", Literal(0), self.atom())
        if kind == "operator" and text == "*":
            return Star()
        if kind in ("word", "quoted"):
            return self.name(text.strip("`"), quoted=kind == "quoted")
        raise self.error()

    def name(self, first: str, *, quoted: bool) -> Node:
        if not quoted and self.peek() == ("operator", "("):
            return self.call(first.lower())
        if not quoted and first.lower() in ("true", "false", "null"):
            return Literal(1 if first.lower() == "true" else 0)
        if self.accept("."):
            kind, text = self.take()
            if kind == "operator" and text == "*":
                return Star(first)
            if kind not in ("word", "quoted"):
                raise self.error()
            return Column(text.strip("`"), first)
        if first.startswith("tab") and self.peek()[0] in ("word", "quoted"):
            return self.spaced_table(first)
        return Column(first)

    def spaced_table(self, first: str) -> Node:
        """`tabSales Order.name` without quotes."""
        start = self.position
        words = [first]
        while self.peek()[0] == "word":
            words.append(self.take()[1])
            if self.accept("."):
                return Column(self.take()[1].strip("`"), " ".join(words))
        self.position = start
        return Column(first)

    def call(self, name: str) -> Node:
        if name not in FUNCTIONS:
            raise DataError(f"The function {name} can't be used in a query: {self.source!r}")
        self.expect("(")
        if name == "extract":
            return self.extract()
        distinct = self.accept("distinct")
        arguments: list[Node] = []
        if not self.accept(")"):
            arguments.append(self.expression())
            while self.accept(","):
                arguments.append(self.expression())
            self.expect(")")
        fewest, most = ARGUMENTS.get(name, (0, _MANY))
        if not fewest <= len(arguments) <= most:
            raise DataError(f"The function {name} does not take {len(arguments)} arguments: {self.source!r}")
        return Call(name, tuple(arguments), distinct)

    def extract(self) -> Node:
        """`extract(year from day)`."""
        unit = self.take()[1].lower()
        self.expect("from")
        source = self.expression()
        self.expect(")")
        return Call("extract", (Literal(unit), source))

    def done(self) -> bool:
        return self.position >= len(self.tokens)


def _unquote(text: str) -> str:
    quote = text[0]
    return re.sub(r"\\(.)", r"\1", text[1:-1].replace(quote * 2, quote))


def _reader(source: str) -> _Reader:
    if _NOT_AN_EXPRESSION.search(re.sub(r"'[^']*'|\"[^\"]*\"|`[^`]*`", "", source)):
        raise DataError(f"Can't use this in a query: {source!r}")
    return _Reader(source)


@lru_cache(maxsize=8192)
def read_selected(source: str) -> tuple[Selected, bool]:
    """Read one entry of a select list, e.g. `sum(qty) as total`; the flag tells of a leading `distinct`."""
    reader = _reader(source)
    distinct = len(reader.tokens) > 1 and reader.accept("distinct")
    node = reader.expression()
    alias: str | None = None
    if reader.accept("as"):
        kind, text = reader.take()
        if kind not in ("word", "quoted", "text"):
            raise reader.error()
        alias = text.strip("`'\"")
    elif not reader.done() and reader.peek()[0] in ("word", "quoted"):
        alias = reader.take()[1].strip("`")
    if not reader.done():
        raise reader.error()
    return Selected(node, alias), distinct


@lru_cache(maxsize=8192)
def read_sorting(source: str) -> tuple[Sorted, ...]:
    """Read an order by list, e.g. `status asc, modified desc`."""
    return tuple(_read_list(source, _sorted))


@lru_cache(maxsize=2048)
def read_list(source: str) -> tuple[Node, ...]:
    """Read a comma-separated list of expressions, e.g. a group by."""
    return tuple(_read_list(source, lambda reader: reader.expression()))


def _read_list(source: str, read: Callable[[_Reader], Item]) -> list[Item]:
    reader = _reader(source)
    items = [read(reader)]
    while reader.accept(","):
        items.append(read(reader))
    if not reader.done():
        raise reader.error()
    return items


def _sorted(reader: _Reader) -> Sorted:
    node = reader.expression()
    if reader.accept("desc"):
        return Sorted(node, descending=True)
    reader.accept("asc")
    return Sorted(node)
