"""What this runtime lacks can be imported, and says so when it is used."""

from __future__ import annotations

from importlib import import_module

import pytest
from frappe._missing import MISSING

NAMES = [(module, name) for module, names in MISSING.items() if module != "frappe" for name in names.split()]


@pytest.mark.parametrize(("module", "name"), NAMES)
def test_a_missing_name_says_which_it_is(module: str, name: str) -> None:
    found = getattr(import_module(module), name)
    with pytest.raises(NotImplementedError, match=f"{module}.{name}"):
        found("anything", really=True)


@pytest.mark.parametrize("name", MISSING["frappe"].split())
def test_a_missing_name_of_the_package_says_which_it_is(name: str) -> None:
    with pytest.raises(NotImplementedError, match=f"frappe.{name}"):
        getattr(import_module("frappe"), name)


def test_a_class_may_derive_from_what_is_missing() -> None:
    from frappe.search.sqlite_search import SQLiteSearch

    class Search(SQLiteSearch):  # type: ignore[misc]
        INDEX = "own"

    assert Search.INDEX == "own"
    with pytest.raises(NotImplementedError, match="SQLiteSearch"):
        _ = SQLiteSearch.build


def test_what_nobody_knows_is_no_attribute() -> None:
    with pytest.raises(AttributeError):
        _ = import_module("frappe").no_such_name_anywhere
    with pytest.raises(ModuleNotFoundError):
        import_module("frappe.no_such_module")
