"""The checks that read code without running it (`make lint`).

Invariant: every check runs even when an earlier one found something, so that one call shows all there is to do.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from tools import frontends, node
from tools.layout import Bench
from tools.shell import ToolError, run, say

STRICTLY_TYPED = (
    "apps/frappe/frappe_engine",
    "apps/ec_erp/ec_erp/kernel",
    "apps/ec_erp/ec_erp/*/rules",
    "apps/ec_erp/ec_erp/*/types.py",
    "apps/ec_erp/ec_erp/*/errors.py",
    "apps/ec_erp/ec_erp/*/store.py",
    "apps/ec_erp/ec_erp/*/store",
    "apps/ec_erp/ec_erp/*/flows.py",
    "apps/ec_erp/ec_erp/*/flows",
    "tools",
)
FRONTEND_CHECKS = ("lint", "typecheck", "test")


def check_all(bench: Bench) -> None:
    """Run every check; raises ToolError naming the ones that found something."""
    failed = [name for name, check in checks(bench) if not passes(name, check)]
    if failed:
        raise ToolError(f"found something to correct: {', '.join(failed)}")


def checks(bench: Bench) -> list[tuple[str, Callable[[], None]]]:
    """Return all checks as (name, what to call)."""
    python = [(name, _program(bench, words)) for name, words in python_checks(bench)]
    return [*python, *frontend_checks(bench)]


def python_checks(bench: Bench) -> list[tuple[str, Sequence[str]]]:
    """Return the checks of the Python code as (name, command line)."""
    return [
        ("ruff check", ["ruff", "check", "."]),
        ("ruff format", ["ruff", "format", "--check", "."]),
        ("mypy", ["mypy", *strictly_typed(bench)]),
        ("import-linter", ["lint-imports"]),
    ]


def strictly_typed(bench: Bench) -> list[str]:
    """Return the parts of the tree that mypy checks strictly, as far as they exist."""
    found = (path for pattern in STRICTLY_TYPED for path in sorted(bench.root.glob(pattern)))
    return [str(path.relative_to(bench.root)) for path in found]


def frontend_checks(bench: Bench) -> list[tuple[str, Callable[[], None]]]:
    """Return the checks of each front end: ESLint, vue-tsc and vitest, by the names of its npm scripts."""
    return [
        (f"{folder.relative_to(bench.apps)} {script}", _npm(bench, folder, script))
        for folder in frontends.frontends(bench)
        for script in FRONTEND_CHECKS
    ]


def passes(name: str, check: Callable[[], None]) -> bool:
    """Run one check and say whether it found nothing."""
    say(name)
    try:
        check()
    except ToolError:
        return False
    return True


def _program(bench: Bench, words: Sequence[str]) -> Callable[[], None]:
    command = [str(bench.env / "bin" / words[0]), *words[1:]]
    return lambda: run(command, cwd=bench.root, env=bench.environment())


def _npm(bench: Bench, folder: Path, script: str) -> Callable[[], None]:
    def call() -> None:
        node.ensure(bench)
        frontends.ensure_packages(bench, folder)
        run(["npm", "run", "--silent", script], cwd=folder, env=bench.environment())

    return call
