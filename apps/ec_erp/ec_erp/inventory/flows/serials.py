"""Serial numbers as masters.

Invariant: only movements change where a piece is; a person may record a number before its piece arrives.
"""

from __future__ import annotations

from typing import Any

from ec_erp.catalog import store as catalog_store
from ec_erp.documents.errors import refuse
from ec_erp.inventory.errors import TrackingRefused
from ec_erp.inventory.types import GOOD, RECORDED
from ec_erp.kernel.problems import N_, problem

_STATE = ("status", "warehouse", "bin", "batch", "grade")


def check_serial(doc: Any) -> None:
    """Refuse a number for goods that have none, one that a list of numbers can't hold, and a state set by hand."""
    facts = catalog_store.load_skus([doc.sku]).get(doc.sku.casefold())
    problems = []
    if facts and not facts.serials:
        problems.append(problem(N_("{0} is kept without serial numbers"), facts.name))
    if any(mark in doc.serial_no for mark in " ,;\t\n"):
        problems.append(problem(N_("A serial number has no blanks, commas or semicolons: {0}"), doc.serial_no))
    before = doc.get_doc_before_save()
    known = {field: before.get(field) for field in _STATE} if before else {"status": RECORDED, "grade": GOOD}
    if any((doc.get(field) or None) != (known.get(field) or None) for field in _STATE):
        problems.append(problem(N_("Where a piece is follows from the documents that move it")))
    refuse(problems, TrackingRefused)
