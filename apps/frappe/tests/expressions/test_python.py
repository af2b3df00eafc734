"""Python expressions read what they are lent, and nothing and nobody else."""

from __future__ import annotations

import datetime
import gc
import sys
import time
from decimal import Decimal
from types import CodeType, FrameType, ModuleType
from typing import Any

import pytest
from frappe_engine.expressions import ExpressionError, ExpressionTooExpensive, ForbiddenExpression
from frappe_engine.expressions.python import PythonSyntaxError, check, safe_eval
from frappe_engine.kit.attrdict import _dict
from hypothesis import given, settings
from hypothesis import strategies as st


class Document:
    """Stands for a document: fields, methods that read, and methods that write."""

    doctype = "Order"
    name = "SO-1"
    qty = 5

    def __init__(self) -> None:
        self.items = [_dict(sku="A", qty=1), _dict(sku="B", qty=2)]
        self.written: list[str] = []

    def get(self, key: str, default: Any = None) -> Any:
        return getattr(self, key, default)

    def has_value_changed(self, fieldname: str) -> bool:
        return fieldname == "qty"

    def delete(self) -> None:
        self.written.append("deleted")

    def db_set(self, *values: Any) -> None:
        self.written.append("set")


def lent(document: Document | None = None) -> dict[str, Any]:
    return {
        "doc": document or Document(),
        "row": _dict(a=1, tags=["x"]),
        "amount": Decimal("12.50"),
        "date": datetime.date,
        "frappe": _dict(utils=_dict(flt=lambda value: float(value or 0)), system=sys),
    }


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("doc.qty > 3 and doc.name.startswith('SO')", True),
        ("sum([line.qty for line in doc.items]) * 1.5", 4.5),
        ("max(doc.items, key=lambda line: line.qty).sku", "B"),
        ("doc.get('missing', 7)", 7),
        ("doc.has_value_changed('qty')", True),
        ("row.a + row['a'] + row.get('b', 1)", 3),
        ("row.missing", None),
        ("frappe.utils.flt('1.5') + 1", 2.5),
        ("f'{doc.name}: {doc.qty:03d} {amount:.1f}'", "SO-1: 005 12.5"),
        ("'%s has %d' % (doc.name, doc.qty)", "SO-1 has 5"),
        ("'100%% of 12345: %s' % doc.name", "100% of 12345: SO-1"),
        ("amount * 2 == 25", True),
        ("amount.quantize(amount) > 12", True),
        ("date(2024, 2, 29).strftime('%d.%m.%Y')", "29.02.2024"),
        ("date.today() > date(2000, 1, 1)", True),
        ("(date(2024, 3, 1) - date(2024, 2, 1)).days", 29),
        ("[x * y for x in (1, 2) for y in (3,) if x > 1]", [6]),
        ("{k: v for k, v in row.items()}", {"a": 1, "tags": ["x"]}),
        ("sorted({3, 1, 2}, reverse=True)", [3, 2, 1]),
        ("', '.join(str(line.qty) for line in doc.items)", "1, 2"),
        ("'x' in row.tags and 'y' not in row.tags", True),
        ("2 ** 10 if doc.qty else 0", 1024),
        ("(lambda n: n + doc.qty)(1)", 6),
        ("dict(a=1, **{'b': 2})['b']", 2),
        ("[*range(3)] + [*row.tags]", [0, 1, 2, "x"]),
        ("round(2.5), int('7'), float('1'), long(3), abs(-1), bool([])", (2, 7, 1.0, 3, 1, False)),
        ("list(zip([1], 'a')), list(map(int, ['2'])), list(enumerate('b'))", ([(1, "a")], [2], [(0, "b")])),
    ],
)
def test_expressions_compute(code: str, expected: Any) -> None:
    assert safe_eval(code, lent()) == expected


def test_local_names_win_and_reach_inner_scopes() -> None:
    assert safe_eval("[a + b for i in [0]]", {"a": 1, "b": 1}, {"a": 5}) == [6]
    assert safe_eval("int('1')", {"int": lambda _text: 9}) == 9


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("1 / 0", ZeroDivisionError),
        ("nobody", NameError),
        ("doc.nothing", AttributeError),
        ("row['b']", KeyError),
        ("'a' + 1", TypeError),
    ],
)
def test_errors_of_the_expression_come_through(code: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        safe_eval(code, lent())


ESCAPES = [
    "().__class__.__bases__[0].__subclasses__()",
    "''.__class__.__mro__",
    "doc.__dict__",
    "doc.__init__.__globals__",
    "doc.get.__func__.__globals__",
    "doc._private",
    "'{0.__class__}'.format(doc)",
    "'{0.__class__}'.format_map({'0': doc})",
    "'a'.format",
    "f'{doc.__class__}'",
    "f'{doc!r:{doc.__class__}}'",
    "(x for x in [1]).gi_frame.f_back.f_globals",
    "[g.gi_frame for g in [(x for x in [1])]]",
    "(lambda: 1).func_code",
    "(lambda: 1).__code__",
    "__import__('os')",
    "__builtins__",
    "open('/etc/passwd')",
    "eval('1')",
    "exec('1')",
    "compile('1', '', 'eval')",
    "globals()",
    "locals()",
    "vars(doc)",
    "dir(doc)",
    "getattr(doc, '__class__')",
    "type(doc)",
    "type.mro(type)",
    "date.mro()",
    "date.__subclasses__()",
    "int.from_bytes",
    "str.format",
    "super()",
    "print(1)",
    "input()",
    "breakpoint()",
    "_getattr_(doc, '__class__')",
    "_getattr_",
    "(x := 1)",
    "[x := 1 for i in [1]]",
    "(yield)",
    "lambda: (yield)",
    "(await x)",
    "import os",
    "doc.name = 1",
    "del doc",
    "frappe.system",
    "frappe.system.modules",
    "frappe.__getattr__('system')",
    "row.update(a=2)",
    "row.pop('a')",
    "row.clear()",
    "row.tags.append(1)",
    "row.tags.sort()",
    "doc.items.clear()",
    "row.setdefault('z', 1)",
    "doc.delete()",
    "doc.delete",
    "doc.db_set('a', 1)",
    "[doc.delete][0]()",
    "max([1], key=doc.delete)",
    "map(doc.delete, [1])",
    "frappe.utils.flt.__globals__",
    "frappe.utils.flt.func_globals",
    "amount.__reduce__()",
    "amount.as_tuple().__class__",
    "b'a'.decode()",
    "'a'.encode()",
    "'a'.translate({})",
    "doc.items.__class__",
    "[].__init_subclass__",
    "1 .__add__",
    "True.__class__",
    "(1).to_bytes",
    "date.today().__reduce__()",
    "date(2024, 1, 1).ctime",
    "{**doc.__dict__}",
    "[*doc.__dict__]",
    "doc.get('__class__').__name__",
]


@pytest.mark.parametrize("code", ESCAPES)
def test_there_is_no_way_out(code: str) -> None:
    document = Document()
    names = lent(document)
    with pytest.raises((ExpressionError, NameError)):
        safe_eval(code, names)
    assert document.written == []
    assert names["row"] == {"a": 1, "tags": ["x"]}


BOMBS = [
    "10 ** 10 ** 10",
    "2 ** 100000",
    "amount ** 99999",
    "9 ** 9 ** 9 ** 9",
    "1 << 10 ** 9",
    "'a' * 10 ** 9",
    "[0] * 10 ** 9",
    "10 ** 9 * (0,)",
    "[[0] * 10000] * 10000",
    "['a' * 10 ** 6 for i in range(1000)]",
    "[[0] * 100000 for i in range(1000)]",
    "[('a' * 10 ** 6).upper() for i in range(5000)]",
    "(lambda x: [x[1:] for i in range(5000)])('a' * 10 ** 6)",
    "(lambda x: [x == x for i in range(5000)])([0] * 90000)",
    "(lambda x: [str(x) for i in range(5000)])([0] * 90000)",
    "[x for x in range(10 ** 9)]",
    "sum(range(10 ** 9))",
    "[y for x in range(10000) for y in range(10000)]",
    "list(zip(range(99999), range(99999), *[range(99999)] * 99))",
    "(lambda f: f(f))(lambda f: f(f))",
    "(lambda f, n: f(f, n))(lambda f, n: f(f, n - 1) + f(f, n - 1) if n else 1, 40)",
    "(lambda f, s, n: f(f, s, n))(lambda f, s, n: f(f, s + s, n - 1) if n else s, 'x', 40)",
    "(lambda f, s, n: f(f, s, n))(lambda f, s, n: f(f, s * s, n - 1) if n else s, 3, 40)",
    "(lambda f, s, n: f(f, s, n))(lambda f, s, n: f(f, [*s, *s], n - 1) if n else s, [1], 40)",
    "(lambda f, s, n: f(f, s, n))(lambda f, s, n: f(f, f'{s}{s}', n - 1) if n else s, 'x', 40)",
    "(lambda f, s, n: f(f, s, n))(lambda f, s, n: f(f, '%s%s' % (s, s), n - 1) if n else s, 'x', 40)",
    "(lambda f, s, n: f(f, s, n))(lambda f, s, n: f(f, (s, s), n - 1) if n else s, 3, 90) == 1",
    "{(lambda f, s, n: f(f, s, n))(lambda f, s, n: f(f, (s, s), n - 1) if n else s, 3, 90)}",
    "row.get((lambda f, s, n: f(f, s, n))(lambda f, s, n: f(f, (s, s), n - 1) if n else s, 3, 90))",
    "f'{1:1000000000d}'",
    "f'{1:{10 ** 9}d}'",
    "'%1000000000d' % 1",
    "'%*d' % (10 ** 9, 1)",
    "'%(a)1000000000d' % {'a': 1}",
    "'%((a))1000000000d' % {'(a)': 1}",
    "'%% %.1000000000f' % 1",
    "'a'.center(10 ** 9)",
    "'a'.replace('', 'b' * 10 ** 6)",
    "('a' * 10 ** 6).join(['b'] * 1000)",
    "date(2024, 1, 1).strftime('%1000000000d')",
    "round(10, -10 ** 9)",
    "int(huge)",
    "str([[[[[1] * 100] * 100] * 100] * 100] * 100)",
]


@pytest.mark.parametrize("code", BOMBS)
def test_nothing_grows_or_lasts_out_of_proportion(code: str) -> None:
    started = time.perf_counter()
    with pytest.raises((ExpressionError, OverflowError)):
        safe_eval(code, {**lent(), "huge": Decimal("1e999999")})
    assert time.perf_counter() - started < 5


def test_the_kinds_of_refusal_can_be_told_apart() -> None:
    with pytest.raises(SyntaxError, match="__class__"):
        safe_eval("().__class__")
    with pytest.raises(ForbiddenExpression):
        safe_eval("doc.delete()", lent())
    with pytest.raises(ExpressionTooExpensive):
        safe_eval("10 ** 10 ** 10")


@pytest.mark.parametrize(
    "code", ["", "1 +", "a = 1", "1; 2", "(" * 300, "-" * 5000 + "1", "x" * 20_001, "\0", "'\ud800'"]
)
def test_what_is_no_expression_is_a_syntax_error(code: str) -> None:
    with pytest.raises(PythonSyntaxError):
        check(code)


PIECES = """
doc row amount date frappe x y 1 2.5 'a' b'a' None True [1,2] (1,) {1} {'a':1} [x for x in row.tags] (x for x in [1]) lambda:
lambda x: . , ( ) [ ] { } + - * ** / // % << == < in is not and or if else for for x in ** * f'{doc}' f'{1:9}' := : yield
get items keys name qty __class__ __dict__ __globals__ gi_frame f_back format mro update delete append join strftime
str int list sum map sorted max range len getattr type __import__ _getattr_
"""


@settings(max_examples=600, deadline=None)
@given(st.lists(st.sampled_from(PIECES.split()), max_size=12), st.booleans())
def test_no_mixture_of_pieces_gets_out(pieces: list[str], spaced: bool) -> None:
    document = Document()
    try:
        result = safe_eval((" " if spaced else "").join(pieces), lent(document))
    except (ExpressionError, ArithmeticError, LookupError, NameError, TypeError, ValueError, AttributeError):
        result = None
    assert document.written == []
    assert not isinstance(result, (ModuleType, CodeType, FrameType))


attributes = st.sampled_from(
    sorted(
        {
            name
            for kind in (str, int, list, dict, set, tuple, bytes, float, Decimal, datetime.datetime)
            for name in dir(kind)
        }
    )
)


@given(
    attributes,
    st.sampled_from(
        [
            "'a'",
            "1",
            "[1]",
            "{'a': 1}",
            "{1}",
            "(1,)",
            "b'a'",
            "1.5",
            "amount",
            "date(2024, 1, 1)",
            "(x for x in [1])",
            "(lambda: 1)",
            "row",
        ]
    ),
)
def test_no_attribute_of_a_plain_value_leads_to_code(name: str, value: str) -> None:
    try:
        found = safe_eval(f"({value}).{name}", lent())
    except (ExpressionError, AttributeError):
        return
    assert not name.startswith("_")
    reachable = gc.get_referents(found)
    assert not any(isinstance(item, (ModuleType, FrameType)) for item in reachable)
