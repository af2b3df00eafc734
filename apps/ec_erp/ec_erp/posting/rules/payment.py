"""What a payment may settle: documents of its party, as far as they are open.

Invariant: what was received for a document is never below zero and never above its total.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.problems import N_, Problem, problem

RECEIVE, PAY, INTERNAL = "Receive", "Pay", "Internal Transfer"
# Which documents are paid, by the type of their party: (DocType, the side that settles them).
PAYABLE = {
    "Sales Order": ("Customer", RECEIVE),
    "Purchase Order": ("Supplier", PAY),
    "Purchase Receipt": ("Supplier", PAY),
}

Reference = tuple[str, str]


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """A document that is paid: whose, how much in all, how much was settled so far by other payments."""

    reference: Reference
    party: str
    company: str
    submitted: bool
    total: Decimal
    settled: Decimal = ZERO

    @property
    def outstanding(self) -> Decimal:
        """What is still to be paid."""
        return self.total - self.settled


@dataclass(frozen=True, slots=True)
class Allocation:
    """The part of a payment that is for one document."""

    row: int
    reference: Reference
    amount: Decimal


def amount_problems(
    kind: str, paid: Decimal, fee: Decimal, party: str | None, accounts: tuple[str, str]
) -> list[Problem]:
    """Return what is wrong with a payment apart from its documents; ``accounts`` are money and counter account."""
    found = []
    if paid <= 0:
        found.append(problem(N_("A payment needs an amount")))
    elif fee >= paid:
        found.append(problem(N_("The fee must be less than the amount")))
    if kind != INTERNAL and not party:
        found.append(problem(N_("Say who pays or is paid")))
    if kind == INTERNAL and (not accounts[1] or accounts[0] == accounts[1]):
        found.append(problem(N_("An internal transfer goes from one money account to another")))
    return found


def allocation_problems(
    kind: str,
    party: str | None,
    company: str,
    allocations: Sequence[Allocation],
    documents: Mapping[Reference, OpenDocument],
) -> list[Problem]:
    """Return what is wrong with the documents that a payment is for."""
    found = [problem(N_("{0} is listed twice"), name) for _, name in sorted(_twice(allocations))]
    for allocation in allocations:
        if allocation.amount <= 0:
            found.append(problem(N_("Row {0}: an allocated amount is positive"), allocation.row))
            continue
        found += _document_problems(kind, party, company, allocation, documents.get(allocation.reference))
    return found


def total_problems(paid: Decimal, allocations: Iterable[Allocation]) -> list[Problem]:
    """Return the problem of allocating more than was paid."""
    total = sum((allocation.amount for allocation in allocations), ZERO)
    return [problem(N_("Allocated are {0}, paid are {1}"), total, paid)] if total > paid else []


def _twice(allocations: Sequence[Allocation]) -> set[Reference]:
    references = [allocation.reference for allocation in allocations]
    return {reference for reference in references if references.count(reference) > 1}


def _document_problems(
    kind: str, party: str | None, company: str, allocation: Allocation, document: OpenDocument | None
) -> list[Problem]:
    doctype, name = allocation.reference
    if doctype not in PAYABLE or kind == INTERNAL:
        return [problem(N_("{0} {1} is not paid by a payment of this kind"), doctype, name)]
    if document is None or not document.submitted:
        return [problem(N_("{0} {1} is not submitted"), doctype, name)]
    if (document.party, document.company) != (party, company):
        return [problem(N_("{0} {1} belongs to {2}"), doctype, name, document.party)]
    if kind == PAYABLE[doctype][1]:
        if allocation.amount > document.outstanding:
            message = N_("{0}: {1} are outstanding, {2} are allocated")
            return [problem(message, name, document.outstanding, allocation.amount)]
    elif allocation.amount > document.settled:
        message = N_("{0}: {1} were received, {2} are to be paid back")
        return [problem(message, name, document.settled, allocation.amount)]
    return []
