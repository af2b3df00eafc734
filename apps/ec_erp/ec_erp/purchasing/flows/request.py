"""Purchase requests: asking for goods, and making them into orders.

Invariant: what is ordered of a request follows its orders: submitted ones take, cancelled ones give back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import frappe

from ec_erp.catalog import flows as catalog
from ec_erp.documents.defaults import fill_company, fill_moment
from ec_erp.documents.errors import refuse
from ec_erp.documents.lines import total_of
from ec_erp.documents.sets import insert_many
from ec_erp.inventory import flows as inventory
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.problems import N_, problem
from ec_erp.purchasing.errors import PurchaseRefused
from ec_erp.purchasing.flows import common
from ec_erp.purchasing.rules import requesting
from ec_erp.purchasing.store import prices as price_store
from ec_erp.purchasing.store import requests as store
from ec_erp.purchasing.store.documents import write_status
from ec_erp.purchasing.types import RequestedLine


def prefetch(docs: Sequence[Any]) -> None:
    """Load what checking these requests will ask for."""
    catalog.prefetch_skus(docs)


def fill_request(doc: Any) -> None:
    """Complete a request: company, time, warehouses, dates."""
    company = fill_company(doc)
    fill_moment(doc, "request_datetime")
    doc.requested_by = doc.requested_by or frappe.session.user
    doc.warehouse = doc.warehouse or company.default_warehouse
    common.fill_rows(doc)
    for row in doc.items:
        row.schedule_date = row.schedule_date or doc.schedule_date


def check_request(doc: Any) -> None:
    """Refuse a request for nothing, for unknown SKUs or for foreign warehouses."""
    catalog.skus_of_rows(doc.items)
    inventory.check_warehouses(doc.company, [row.warehouse for row in doc.items])
    empty = [row for row in doc.items if decimal_of(row.qty) <= 0]
    refuse([problem(N_("Row {0}: the quantity of {1} must be above zero"), row.idx, row.sku) for row in empty])
    doc.total_qty = float(total_of(doc.items, "qty"))
    if doc.docstatus == 0:
        doc.status = "Draft"


def open_requests(docs: Sequence[Any]) -> None:
    """Let submitted requests wait for orders."""
    for doc in docs:
        doc.status = requesting.TO_ORDER
    write_status("Purchase Request", {doc.name: doc.status for doc in docs})


def cancel_requests(docs: Sequence[Any]) -> None:
    """Ask no longer. Raises ``PurchaseRefused`` for requests of which something is ordered."""
    begun = [doc.name for doc in docs if any(decimal_of(row.ordered_qty) for row in doc.items)]
    message = N_("Orders were made of {0}; cancel them first")
    refuse([problem(message, name) for name in begun], PurchaseRefused)
    for doc in docs:
        doc.status = "Cancelled"
    write_status("Purchase Request", {doc.name: doc.status for doc in docs})


def make_orders(names: Iterable[str]) -> list[Any]:
    """Make draft orders of what is open of requests, one per supplier and company; return them.

    Raises ``PurchaseRefused`` where nothing is open or a line has no supplier.
    """
    wanted = sorted(set(names))
    lines = [line for group in store.lock_requests(wanted).values() for line in group]
    terms = price_store.load_terms_of_skus({line.sku for line in lines if not line.supplier})
    groups, homeless = requesting.by_supplier(lines, {sku: known[0].supplier for sku, known in terms.items()})
    message = N_("{0} of {1} has no supplier: name one, or add a Supplier SKU")
    refuse([problem(message, line.sku, line.request) for line in homeless], PurchaseRefused)
    if not groups:
        refuse([problem(N_("Nothing is left to order of {0}"), ", ".join(wanted))], PurchaseRefused)
    company_of = store.load_companies(wanted)
    docs = [
        _order(supplier, company, own)
        for supplier, group in sorted(groups.items())
        for company, own in _by_company(group, company_of)
    ]
    insert_many(docs)
    return docs


def take_from_requests(docs: Sequence[Any]) -> None:
    """Count what submitted orders take of requests."""
    _change_ordered(docs, sign=1)


def give_back_to_requests(docs: Sequence[Any]) -> None:
    """Give back what cancelled orders had taken."""
    _change_ordered(docs, sign=-1)


def _change_ordered(docs: Sequence[Any], *, sign: int) -> None:
    taken: dict[str, Decimal] = {}
    requests: set[str] = set()
    for row in (row for doc in docs for row in doc.items if row.get("purchase_request_item")):
        taken[row.purchase_request_item] = taken.get(row.purchase_request_item, ZERO) + sign * decimal_of(row.qty)
        requests.add(row.purchase_request)
    if not taken:
        return
    known = {
        name: [replace(line, ordered=max(ZERO, line.ordered + taken.get(line.line, ZERO))) for line in lines]
        for name, lines in store.lock_requests(requests).items()
    }
    ordered = {line.line: line.ordered for lines in known.values() for line in lines}
    store.write_ordered(ordered, {name: requesting.request_status(lines) for name, lines in known.items()})


def _by_company(lines: Sequence[RequestedLine], company_of: dict[str, str]) -> list[tuple[str, list[RequestedLine]]]:
    groups: dict[str, list[RequestedLine]] = {}
    for line in lines:
        groups.setdefault(company_of[line.request], []).append(line)
    return sorted(groups.items())


def _order(supplier: str, company: str, lines: Sequence[RequestedLine]) -> Any:
    return frappe.get_doc(
        {
            "doctype": "Purchase Order",
            "supplier": supplier,
            "company": company,
            "items": [
                {
                    "sku": line.sku,
                    "qty": float(line.open_qty),
                    "warehouse": line.warehouse,
                    "schedule_date": line.needed,
                    "purchase_request": line.request,
                    "purchase_request_item": line.line,
                }
                for line in lines
            ],
        }
    )
