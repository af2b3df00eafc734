"""Which names of the framework's API the tests name.

A name counts when a test's code uses it by its dotted path (`frappe.utils.flt(…)`, also by an import), or writes it out
as a text of its own (`"Document.db_set"`, the first word of a table's row or of `covers(…)`).

Invariant: importing a name, or naming it in a docstring or comment, is not enough.
"""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOTS = ("frappe", "json")
TEST_FILES = ("apps/*/tests/**/*.py", "apps/*/*/**/test_*.py", "apps/*/*/tests/**/*.py", "tests/**/*.py")


def test_files(root: Path) -> list[Path]:
    """Return the Python files that hold tests."""
    found = {path for pattern in TEST_FILES for path in root.glob(pattern)}
    return sorted(path for path in found if "node_modules" not in path.parts)


def names_in(files: Iterable[Path]) -> set[str]:
    """Return every text and every dotted path that the files' code uses."""
    found: set[str] = set()
    for file in files:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        found |= _texts(tree) | _paths(tree, _aliases(tree))
    return found


def _texts(tree: ast.AST) -> set[str]:
    docstrings = {id(node) for node in _docstrings(tree)}
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    }


def _docstrings(tree: ast.AST) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if (
            isinstance(body, list)
            and body
            and isinstance(body[0], ast.Expr)
            and isinstance(body[0].value, ast.Constant)
        ):
            yield body[0].value


def _aliases(tree: ast.AST) -> dict[str, str]:
    """Return what the names of a file stand for: imports, fixtures that give the package, names given to a part of it."""
    found = {root: root for root in ROOTS}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "frappe":
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            renamed = [alias for alias in node.names if alias.asname and alias.name.startswith("frappe")]
            found |= {str(alias.asname): alias.name for alias in renamed}
        elif isinstance(node, ast.arg) and node.arg.endswith(("frappe", "frappe_connected")):
            found[node.arg] = "frappe"
    return found | _assigned(tree, found)


def _assigned(tree: ast.AST, known: dict[str, str]) -> dict[str, str]:
    """Return the names that a file gives to a part of the package: `cache = frappe.cache`."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        for target, value in _pairs(node):
            path = _path(value, known) if isinstance(value, ast.Attribute) else None
            if path and isinstance(target, ast.Name):
                found[target.id] = path
    return found


def _pairs(node: ast.AST) -> list[tuple[ast.expr, ast.expr]]:
    if not isinstance(node, ast.Assign):
        return []
    target = node.targets[0]
    if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
        return list(zip(target.elts, node.value.elts, strict=False))
    return [(target, node.value)]


def _paths(tree: ast.AST, aliases: dict[str, str]) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Attribute, ast.Name)):
            path = _path(node, aliases)
            if path:
                found.add(path)
    return found


def _path(node: ast.expr, aliases: dict[str, str]) -> str | None:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    start = aliases.get(node.id)
    return ".".join([start, *reversed(parts)]) if start else None
