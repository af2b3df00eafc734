"""What this runtime lacks can be imported, and says so when it is used."""

from __future__ import annotations

from importlib import import_module
from typing import Any

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
    from frappe.search.web_search import WebsiteSearch

    class Search(WebsiteSearch):  # type: ignore[misc]
        INDEX = "own"

    assert Search.INDEX == "own"
    with pytest.raises(NotImplementedError, match="WebsiteSearch"):
        _ = WebsiteSearch.build


def test_a_module_that_nobody_knows_is_not_there() -> None:
    with pytest.raises(ModuleNotFoundError):
        import_module("frappe.no_such_module")


PLACES = ("frappe", "frappe.db", "frappe.cache", "frappe.qb", "frappe.utils", "frappe.utils.data", "frappe.model", "frappe.permissions",
    "frappe.query_builder", "frappe.query_builder.functions", "frappe.desk.reportview", "frappe.core.doctype.user.user")  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_an_unknown_member_is_named_in_full_and_is_no_attribute(frappe_connected: Any, place: str) -> None:
    if place in ("frappe.db", "frappe.cache", "frappe.qb"):
        found = getattr(import_module("frappe"), place.partition(".")[2])
    else:
        found = import_module(place)
    with pytest.raises(NotImplementedError, match=f"{place}.nobody_knows"):
        _ = found.nobody_knows
    assert not hasattr(found, "nobody_knows")
    assert getattr(found, "nobody_knows", 7) == 7


def test_what_can_not_be_imported_is_an_import_error() -> None:
    with pytest.raises(ImportError, match="nobody_knows"):
        from frappe.utils import nobody_knows  # noqa: F401
