"""Warehouses: completing and checking them, and the warehouses that documents name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ec_erp.catalog.rules.sku import code_problems
from ec_erp.documents.defaults import default_company
from ec_erp.documents.errors import refuse
from ec_erp.documents.in_use import refuse_disabling
from ec_erp.inventory import store
from ec_erp.inventory.errors import WrongWarehouse
from ec_erp.inventory.flows.bins import check_bins_of_warehouse
from ec_erp.inventory.types import SERVES_NO_ORDERS
from ec_erp.kernel.problems import N_, problem, words
from ec_erp.parties import flows as parties


def fill_warehouse(doc: Any) -> None:
    """Give a new warehouse the default company."""
    doc.company = doc.company or default_company()


def check_warehouse(doc: Any) -> None:
    """Refuse a warehouse name that names of balances can't be made of, and bins that do not fit."""
    refuse(code_problems(doc.warehouse_name))
    check_bins_of_warehouse(doc)
    refuse_disabling(doc)
    parties.warn_of_unknown_places((row.province or "", row.city or "") for row in doc.coverage)


def check_serving(company: str, names: Iterable[str]) -> None:
    """Raise ``WrongWarehouse`` for what ``check_warehouses`` refuses, and for warehouses of a type that serves no orders."""
    wanted = sorted({name for name in names if name})
    check_warehouses(company, wanted)
    found = store.load_warehouses(wanted)
    message = N_("No order leaves from {0}: its type is {1}; choose another warehouse or move the goods first")
    types = {name: found[name.casefold()]["warehouse_type"] for name in wanted}
    refuse(
        [problem(message, name, words(one)) for name, one in types.items() if one in SERVES_NO_ORDERS], WrongWarehouse
    )


def check_warehouses(company: str, names: Iterable[str]) -> None:
    """Raise ``WrongWarehouse`` for warehouses that are unknown, disabled or another company's."""
    wanted = sorted({name for name in names if name})
    found = store.load_warehouses(wanted)
    problems = []
    for name in wanted:
        row = found.get(name.casefold())
        if row is None:
            problems.append(problem(N_("The warehouse {0} does not exist"), name))
        elif row["disabled"]:
            problems.append(problem(N_("The warehouse {0} is disabled"), name))
        elif row["company"] != company:
            problems.append(problem(N_("The warehouse {0} belongs to {1}, not to {2}"), name, row["company"], company))
    refuse(problems, WrongWarehouse)


def pick_warehouse(*candidates: str | None) -> str | None:
    """Return the first warehouse that is given; where none is, the only one there is."""
    for name in candidates:
        if name:
            return name
    return store.load_only_warehouse()
