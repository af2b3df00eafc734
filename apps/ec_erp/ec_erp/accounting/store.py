"""Reading and writing the books: companies, accounts, periods, the general ledger and its chains.

Invariants: entries are only ever added, each chained to the one before it in its lane; heads of chains are locked in
the order of their names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any

import frappe

from ec_erp.accounting.rules.roles import ACCOUNT_ROLES, SPREAD
from ec_erp.accounting.types import (
    AccountFacts,
    Books,
    ClosedPeriod,
    Dimensions,
    Line,
    PostedLine,
    VoucherLines,
)
from ec_erp.documents.kept import keep
from ec_erp.documents.listeners import announce
from ec_erp.documents.memo import read_through
from ec_erp.documents.store import insert_rows, load_masters, lock_rows, update_rows
from ec_erp.kernel.hashing import chain_hash
from ec_erp.kernel.ids import lane_of, row_ids
from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.kernel.times import moment_of

Row = dict[str, Any]

# What an entry's hash covers, in this order. Changing it breaks every chain that exists.
HASHED_FIELDS = (
    "seq",
    "account",
    "debit",
    "credit",
    "account_currency",
    "debit_in_account_currency",
    "credit_in_account_currency",
    "party_type",
    "party",
    "shop",
    "sku",
    "warehouse",
    "cost_center",
    "voucher_type",
    "voucher_no",
    "is_reversal",
    "remarks",
    "posting_datetime",
    "posting_date",
    "company",
    "creation",
)
_DIMENSIONS = ("party_type", "party", "shop", "sku", "warehouse", "cost_center")
_dimensions = attrgetter(*_DIMENSIONS)


_books: dict[str, tuple[Any, Books]] = {}  # by company, with the document that they were taken from


def load_books(company: str) -> Books:
    """Return a company's books from its cached document."""
    doc = frappe.get_cached_doc("Company", company)
    known = _books.get(company)
    if known is None or known[0] is not doc:  # the framework gives another document once it has changed
        known = _books[company] = (doc, _books_of(doc))
    return known[1]


def _books_of(doc: Any) -> Books:
    return Books(
        company=doc.name,
        currency=doc.default_currency,
        default_tax_rate=decimal_of(doc.default_tax_rate),
        input_tax_recoverable=bool(doc.input_tax_recoverable),
        revenue_rule=doc.revenue_rule,
        lanes=int(doc.ledger_lanes or 1),
        abbr=doc.abbr or "",
        prices_include_tax=bool(doc.prices_include_tax),
        spread_gifts=doc.gift_cost == SPREAD,
        accounts={role: doc.get(role) for role in ACCOUNT_ROLES if doc.get(role)},
    )


def load_companies() -> list[str]:
    """Return the names of all companies."""
    return list(frappe.get_all("Company", pluck="name", order_by="name asc"))


def list_accounts(fields: Sequence[str], filters: Mapping[str, Any]) -> list[Any]:
    """Return accounts that the user may see, in the order of their numbers."""
    return list(frappe.get_list("Account", fields=list(fields), filters=dict(filters), order_by="account_number asc"))


def load_charge_roles(charge_types: Iterable[str]) -> dict[str, Row]:
    """Return account role and name of charge types by case-folded code."""
    return read_through("Charge Type", charge_types, _load_charge_types)


def _load_charge_types(codes: list[str]) -> dict[str, Row]:
    fields = ["name", "charge_name", "account_role", "disabled"]
    return {row["name"]: row for row in load_masters("Charge Type", codes, fields)}


def load_accounts(names: Iterable[str]) -> dict[str, AccountFacts]:
    """Return accounts by case-folded name."""
    return read_through("Account", names, _load_accounts)


def _load_accounts(names: list[str]) -> dict[str, AccountFacts]:
    fields = ["name", "company", "is_group", "disabled", "root_type", "account_type", "account_currency"]
    return {
        row["name"]: AccountFacts(
            name=row["name"],
            company=row["company"],
            is_group=bool(row["is_group"]),
            disabled=bool(row["disabled"]),
            root_type=row["root_type"],
            account_type=row["account_type"] or "",
            currency=row["account_currency"] or "",
        )
        for row in load_masters("Account", names, fields)
    }


def load_closed_periods(companies: Iterable[str], first_day: date, last_day: date) -> list[ClosedPeriod]:
    """Return the closed periods of companies that touch a span of days."""
    wanted = set(companies)
    return [
        period
        for period in keep("Accounting Period", _load_closed)
        if period.company in wanted and period.first_day <= last_day and period.last_day >= first_day
    ]


def _load_closed() -> list[ClosedPeriod]:
    rows = frappe.get_all(
        "Accounting Period", filters={"closed": 1}, fields=["name", "company", "start_date", "end_date"]
    )
    getdate = frappe.utils.getdate
    return [ClosedPeriod(row.name, row.company, getdate(row.start_date), getdate(row.end_date)) for row in rows]


def chain_name(company: str, lane: int) -> str:
    """Return the name of a company's chain."""
    return f"{company}-{lane:02d}"


def insert_chains(company: str, lanes: int) -> None:
    """Create the heads of a new company's chains."""
    rows = [
        {"name": chain_name(company, lane), "company": company, "lane": lane, "head_seq": 0, "head_hash": ""}
        for lane in range(lanes)
    ]
    insert_rows("Ledger Chain", rows, skip_existing=True)


def append_lines(vouchers: Sequence[VoucherLines]) -> None:
    """Add the lines of documents to the general ledger, each document in the lane of its number."""
    chains = [
        chain_name(voucher.books.company, lane_of(voucher.voucher_no, voucher.books.lanes)) for voucher in vouchers
    ]
    heads = lock_rows("Ledger Chain", chains, ["head_seq", "head_hash"])
    rows = [row for voucher, chain in zip(vouchers, chains, strict=True) for row in _rows_of(voucher, chain)]
    moment = frappe.utils.now_datetime()
    names = row_ids(len(rows), moment, frappe.generate_hash(length=5))
    for name, row in zip(names, rows, strict=True):
        row.update(name=name, creation=moment)
        _link_to_chain(row, heads[row["chain"]])
    insert_rows("GL Entry", rows)
    announce("GL Entry", rows)
    update_rows(
        "Ledger Chain",
        {name: {"head_seq": head["head_seq"], "head_hash": head["head_hash"]} for name, head in heads.items()},
    )


def _link_to_chain(row: Row, head: Row) -> None:
    head["head_seq"] = int(head["head_seq"] or 0) + 1
    row["seq"], row["prev_hash"] = head["head_seq"], head["head_hash"] or ""
    head["head_hash"] = row["hash"] = chain_hash(row["prev_hash"], HASHED_FIELDS, row)


def _rows_of(voucher: VoucherLines, chain: str) -> Iterator[Row]:
    shared = {
        "account_currency": voucher.books.currency,
        "voucher_type": voucher.voucher_type,
        "voucher_no": voucher.voucher_no,
        "is_reversal": int(voucher.is_reversal),
        "posting_datetime": voucher.posting_datetime,
        "posting_date": voucher.posting_datetime.date(),
        "company": voucher.books.company,
        "chain": chain,
    }
    for line in voucher.lines:
        debit, credit = float(max(line.amount, ZERO)), float(max(-line.amount, ZERO))
        yield {
            **shared,
            "account": line.account,
            "debit": debit,
            "credit": credit,
            "debit_in_account_currency": debit,
            "credit_in_account_currency": credit,
            **dict(zip(_DIMENSIONS, _dimensions(line.dimensions), strict=True)),
            "remarks": line.remarks or None,
        }


def load_lines_of(voucher_type: str, voucher_nos: Iterable[str]) -> list[PostedLine]:
    """Return the general ledger lines that documents made (not those of their cancellation)."""
    rows = frappe.get_all(
        "GL Entry",
        filters={"voucher_type": voucher_type, "voucher_no": ("in", sorted(set(voucher_nos))), "is_reversal": 0},
        fields=["voucher_no", "account", "debit", "credit", "remarks", *_DIMENSIONS],
        order_by="name asc",
    )
    return [PostedLine(row["voucher_no"], _line(row)) for row in rows]


def _line(row: Mapping[str, Any]) -> Line:
    return Line(
        account=row["account"],
        amount=decimal_of(row["debit"]) - decimal_of(row["credit"]),
        dimensions=Dimensions(**{field: row[field] or None for field in _DIMENSIONS}),
        remarks=row["remarks"] or "",
    )


def load_chains() -> list[Row]:
    """Return the heads of all chains."""
    return list(
        frappe.get_all("Ledger Chain", fields=["name", "company", "head_seq", "head_hash"], order_by="name asc")
    )


def walk_chain(name: str, page: int = 5000) -> Iterator[list[Row]]:
    """Yield the entries of a chain in order, in pages, moments as datetimes and dates."""
    last = 0
    while rows := frappe.get_all(
        "GL Entry",
        filters={"chain": name, "seq": (">", last)},
        fields=["name", "prev_hash", "hash", *HASHED_FIELDS],
        order_by="seq asc",
        limit=page,
    ):
        for row in rows:
            row["posting_datetime"] = moment_of(frappe.utils.get_datetime(row["posting_datetime"]))
            row["creation"] = moment_of(frappe.utils.get_datetime(row["creation"]))
            row["posting_date"] = frappe.utils.getdate(row["posting_date"])
        yield rows
        last = rows[-1]["seq"]


def load_party_balances(company: str, party_type: str, parties: Sequence[str]) -> dict[str, Decimal]:
    """Return what parties owe a company (negative: what it owes them), over the whole ledger."""
    table = frappe.qb.DocType("GL Entry")
    functions = frappe.query_builder.functions
    rows = (
        frappe.qb.from_(table)
        .select(table.party, functions.Sum(table.debit).as_("debit"), functions.Sum(table.credit).as_("credit"))
        .where(table.party_type == party_type)
        .where(table.party.isin(list(parties)))
        .where(table.company == company)
        .groupby(table.party)
        .run(as_dict=True)
    )
    return {row["party"]: decimal_of(row["debit"]) - decimal_of(row["credit"]) for row in rows}


def load_account_total(accounts: Sequence[str]) -> Any:
    """Return debits − credits of accounts over the whole ledger."""
    table = frappe.qb.DocType("GL Entry")
    functions = frappe.query_builder.functions
    found = (
        frappe.qb.from_(table)
        .select(functions.Sum(table.debit).as_("debit"), functions.Sum(table.credit).as_("credit"))
        .where(table.account.isin(list(accounts)))
        .run(as_dict=True)
    )
    return decimal_of(found[0]["debit"]) - decimal_of(found[0]["credit"])


def load_voucher_gaps() -> list[Row]:
    """Return vouchers whose debits and credits differ by half a minor unit or more."""
    table = frappe.qb.DocType("GL Entry")
    functions = frappe.query_builder.functions
    gap = functions.Sum(table.debit) - functions.Sum(table.credit)
    query = (
        frappe.qb.from_(table)
        .select(table.voucher_type, table.voucher_no, gap.as_("gap"))
        .groupby(table.voucher_type, table.voucher_no)
        .having((gap > 0.00005) | (gap < -0.00005))
    )
    return list(query.run(as_dict=True))
