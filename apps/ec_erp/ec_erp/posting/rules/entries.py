"""What each document does to the stock ledger and the general ledger.

Invariant: whatever movements turn out to cost, the settled lines of a posting add up to zero. Every document's
entries are tabled in docs/algorithms/posting.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import singledispatch

from ec_erp.accounting.rules.roles import GIFTS, PROMOTION, PROMOTION_EXPENSE, SPREAD
from ec_erp.accounting.types import Books, Dimensions, Line
from ec_erp.inventory.types import (
    COST_FROM_LANDED,
    COST_FROM_ORIGINAL_ISSUE,
    COST_FROM_REVERSAL,
    ON_HAND,
    PostedMove,
    StockKey,
    StockMove,
)
from ec_erp.kernel.numbers import ZERO
from ec_erp.posting.types import (
    Adjustment,
    BoughtLine,
    CostLine,
    Delivery,
    Document,
    Journal,
    LandedCost,
    LandedLine,
    MovedLine,
    Payment,
    Posting,
    PurchaseReturnGoods,
    Receipt,
    Relocation,
    Reversal,
    SoldLine,
    Voucher,
)

# Account roles: names of Company fields.
STOCK = "stock_account"
GOODS_RECEIVED = "grni_account"
RECEIVABLE = "receivable_account"
REVENUE = "revenue_account"
OUTPUT_TAX = "output_tax_account"
PRICE_VARIANCE = "price_variance_account"


@singledispatch
def entries_for(document: Document) -> Posting:
    """Return what a document does to the ledgers."""
    raise TypeError(f"no posting rule for {type(document).__name__}")


@entries_for.register
def entries_for_delivery(delivery: Delivery) -> Posting:
    """Delivery: cost of sales against stock at issue cost; receivable against revenue and output tax.

    A return turns both round, at the original issue cost and the original price. What gifts cost is an expense of promotion.
    """
    sign = -1 if delivery.is_return else 1
    moves = tuple(_sold_move(line, is_return=delivery.is_return) for line in delivery.lines)
    return Posting(
        voucher=delivery.voucher,
        moves=moves,
        lines=tuple(_sales_lines(delivery, sign)),
        cost_lines=(
            *(_cost_of_sales(delivery, line, at) for at, line in enumerate(delivery.lines)),
            *_stock_lines(delivery.voucher, moves),
        ),
    )


@entries_for.register
def entries_for_receipt(receipt: Receipt) -> Posting:
    """Purchase Receipt: stock against goods received, not invoiced (暂估应付), net of recoverable tax.

    Where it covers goods that left before they were booked in, what their provisional cost was wrong by is a price variance.
    """
    books = receipt.voucher.books
    values = [_stock_value(books, line) for line in receipt.lines]
    moves = tuple(
        StockMove(StockKey(line.sku, line.warehouse), line.qty, line.line, value=value, tracking=line.tracking)
        for line, value in zip(receipt.lines, values, strict=True)
    )
    owed = Line(books.account(GOODS_RECEIVED), -sum(values, ZERO), _party(receipt.voucher))
    stock = tuple(_stock_lines(receipt.voucher, moves))
    return Posting(receipt.voucher, moves, (owed,), stock, remainder_account=books.accounts.get(PRICE_VARIANCE))


@entries_for.register
def entries_for_purchase_return(goods: PurchaseReturnGoods) -> Posting:
    """Purchase Return: goods leave at the average, the debt falls by the original cost, the gap is a price variance."""
    books = goods.voucher.books
    moves = tuple(
        StockMove(
            StockKey(line.sku, line.warehouse),
            -line.qty,
            line.line,
            from_reserved=line.from_reserved,
            tracking=line.tracking,
        )
        for line in goods.lines
    )
    original = sum((_stock_value(books, line) for line in goods.lines), ZERO)
    return Posting(
        voucher=goods.voucher,
        moves=moves,
        lines=(Line(books.account(GOODS_RECEIVED), original, _party(goods.voucher)),),
        cost_lines=tuple(_stock_lines(goods.voucher, moves)),
        remainder_account=books.account(PRICE_VARIANCE),
    )


@entries_for.register
def entries_for_landed_cost(landed: LandedCost) -> Posting:
    """Landed Cost: stock that is still there is worth more; what units that have left should have cost is a variance."""
    voucher, variance = landed.voucher, landed.voucher.books.account(PRICE_VARIANCE)
    source = COST_FROM_REVERSAL if landed.is_cancellation else COST_FROM_LANDED
    moves = tuple(_revaluation(line, source) for line in landed.lines if line.in_stock)
    owed = [
        Line(charge.account, -charge.amount, _owed_to(voucher, charge.party), charge.remarks)
        for charge in landed.charges
    ]
    gone = [
        Line(variance, line.gone, Dimensions(shop=voucher.shop, sku=line.sku, warehouse=line.warehouse))
        for line in landed.lines
        if line.gone
    ]
    stock = tuple(_stock_lines(voucher, moves))
    return Posting(voucher, moves, (*owed, *gone), stock, variance, is_reversal=landed.is_cancellation)


@entries_for.register
def entries_for_adjustment(adjustment: Adjustment) -> Posting:
    """Stock Entry: stock against the account of its reason; goods out may reach what is promised (damage, loss)."""
    sign = 1 if adjustment.is_receipt else -1
    moves = tuple(
        StockMove(
            StockKey(line.sku, line.warehouse),
            sign * line.qty,
            line.line,
            value=line.value,
            fallback_cost=line.fallback_cost,
            reach=ON_HAND,
            tracking=line.tracking,
        )
        for line in adjustment.lines
    )
    other_side = tuple(
        CostLine(
            adjustment.account,
            (at,),
            -1,
            Dimensions(shop=adjustment.voucher.shop, sku=line.sku, warehouse=line.warehouse),
            adjustment.remarks,
        )
        for at, line in enumerate(adjustment.lines)
    )
    return Posting(adjustment.voucher, moves, (), (*other_side, *_stock_lines(adjustment.voucher, moves)))


@entries_for.register
def entries_for_relocation(relocation: Relocation) -> Posting:
    """Goods leave one place and arrive at another at exactly what they left with: stock against stock, by warehouse.

    What covers goods that left the other place before they arrived may be a price variance, as in a receipt.
    """
    voucher = relocation.voucher
    moves = tuple(move for line in relocation.lines for move in _there_and_here(line))
    variance = voucher.books.accounts.get(PRICE_VARIANCE)
    return Posting(voucher, moves, cost_lines=tuple(_stock_lines(voucher, moves)), remainder_account=variance)


@entries_for.register
def entries_for_journal(journal: Journal) -> Posting:
    """Journal Entry: the lines as typed."""
    return Posting(journal.voucher, lines=journal.lines)


@entries_for.register
def entries_for_payment(payment: Payment) -> Posting:
    """Payment Entry: money against what the party owes or is owed, or was prepaid; what was kept on the way is a fee."""
    shop = Dimensions(shop=payment.voucher.shop)
    lines = [
        Line(payment.money_account, payment.sign * payment.paid - payment.fee, shop, payment.remarks),
        Line(
            payment.counter_account,
            -payment.sign * (payment.paid - payment.prepaid),
            _party(payment.voucher),
            payment.remarks,
        ),
    ]
    if payment.prepaid:
        prepaid = -payment.sign * payment.prepaid
        lines.append(Line(payment.prepaid_account, prepaid, _party(payment.voucher), payment.remarks))
    if payment.fee:
        lines.append(Line(payment.fee_account, payment.fee, shop, payment.remarks))
    return Posting(payment.voucher, lines=tuple(lines))


@entries_for.register
def entries_for_reversal(reversal: Reversal) -> Posting:
    """Cancellation: every movement and line turned round.

    Where stock can't give back the original value (part of it has left at another average), the gap is a price
    variance.
    """
    wanted = [move.value or ZERO for move in reversal.moves]
    signed = [value if move.qty >= 0 else -value for move, value in zip(reversal.moves, wanted, strict=True)]
    return Posting(
        voucher=reversal.voucher,
        moves=reversal.moves,
        lines=(*reversal.lines, *_undo_wanted(reversal, signed)),
        cost_lines=tuple(_stock_lines(reversal.voucher, reversal.moves, reversal.stock_account)),
        remainder_account=reversal.variance_account,
        is_reversal=True,
    )


def reversing_move(posted: PostedMove) -> StockMove:
    """Return the movement that undoes a stock ledger entry, at its original value and place."""
    value = abs(posted.value_change) if posted.qty_change else -posted.value_change
    return StockMove(
        posted.key,
        -posted.qty_change,
        posted.line,
        value=value,
        source=COST_FROM_REVERSAL,
        reverses=posted.name,
        tracking=posted.tracking,
    )


def _undo_wanted(reversal: Reversal, signed: Sequence[Decimal]) -> Iterable[Line]:
    """Take the stock lines out of the reversed lines: the movements bring their own, at what they really cost."""
    for move, value in zip(reversal.moves, signed, strict=True):
        dims = Dimensions(shop=reversal.voucher.shop, warehouse=move.key.warehouse)
        yield Line(reversal.stock_account, -value, dims)


def _sold_move(line: SoldLine, *, is_return: bool) -> StockMove:
    key = StockKey(line.sku, line.warehouse)
    if not is_return:
        return StockMove(key, -line.qty, line.line, from_reserved=line.from_reserved, tracking=line.tracking)
    return StockMove(
        key,
        line.qty,
        line.line,
        value=line.original_cost,
        fallback_cost=line.fallback_cost,
        source=COST_FROM_ORIGINAL_ISSUE,
        tracking=line.tracking,
        origin=line.origin,
        is_return=True,
    )


def _revaluation(line: LandedLine, source: str) -> StockMove:
    return StockMove(
        StockKey(line.sku, line.warehouse),
        ZERO,
        line.line,
        value=line.in_stock,
        source=source,
        reverses=line.reverses,
        tracking=line.tracking,
        origin=line.origin,
    )


def _owed_to(voucher: Voucher, supplier: str | None) -> Dimensions:
    return Dimensions(party_type="Supplier" if supplier else None, party=supplier, shop=voucher.shop)


def _there_and_here(line: MovedLine) -> tuple[StockMove, StockMove]:
    leaving = StockMove(
        StockKey(line.sku, line.source),
        -line.qty,
        line.line,
        value=line.value,
        from_reserved=line.from_reserved,
        reach=line.reach,
        tracking=line.leaves,
    )
    arriving = StockMove(StockKey(line.sku, line.target), line.qty, line.line, takes_over=1, tracking=line.arrives)
    return leaving, arriving


def _sales_lines(delivery: Delivery, sign: int) -> Iterable[Line]:
    voucher, books = delivery.voucher, delivery.voucher.books
    prices = [line.price for line in delivery.lines] + [charge.price for charge in delivery.charges]
    gross = sum((price.gross for price in prices), ZERO)
    tax = sum((price.tax for price in prices), ZERO)
    yield Line(books.account(RECEIVABLE), sign * gross, _party(voucher))
    for line in delivery.lines:
        dims = Dimensions(shop=voucher.shop, sku=line.sku, warehouse=line.warehouse)
        yield Line(books.account(REVENUE), -sign * line.price.net, dims)
    for charge in delivery.charges:
        dims = Dimensions(shop=voucher.shop)
        yield Line(books.account(charge.account_role), -sign * charge.price.net, dims, charge.remarks)
    yield Line(books.account(OUTPUT_TAX), -sign * tax, Dimensions(shop=voucher.shop))


def _cost_of_sales(delivery: Delivery, line: SoldLine, at: int) -> CostLine:
    """Return what a line costs; a gift is an expense of promotion, or shared by the net price of what is paid with it."""
    books = delivery.voucher.books
    if line.gift_cost == PROMOTION_EXPENSE:
        return CostLine(gift_account(books) or books.account(PROMOTION), (at,), -1, _of_line(delivery, line))
    paid = [one for one in delivery.lines if line.gift_cost == SPREAD and not one.gift_cost and one.price.net > 0]
    over = tuple((_of_line(delivery, one), one.price.net) for one in paid)
    return CostLine(books.account(delivery.cost_role), (at,), -1, _of_line(delivery, line), over=over)


def _of_line(delivery: Delivery, line: SoldLine) -> Dimensions:
    return Dimensions(shop=delivery.voucher.shop, sku=line.sku, warehouse=line.warehouse)


def gift_account(books: Books) -> str | None:
    """Return the account of the cost of gifts; None where a company names neither it nor one of promotion."""
    return books.accounts.get(GIFTS) or books.accounts.get(PROMOTION)


def gift_cost(books: Books) -> str:
    """Return where the cost of gifts goes in a company; empty: to the cost of sales, for no account of promotion is named."""
    if books.spread_gifts:
        return SPREAD
    return PROMOTION_EXPENSE if gift_account(books) else ""


def _stock_lines(voucher: Voucher, moves: Sequence[StockMove], account: str | None = None) -> Iterable[CostLine]:
    """One line on the stock account per warehouse: the sum of what its movements are worth."""
    account = account or voucher.books.account(STOCK)
    by_warehouse: dict[str, list[int]] = {}
    for at, move in enumerate(moves):
        by_warehouse.setdefault(move.key.warehouse, []).append(at)
    for warehouse, numbers in by_warehouse.items():
        yield CostLine(account, tuple(numbers), 1, Dimensions(shop=voucher.shop, warehouse=warehouse))


def _party(voucher: Voucher) -> Dimensions:
    return Dimensions(party_type=voucher.party_type, party=voucher.party, shop=voucher.shop)


def _stock_value(books: Books, line: BoughtLine) -> Decimal:
    return line.price.net if books.input_tax_recoverable else line.price.gross
