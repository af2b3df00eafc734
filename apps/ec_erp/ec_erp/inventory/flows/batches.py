"""Batches: their names and dates, and the batches that rows of documents name.

Invariant: a batch belongs to one SKU, and its name says which.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import frappe

from ec_erp.catalog import store as catalog_store
from ec_erp.catalog.types import SkuFacts
from ec_erp.documents import memo
from ec_erp.documents.errors import DocumentRefused, refuse
from ec_erp.inventory import store
from ec_erp.inventory.errors import TrackingRefused
from ec_erp.inventory.flows import freezing
from ec_erp.inventory.rules import expiry
from ec_erp.inventory.rules.pieces import serials_of
from ec_erp.inventory.types import GOOD, Tracking
from ec_erp.kernel.problems import N_, problem

SEPARATOR = "|"


def batch_name(sku: str, batch_no: str) -> str:
    """Return the name of a batch; no SKU code contains the separator."""
    return f"{sku}{SEPARATOR}{batch_no}"


def fill_batch(doc: Any) -> None:
    """Work out when a batch expires and until when it may be sold."""
    facts = _facts(doc.sku)
    life = (facts.shelf_life_days, facts.shelf_life_months) if facts else (0, 0)
    doc.expiry_date = expiry.expiry_of(_day(doc.production_date), _day(doc.expiry_date), *life)
    doc.latest_sale_date = expiry.latest_sale_of(_day(doc.expiry_date), facts.sale_limit_days if facts else 0)


def check_batch(doc: Any) -> None:
    """Refuse a batch of goods that have none, and dates that can't be."""
    facts = _facts(doc.sku)
    if facts and not facts.has_batch:
        refuse([problem(N_("{0} is kept without batches"), facts.name)], DocumentRefused)
    refuse(expiry.date_problems(_day(doc.production_date), _day(doc.expiry_date)))


def batch_changed(doc: Any) -> None:
    """Freeze what may not be sold any more, or free it again, because a batch's dates or its switch have changed."""
    memo.forget("Batch")
    freezing.refreeze(freezing.keys_of_batches([doc.name]), frappe.utils.now_datetime().date())


def tracking_of(row: Any, grade: str = GOOD) -> Tracking:
    """Return what a document's row says of its goods: ``batch``, ``bin``, ``grade``, ``serials`` as far as it has them."""
    return Tracking(
        batch=row.get("batch") or None,
        bin=row.get("bin") or None,
        grade=row.get("grade") or grade,
        serials=serials_of(row.get("serials")),
    )


def settle_batches(rows: Iterable[Any], *, arriving: bool) -> None:
    """Turn the batch numbers that rows name into batches; unknown ones are made where goods arrive.

    Rows may carry ``production_date`` and ``expiry_date`` for a batch that is new. Raises ``TrackingRefused`` for
    batches that do not exist or belong to another SKU.
    """
    named = [row for row in rows if row.get("batch")]
    if not named:
        return
    skus = catalog_store.load_skus(row.sku for row in named)
    tracked = [row for row in named if (facts := skus.get(row.sku.casefold())) and facts.has_batch]
    wanted = {id(row): _full_name(row) for row in tracked}
    known = store.load_batches(wanted.values())
    for row in tracked:
        found = known.get(wanted[id(row)].casefold())
        if found is None and arriving:
            found = _make(row, known)
        if found is None:
            refuse([problem(N_("{0} has no batch {1}"), row.sku, row.batch)], TrackingRefused)
        else:
            row.batch = found["name"]


def refuse_too_old(rows: Iterable[Any], day: date) -> None:
    """Raise ``TrackingRefused`` for batches that arrive with fewer days left than their SKU asks for."""
    named = [row for row in rows if row.get("batch")]
    skus: Mapping[str, SkuFacts] = catalog_store.load_skus(row.sku for row in named)
    batches = store.load_batches({row.batch for row in named})
    found = []
    for row in named:
        facts, batch = skus.get(row.sku.casefold()), batches.get(row.batch.casefold())
        if facts and batch:
            expires = _day(batch["expiry_date"])
            found += expiry.receiving_problems(batch["batch_no"], expires, facts.receive_limit_days, day)
    refuse(found, TrackingRefused)


def full_batch_name(sku: str, batch: str) -> str:
    """Return the name of a batch that somebody calls by its number alone or by its name."""
    prefix = batch_name(sku, "")
    return str(batch) if str(batch).casefold().startswith(prefix.casefold()) else batch_name(sku, batch)


def _full_name(row: Any) -> str:
    return full_batch_name(row.sku, row.batch)


def _make(row: Any, known: dict[str, Any]) -> dict[str, Any]:
    number = _full_name(row).split(SEPARATOR, 1)[1]
    fields = {"production_date": row.get("production_date"), "expiry_date": row.get("expiry_date")}
    made = frappe.get_doc({"doctype": "Batch", "sku": row.sku, "batch_no": number, **fields})
    made.insert(ignore_permissions=True)
    memo.forget("Batch")
    known[made.name.casefold()] = made.as_dict()
    return dict(made.as_dict())


def _facts(sku: str | None) -> SkuFacts | None:
    return catalog_store.load_skus([sku]).get(sku.casefold()) if sku else None


def _day(value: Any) -> date | None:
    return frappe.utils.getdate(value) if value else None
