"""Every document's entries are those of docs/algorithms/posting.md, and always balance."""

from datetime import datetime
from decimal import Decimal

import pytest
from algorithm_tables import number, read_table
from ec_erp.accounting.rules.ledger import Unbalanced, balanced
from ec_erp.accounting.rules.roles import ACCOUNT_ROLES
from ec_erp.accounting.types import Books, Dimensions, Line, NoAccount
from ec_erp.inventory.rules.movement import apply_moves
from ec_erp.inventory.types import Balance, MoveResult, PostedMove, Shelf, StockKey, StockMove
from ec_erp.kernel.tax import TaxSplit, split_gross, split_net
from ec_erp.posting.rules.entries import entries_for, reversing_move
from ec_erp.posting.rules.settle import settle
from ec_erp.posting.types import (
    AdjustedLine,
    Adjustment,
    BoughtLine,
    Charge,
    Delivery,
    Document,
    Journal,
    LandedCost,
    LandedLine,
    MovedLine,
    OwedCharge,
    Payment,
    PurchaseReturnGoods,
    Receipt,
    Relocation,
    Reversal,
    SoldLine,
    Voucher,
)
from hypothesis import given
from hypothesis import strategies as st

A = StockKey("A", "W")
prices = st.decimals(min_value="0.01", max_value=9999, places=2)
LETTERS = {
    "stock_account": "S",
    "grni_account": "G",
    "cogs_account": "C",
    "receivable_account": "R",
    "revenue_account": "I",
    "output_tax_account": "T",
    "shipping_income_account": "F",
    "discount_account": "D",
    "price_variance_account": "V",
    "gift_account": "X",
}


def voucher(**settings: bool) -> Voucher:
    books = Books("Co", "CNY", accounts={role: LETTERS.get(role, role) for role in ACCOUNT_ROLES}, **settings)
    return Voucher(books, "Any", "X-1", datetime(2026, 11, 22), party_type="Customer", party="P")


def applied(stock: dict[StockKey, Balance], moves: tuple[StockMove, ...]) -> MoveResult:
    return apply_moves(Shelf(stock, {"W": "CNY"}), moves, [], [datetime(2026, 11, 22)] * len(moves))


def post(document: Document, on_hand: str = "0", value: str = "0") -> dict[str, Decimal]:
    """Post a document to a stock of A; return the amount per account."""
    posting = entries_for(document)
    stock = {A: Balance(on_hand=Decimal(on_hand), value=Decimal(value))}
    result = applied(stock, posting.moves)
    assert not result.shortages
    amounts: dict[str, Decimal] = {}
    for line in settle(posting, result.entries):
        amounts[line.account] = amounts.get(line.account, Decimal(0)) + line.amount
    return amounts


def page(heading: str) -> dict[str, Decimal]:
    return {row["account"]: number(row["amount"]) for row in read_table("posting.md", heading)}


def bought(qty: str, net: str) -> tuple[BoughtLine, ...]:
    return (BoughtLine("row", "A", "W", Decimal(qty), split_net(Decimal(net), Decimal(13), "CNY")),)


def sold(qty: str, gross: str, cost: str | None = None) -> tuple[SoldLine, ...]:
    price = split_gross(Decimal(gross), Decimal(13), "CNY")
    return (SoldLine("row", "A", "W", Decimal(qty), price, original_cost=Decimal(cost) if cost else None),)


def test_purchase_receipt() -> None:
    assert post(Receipt(voucher(), bought("10", "100"))) == page("Purchase Receipt")


def test_purchase_receipt_with_tax_that_can_not_be_recovered() -> None:
    wanted = page("Purchase Receipt, input tax not recoverable")
    assert post(Receipt(voucher(input_tax_recoverable=False), bought("10", "100"))) == wanted


def test_delivery() -> None:
    shipping = Charge("shipping_income_account", split_gross(Decimal("11.30"), Decimal(13), "CNY"))
    delivery = Delivery(voucher(), sold("4", "113"), (shipping,))
    assert post(delivery, "10", "103.33") == page("Delivery Note")


def test_return() -> None:
    delivery = Delivery(voucher(), sold("1", "28.25", "10.33"), is_return=True)
    assert post(delivery, "6", "62.00") == page("Return of one of the four")


def gift(sku: str = "A", cost: str | None = None, where: str = "Promotion Expense") -> SoldLine:
    nothing = split_gross(Decimal(0), Decimal(13), "CNY")
    return SoldLine(
        "gift", sku, "W", Decimal(1), nothing, original_cost=Decimal(cost) if cost else None, gift_cost=where
    )


def test_a_gift_is_an_expense_of_promotion() -> None:
    delivery = Delivery(voucher(), (*sold("2", "113"), gift()))
    assert post(delivery, "10", "100") == page("Delivery Note with a gift")
    back = Delivery(voucher(), (gift(cost="10"),), is_return=True)
    assert post(back, "7", "70") == page("Return of the gift")


def test_a_gift_is_spread_over_what_is_paid() -> None:
    prices = [("A", "100"), ("B", "50")]
    paid = [SoldLine(sku, sku, "W", Decimal(1), split_net(Decimal(net), Decimal(0), "CNY")) for sku, net in prices]
    posting = entries_for(Delivery(voucher(), (*paid, gift("G", where="Spread over the Order"))))
    stock = {StockKey(sku, "W"): Balance(on_hand=Decimal(1), value=Decimal(10 * (sku == "G"))) for sku in "ABG"}
    found = settle(posting, applied(stock, posting.moves).entries)
    shares = {line.dimensions.sku: line.amount for line in found if line.account == "C" and line.amount}
    assert shares == {
        row["SKU"]: number(row["cost of the gift"]) for row in read_table("posting.md", "Gift spread over the order")
    }
    assert sum(line.amount for line in found) == 0


def test_a_gift_that_leaves_alone_is_a_cost_of_sales() -> None:
    assert post(Delivery(voucher(), (gift(where="Spread over the Order"),)), "10", "100") == {"C": 10, "S": -10}


def test_purchase_return() -> None:
    assert post(PurchaseReturnGoods(voucher(), bought("3", "30")), "10", "110") == page("Purchase Return")


def landed(in_stock: str, gone: str, owed: str, *, cancelled: bool = False) -> LandedCost:
    line = LandedLine("row", "A", "W", Decimal(in_stock), Decimal(gone))
    return LandedCost(voucher(), (line,), (OwedCharge("G", Decimal(owed), "Forwarder"),), cancelled)


def test_landed_cost() -> None:
    assert post(landed("6", "4", "10"), "6", "60") == page("Landed Cost")


def test_landed_cost_cancelled() -> None:
    assert post(landed("-2", "-8", "-10", cancelled=True), "2", "22") == page("Landed Cost, cancelled")


def test_what_stock_can_not_give_is_a_variance() -> None:
    assert post(landed("-30", "0", "-30"), "2", "22") == {"S": -22, "V": -8, "G": 30}


def test_a_landed_cost_is_owed_to_who_asks_for_it() -> None:
    (owed,) = entries_for(landed("6", "0", "6")).lines
    assert (owed.dimensions.party_type, owed.dimensions.party, owed.amount) == ("Supplier", "Forwarder", -6)


@given(prices, prices, prices)
def test_any_landed_cost_balances_and_moves_no_quantity(in_stock: Decimal, gone: Decimal, owed: Decimal) -> None:
    posting = entries_for(landed(str(in_stock), str(gone), str(owed)))
    entries = applied({A: Balance(on_hand=Decimal(3), value=Decimal(7))}, posting.moves).entries
    assert [(entry.move.qty, entry.value_change) for entry in entries] == [(0, in_stock)]
    assert sum(line.amount for line in settle(posting, entries)) == 0


def test_write_off() -> None:
    lines = (AdjustedLine("row", "A", "W", Decimal(2)),)
    assert post(Adjustment(voucher(), lines, "W", is_receipt=False), "10", "103.33") == page("Write-off")


def test_cancelled_receipt() -> None:
    lines = (Line("S", Decimal(-200), Dimensions(warehouse="W")), Line("G", Decimal(200)))
    move = reversing_move(PostedMove("E1", "X-1", "row", A, Decimal(10), Decimal(200)))
    reversal = Reversal(voucher(), (move,), lines, "S", "V")
    assert post(reversal, "11", "165") == page("Cancelled receipt, part of it sold at another average")


def test_a_line_per_sku_for_revenue_and_cost_and_one_per_warehouse_for_stock() -> None:
    lines = (*sold("1", "10"), SoldLine("b", "B", "W", Decimal(1), split_gross(Decimal(5), Decimal(0), "CNY")))
    posting = entries_for(Delivery(voucher(), lines))
    stock = {StockKey(sku, "W"): Balance(on_hand=Decimal(1), value=Decimal(1)) for sku in "AB"}
    entries = applied(stock, posting.moves).entries
    shown = [(line.account, line.dimensions.sku) for line in settle(posting, entries)]
    assert sorted(shown, key=str) == [
        ("C", "A"),
        ("C", "B"),
        ("I", "A"),
        ("I", "B"),
        ("R", None),
        ("S", None),
        ("T", None),
    ]


def test_the_debt_carries_the_party() -> None:
    line = entries_for(Receipt(voucher(), bought("1", "1"))).lines[0]
    assert (line.dimensions.party_type, line.dimensions.party) == ("Customer", "P")


def test_a_company_without_the_account_is_named() -> None:
    bare = Voucher(Books("Co", "CNY"), "Any", "X-1", datetime(2026, 11, 22))
    with pytest.raises(NoAccount) as refused:
        entries_for(Receipt(bare, bought("1", "1")))
    assert (refused.value.company, refused.value.role) == ("Co", "grni_account")


def test_a_rule_that_does_not_balance_is_caught() -> None:
    with pytest.raises(Unbalanced):
        balanced([Line("S", Decimal(1)), Line("G", Decimal("-0.99"))])


def test_payment() -> None:
    paid = Payment(voucher(), 1, "M", "R", Decimal(100), Decimal("0.60"), "B")
    assert post(paid) == page("Payment")


def test_payment_of_a_prepayment() -> None:
    paid = Payment(voucher(), -1, "M", "A", Decimal(100), prepaid=Decimal(60), prepaid_account="P")
    assert post(paid) == page("Payment of a prepayment")


def test_a_relocation_moves_value_and_books_nothing() -> None:
    line = MovedLine("row", "A", "W", "X", Decimal(2))
    posting = entries_for(Relocation(voucher(), (line,)))
    stock = {A: Balance(on_hand=Decimal(3), value=Decimal(10))}
    result = apply_moves(Shelf(stock, {"W": "CNY", "X": "CNY"}), posting.moves, [], [datetime(2026, 11, 22)] * 2)
    assert [entry.value_change for entry in result.entries] == [Decimal("-6.67"), Decimal("6.67")]
    assert sum(found.amount for found in settle(posting, result.entries)) == 0


def test_a_journal_posts_its_lines() -> None:
    lines = (Line("a", Decimal(5)), Line("b", Decimal(-5)))
    assert post(Journal(voucher(), lines)) == {"a": 5, "b": -5}


@given(st.lists(st.tuples(st.integers(1, 9), prices, st.sampled_from(["A", "B", "C"])), min_size=1, max_size=8), prices)
def test_any_delivery_balances(lines: list[tuple[int, Decimal, str]], fee: Decimal) -> None:
    goods = tuple(
        SoldLine(str(at), sku, "W", Decimal(qty), split_gross(price, Decimal(13), "CNY"))
        for at, (qty, price, sku) in enumerate(lines)
    )
    charge = Charge("discount_account", TaxSplit(-fee, Decimal(0), -fee))
    posting = entries_for(Delivery(voucher(), goods, (charge,)))
    stock = {StockKey(sku, "W"): Balance(on_hand=Decimal(99), value=Decimal("77.77")) for sku in "ABC"}
    entries = applied(stock, posting.moves).entries
    assert sum(line.amount for line in settle(posting, entries)) == 0


def test_a_receipt_that_covers_what_left_too_early_books_the_gap_as_a_price_variance() -> None:
    amounts = post(Receipt(voucher(), bought("10", "120")), on_hand="-2", value="-18")
    assert amounts == {"S": Decimal(114), "G": Decimal(-120), "V": Decimal(6)}


def test_goods_that_arrive_where_some_left_too_early_keep_the_books_balanced() -> None:
    posting = entries_for(Relocation(voucher(), (MovedLine("row", "A", "Elsewhere", "W", Decimal(10)),)))
    elsewhere = StockKey("A", "Elsewhere")
    stock = {A: Balance(Decimal(-2), value=Decimal(-18)), elsewhere: Balance(Decimal(10), value=Decimal(120))}
    shelf = Shelf(stock, {"W": "CNY", "Elsewhere": "CNY"})
    result = apply_moves(shelf, posting.moves, [], [datetime(2026, 11, 22)] * 2)
    assert [line.amount for line in settle(posting, result.entries) if line.account == "V"] == [Decimal(6)]
