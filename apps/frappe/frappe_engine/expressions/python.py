"""Python expressions of administrators: conditions of notifications, workflows and rules, and small formulas.

The text is compiled by RestrictedPython under a policy of our own, and runs with `guards`: no names or attributes that
begin with an underscore, no imports, assignments or statements; only functions that the caller lends, the few that are
always there, and methods known to be harmless; no result out of proportion to the text.

Invariant: an expression reads; it can't write, reach code or the system, or hold the process up.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Mapping
from functools import lru_cache
from types import CodeType
from typing import Any, Final

from RestrictedPython.compile import compile_restricted_eval
from RestrictedPython.Guards import guarded_iter_unpack_sequence
from RestrictedPython.transformer import RestrictingNodeTransformer

from frappe_engine.expressions.errors import EvaluationError, ExpressionSyntaxError
from frappe_engine.expressions.guards import READING_METHODS, UNSAFE_ATTRIBUTES, Guards

__all__ = ["READING_METHODS", "UNSAFE_ATTRIBUTES", "PythonSyntaxError", "check", "safe_eval"]

MAX_LENGTH: Final = 20_000
_MEASURED: Final[dict[type[ast.operator], str]] = {
    ast.Add: "+",
    ast.Mult: "*",
    ast.Pow: "**",
    ast.LShift: "<<",
    ast.Mod: "%",
}


class PythonSyntaxError(ExpressionSyntaxError, SyntaxError):
    """The text is no Python expression, or one that is not allowed; a `SyntaxError` to callers that expect one."""

    def __init__(self, expression: str, reason: str) -> None:
        super().__init__(expression, reason)
        self.msg = str(self.args[0])

    def __str__(self) -> str:
        return self.msg


# These look at their arguments one by one, if at all.
_SHALLOW: Final = frozenset(
    {
        *("abs", "all", "any", "bool", "enumerate", "filter", "float", "int", "len", "list", "map", "range"),
        *("reversed", "round", "tuple", "zip"),
    }
)


def safe_eval(code: str, names: Mapping[str, Any] | None = None, local_names: Mapping[str, Any] | None = None) -> Any:
    """Evaluate a Python expression with the values and functions of `names`, and of `local_names` over them.

    Raises `PythonSyntaxError` for what is no expression or not allowed, `ForbiddenExpression` and
    `ExpressionTooExpensive` for what is stopped while it runs, and the expression's own errors (`NameError`,
    `ZeroDivisionError` …) as they are.
    """
    program = compiled(code.strip())
    guards = Guards(code)
    scope: dict[str, Any] = guards.functions()
    if names:
        scope.update(names)
    if local_names:
        scope.update(local_names)
    scope.update(guard_names(guards))
    try:
        return eval(program, scope)  # compiled under the policy below, run with its guards
    except RecursionError as error:
        raise EvaluationError(code, "calls nested too deeply") from error


def check(code: str) -> None:
    """Raise `PythonSyntaxError` unless a text is an allowed expression."""
    compiled(code.strip())


@lru_cache(maxsize=4096)
def compiled(code: str) -> CodeType:
    """Give the restricted program of an expression. Raises `PythonSyntaxError`."""
    if len(code) > MAX_LENGTH:
        raise PythonSyntaxError(code, f"longer than {MAX_LENGTH} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the author's style, e.g. `x is 1`
            result = compile_restricted_eval(code, filename="<expression>", policy=Policy)
    except (SyntaxError, ValueError, MemoryError, RecursionError, OverflowError) as error:
        raise PythonSyntaxError(code, f"can't be read ({error})") from error
    if result.errors or result.code is None:
        raise PythonSyntaxError(code, "; ".join(str(problem) for problem in result.errors) or "no expression")
    program: CodeType = result.code
    return program


def guard_names(guards: Guards) -> dict[str, Any]:
    """Give the names that compiled texts call."""
    return {
        "__builtins__": {"__import__": _import_clock},
        "_getattr_": guards.attribute,
        "_getitem_": guards.item,
        "_getiter_": guards.iterate,
        "_iter_unpack_sequence_": guarded_iter_unpack_sequence,
        "_apply_": lambda function, *given, **options: function(*given, **options),
        "_operate_": guards.operate,
        "_operand_": guards.operand,
        "_formatted_": guards.formatted,
        "_step_": guards.step,
        "_unpack_": guards.unpack,
    }


def _import_clock(name: str, *given: Any) -> Any:
    """What `date.today` and `strptime` load while they run; expressions can't name it."""
    if name not in ("time", "_strptime"):
        raise ImportError(f"{name} can't be imported")
    return __import__(name, *given)


class Policy(RestrictingNodeTransformer):
    """What of Python an expression may use, beyond what RestrictedPython refuses; costly operations are measured."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:  # noqa: N802 - the library's name
        """Send + * ** << % through the guard that measures them."""
        node = self.node_contents_visit(node)
        sign = _MEASURED.get(type(node.op))
        if sign is None:
            return node
        return self._call("_operate_", node, ast.Constant(sign), node.left, node.right)

    def visit_Compare(self, node: ast.Compare) -> ast.AST:  # noqa: N802
        """Measure what is compared."""
        node = self.node_contents_visit(node)
        node.left = self._measured(node.left)
        node.comparators = [self._measured(side) for side in node.comparators]
        return node

    def visit_Call(self, node: ast.Call) -> Any:  # noqa: N802
        """Measure what functions are given: they may hash it, compare it or write it."""
        visited: Any = super().visit_Call(node)
        if isinstance(node.func, ast.Name) and node.func.id in _SHALLOW:
            return visited
        visited.args = [self._measured(given) for given in visited.args]
        for keyword in visited.keywords:
            keyword.value = self._measured(keyword.value)
        return visited

    def visit_Set(self, node: ast.Set) -> ast.AST:  # noqa: N802
        """Measure what is hashed."""
        node = self.node_contents_visit(node)
        node.elts = [self._measured(item) for item in node.elts]
        return node

    def visit_Dict(self, node: ast.Dict) -> ast.AST:  # noqa: N802
        """Measure what is hashed."""
        node = self.node_contents_visit(node)
        node.keys = [key and self._measured(key) for key in node.keys]
        return node

    def visit_SetComp(self, node: ast.SetComp) -> Any:  # noqa: N802
        """Measure what is hashed."""
        visited: Any = super().visit_SetComp(node)
        visited.elt = self._measured(visited.elt)
        return visited

    def visit_DictComp(self, node: ast.DictComp) -> Any:  # noqa: N802
        """Measure what is hashed."""
        visited: Any = super().visit_DictComp(node)
        visited.key = self._measured(visited.key)
        return visited

    def visit_Lambda(self, node: ast.Lambda) -> Any:  # noqa: N802
        """Let each call of a function of the expression's own be a step."""
        visited: Any = super().visit_Lambda(node)
        step = self._call("_step_", node)
        visited.body = ast.copy_location(ast.IfExp(test=step, body=visited.body, orelse=ast.Constant(None)), node)
        return ast.fix_missing_locations(visited)

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.AST:  # noqa: N802
        """Write values of f-strings through the guard that measures them."""
        node = self.node_contents_visit(node)
        spec = node.format_spec or ast.Constant("")
        written = self._call("_formatted_", node, node.value, ast.Constant(node.conversion), spec)
        return ast.copy_location(ast.FormattedValue(value=written, conversion=-1, format_spec=None), node)

    def visit_Attribute(self, node: ast.Attribute) -> Any:  # noqa: N802
        """Refuse names that lead to code and frames."""
        if node.attr in UNSAFE_ATTRIBUTES:
            self.error(node, f'"{node.attr}" is an unsafe attribute.')
        return super().visit_Attribute(node)

    def visit_Starred(self, node: ast.Starred) -> ast.AST:  # noqa: N802
        """Count what is unpacked."""
        node = self.node_contents_visit(node)
        node.value = self._call("_unpack_", node, node.value)
        return node

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.AST:  # noqa: N802
        """Refuse assignments inside expressions."""
        return self._refuse(node, "Assignments are not allowed.")

    def visit_Yield(self, node: ast.Yield) -> ast.AST:  # noqa: N802
        """Refuse generators that are no comprehensions."""
        return self._refuse(node, "Yield is not allowed.")

    def visit_YieldFrom(self, node: ast.YieldFrom) -> ast.AST:  # noqa: N802
        """Refuse generators that are no comprehensions."""
        return self._refuse(node, "Yield is not allowed.")

    def visit_Await(self, node: ast.Await) -> ast.AST:  # noqa: N802
        """Refuse waiting."""
        return self._refuse(node, "Await is not allowed.")

    def _refuse(self, node: ast.AST, reason: str) -> ast.AST:
        self.error(node, reason)
        return ast.copy_location(ast.Constant(None), node)

    def _measured(self, node: Any) -> Any:
        unmeasured = isinstance(node, (ast.Constant, ast.Lambda, ast.Starred))
        return node if unmeasured else self._call("_operand_", node, node)

    def _call(self, name: str, place: ast.AST, *arguments: Any) -> ast.Call:
        call = ast.Call(func=ast.Name(name, ast.Load()), args=list(arguments), keywords=[])
        ast.copy_location(call, place)
        ast.fix_missing_locations(call)
        return call
