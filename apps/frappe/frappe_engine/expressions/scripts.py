"""Python scripts of administrators: statements, loops and functions under the guards of expressions, and some more.

What a script may touch is what the caller lends: names in `Namespace`s, which it can't change, and objects whose
attributes a rule of the caller's gives out one by one. Everything else follows `guards`.

Invariant: a script ends: every round of a loop and every call of a function of its own is a step, and steps and time
are limited. A script that swallows the error of a spent budget meets it again at its next step.
"""

from __future__ import annotations

import ast
import time
import warnings
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from types import CodeType
from typing import Any, Final

from RestrictedPython.compile import compile_restricted_exec
from RestrictedPython.Guards import guarded_unpack_sequence

from frappe_engine.expressions.guards import UNSAFE_ATTRIBUTES, Guards
from frappe_engine.expressions.python import Policy, PythonSyntaxError, guard_names
from frappe_engine.kit.attrdict import _dict

MAX_LENGTH: Final = 200_000
MAX_STEPS: Final = 3_000_000
MAX_SECONDS: Final = 60.0
STEPS_BETWEEN_LOOKS: Final = 1_000

_DICT_READS: Final = frozenset({"get", "keys", "values", "items", "copy"})
_DICT_WRITES: Final = frozenset({"update", "setdefault", "pop", "popitem", "clear"})
_LIST_METHODS: Final = frozenset({"append", "pop", "remove", "clear", "reverse", "index", "count", "copy"})
_SET_METHODS: Final = frozenset(
    {"add", "discard", "remove", "clear", "copy", "pop", "union", "intersection", "difference", "symmetric_difference"}
    | {"issubset", "issuperset", "isdisjoint"}
)
_OPERATIONS: Final[Mapping[str, str]] = {"+=": "+", "*=": "*", "**=": "**", "<<=": "<<", "%=": "%"}
_ERRORS: Final = (
    Exception, ArithmeticError, AssertionError, AttributeError, IndexError, KeyError, LookupError, RuntimeError,
    StopIteration, TypeError, ValueError, ZeroDivisionError,
)  # fmt: skip

AttributeRule = Callable[[Any, str], Any]
WriteRule = Callable[[Any], Any]


class Namespace(_dict):
    """Names lent to a script: read by it as attributes, never changed; asking for one that is not there says so."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"{name} is not available to scripts") from None


class ScriptGuards(Guards):
    """The guards of one run of a script."""

    def __init__(
        self,
        script: str,
        attribute_rule: AttributeRule | None = None,
        write_rule: WriteRule | None = None,
        max_seconds: float = MAX_SECONDS,
    ) -> None:
        super().__init__(script[:200])
        self._steps_left = MAX_STEPS
        self._looked_at = MAX_STEPS
        self._ends = time.monotonic() + max_seconds
        self._max_seconds = max_seconds
        self._attribute_rule = attribute_rule
        self._write_rule = write_rule

    def step(self, count: int = 1) -> bool:
        """Use up steps of the budget, and look at the clock now and then."""
        self._steps_left -= count
        if self._steps_left < 0:
            raise self.too_much(f"more than {MAX_STEPS} steps")
        if self._looked_at - self._steps_left >= STEPS_BETWEEN_LOOKS:
            self._looked_at = self._steps_left
            if time.monotonic() > self._ends:
                self._steps_left = self._looked_at = 0  # the next step meets the end again, whoever swallows this
                raise self.too_much(f"more than {self._max_seconds:g} seconds")
        return True

    # reading

    def attribute(self, owner: Any, name: str) -> Any:
        """Read an attribute as far as the owner's kind, or the caller's rule, gives it out."""
        if name.startswith("_") or name in UNSAFE_ATTRIBUTES:
            raise self.forbid(f"{name} is an unsafe attribute")
        if isinstance(owner, Namespace):
            return self._given(owner.__getattr__(name), name, from_namespace=True)  # its names, not those of dict
        if isinstance(owner, dict):
            return self._of_dict(owner, name)
        if isinstance(owner, list):
            return self._of_list(owner, name)
        if isinstance(owner, set):
            return self._of_set(owner, name)
        return super().attribute(owner, name)

    def _field(self, owner: Any, name: str) -> Any:
        """An attribute of an object that the caller lent."""
        value = getattr(owner, name) if self._attribute_rule is None else self._attribute_rule(owner, name)
        return self._given(value, name)

    def _given(self, value: Any, name: str, *, from_namespace: bool = False) -> Any:
        """Nothing leads to modules and code; classes come out of namespaces alone."""
        if isinstance(value, _NEVER_GIVEN) or (isinstance(value, type) and not from_namespace):
            raise self.forbid(f"{name} of a {type(value).__name__}")
        return value

    def _of_dict(self, owner: dict[Any, Any], name: str) -> Any:
        if name in owner:
            return self._given(owner[name], name)
        if name in _DICT_READS or name in _DICT_WRITES:
            return getattr(owner, name)
        if type(owner) is dict or name in dir(dict):
            raise self.forbid(f"{name} of a dict")
        return getattr(owner, name)

    def _of_list(self, owner: list[Any], name: str) -> Any:
        if name == "extend":
            return lambda items: owner.extend(list(self.iterate(items)))  # as a whole: items may be the list itself
        if name == "insert":
            return lambda place, item: self._insert(owner, place, item)
        if name == "sort":
            return lambda **options: owner.sort(**options) if self.step(self.size(owner)) else None
        if name in _LIST_METHODS:
            self.step(len(owner) // 1000)
            return getattr(owner, name)
        raise self.forbid(f"{name} of a list")

    def _insert(self, owner: list[Any], place: int, item: Any) -> None:
        self.step(len(owner) // 100)
        owner.insert(place, item)

    def _of_set(self, owner: set[Any], name: str) -> Any:
        if name == "update":
            return lambda items: owner.update(self.iterate(items))
        if name in _SET_METHODS:
            return getattr(owner, name)
        raise self.forbid(f"{name} of a set")

    # writing

    def write(self, owner: Any) -> Any:
        """Give what may be changed: the script's own lists, dicts and sets, and what the caller's rule lets it."""
        if isinstance(owner, Namespace):
            raise self.forbid("to change what is lent")
        if isinstance(owner, (dict, list)):
            return owner
        if self._write_rule is None:
            raise self.forbid(f"to change a {type(owner).__name__}")
        return self._write_rule(owner)

    def in_place(self, operator: str, left: Any, right: Any) -> Any:
        """Do `left += right` and its like on a name."""
        self.step()
        if operator == "+=" and isinstance(left, list):
            left.extend(list(self.iterate(right)))
            return left
        if operator in _OPERATIONS:
            return self.operate(_OPERATIONS[operator], left, right)
        return _PLAIN[operator](left, right)

    # functions

    def functions(self) -> dict[str, Any]:
        """Give the functions that every script may call, by name."""
        known = super().functions()
        types: dict[Any, Any] = {known[name]: kind for name, kind in _GUARDED_TYPES.items()}

        def is_instance(value: Any, kinds: Any) -> bool:
            wanted: tuple[Any, ...] = kinds if isinstance(kinds, tuple) else (kinds,)
            return isinstance(value, tuple(types.get(kind, kind) for kind in wanted))

        known.update({error.__name__: error for error in _ERRORS})
        known.update(
            {
                "callable": callable,
                "chr": chr,
                "hasattr": self.has_attribute,
                "getattr": self.get_attribute,
                "isinstance": is_instance,
                "next": next,
                "iter": self.iterate,
                "ord": ord,
            }
        )
        return known

    def get_attribute(self, owner: Any, name: Any, *default: Any) -> Any:
        """Read an attribute whose name is a value."""
        if type(name) is not str:
            raise TypeError("the name of an attribute is a text")
        try:
            return self.attribute(owner, name)
        except AttributeError:
            if default:
                return default[0]
            raise

    def has_attribute(self, owner: Any, name: Any) -> bool:
        """Tell whether an object gives out an attribute."""
        try:
            self.get_attribute(owner, name)
        except AttributeError:
            return False
        return True


_GUARDED_TYPES: Final[Mapping[str, type]] = {
    "bool": bool, "dict": dict, "float": float, "int": int, "list": list, "set": set, "str": str, "tuple": tuple,
}  # fmt: skip
_PLAIN: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "-=": lambda left, right: left - right,
    "/=": lambda left, right: left / right,
    "//=": lambda left, right: left // right,
    "&=": lambda left, right: left & right,
    "|=": lambda left, right: left | right,
    "^=": lambda left, right: left ^ right,
    ">>=": lambda left, right: left >> right,
}


class ScriptPolicy(Policy):
    """What of Python a script may use: no imports, no classes, no names of the interpreter's own."""

    def visit_Import(self, node: ast.Import) -> ast.AST:  # noqa: N802 - the library's name
        """Refuse imports."""
        return self._refuse(node, "Imports are not allowed.")

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST:  # noqa: N802
        """Refuse imports."""
        return self._refuse(node, "Imports are not allowed.")

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:  # noqa: N802
        """Refuse classes."""
        return self._refuse(node, "Classes are not allowed.")

    def visit_With(self, node: ast.With) -> ast.AST:  # noqa: N802
        """Refuse with-blocks: nothing that scripts are lent needs one."""
        return self._refuse(node, "With-blocks are not allowed.")

    def visit_While(self, node: ast.While) -> Any:  # noqa: N802
        """Let each round be a step."""
        visited: Any = self.node_contents_visit(node)
        step = self._call("_step_", node)
        visited.test = ast.copy_location(ast.BoolOp(ast.And(), [step, visited.test]), node)
        return ast.fix_missing_locations(visited)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:  # noqa: N802
        """Let each call be a step."""
        visited: Any = super().visit_FunctionDef(node)
        step = ast.copy_location(ast.Expr(self._call("_step_", node)), node)
        visited.body.insert(0, ast.fix_missing_locations(step))
        return visited

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:  # noqa: N802
        """Write `doc.total += 1` as `doc.total = doc.total + 1`, where the target has no calls in it."""
        if isinstance(node.target, ast.Name):
            return super().visit_AugAssign(node)
        if any(isinstance(part, (ast.Call, ast.Slice)) for part in ast.walk(node.target)):
            return self._refuse(node, "Augmented assignment to what a call gives is not allowed.")
        source: Any = ast.parse(ast.unparse(node.target), mode="eval").body
        value = ast.BinOp(source, node.op, node.value)
        assignment = ast.Assign([node.target], value)
        ast.copy_location(assignment, node)
        for part in ast.walk(value):
            ast.copy_location(part, node)
        ast.fix_missing_locations(assignment)
        return self.visit(assignment)


def check_script(script: str) -> None:
    """Raise `PythonSyntaxError` unless a text is an allowed script."""
    compiled_script(script)


@lru_cache(maxsize=512)
def compiled_script(script: str, filename: str = "<script>") -> CodeType:
    """Give the restricted program of a script. Raises `PythonSyntaxError`."""
    if len(script) > MAX_LENGTH:
        raise PythonSyntaxError(script[:200], f"longer than {MAX_LENGTH} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = compile_restricted_exec(script, filename=filename, policy=ScriptPolicy)
    except (SyntaxError, ValueError, MemoryError, RecursionError, OverflowError) as error:
        raise PythonSyntaxError(script[:200], f"can't be read ({error})") from error
    if result.errors or result.code is None:
        raise PythonSyntaxError(script[:200], "; ".join(str(problem) for problem in result.errors) or "no script")
    program: CodeType = result.code
    return program


def run_script(
    script: str,
    names: Mapping[str, Any],
    *,
    guards: ScriptGuards | None = None,
    on_print: Callable[[str], None] | None = None,
    filename: str = "<script>",
) -> dict[str, Any]:
    """Run a script with `names` and give the names it made or changed.

    Raises `PythonSyntaxError`, `ForbiddenExpression`, `ExpressionTooExpensive`, and what the script itself raises.
    """
    program = compiled_script(script, filename)
    watched = guards or ScriptGuards(script)
    scope: dict[str, Any] = {**watched.functions(), **names, **script_guard_names(watched, on_print)}
    lent = dict(scope)
    exec(program, scope)  # compiled under the policy above, run with its guards
    return {
        name: value
        for name, value in scope.items()
        if not name.startswith("_") and (name not in lent or lent[name] is not value)
    }


def script_guard_names(guards: ScriptGuards, on_print: Callable[[str], None] | None = None) -> dict[str, Any]:
    """Give the names that compiled scripts call."""
    return {
        **guard_names(guards),
        "__name__": "script",
        "__metaclass__": type,
        "_write_": guards.write,
        "_inplacevar_": guards.in_place,
        "_unpack_sequence_": guarded_unpack_sequence,
        "_print_": lambda _getattr=None: _Printer(guards, on_print),
    }


class _Printer:
    """What `print` in a script calls."""

    def __init__(self, guards: ScriptGuards, on_print: Callable[[str], None] | None) -> None:
        self._guards = guards
        self._on_print = on_print

    def _call_print(self, *values: Any, sep: str = " ", **_options: Any) -> None:
        texts: Iterable[str] = (self._guards.text(value) for value in values)
        if self._on_print is not None:
            self._on_print(sep.join(texts))


def _opaque() -> tuple[Any, ...]:
    from types import (
        AsyncGeneratorType,
        CoroutineType,
        FrameType,
        GeneratorType,
        ModuleType,
        TracebackType,
    )

    return (AsyncGeneratorType, CodeType, CoroutineType, FrameType, GeneratorType, ModuleType, TracebackType)


_NEVER_GIVEN: Final = _opaque()
