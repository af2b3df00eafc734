"""What a payment may settle: documents of its party, as far as they are open.

Invariant: what was settled of a document lies between nothing and its total, which is negative where the party owes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.problems import N_, Problem, problem
from ec_erp.kernel.values import quickly_made

RECEIVE, PAY, INTERNAL = "Receive", "Pay", "Internal Transfer"
# Which documents are paid, by the type of their party: (DocType, the side that settles them).
PAYABLE = {
    "Sales Order": ("Customer", RECEIVE),
    "Purchase Order": ("Supplier", PAY),
    "Purchase Receipt": ("Supplier", PAY),
    "Payment Request": ("Supplier", PAY),
}

Reference = tuple[str, str]


@quickly_made
@dataclass(frozen=True, slots=True)
class OpenDocument:
    """A document that is paid: whose, how much in all, how much was settled so far by other payments; whether in instalments.

    ``returned`` is what of it was credited for goods that came back; ``total`` is without that.
    """

    reference: Reference
    party: str
    company: str
    submitted: bool
    total: Decimal
    settled: Decimal = ZERO
    in_instalments: bool = False
    returned: Decimal = ZERO

    @property
    def outstanding(self) -> Decimal:
        """What is still to be paid."""
        return self.total - self.settled


@quickly_made
@dataclass(frozen=True, slots=True)
class Allocation:
    """The part of a payment that is for one document; negative where a credit is set off against what is paid."""

    row: int
    reference: Reference
    amount: Decimal

    def settles(self, kind: str) -> Decimal:
        """Return by how much a payment of this kind settles the document; negative where money goes back."""
        return self.amount if kind == PAYABLE[self.reference[0]][1] else -self.amount


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
        found += _document_problems(kind, party, company, allocation, documents.get(allocation.reference))
    return found


def total_problems(paid: Decimal, allocations: Iterable[Allocation]) -> list[Problem]:
    """Return the problem of allocating more than was paid."""
    total = sum((allocation.amount for allocation in allocations), ZERO)
    return [problem(N_("Allocated are {0}, paid are {1}"), total, paid)] if total > paid else []


def proposed_amount(kind: str, document: OpenDocument, rest: Decimal | None) -> Decimal:
    """Return what of a payment goes to a document where nobody has said it: what is open of it, at most the rest.

    ``rest`` is what of the payment no other document has; None where the payment has no amount yet. Money that goes back is what
    was settled beyond the total, because goods came back, else all that was settled; a credit is set off in full, so it counts
    negative against its own kind of payment.
    """
    settles = kind == PAYABLE[document.reference[0]][1]
    if document.total < 0 and settles:
        return document.outstanding
    backwards = -document.outstanding if document.total < 0 or document.outstanding < 0 else document.settled
    wanted = document.outstanding if settles else backwards
    return max(ZERO, wanted if rest is None else min(wanted, rest))


def spread_amounts(
    kind: str, documents: Sequence[OpenDocument], typed: Sequence[Decimal | None], paid: Decimal
) -> list[Decimal]:
    """Return what of a payment each document gets: what somebody typed stays, the others share the rest in their order.

    ``typed`` goes with ``documents``, None where nobody typed an amount; ``paid`` is 0 where the payment has none yet.
    """
    left = paid - sum((amount for amount in typed if amount is not None), ZERO)
    amounts = []
    for document, amount in zip(documents, typed, strict=True):
        if amount is None:
            amount = proposed_amount(kind, document, max(ZERO, left) if paid else None)
            left -= amount
        amounts.append(amount)
    return amounts


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
    if allocation.amount == 0:
        return [_why_nothing(kind, allocation, document)]
    if allocation.amount < 0 <= document.total:
        return [problem(N_("Row {0}: an allocated amount is positive"), allocation.row)]
    return _bound_problems(name, allocation.settles(kind), document)


def _why_nothing(kind: str, allocation: Allocation, document: OpenDocument) -> Problem:
    """Return why a row for which nobody typed an amount got none, and what to do about it."""
    name = allocation.reference[1]
    if proposed_amount(kind, document, None):
        message = N_("Row {0}: nothing of the payment is left for {1}: raise the amount paid, or take the row out")
        return problem(message, allocation.row, name)
    if kind != PAYABLE[allocation.reference[0]][1]:
        message = N_("Row {0}: nothing was paid for {1}, so nothing goes back: take the row out")
        return problem(message, allocation.row, name)
    message = N_("Row {0}: {1} is fully paid, nothing is left to pay: take the row out, or choose another document")
    return problem(message, allocation.row, name)


def _bound_problems(name: str, change: Decimal, document: OpenDocument) -> list[Problem]:
    """Return the problem of settling more than is open, or giving back more than was settled."""
    sign = -1 if document.total < 0 else 1
    if not document.outstanding and change * sign > 0:
        return [problem(N_("{0} is fully paid: take it out of the payment"), name)]
    if sign * change > sign * document.outstanding:
        message = N_("{0}: {1} are outstanding, {2} are allocated")
        return [problem(message, name, document.outstanding, change)]
    if -sign * change > sign * document.settled:
        message = N_("{0}: {1} were received, {2} are to be paid back")
        return [problem(message, name, document.settled, -change)]
    return []
