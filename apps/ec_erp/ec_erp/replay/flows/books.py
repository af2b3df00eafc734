"""What documents have done to the two ledgers, document by document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ec_erp.kernel.numbers import ZERO, decimal_of
from ec_erp.replay import store
from ec_erp.replay.rules import books as rules
from ec_erp.replay.types import Difference, Row, differences, sums

Moved = Callable[[Row, Sequence[Row]], Iterable[tuple[rules.Goods, Decimal]]]


@dataclass(frozen=True)
class Kind:
    """A DocType that posts: its rows, what is read of both, the rules for it, and what else its head must know (``more``)."""

    child: str
    head: tuple[str, ...]
    fields: tuple[str, ...]
    booked: rules.Booking
    moved: Moved | None = None
    more: Callable[[Sequence[Row]], Mapping[str, Row]] | None = None


_GOODS = ("sku", "warehouse", "qty", "grade", "net_amount")
KINDS: Mapping[str, Kind] = {
    "Delivery Note": Kind(
        "Delivery Note Item", ("is_return", "grand_total", "total_tax", "charges_total", "shipping_fee", "sales_order"),
        (*_GOODS, "gift_cost"),
        rules.booked_by_note, rules.moved_by_note, store.load_order_types,
    ),
    "Purchase Receipt": Kind(
        "Purchase Receipt Item", (), ("sku", "warehouse", "accepted_qty", "net_amount"),
        rules.booked_by_receipt, rules.moved_by_receipt,
    ),
    "Purchase Return": Kind(
        "Purchase Return Item", ("status",), _GOODS, rules.booked_by_purchase_return, rules.moved_by_purchase_return,
    ),
    "Landed Cost": Kind(
        "Landed Cost Charge", (), ("account", "amount", "tax_amount"), rules.booked_by_costs, more=store.load_tax_borne,
    ),
    "Stock Entry": Kind(
        "Stock Entry Item", ("purpose", "account"), ("sku", "warehouse", "qty", "grade"),
        rules.booked_by_entry, rules.moved_by_entry,
    ),
    "Stock Count": Kind(
        "Stock Count Item", ("warehouse",), ("sku", "variance", "grade"), rules.booked_by_count, rules.moved_by_count,
    ),
    "Stock Transfer": Kind(
        "Stock Transfer Item", ("from_warehouse", "to_warehouse", "transit_warehouse", "status"),
        ("sku", "sent_qty", "received_qty", "lost_qty", "back_qty"), rules.booked_by_transfer, rules.moved_by_transfer,
    ),
    "Grade Change": Kind(
        "Grade Change Item", ("warehouse", "direction"), ("sku", "qty"), rules.booked_by_change, rules.moved_by_change,
    ),
    "Payment Entry": Kind(
        "Payment Entry Reference", ("payment_type", "paid_amount", "fee_amount", "account", "counter_account"),
        ("allocated_amount",), rules.booked_by_payment, more=store.load_prepaid,
    ),
    "Payment Request": Kind(
        "Payment Request Payment", ("offset_amount",), ("amount",), rules.booked_by_request,
    ),
    "Journal Entry": Kind("Journal Entry Line", (), ("account", "debit", "credit"), rules.booked_by_journal),
}  # fmt: skip


def book_differences() -> Iterator[Difference]:
    """Yield documents that have moved or booked something else than their rows say."""
    for doctype, kind in KINDS.items():
        for heads in store.pages(doctype, ("docstatus", "company", *kind.head)):
            yield from _of_documents(doctype, kind, heads)


def _of_documents(doctype: str, kind: Kind, heads: Sequence[Row]) -> Iterator[Difference]:
    names = [head["name"] for head in heads]
    rows = store.grouped(kind.child, "parent", names, ("name", "idx", *kind.fields))
    entries = store.load_entries_of_vouchers(doctype, names)
    booked = store.load_lines_of_vouchers(doctype, names)
    accounts = store.load_account_roles({head["company"] for head in heads})
    more = kind.more(heads) if kind.more else {}
    for head in ({**head, **more.get(head["name"], {})} for head in heads):
        name, own = head["name"], rows.get(head["name"], [])
        where = f"{doctype} {name}"
        moved = entries.get(name, [])
        if kind.moved is not None:
            yield from _quantities(where, rules.quantities(head, kind.moved(head, own)), moved)
        values = sums((_part(entry), decimal_of(entry["value_change"])) for entry in moved)
        expected = rules.amounts(kind.booked, head, own, values, accounts[head["company"]])
        yield from _amounts(where, head, expected, booked.get(name, []))


def _part(entry: Row) -> str:
    """Return which part of a document's value an entry is: that of a row, or what covered goods that had left before."""
    return rules.VARIANCE if entry["cost_source"] == "Variance" else str(entry["voucher_line"])


def _quantities(where: str, expected: Mapping[rules.Goods, Decimal], entries: Sequence[Row]) -> Iterator[Difference]:
    found = sums(
        ((entry["sku"], entry["warehouse"], entry["grade"] or rules.GOOD), decimal_of(entry["qty_change"]))
        for entry in entries
    )
    for goods in sorted({*found, *expected}):
        stored, rebuilt = {"moved": found.get(goods, ZERO)}, {"moved": expected.get(goods, ZERO)}
        yield from differences(f"{where}, {' / '.join(goods)}", stored, rebuilt)


def _amounts(where: str, head: Row, expected: Mapping[str, Decimal], lines: Sequence[Row]) -> Iterator[Difference]:
    found = sums((line["account"], decimal_of(line["debit"]) - decimal_of(line["credit"])) for line in lines)
    rest = sum(found.values(), ZERO)
    yield from differences(where, {"debits less credits": rest}, {"debits less credits": ZERO})
    charged = head["docstatus"] == 1 and bool(head.get("charges_total") or head.get("shipping_fee"))
    for account in sorted({*found, *expected}):
        if charged and account not in expected:
            continue  # revenue and charges: what they come to together follows from the zero of all lines
        stored, rebuilt = {"booked": found.get(account, ZERO)}, {"booked": expected.get(account, ZERO)}
        yield from differences(f"{where}, {account}", stored, rebuilt)
