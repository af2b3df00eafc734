"""Three days of a real shop, from file to ledger.

    Given an empty site
    When the three days of the Online Retail data set are imported
    Then orders, returns, write-offs and SKUs are those of the file, to the unit and the penny,
    and the trial balance balances, and stock is worth what the stock account says;
    and importing again changes nothing.

The figures are asked of the database by plain SQL, and compared with docs/algorithms/import-online-retail.md (which has those
of the data set's own README) and with sums made of the file itself by a few lines of code that share nothing with the import.
"""

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from frappe_engine.testing import temporary_site
from sample_data import ROOT, online_retail_file

CHARGE_CODES = {"POST", "D", "C2", "DOT", "M", "BANK CHARGES"}
PAGE = ROOT / "docs" / "algorithms" / "import-online-retail.md"


@pytest.fixture(scope="module")
def sample() -> Path:
    return online_retail_file()


@pytest.fixture(scope="module")
def imported(sample: Path, site_apps: tuple[str, ...]) -> Iterator[Any]:
    """Yield `frappe` on a site that has taken in the file."""
    with temporary_site(site_apps) as site, site.connected():
        import frappe

        run_import(sample)
        yield frappe


def run_import(sample: Path) -> Any:
    import frappe
    from ec_erp.channels.flows import importing

    summary = importing.Summary()
    for _step in importing.import_file(sample, "online-retail", importing.source_for("online-retail", None), summary):
        frappe.db.commit()
    return summary


def figures_of_the_page() -> dict[str, Decimal]:
    section = PAGE.read_text(encoding="utf-8").split("## The three days\n")[1]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| ")][1:]
    return {name.strip(): Decimal(value.strip()) for name, value in rows}


def figures_of_the_file(sample: Path) -> dict[str, Decimal]:
    """Add up the file by the shortest means; a charge is a code of the list, a write-off has no price."""
    found: dict[str, Decimal] = {}
    documents: dict[str, set[str]] = {"sales orders": set(), "returns": set(), "write-offs and goods found": set()}
    with sample.open(encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text):
            qty, amount = Decimal(row["Quantity"]), Decimal(row["Quantity"]) * Decimal(row["UnitPrice"])
            code, cancelled = row["StockCode"].upper(), row["InvoiceNo"].startswith("C")
            kind = (
                "returns"
                if cancelled
                else "sales orders"
                if Decimal(row["UnitPrice"])
                else "write-offs and goods found"
            )
            documents[kind].add(row["InvoiceNo"])
            sign = -1 if kind != "sales orders" else 1
            for figure, value in line_figures(kind, code, qty, amount):
                found[figure] = found.get(figure, Decimal(0)) + sign * value
    return found | {kind: Decimal(len(numbers)) for kind, numbers in documents.items()}


def line_figures(kind: str, code: str, qty: Decimal, amount: Decimal) -> list[tuple[str, Decimal]]:
    if kind == "write-offs and goods found":
        return [("units written off net", qty)]
    if kind == "returns":
        if code in CHARGE_CODES:
            return [("charges given back", amount)]
        return [("units returned", qty), ("goods returned", amount), ("goods lines of returns", Decimal(-1))]
    if code in CHARGE_CODES:
        return [("charges", amount), ("total", amount)]
    return [("units ordered", qty), ("goods", amount), ("total", amount), ("goods lines of orders", Decimal(1))]


def one(frappe: Any, query: str) -> list[Decimal]:
    """Return the first row of a query as exact numbers."""
    return [Decimal(str(round(value or 0, 4))).normalize() + 0 for value in frappe.db.sql(query)[0]]


def figures_of_the_database(frappe: Any) -> dict[str, Decimal]:
    """Ask the database, table by table."""
    orders = one(
        frappe,
        "select count(*), sum(goods_total), sum(charges_total), sum(grand_total) from `tabSales Order` where docstatus = 1",
    )
    lines = one(frappe, "select count(*), sum(qty) from `tabSales Order Item`")
    notes = "`tabDelivery Note` d where d.is_return = 1 and d.docstatus = 1"
    returns = one(frappe, f"select count(*), sum(d.goods_total), sum(d.charges_total) from {notes}")
    join = "`tabDelivery Note Item` i join `tabDelivery Note` d on d.name = i.parent where d.is_return = 1"
    back = one(frappe, f"select count(*), sum(i.qty) from {join}")
    tied = one(frappe, f"select count(*) from {join} and i.return_against_item is not null")
    moved = one(
        frappe,
        "select count(distinct e.name), sum(case when e.purpose = 'Issue' then i.qty else -i.qty end)"
        " from `tabStock Entry` e join `tabStock Entry Item` i on i.parent = e.name where e.docstatus = 1",
    )
    bought = one(frappe, "select sum(total_qty), sum(net_total) from `tabPurchase Receipt` where docstatus = 1")
    names = (
        *("sales orders", "goods", "charges", "total", "goods lines of orders", "units ordered"),
        *("returns", "goods returned", "charges given back", "goods lines of returns", "units returned"),
        *("lines of returns tied to a delivery", "write-offs and goods found", "units written off net"),
        *("units bought as opening stock", "cost of opening stock", "SKUs", "customers"),
    )
    masters = [*one(frappe, "select count(*) from `tabSKU`"), *one(frappe, "select count(*) from `tabCustomer`")]
    return dict(zip(names, [*orders, *lines, *returns, *back, *tied, *moved, *bought, *masters], strict=True))


def test_the_database_has_the_figures_of_the_page(imported: Any) -> None:
    assert figures_of_the_database(imported) == figures_of_the_page()


def test_the_page_has_the_figures_of_the_file(sample: Path) -> None:
    page = figures_of_the_page()
    for name, value in figures_of_the_file(sample).items():
        assert page[name] == value, name


def test_every_order_is_delivered(imported: Any) -> None:
    assert imported.db.sql("select distinct status, stock_state, books_state from `tabSales Order`") == (
        ("Shipped", "Delivered", "Posted"),
    )
    notes = "select name from `tabDelivery Note` where is_return = 0 and docstatus = 1"
    delivered = one(imported, f"select sum(qty), sum(amount) from `tabDelivery Note Item` where parent in ({notes})")
    assert delivered == one(imported, "select sum(qty), sum(amount) from `tabSales Order Item`")


def test_trial_balance_balances(imported: Any) -> None:
    (gap,) = one(imported, "select sum(debit) - sum(credit) from `tabGL Entry`")
    assert gap == 0
    gaps = "select sum(debit) - sum(credit) from `tabGL Entry` group by voucher_type, voucher_no"
    rows = imported.db.sql(gaps)
    assert [row for row in rows if abs(row[0]) > 0.00001] == []


def test_stock_is_worth_what_the_stock_account_says(imported: Any) -> None:
    (stock,) = one(imported, "select sum(value) from `tabStock Balance`")
    (ledger,) = one(imported, "select sum(value_change) from `tabStock Ledger Entry`")
    (account,) = one(imported, "select sum(debit) - sum(credit) from `tabGL Entry` where account like '1405 %'")
    assert stock == ledger == account
    assert stock > 0


def test_quantities_add_up(imported: Any) -> None:
    figures = figures_of_the_page()
    left = figures["units bought as opening stock"] - figures["units ordered"]
    left += figures["units returned"] - figures["units written off net"]
    assert one(imported, "select sum(on_hand), sum(reserved), sum(on_order) from `tabStock Balance`") == [left, 0, 0]


def test_stock_never_ran_short(imported: Any) -> None:
    assert one(imported, "select count(*) from `tabStock Ledger Entry` where qty_after < 0 or value_after < 0") == [0]


def test_no_more_was_bought_than_needed(imported: Any) -> None:
    """Every SKU that was bought stood at zero at some moment."""
    touched = "select distinct sku from `tabStock Ledger Entry` where qty_after = 0"
    bought = "select distinct sku from `tabPurchase Receipt Item`"
    assert one(imported, f"select count(*) from ({bought}) b where b.sku not in ({touched})") == [0]


def test_ledgers_prove_sound(imported: Any) -> None:
    from ec_erp.posting.flows.verify import verify_ledgers

    assert verify_ledgers(lambda _stage: None) == []


def test_importing_again_changes_nothing(imported: Any, sample: Path) -> None:
    tables = (
        "Sales Order",
        "Delivery Note",
        "Stock Entry",
        "Purchase Order",
        "SKU",
        "Customer",
        "GL Entry",
        "Stock Ledger Entry",
    )
    before = [imported.db.count(table) for table in tables]
    summary = run_import(sample)
    assert (summary.known, summary.imported, summary.units_bought) == (418, {}, 0)
    assert [imported.db.count(table) for table in tables] == before
