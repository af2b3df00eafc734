"""Which names of the API count: there, and named by a test."""

from pathlib import Path

import pytest

from tools import api_coverage
from tools.api_coverage import Name
from tools.layout import Bench
from tools.named_in_tests import names_in

TEST = '''
"""frappe.only_in_a_docstring"""
import frappe
from frappe.utils import flt, cint


def test_it(frappe_connected):
    """frappe.in_a_docstring_too"""
    cache = frappe_connected.cache
    assert flt("1")  # frappe.in_a_comment
    cache.hget("a", "b")
    frappe.db.exists("User", "x")


CASES = [("Document.save", 1)]
'''


@pytest.fixture
def named(tmp_path: Path) -> set[str]:
    """What a small test file names."""
    file = tmp_path / "test_small.py"
    file.write_text(TEST)
    return names_in([file])


@pytest.mark.parametrize("name", ["frappe.utils.flt", "frappe.cache.hget", "frappe.db.exists", "Document.save"])
def test_what_a_test_uses_or_lists_is_named(named: set[str], name: str) -> None:
    assert name in named


@pytest.mark.parametrize(
    "name", ["frappe.utils.cint", "frappe.only_in_a_docstring", "frappe.in_a_docstring_too", "frappe.in_a_comment"]
)
def test_imports_and_words_about_it_are_not_enough(named: set[str], name: str) -> None:
    assert name not in named


NAMES = [Name("frappe.a", "1", 90, ()), Name("frappe.b", "1", 10, ("frappe.x.b",)), Name("frappe.c", "1", 100, ())]


def test_shares_count_names_and_uses() -> None:
    there = {"frappe.a": "yes", "frappe.b": "yes", "frappe.c": "missing"}
    lines = api_coverage.table(NAMES, there, {"frappe.a", "frappe.x.b", "frappe.c"})
    assert lines[1].split() == ["tier", "1", "2", "of", "3", "66.7", "%", "100", "of", "200", "50.0", "%"]


def test_what_does_not_count_says_why() -> None:
    lines = api_coverage.missing(NAMES, {"frappe.a": "yes", "frappe.b": "Absent: b", "frappe.c": "yes"}, {"frappe.a"})
    assert [line.split(": ", 1)[1] for line in lines] == ["not there (Absent: b)", "no test names it"]


def test_without_the_list_the_command_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EC_FRAPPE_API", str(tmp_path))
    api_coverage.show(Bench(tmp_path / "bench"), [])
    assert "EC_FRAPPE_API" in capsys.readouterr().out
