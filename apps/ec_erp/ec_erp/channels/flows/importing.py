"""Importing files of orders: survey, masters, opening stock, then the documents in the order of the file.

Invariants: idempotent on shop and reference, so running again changes nothing; an unusable line or document is
reported and stops nothing else; nothing of the file is kept beyond one batch; never commits: each yielded step is a
good moment for it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import frappe

from ec_erp.channels import store
from ec_erp.channels.errors import ImportRefused
from ec_erp.channels.flows.setting_up import Source, buy_opening_stock, create_buyers, create_skus, set_up
from ec_erp.channels.online_retail import payload as online_retail
from ec_erp.channels.rules.opening import Survey
from ec_erp.channels.rules.returning import tie_returns
from ec_erp.channels.types import FOUND, RETURN, SALE, IncomingDocument, Rejected
from ec_erp.documents.errors import refuse
from ec_erp.documents.sets import insert_many
from ec_erp.kernel.problems import N_, problem

_SURVEY_BATCH = 500
_BATCH = 100
_SAVEPOINT = "ec_erp_import"
_REASONS = {FOUND: ("Receipt", "Found"), "write-off": ("Issue", "Write-off")}

Reader = Callable[[Iterable[str]], Iterator[IncomingDocument | Rejected]]


@dataclass(frozen=True)
class FileFormat:
    """A file format: how it is read, and where its documents go when nobody says otherwise."""

    read: Reader
    source: Source


FORMATS = {
    "online-retail": FileFormat(
        online_retail.read_documents,
        Source(
            shop="Online Retail",
            company="Online Retail",
            abbr="OR",
            warehouse="Online Retail",
            supplier="Online Retail Supplier",
            platform="file",
            currency=online_retail.CURRENCY,
            country="United Kingdom",
        ),
    )
}


@dataclass
class Summary:
    """What an import did, by what people call it."""

    imported: dict[str, int] = field(default_factory=dict)
    known: int = 0
    customers: int = 0
    skus: int = 0
    units_bought: Decimal = Decimal(0)
    rejected: int = 0
    failed: int = 0


@dataclass(frozen=True)
class Step:
    """A step that is done: what is being done, how much of it, and what was found unusable on the way."""

    stage: str
    done: int
    total: int
    rejected: tuple[Rejected, ...] = ()


def import_file(path: Path, file_format: str, source: Source, summary: Summary) -> Iterator[Step]:
    """Import a file step by step, counting in ``summary``. Raises ``ImportRefused`` for a file of another format."""
    read = FORMATS[file_format].read
    set_up(source)
    survey = Survey()
    yield from _survey(path, read, source, survey, summary)
    for count in create_buyers(source, survey):
        summary.customers += count
        yield Step("customers", summary.customers, len(survey.buyers))
    for count in create_skus(source, survey):
        summary.skus += count
        yield Step("SKUs", summary.skus, len(survey.skus))
    summary.units_bought = buy_opening_stock(source, survey)
    yield Step("opening stock", 1, 1)
    yield from _import_documents(path, read, source, survey, summary)


def source_for(file_format: str, company: str | None) -> Source:
    """Return where a format's documents go. Raises ``ImportRefused`` for an unknown format."""
    if file_format not in FORMATS:
        found = problem(N_("Unknown format {0}; known: {1}"), file_format, ", ".join(sorted(FORMATS)))
        refuse([found], ImportRefused)
    default = FORMATS[file_format].source
    if not company or company == default.company:
        return default
    own = {"shop": f"{default.shop} {company}"[:50], "warehouse": f"{default.warehouse} {company}"[:60]}
    return Source(**{**vars(default), **own, "company": company})


def _survey(path: Path, read: Reader, source: Source, survey: Survey, summary: Summary) -> Iterator[Step]:
    """Read the whole file once: what it names, what it needs, what can't be used."""
    for batch in _batches(_read(path, read), _SURVEY_BATCH):
        rejected = tuple(found for found in batch if isinstance(found, Rejected))
        documents = [found for found in batch if isinstance(found, IncomingDocument)]
        known = _known(source.shop, documents)
        for document in documents:
            survey.add(document, is_new=(document.kind, document.reference) not in known)
        summary.rejected += len(rejected)
        yield Step("survey", survey.documents, 0, rejected)
    summary.known = survey.documents - survey.new_documents


def _import_documents(path: Path, read: Reader, source: Source, survey: Survey, summary: Summary) -> Iterator[Step]:
    """Read the file again and post what is new, in runs of one kind so that the order of the file is kept."""
    done = 0
    found = (document for document in _read(path, read) if isinstance(document, IncomingDocument))
    for _, same_kind in itertools.groupby(found, key=lambda document: document.kind):
        for batch in _batches(same_kind, _BATCH):
            known = _known(source.shop, batch)
            new = [document for document in batch if (document.kind, document.reference) not in known]
            failed = _post_all(source, new, summary) if new else ()
            done += len(batch)
            yield Step("documents", done, survey.documents, failed)


def _post_all(source: Source, documents: Sequence[IncomingDocument], summary: Summary) -> tuple[Rejected, ...]:
    """Post documents together; where that fails, one by one, so that only the bad ones are left out."""
    kind = documents[0].kind
    if _try(source, documents) is None:
        summary.imported[kind] = summary.imported.get(kind, 0) + len(documents)
        return ()
    failed = []
    for document in documents:
        reason = _try(source, [document])
        if reason is None:
            summary.imported[kind] = summary.imported.get(kind, 0) + 1
        else:
            failed.append(Rejected(document.first_row, N_("{0} cannot be posted: {1}"), (document.reference, reason)))
    summary.failed += len(failed)
    return tuple(failed)


def _try(source: Source, documents: Sequence[IncomingDocument]) -> str | None:
    """Post documents in a savepoint; return why that is refused, None where it is done."""
    frappe.db.savepoint(_SAVEPOINT)
    try:
        _POST[documents[0].kind](source, documents)
    except frappe.ValidationError as refused:
        frappe.db.rollback(save_point=_SAVEPOINT)
        frappe.clear_messages()
        return str(refused)
    frappe.db.release_savepoint(_SAVEPOINT)
    return None


def _post_sales(source: Source, documents: Sequence[IncomingDocument]) -> None:
    orders = [frappe.get_doc(_order(source, document)) for document in documents]
    insert_many(orders, submit=True)
    notes = [
        frappe.get_doc({"doctype": "Delivery Note", "sales_order": order.name, "posting_datetime": document.moment})
        for order, document in zip(orders, documents, strict=True)
    ]
    insert_many(notes, submit=True)


def _post_returns(source: Source, documents: Sequence[IncomingDocument]) -> None:
    """Post returns one after the other where they may share a delivered line, which the tying of the next must see."""
    for document in documents:
        insert_many([frappe.get_doc(_return(source, document))], submit=True)


def _post_adjustments(source: Source, documents: Sequence[IncomingDocument]) -> None:
    insert_many([frappe.get_doc(_adjustment(source, document)) for document in documents], submit=True)


_POST = {
    SALE: _post_sales,
    RETURN: _post_returns,
    FOUND: _post_adjustments,
    "write-off": _post_adjustments,
}


def _order(source: Source, document: IncomingDocument) -> dict[str, Any]:
    return {
        "doctype": "Sales Order",
        "customer": source.customer(document.buyer_id),
        "shop": source.shop,
        "company": source.company,
        "platform_order_id": document.reference,
        "order_datetime": document.moment,
        "paid_datetime": document.moment,
        "receiver_country": document.region,
        "items": [
            {
                "sku": line.sku_code,
                "qty": float(line.qty),
                "rate": float(line.rate),
                "is_gift": int(not line.rate),
                "platform_line_id": str(line.row),
            }
            for line in document.lines
        ],
        "charges": _charges(document),
    }


def _charges(document: IncomingDocument) -> list[dict[str, Any]]:
    return [
        {"charge_type": charge.charge_type, "description": charge.description, "amount": float(charge.amount)}
        for charge in document.charges
    ]


def _return(source: Source, document: IncomingDocument) -> dict[str, Any]:
    customer = source.customer(document.buyer_id)
    skus = {line.sku_code for line in document.lines}
    delivered = store.load_open_deliveries(source.shop, [customer], skus) if document.buyer_id and skus else {}
    return {
        "doctype": "Delivery Note",
        "is_return": 1,
        "customer": customer,
        "shop": source.shop,
        "company": source.company,
        "reference_no": document.reference,
        "posting_datetime": document.moment,
        "items": [
            {
                "sku": line.sku_code,
                "qty": float(line.qty),
                "rate": float(line.rate),
                "return_against_item": against,
            }
            for line, against in tie_returns(document.lines, delivered.get(customer, []))
        ],
        "charges": _charges(document),
    }


def _adjustment(source: Source, document: IncomingDocument) -> dict[str, Any]:
    purpose, reason = _REASONS[document.kind]
    return {
        "doctype": "Stock Entry",
        "purpose": purpose,
        "reason": reason,
        "company": source.company,
        "shop": source.shop,
        "warehouse": source.warehouse,
        "reference_no": document.reference,
        "posting_datetime": document.moment,
        "items": [{"sku": line.sku_code, "qty": float(line.qty)} for line in document.lines],
        "remarks": "; ".join(sorted({line.description for line in document.lines if line.description})) or None,
    }


def _known(shop: str, documents: Sequence[IncomingDocument]) -> set[tuple[str, str]]:
    by_kind: dict[str, list[str]] = {}
    for document in documents:
        by_kind.setdefault(document.kind, []).append(document.reference)
    return {
        (kind, reference)
        for kind, references in by_kind.items()
        for reference in store.load_known_references(shop, kind, references)
    }


def _read(path: Path, read: Reader) -> Iterator[IncomingDocument | Rejected]:
    try:
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
            yield from read(text)
    except online_retail.WrongColumns as wrong:
        refuse([problem(N_("The first line must name these columns: {0}"), str(wrong))], ImportRefused)


def _batches(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    stream = iter(items)
    while batch := list(itertools.islice(stream, size)):
        yield batch
