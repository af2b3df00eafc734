"""The Online Retail format is read as docs/algorithms/import-online-retail.md says."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from algorithm_tables import number, read_table
from ec_erp.channels.online_retail.payload import COLUMNS, WrongColumns, read_documents
from ec_erp.channels.types import IncomingDocument, Rejected

PAGE = "import-online-retail.md"
HEADER = ",".join(COLUMNS)
KINDS = {"a write-off": "write-off", "goods found": "found", "goods of a sale": "sale", "goods of a return": "return"}


def text(*lines: str) -> Iterator[str]:
    yield HEADER + "\n"
    for line in lines:
        yield line + "\n"


def line(
    invoice: str = "1", code: str = "A1", qty: str = "1", price: str = "2.50", customer: str = "7", name: str = "X"
) -> str:
    return f"{invoice},{code},{name},{qty},12-01-2010 08:26,{price},{customer},United Kingdom"


def only(*lines: str) -> IncomingDocument | Rejected:
    (found,) = read_documents(text(*lines))
    return found


@pytest.mark.parametrize("row", read_table(PAGE, "What a line is"), ids=lambda row: row["it is"][:40])
def test_lines_are_what_the_page_says(row: dict[str, str]) -> None:
    found = only(line(row["invoice"], row["code"], row["quantity"], row["price"], row["customer"]))
    if row["it is"].startswith("rejected: "):
        assert isinstance(found, Rejected)
        assert found.reason.format(*found.values) == row["it is"].removeprefix("rejected: ")
        return
    assert isinstance(found, IncomingDocument)
    if row["it is"].startswith("a charge"):
        (charge,) = found.charges
        assert str(charge.amount) in row["it is"].replace(",", "")
        assert charge.charge_type.lower() in row["it is"].lower()
    else:
        assert found.kind == KINDS[row["it is"].split(" (")[0]]
        assert (found.lines[0].qty, found.lines[0].sku_code) == (abs(number(row["quantity"])), row["code"].upper())


def test_lines_of_an_invoice_are_one_document() -> None:
    found = list(read_documents(text(line(code="A1"), line(code="a2"), line("2"))))
    assert [
        (document.reference, len(document.lines)) for document in found if isinstance(document, IncomingDocument)
    ] == [
        ("1", 2),
        ("2", 1),
    ]


def test_a_bad_line_stops_nothing() -> None:
    found = list(read_documents(text(line(code="A1"), line(qty="x"), line(code="A3"))))
    assert [type(part).__name__ for part in found] == ["Rejected", "IncomingDocument"]
    assert isinstance(found[0], Rejected)
    assert found[0].row == 3
    assert isinstance(found[1], IncomingDocument)
    assert [part.row for part in found[1].lines] == [2, 4]


def test_an_invoice_that_has_ended_does_not_go_on() -> None:
    found = list(read_documents(text(line("1"), line("2"), line("1"))))
    assert [part.row for part in found if isinstance(part, Rejected)] == [4]


def test_a_sale_may_hold_write_offs() -> None:
    found = list(read_documents(text(line(), line(qty="-3", price="0"))))
    assert [part.kind for part in found if isinstance(part, IncomingDocument)] == ["sale", "write-off"]


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ("1,A1,X", "3 columns instead of 8"),
        (line().replace("12-01-2010", "2010-12-01"), "InvoiceDate must be"),
        (line(code="A" * 70), "cannot be a SKU code"),
        (line(code="A|1"), "cannot be a SKU code"),
        (line(name="caf\udce9"), "not UTF-8"),
        (line(price="1e999"), "UnitPrice must be a number"),
    ],
)
def test_unreadable_lines_are_rejected_with_their_reason(bad: str, words: str) -> None:
    found = only(bad)
    assert isinstance(found, Rejected)
    assert words in found.reason.format(*found.values)


def test_empty_lines_are_nothing() -> None:
    assert list(read_documents(text("", ",,,,,,,", line()))) == list(read_documents(text("", ",,,,,,,", line())))
    assert len(list(read_documents(text("", ",,,,,,,")))) == 0


def test_another_file_is_refused_at_once() -> None:
    with pytest.raises(WrongColumns):
        list(read_documents(["a,b,c\n"]))
    with pytest.raises(WrongColumns):
        list(read_documents([]))


def test_memory_does_not_grow_with_the_file() -> None:
    def endless() -> Iterator[str]:
        yield HEADER + "\n"
        for invoice in range(10**9):
            yield line(str(invoice)) + "\n"

    first = next(read_documents(endless()))
    assert isinstance(first, IncomingDocument)
    assert first.lines[0].rate == Decimal("2.50")
