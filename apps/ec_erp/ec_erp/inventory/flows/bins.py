"""Zones and bins as masters, and switching bins on for a warehouse.

Invariant: what lies in the bins of a warehouse adds up to its balances, from the moment bins are switched on.
"""

from __future__ import annotations

from typing import Any

import frappe

from ec_erp.catalog.rules.sku import code_problems
from ec_erp.documents import memo
from ec_erp.documents.errors import DocumentRefused, refuse
from ec_erp.documents.in_use import refuse_disabling
from ec_erp.inventory import store
from ec_erp.inventory.errors import TrackingRefused
from ec_erp.inventory.flows import freezing
from ec_erp.kernel.problems import N_, problem

_BIN_FIELDS = ("receiving_bin", "return_bin", "defective_bin")


def check_zone(doc: Any) -> None:
    """Refuse a code that names can't be made of, and another kind while its bins hold goods."""
    refuse(code_problems(doc.zone_code))
    before = doc.get_doc_before_save()
    if before and before.zone_type != doc.zone_type and store.zone_holds_goods(doc.name):
        message = N_("The bins of {0} hold goods; empty them before the zone becomes another kind")
        refuse([problem(message, doc.name)], DocumentRefused)
    refuse_disabling(doc)


def zone_changed(doc: Any) -> None:
    """Hand the kind of a zone on to its bins."""
    memo.forget("Storage Bin")
    store.write_kind_of_bins(doc.name, doc.zone_type)


def fill_bin(doc: Any) -> None:
    """Take the kind of a bin's zone."""
    if doc.zone:
        doc.zone_type = store.load_zone(doc.zone).get("zone_type")


def check_bin(doc: Any) -> None:
    """Refuse a code that names can't be made of, and a zone of another warehouse."""
    refuse(code_problems(doc.bin_code))
    zone = store.load_zone(doc.zone)
    owner = zone.get("warehouse")
    if zone.get("disabled") and not doc.disabled and _comes_into_zone(doc):
        refuse([problem(N_("The zone {0} is disabled"), doc.zone)], DocumentRefused)
    if owner and owner != doc.warehouse:
        refuse([problem(N_("The zone {0} belongs to {1}"), doc.zone, owner)], DocumentRefused)
    refuse_disabling(doc)


def _comes_into_zone(doc: Any) -> bool:
    """Tell whether a bin is new, moves to another zone or is switched on."""
    before = doc.get_doc_before_save()
    return not before or before.zone != doc.zone or bool(before.disabled)


def bin_changed(doc: Any) -> None:
    """Freeze what lies in a bin that was switched off, or free it again."""
    memo.forget("Storage Bin")
    freezing.refreeze(freezing.keys_of_bins([doc.name]), frappe.utils.now_datetime().date())


def check_bins_of_warehouse(doc: Any) -> None:
    """Refuse bins of other warehouses, and bins without one where goods arrive."""
    named = {field: doc.get(field) for field in _BIN_FIELDS if doc.get(field)}
    known = store.load_bins(named.values())
    problems = [
        problem(N_("The bin {0} belongs to another warehouse"), name)
        for name in sorted(set(named.values()))
        if known.get(name.casefold(), {}).get("warehouse") != doc.name
    ]
    before = doc.get_doc_before_save()
    was_on = bool(before and before.has_bins)
    if doc.has_bins and not doc.receiving_bin:
        problems.append(problem(N_("Name the receiving bin of {0}: goods that name no bin arrive there"), doc.name))
    if doc.has_bins and doc.allow_negative_stock:
        problems.append(problem(N_("A warehouse with bins can't allow negative stock")))
    if was_on and not doc.has_bins and store.has_stock(doc.name):
        problems.append(problem(N_("{0} holds goods; bins can be switched off only when it is empty"), doc.name))
    refuse(problems, TrackingRefused)


def warehouse_changed(doc: Any) -> None:
    """Put what a warehouse holds into its receiving bin when bins are switched on."""
    memo.forget("Warehouse")
    before = doc.get_doc_before_save()
    if doc.has_bins and not (before and before.has_bins):
        store.place_everything(doc.name, doc.company, doc.receiving_bin)
