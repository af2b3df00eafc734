"""Moving goods between the bins of a warehouse: value and quantity of the balance stay as they are.

Invariant: goods arrive in the bin of the same warehouse, at the cost at which they left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ec_erp.catalog import flows as catalog
from ec_erp.documents import memo
from ec_erp.documents.defaults import fill_company_of, fill_moment
from ec_erp.documents.errors import refuse
from ec_erp.documents.lines import total_of
from ec_erp.documents.store import update_rows
from ec_erp.fulfilment.errors import DeliveryRefused
from ec_erp.fulfilment.store import masters
from ec_erp.inventory import flows as inventory
from ec_erp.inventory import store as inventory_store
from ec_erp.inventory.types import ON_HAND
from ec_erp.kernel.numbers import decimal_of
from ec_erp.kernel.problems import N_, problem
from ec_erp.posting.flows.post import cancel, post, voucher_of
from ec_erp.posting.types import MovedLine, Relocation


def fill_move(doc: Any) -> None:
    """Complete company and time."""
    owner = masters.company_of(doc.warehouse) if doc.warehouse else None
    fill_company_of(doc, owner)
    fill_moment(doc, "posting_datetime")
    if doc.docstatus == 0:
        doc.status = "Draft"


def check_move(doc: Any) -> None:
    """Refuse unknown goods, bins of other warehouses, and moves to where the goods lie already."""
    catalog.skus_of_rows(doc.items)
    inventory.check_warehouses(doc.company, [doc.warehouse])
    inventory.settle_batches(doc.items, arriving=False)
    bins = inventory_store.load_bins({name for row in doc.items for name in (row.bin, row.to_bin)})
    problems = []
    for row in doc.items:
        for name in (row.bin, row.to_bin):
            if bins.get((name or "").casefold(), {}).get("warehouse") != doc.warehouse:
                problems.append(problem(N_("Row {0}: {1} is no bin of {2}"), row.idx, name, doc.warehouse))
        if row.bin == row.to_bin:
            problems.append(problem(N_("Row {0}: {1} lies in {2} already"), row.idx, row.sku, row.bin))
        if decimal_of(row.qty) <= 0:
            problems.append(problem(N_("Row {0}: the quantity of {1} must be above zero"), row.idx, row.sku))
    refuse(problems, DeliveryRefused)
    inventory.refuse_full_bins((row.to_bin, row.sku, row.batch or "", decimal_of(row.qty)) for row in doc.items)
    doc.total_qty = float(total_of(doc.items, "qty"))


def post_moves(docs: Sequence[Any]) -> None:
    """Post submitted moves. Raises ``StockShortage`` where a bin holds less."""
    with memo.remembering():
        post([Relocation(voucher_of(doc), tuple(_line(doc, row) for row in doc.items)) for doc in docs])
    _set_status(docs, "Done")


def cancel_moves(docs: Sequence[Any]) -> None:
    """Post the reversal of cancelled moves."""
    cancel(docs)
    _set_status(docs, "Cancelled")


def _line(doc: Any, row: Any) -> MovedLine:
    leaves = inventory.tracking_of(row)
    arrives = replace(leaves, bin=row.to_bin)
    source = target = doc.warehouse
    return MovedLine(
        row.name, row.sku, source, target, decimal_of(row.qty), reach=ON_HAND, leaves=leaves, arrives=arrives
    )


def _set_status(docs: Sequence[Any], status: str) -> None:
    for doc in docs:
        doc.status = status
    update_rows("Bin Move", {doc.name: {"status": status} for doc in docs}, touch=False)
