"""Measures functions: their length in lines and their branching.

Invariant: pure; reads syntax trees, runs nothing.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
BRANCHES = (
    *(ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.Assert),
    *(ast.comprehension, ast.match_case),
)


@dataclass(frozen=True)
class Measured:
    """One function, known by file and qualified name."""

    name: str
    lines: int
    complexity: int


def functions_in(source: str, file: str) -> Iterator[Measured]:
    """Yield every function of a Python source, methods and nested ones included."""
    yield from _below(ast.parse(source), f"{file}::")


def complexity_of(function: ast.AST) -> int:
    """Return 1 + the number of branches taken in a function, those of functions inside it not counted."""
    own = list(_own_nodes(function))
    operators = sum(len(node.values) - 1 for node in own if isinstance(node, ast.BoolOp))
    return 1 + sum(isinstance(node, BRANCHES) for node in own) + operators


def percentile(values: list[int], share: float) -> int:
    """Return the value that at least the given share (0 to 1) of all values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _below(node: ast.AST, prefix: str) -> Iterator[Measured]:
    for child in ast.iter_child_nodes(node):
        named = isinstance(child, (*FUNCTIONS, ast.ClassDef))
        name = f"{prefix}{child.name}" if named else prefix
        if isinstance(child, FUNCTIONS):
            yield Measured(name, (child.end_lineno or child.lineno) - child.lineno + 1, complexity_of(child))
        yield from _below(child, f"{name}." if named else prefix)


def _own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(function):
        if not isinstance(child, FUNCTIONS):
            yield child
            yield from _own_nodes(child)
