"""Which names of the framework's API this runtime has; run by the bench's own Python, with the names on its input.

    env/bin/python -m tools.api_names < names

Each line of the input is one name as the list of the API spells it: `frappe.utils.flt`, `Document.save`,
`Meta.get_field`, `DocField.options`, `qb query .where()`, `qb term .isin()`. The output is the same names in the same
order, each with "yes", or with why it is not there, behind a tab.

Invariant: a name that only says that it is missing counts as missing.
"""

import importlib
import sys
from collections.abc import Callable, Iterable
from typing import Any

# what a request, a job or the app itself puts there: what counts is that the carrier is there
CARRIERS = ("frappe.flags", "frappe.local", "frappe.conf", "frappe.form_dict", "frappe.response", "frappe.request")
# fields, methods and marks of apps' own documents; the runtime reads or calls them where they exist
OF_APPS = frozenset(
    {"route", "validate", "naming_series", "onload", "on_update", "on_trash", "set_missing_values", "website"}
    | {"before_rename", "after_rename", "autoname", "old_parent", "lft", "rgt", "parent_doc", "get_children"}
    | {"_assign", "amended_from", "get_ancestors", "validate_one_root", "get_valid_columns"}
)


class Absent(Exception):
    """The runtime does not have a name; the text says which part of it."""


def main() -> int:
    """Answer for every name on the input."""
    from frappe_engine.testing import temporary_site

    names = [line.rstrip("\n") for line in sys.stdin if line.strip()]
    with temporary_site() as site, site.connected():
        finders = _finders()
        for name in names:
            print(f"{name}\t{_answer(name, finders)}")
    return 0


def _answer(name: str, finders: dict[str, Callable[[str], object]]) -> str:
    prefix = next((prefix for prefix in finders if name.startswith(prefix)), None)
    try:
        found = finders[prefix](name[len(prefix) :]) if prefix else find(name)
    except (Absent, AttributeError, ImportError, NotImplementedError) as error:
        return f"{type(error).__name__}: {str(error)[:120]}".replace("\n", " ").replace("\t", " ")
    return "missing" if is_refusal(found) else "yes"


def is_refusal(found: object) -> bool:
    """Tell whether something stands for a name that is missing."""
    return bool(getattr(type(found), "is_missing_api", False))


def find(name: str) -> object:
    """Give what a dotted name stands for. Raises ImportError, AttributeError or NotImplementedError when nothing."""
    if " / " in name:
        return [find(part.strip().removesuffix("()")) for part in name.split(" / ")]
    carrier = next((carrier for carrier in CARRIERS if name == carrier or name.startswith(f"{carrier}.")), None)
    if carrier:
        return find_path(carrier.split("."))
    return find_path(name.split("."))


def find_path(parts: list[str]) -> object:
    """Import the longest module of a path, then follow its attributes."""
    for length in range(len(parts), 0, -1):
        path = ".".join(parts[:length])
        try:
            found: Any = importlib.import_module(path)
        except ModuleNotFoundError as error:
            if error.name and path.startswith(error.name):
                continue
            raise
        for part in parts[length:]:
            found = getattr(found, part)
        return found
    raise Absent(".".join(parts))


def _finders() -> dict[str, Callable[[str], object]]:
    import frappe

    document = frappe.get_doc("User", "Administrator")
    row = document.append("roles", {"role": "Guest"})
    meta = frappe.get_meta("User")
    table = frappe.qb.DocType("User")
    queries = [frappe.qb.from_(table).select(table.name), frappe.qb.update(table), frappe.qb.into(table), frappe.qb]
    case = frappe.qb.terms.Case().when(table.name == "x", 1)
    return {
        "Document.flags.": lambda _name: document.flags,
        "Document.": _members([document, row], OF_APPS),
        "Meta.": _members([meta], frozenset()),
        "DocField.": _members([meta.fields[0]], frozenset()),
        "qb query .": _members(queries, frozenset()),
        "qb term .": _members([table.name, case, frappe.query_builder.functions.Count(table.name)], frozenset()),
    }


def _members(owners: Iterable[object], conventional: frozenset[str]) -> Callable[[str], object]:
    there = list(owners)

    def member(name: str) -> object:
        wanted = name.removesuffix("()")
        for owner in there:
            if hasattr(owner, wanted):
                return getattr(owner, wanted)
        if wanted in conventional:
            return True
        raise Absent(wanted)

    return member


if __name__ == "__main__":
    sys.exit(main())
