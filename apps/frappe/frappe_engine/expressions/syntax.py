"""The language of conditions: the part of JavaScript that forms use, as a tree.

Invariant: reading has no effect and looks at nothing but the text; what is not in this language is refused.
The front end reads the same language (`desk/src/core/expressions/parse.ts`); both are held to one table of cases.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from frappe_engine.expressions.errors import ExpressionSyntaxError
from frappe_engine.expressions.values import UNDEFINED

MAX_LENGTH: Final = 20_000
MAX_DEPTH: Final = 60
MAX_OPERATIONS: Final = 250


# --- the tree ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant value."""

    value: Any


@dataclass(frozen=True, slots=True)
class Name:
    """A name of the scope: `doc`, `parent`, `frappe` …"""

    name: str


@dataclass(frozen=True, slots=True)
class Array:
    """[a, b]"""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Object:
    """{key: value}"""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Member:
    """target.name, or target[key]; `optional` for ?."""

    target: Node
    key: Node
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """function(arguments); `optional` for ?.("""

    function: Node
    arguments: tuple[Node, ...]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Chain:
    """Members and calls with a ?. among them: all of it is undefined once a ?. meets nothing."""

    inner: Node


@dataclass(frozen=True, slots=True)
class Unary:
    """!a, -a, +a, ~a, typeof a"""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """a operator b"""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Conditional:
    """test ? yes : no"""

    test: Node
    yes: Node
    no: Node


Node = Literal | Name | Array | Object | Member | Call | Chain | Unary | Binary | Conditional


# --- tokens --------------------------------------------------------------------------------------------------------


class Token(NamedTuple):
    """A piece of the text: `kind` is number, string, name, sign or end."""

    kind: str
    text: str
    value: Any
    position: int


_TOKEN: Final = re.compile(
    r"""
    (?P<space>[\s\ufeff]+)
  | (?P<number>0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<name>[^\W\d][\w$]*|\$[\w$]*)
  | (?P<string>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\$]|\\.|\$(?!\{))*`)
  | (?P<sign>===|!==|==|!=|<=|>=|&&|\|\||\?\?|\?\.(?!\d)|=>|\.\.\.|\+\+|--|\*\*|<<|>>|[-+*/%!~<>?:.,;()\[\]{}&|^=])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\(u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_ESCAPED: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}


def tokens(text: str) -> Iterator[Token]:
    """Cut a text into its tokens, an `end` token last. Raises `ExpressionSyntaxError`."""
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise ExpressionSyntaxError(text, f"unexpected {text[position]!r} at {position}")
        kind = str(match.lastgroup)
        piece = match.group()
        if kind == "number" and match.end() < len(text) and re.match(r"[\w$]", text[match.end()]):
            raise ExpressionSyntaxError(text, f"unexpected {text[match.end()]!r} at {match.end()}")
        if kind != "space":
            yield Token(kind, piece, _value(kind, piece), position)
        position = match.end()
    yield Token("end", "", None, position)


def _value(kind: str, piece: str) -> Any:
    if kind == "number":
        return int(piece, 0) if piece[1:2] in tuple("xXbBoO") else _decimal(piece)
    return _ESCAPE.sub(_unescape, piece[1:-1]) if kind == "string" else None


def _decimal(piece: str) -> float:
    number = float(piece)
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _unescape(match: re.Match[str]) -> str:
    code = match.group(1)
    if code[0] in "ux" and len(code) > 1:
        return chr(int(code[1:].strip("{}"), 16))
    return _ESCAPED.get(code, code)


# --- parsing -------------------------------------------------------------------------------------------------------

_CONSTANTS: Final[dict[str, Any]] = {
    "true": True,
    "false": False,
    "null": None,
    "undefined": UNDEFINED,
    "NaN": float("nan"),
    "Infinity": float("inf"),
}
_REFUSED: Final = frozenset(
    """new delete void this super function class return var let const if else for while do switch case break continue
    try catch throw await async yield import export instanceof with debugger""".split()  # noqa: SIM905 - reads better
)
# operator -> how strongly it binds
_BINDING: Final = {
    **dict.fromkeys(("??",), 1),
    **dict.fromkeys(("||",), 2),
    **dict.fromkeys(("&&",), 3),
    **dict.fromkeys(("|",), 4),
    **dict.fromkeys(("^",), 5),
    **dict.fromkeys(("&",), 6),
    **dict.fromkeys(("==", "!=", "===", "!=="), 7),
    **dict.fromkeys(("<", ">", "<=", ">=", "in"), 8),
    **dict.fromkeys(("+", "-"), 9),
    **dict.fromkeys(("*", "/", "%"), 10),
}


def parse(text: str) -> Node:
    """Read a text as one expression; a semicolon at its end is allowed. Raises `ExpressionSyntaxError`."""
    if len(text) > MAX_LENGTH:
        raise ExpressionSyntaxError(text[:80] + "…", f"longer than {MAX_LENGTH} characters")
    return _Parser(text).expression_to_end()


class _Parser:
    """Reads one text from left to right, by precedence climbing."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(tokens(text))
        self._index = 0
        self._depth = 0
        self._operations = 0
        self._parenthesised: set[int] = set()  # ids of nodes, which live as long as the tree

    def expression_to_end(self) -> Node:
        node = self._expression()
        while self._take(";"):
            pass
        if self._token.kind != "end":
            raise self._unexpected()
        return node

    @property
    def _token(self) -> Token:
        return self._tokens[self._index]

    def _take(self, sign: str) -> bool:
        """Go past `sign` when it comes next."""
        if self._token.kind == "sign" and self._token.text == sign:
            self._index += 1
            return True
        return False

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise self._unexpected(f"expected {sign!r}, found ")

    def _unexpected(self, before: str = "unexpected ") -> ExpressionSyntaxError:
        token = self._token
        found = "the end" if token.kind == "end" else f"{token.text!r} at {token.position}"
        return ExpressionSyntaxError(self._text, before + found)

    def _count(self) -> None:
        self._operations += 1
        if self._operations > MAX_OPERATIONS:
            raise ExpressionSyntaxError(self._text, f"more than {MAX_OPERATIONS} operations")

    def _expression(self) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ExpressionSyntaxError(self._text, "nested too deeply")
        node = self._conditional()
        self._depth -= 1
        return node

    def _conditional(self) -> Node:
        test = self._binary(0)
        if not self._take("?"):
            return test
        yes = self._expression()
        self._expect(":")
        return Conditional(test, yes, self._expression())

    def _binary(self, weakest: int) -> Node:
        left = self._unary()
        while True:
            operator = self._token.text if self._token.kind in ("sign", "name") else ""
            binding = _BINDING.get(operator, 0)
            if binding <= weakest:
                return left
            self._count()
            self._index += 1
            right = self._binary(binding)
            self._check_mixture(operator, left, right)
            left = Binary(operator, left, right)

    def _check_mixture(self, operator: str, left: Node, right: Node) -> None:
        """`a || b ?? c` has no meaning in the language without parentheses."""
        mixed = {"??": ("||", "&&"), "||": ("??",), "&&": ("??",)}.get(operator, ())
        for side in (left, right):
            if isinstance(side, Binary) and side.operator in mixed and id(side) not in self._parenthesised:
                raise ExpressionSyntaxError(self._text, "?? mixed with && or || needs parentheses")

    def _unary(self) -> Node:
        token = self._token
        signs = token.kind == "sign" and token.text in ("!", "-", "+", "~")
        if not signs and not (token.kind == "name" and token.text == "typeof"):
            return self._postfix()
        self._index += 1
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ExpressionSyntaxError(self._text, "nested too deeply")
        operand = self._unary()
        self._depth -= 1
        return Unary(token.text, operand)

    def _postfix(self) -> Node:
        node = self._primary()
        chained = False
        while True:
            if self._take("."):
                node = Member(node, Literal(self._field_name()))
            elif self._take("["):
                node = Member(node, self._until("]"))
            elif self._take("("):
                node = Call(node, self._list(")"))
            elif self._take("?."):
                chained = True
                node = self._optional(node)
            else:
                return Chain(node) if chained else node
            self._count()

    def _optional(self, node: Node) -> Node:
        if self._take("["):
            return Member(node, self._until("]"), optional=True)
        if self._take("("):
            return Call(node, self._list(")"), optional=True)
        return Member(node, Literal(self._field_name()), optional=True)

    def _field_name(self) -> str:
        token = self._token
        if token.kind != "name":
            raise self._unexpected("expected a field, found ")
        self._index += 1
        return token.text

    def _until(self, closing: str) -> Node:
        node = self._expression()
        self._expect(closing)
        return node

    def _list(self, closing: str) -> tuple[Node, ...]:
        items: list[Node] = []
        while not self._take(closing):
            if items:
                self._expect(",")
                if self._take(closing):
                    break
            items.append(self._expression())
        return tuple(items)

    def _primary(self) -> Node:
        token = self._token
        if token.kind in ("number", "string"):
            self._index += 1
            return Literal(token.value)
        if token.kind == "name":
            return self._name()
        if self._take("("):
            node = self._until(")")
            self._parenthesised.add(id(node))
            return node
        if self._take("["):
            return Array(self._list("]"))
        if self._take("{"):
            return self._object()
        raise self._unexpected()

    def _name(self) -> Node:
        token = self._token
        if token.text in _REFUSED:
            raise ExpressionSyntaxError(self._text, f"{token.text!r} is not supported")
        self._index += 1
        if token.text in _CONSTANTS:
            return Literal(_CONSTANTS[token.text])
        return Name(token.text)

    def _object(self) -> Node:
        entries: list[tuple[str, Node]] = []
        while not self._take("}"):
            if entries:
                self._expect(",")
                if self._take("}"):
                    break
            token = self._token
            if token.kind not in ("name", "string"):
                raise self._unexpected("expected a key, found ")
            self._index += 1
            self._expect(":")
            entries.append((token.text if token.kind == "name" else token.value, self._expression()))
        return Object(tuple(entries))
