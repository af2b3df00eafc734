"""Functions stay short: the distribution is printed, and the large ones that exist may shrink but not grow.

`large_functions.json` lists every function above the bounds with the size it may have at most. A new function above
them is split, or listed with a commit message that says why it is one idea.
"""

import json
from pathlib import Path

import pytest

from .measures import Measured, functions_in, percentile

ROOT = Path(__file__).resolve().parents[2]
RATCHET = Path(__file__).with_name("large_functions.json")
MEASURED = ("apps/frappe/frappe", "apps/frappe/frappe_engine", "apps/ec_erp/ec_erp", "tools")
LONGEST_LINES = 60
HIGHEST_COMPLEXITY = 15  # counts every and/or too, so it lies above ruff's bound
AIM_P95_LINES = 40
AIM_COMPLEX_SHARE = 0.05


@pytest.fixture(scope="module")
def functions() -> list[Measured]:
    """Return all functions of the product, tests left out."""
    files = (file for folder in MEASURED for file in sorted((ROOT / folder).rglob("*.py")))
    sources = (file for file in files if not file.name.startswith("test_") and "node_modules" not in file.parts)
    return [found for file in sources for found in functions_in(file.read_text(), file.relative_to(ROOT).as_posix())]


@pytest.fixture(scope="module")
def allowed() -> dict[str, dict[str, int]]:
    """Return the listed large functions."""
    listed: dict[str, dict[str, int]] = json.loads(RATCHET.read_text())
    return listed


def is_large(function: Measured) -> bool:
    return function.lines > LONGEST_LINES or function.complexity > HIGHEST_COMPLEXITY


def test_distribution(functions: list[Measured], capsys: pytest.CaptureFixture[str]) -> None:
    lines = [function.lines for function in functions]
    complex_share = sum(function.complexity > 10 for function in functions) / len(functions)
    figures = (
        f"{len(lines)} functions; lines: median {percentile(lines, 0.5)}, p95 {percentile(lines, 0.95)} "
        f"(aim {AIM_P95_LINES}), longest {max(lines)}; complexity over 10: {complex_share:.1%} (aim 5 %)"
    )
    with capsys.disabled():
        print(f"\n{figures}", end=" ")
    assert percentile(lines, 0.95) <= AIM_P95_LINES
    assert complex_share <= AIM_COMPLEX_SHARE


def test_no_large_function_is_new_or_grew(functions: list[Measured], allowed: dict[str, dict[str, int]]) -> None:
    bounds = {"lines": LONGEST_LINES, "complexity": HIGHEST_COMPLEXITY}
    grown = [
        found
        for found in filter(is_large, functions)
        for limit in [{**bounds, **allowed.get(found.name, {})}]
        if found.lines > limit["lines"] or found.complexity > limit["complexity"]
    ]
    assert grown == []


def test_the_list_names_only_functions_that_are_large(
    functions: list[Measured], allowed: dict[str, dict[str, int]]
) -> None:
    stale = set(allowed) - {found.name for found in functions if is_large(found)}
    assert stale == set(), f"no longer large, take them off {RATCHET.name}"


def test_measures_count_lines_and_branches_of_each_function_alone() -> None:
    source = """class A:
    def f(self, x):
        def g():
            return 1 if x else 2
        return x and g() or 3
"""
    assert list(functions_in(source, "a.py")) == [Measured("a.py::A.f", 4, 3), Measured("a.py::A.f.g", 2, 2)]
