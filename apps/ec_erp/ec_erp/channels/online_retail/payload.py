"""Reading the *Online Retail* format: text lines in, documents and rejected lines out, one invoice at a time.

Invariants: nothing is kept beyond the invoice being read (and the numbers of those before it); a line is either part
of exactly one document or rejected with its reason. What the format means is written down in docs/algorithms/import-
online- retail.md.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ec_erp.channels.types import (
    FOUND,
    RETURN,
    SALE,
    WRITE_OFF,
    IncomingCharge,
    IncomingDocument,
    IncomingLine,
    Rejected,
)
from ec_erp.kernel.numbers import NotANumber
from ec_erp.kernel.problems import N_
from ec_erp.kernel.quantity import quantity_of

CURRENCY = "GBP"
COLUMNS = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")
# Stock codes that are no goods, and the charge type they are booked as.
CHARGES = {
    "POST": "SHIPPING",
    "DOT": "SHIPPING",
    "C2": "SHIPPING",
    "M": "MANUAL",
    "D": "DISCOUNT",
    "S": "SAMPLES",
    "BANK CHARGES": "BANK",
    "AMAZONFEE": "PLATFORM",
    "CRUK": "DONATION",
}
_MOMENT = "%m-%d-%Y %H:%M"
_CANCELLED = "C"
_LONGEST_CODE = 64


class WrongColumns(ValueError):
    """The file does not begin with the columns of the format."""


class _Unusable(ValueError):
    """A line can't be used."""

    def __init__(self, reason: str, *values: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of the file with its values read; quantity and price as they stand (signed)."""

    row: int
    invoice: str
    code: str
    description: str
    qty: Decimal
    moment: datetime
    price: Decimal
    customer: str
    country: str

    @property
    def is_cancelled(self) -> bool:
        """Whether the invoice is a cancellation."""
        return self.invoice.startswith(_CANCELLED)


def read_documents(text: Iterable[str]) -> Iterator[IncomingDocument | Rejected]:
    """Yield the documents of a file in its order, and rejected lines where they stand. Raises ``WrongColumns``."""
    seen: set[str] = set()
    waiting: list[SourceLine] = []
    for line in read_lines(text):
        if isinstance(line, Rejected):
            yield line
        elif waiting and waiting[0].invoice == line.invoice:
            waiting.append(line)
        elif line.invoice in seen:
            yield Rejected(line.row, N_("Invoice {0} has ended before: its lines must stand together"), (line.invoice,))
        else:
            yield from documents_of(waiting)
            waiting = [line]
            seen.add(line.invoice)
    yield from documents_of(waiting)


def read_lines(text: Iterable[str]) -> Iterator[SourceLine | Rejected]:
    """Yield the lines of a file, read or rejected."""
    reader = csv.reader(text)
    header = [title.strip() for title in next(reader, [])]
    if tuple(header) != COLUMNS:
        raise WrongColumns(", ".join(COLUMNS))
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Rejected(reader.line_num, N_("The line cannot be read: {0}"), (str(error),))
            continue
        if any(cell.strip() for cell in cells):
            yield _read(reader.line_num, cells)


def documents_of(lines: Sequence[SourceLine]) -> Iterator[IncomingDocument]:
    """Yield what one invoice's lines come to: a sale or return, and goods lost or found."""
    trade = [line for line in lines if not _is_adjustment(line)]
    if trade:
        goods = [line for line in trade if line.code not in CHARGES]
        charges = [line for line in trade if line.code in CHARGES]
        kind = RETURN if trade[0].is_cancelled else SALE
        yield _document(kind, trade, goods, charges)
    for kind, wanted in ((WRITE_OFF, -1), (FOUND, 1)):
        moved = [line for line in lines if _is_adjustment(line) and line.qty * wanted > 0]
        if moved:
            yield _document(kind, moved, moved, [])


def _document(
    kind: str, lines: Sequence[SourceLine], goods: Sequence[SourceLine], charges: Sequence[SourceLine]
) -> IncomingDocument:
    first = lines[0]
    sign = -1 if kind == RETURN else 1
    return IncomingDocument(
        kind=kind,
        reference=first.invoice,
        moment=first.moment,
        buyer_id=first.customer,
        region=first.country,
        lines=tuple(IncomingLine(line.row, line.code, line.description, abs(line.qty), line.price) for line in goods),
        charges=tuple(
            IncomingCharge(line.row, CHARGES[line.code], line.description, sign * line.qty * line.price)
            for line in charges
        ),
    )


def _is_adjustment(line: SourceLine) -> bool:
    """Goods lost or found: no price, and either a negative quantity or nobody who could have been given them."""
    return not line.price and line.code not in CHARGES and (line.qty < 0 or not line.customer)


def _read(row: int, cells: Sequence[str]) -> SourceLine | Rejected:
    try:
        return _checked(_parsed(row, cells))
    except _Unusable as unusable:
        return Rejected(row, unusable.reason, unusable.values)


def _parsed(row: int, cells: Sequence[str]) -> SourceLine:
    if len(cells) != len(COLUMNS):
        raise _Unusable(N_("{0} columns instead of {1}"), len(cells), len(COLUMNS))
    if any("\udc80" <= character <= "\udcff" for cell in cells for character in cell):
        raise _Unusable(N_("The text is not UTF-8"))
    invoice, code, description, qty, moment, price, customer, country = (cell.strip() for cell in cells)
    return SourceLine(
        row=row,
        invoice=invoice.upper(),
        code=code.upper(),
        description=" ".join(description.split()),
        qty=_number("Quantity", qty),
        moment=_moment(moment),
        price=_number("UnitPrice", price),
        customer=customer,
        country=country,
    )


def _number(column: str, text: str) -> Decimal:
    try:
        if text:
            return quantity_of(text)
    except NotANumber:
        pass
    raise _Unusable(N_("{0} must be a number, not {1}"), column, text or "''")


def _moment(text: str) -> datetime:
    try:
        return datetime.strptime(text, _MOMENT)
    except ValueError:
        raise _Unusable(N_("InvoiceDate must be MM-DD-YYYY HH:MM, not {0}"), text or "''") from None


def _checked(line: SourceLine) -> SourceLine:
    _check_what(line)
    _check_numbers(line)
    return line


def _check_what(line: SourceLine) -> None:
    if not line.invoice:
        raise _Unusable(N_("{0} is missing"), "InvoiceNo")
    if not line.code:
        raise _Unusable(N_("{0} is missing"), "StockCode")
    if len(line.code) > _LONGEST_CODE or "|" in line.code:
        raise _Unusable(N_("{0} cannot be a SKU code"), line.code)
    if line.code not in CHARGES and not any(character.isdigit() for character in line.code):
        raise _Unusable(N_("{0} is neither a stock code nor a known charge"), line.code)


def _check_numbers(line: SourceLine) -> None:
    if not line.qty:
        raise _Unusable(N_("The quantity is zero"))
    if line.price < 0:
        raise _Unusable(N_("The price is negative"))
    if line.is_cancelled and line.qty > 0:
        raise _Unusable(N_("A cancellation has a positive quantity"))
    if line.qty < 0 and line.price and not line.is_cancelled and line.code not in CHARGES:
        raise _Unusable(N_("A sale has a negative quantity"))
