"""Expressions evaluated: a tree becomes a function once, and is called for every document.

Invariant: evaluating reads the scope and nothing else, writes nothing, and raises only `EvaluationError`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from frappe_engine.expressions import syntax, values
from frappe_engine.expressions.functions import BUILT_IN, method
from frappe_engine.expressions.values import UNDEFINED, plain, to_text, truthy


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression can see: the document, the one it is a row of, and names that the caller lends it.

    `names` may hold values, nested mappings, and functions (`frappe.datetime.now_date`); it wins over the helpers
    that are built in (`cint`, `in_list` …).
    """

    doc: Any = None
    parent: Any = None
    names: Mapping[str, Any] = field(default_factory=dict)


Evaluator = Callable[[Scope], Any]


class Undecidable(Exception):
    """Why an expression has no value; `evaluate` turns it into an `EvaluationError` with the expression's text."""


class _Nothing(Exception):
    """A ?. met nothing: the chain around it is undefined."""


_ABSENT: Final = object()
LONGEST_PLACE: Final = 16  # digits


def build(node: syntax.Node) -> Evaluator:
    """Give the function that evaluates a tree for a scope; it raises `Undecidable`."""
    return _BUILDERS[type(node)](node)


def _literal(node: syntax.Literal) -> Evaluator:
    value = node.value
    return lambda _scope: value


def _name(node: syntax.Name) -> Evaluator:
    name = node.name

    def evaluate(scope: Scope) -> Any:
        value = look_up(scope, name)
        if value is _ABSENT:
            raise Undecidable(f"{name} is not defined")
        return value

    return evaluate


def look_up(scope: Scope, name: str) -> Any:
    """Give what a name stands for in a scope, or the mark for nothing at all."""
    if name == "doc":
        return scope.doc if scope.doc is not None else UNDEFINED
    if name in scope.names:
        return plain(scope.names[name])
    if name == "parent":
        return scope.parent if scope.parent is not None else UNDEFINED
    if name == "cur_frm":
        return {"doc": scope.parent if scope.parent is not None else scope.doc}
    return BUILT_IN.get(name, _ABSENT)


def _array(node: syntax.Array) -> Evaluator:
    items = [build(item) for item in node.items]
    return lambda scope: [item(scope) for item in items]


def _object(node: syntax.Object) -> Evaluator:
    entries = [(key, build(value)) for key, value in node.entries]
    return lambda scope: {key: value(scope) for key, value in entries}


def _member(node: syntax.Member) -> Evaluator:
    target, optional = build(node.target), node.optional
    if isinstance(node.key, syntax.Literal) and isinstance(node.key.value, str):
        name = node.key.value
        return lambda scope: read_member(_present(target(scope), name, optional), name)
    key = build(node.key)

    def evaluate(scope: Scope) -> Any:
        owner = _present(target(scope), "[…]", optional)
        return read_member(owner, key(scope))

    return evaluate


def _present(value: Any, wanted: str, optional: bool) -> Any:
    if value is None or value is UNDEFINED:
        if optional:
            raise _Nothing
        raise Undecidable(f"there is no {wanted} of {to_text(value)}")
    return value


def read_member(owner: Any, key: Any) -> Any:
    """Give a field of a document or mapping, an item or method of a list or text; undefined when it has none."""
    if isinstance(owner, Mapping):
        return plain(owner.get(key if isinstance(key, str) else to_text(key), UNDEFINED))
    if isinstance(owner, (str, list)):
        return _item(owner, key)
    if isinstance(owner, (int, float)):
        return method(owner, to_text(key)) or UNDEFINED
    if callable(owner):
        return UNDEFINED
    read = getattr(owner, "get", None)  # a document: its fields, never its attributes
    return plain(read(to_text(key))) if callable(read) else UNDEFINED


def _item(owner: str | list[Any], key: Any) -> Any:
    if key == "length":
        return len(owner) if isinstance(owner, list) or owner.isascii() else len(owner.encode("utf-16-le")) // 2
    number = key if isinstance(key, (int, float)) else _place_in(to_text(key))
    if isinstance(number, float) and number.is_integer():
        number = int(number)
    if isinstance(number, int) and not isinstance(number, bool):
        return plain(owner[number]) if 0 <= number < len(owner) else UNDEFINED
    return method(owner, to_text(key)) or UNDEFINED


def _place_in(text: str) -> int | None:
    """The place in a list that a text names as JavaScript writes it: "0", but neither "" nor "00"."""
    known = text.isascii() and text.isdigit() and len(text) < LONGEST_PLACE and (text == "0" or text[0] != "0")
    return int(text) if known else None


def _call(node: syntax.Call) -> Evaluator:
    function, arguments, optional = build(node.function), [build(item) for item in node.arguments], node.optional

    def evaluate(scope: Scope) -> Any:
        called = function(scope)
        if optional and (called is None or called is UNDEFINED):
            raise _Nothing
        if not callable(called):
            raise Undecidable(f"{to_text(called)} is no function")
        given = [argument(scope) for argument in arguments]
        try:
            return plain(called(*given))
        except (Undecidable, _Nothing):
            raise
        except Exception as error:  # a lent function failed: the expression has no value
            raise Undecidable(f"a call failed: {error}") from error

    return evaluate


def _chain(node: syntax.Chain) -> Evaluator:
    inner = build(node.inner)

    def evaluate(scope: Scope) -> Any:
        try:
            return inner(scope)
        except _Nothing:
            return UNDEFINED

    return evaluate


def _unary(node: syntax.Unary) -> Evaluator:
    operand = build(node.operand)
    if node.operator == "typeof":
        return _typeof(node.operand, operand)
    if node.operator == "!":
        return lambda scope: not truthy(operand(scope))
    if node.operator == "-":
        return lambda scope: values.negative(operand(scope))
    if node.operator == "~":
        return lambda scope: ~values.to_int32(operand(scope))
    return lambda scope: values.to_number(operand(scope))


def _typeof(node: syntax.Node, operand: Evaluator) -> Evaluator:
    """Unlike everything else, `typeof` may be asked about a name that does not exist."""
    if not isinstance(node, syntax.Name):
        return lambda scope: values.kind_of(operand(scope))
    name = node.name

    def evaluate(scope: Scope) -> str:
        value = look_up(scope, name)
        return values.kind_of(UNDEFINED if value is _ABSENT else value)

    return evaluate


def _binary(node: syntax.Binary) -> Evaluator:
    left, right = build(node.left), build(node.right)
    if node.operator == "&&":
        return lambda scope: right(scope) if truthy(value := left(scope)) else value
    if node.operator == "||":
        return lambda scope: value if truthy(value := left(scope)) else right(scope)
    if node.operator == "??":
        return lambda scope: right(scope) if (value := left(scope)) is None or value is UNDEFINED else value
    operate = OPERATORS[node.operator]
    return lambda scope: operate(left(scope), right(scope))


def _conditional(node: syntax.Conditional) -> Evaluator:
    test, yes, no = build(node.test), build(node.yes), build(node.no)
    return lambda scope: yes(scope) if truthy(test(scope)) else no(scope)


def _is_key(key: Any, owner: Any) -> bool:
    if isinstance(owner, Mapping):
        return to_text(key) in owner
    if isinstance(owner, list):
        return _item(owner, key) is not UNDEFINED
    raise Undecidable("in needs a list or an object on its right")


OPERATORS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "==": values.loosely_equal,
    "!=": lambda left, right: not values.loosely_equal(left, right),
    "===": values.strictly_equal,
    "!==": lambda left, right: not values.strictly_equal(left, right),
    "<": lambda left, right: values.less(left, right) is True,
    ">": lambda left, right: values.less(right, left) is True,
    "<=": lambda left, right: values.less(right, left) is False,
    ">=": lambda left, right: values.less(left, right) is False,
    "in": _is_key,
    "+": values.add,
    "-": lambda left, right: values.whole_if_whole(values.to_number(left) - values.to_number(right)),
    "*": lambda left, right: values.whole_if_whole(values.to_number(left) * values.to_number(right)),
    "/": values.divide,
    "%": values.modulo,
    "&": lambda left, right: values.to_int32(values.to_int32(left) & values.to_int32(right)),
    "|": lambda left, right: values.to_int32(values.to_int32(left) | values.to_int32(right)),
    "^": lambda left, right: values.to_int32(values.to_int32(left) ^ values.to_int32(right)),
}
_BUILDERS: Final[Mapping[type, Callable[[Any], Evaluator]]] = {
    syntax.Literal: _literal,
    syntax.Name: _name,
    syntax.Array: _array,
    syntax.Object: _object,
    syntax.Member: _member,
    syntax.Call: _call,
    syntax.Chain: _chain,
    syntax.Unary: _unary,
    syntax.Binary: _binary,
    syntax.Conditional: _conditional,
}
