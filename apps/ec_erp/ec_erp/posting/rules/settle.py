"""Turning a posting into ledger lines once its movements are valued.

Invariant: the lines that come out add up to zero, or the rule that made the posting is wrong and ``Unbalanced`` is
raised.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ec_erp.accounting.rules.ledger import balanced
from ec_erp.accounting.types import Dimensions, Line
from ec_erp.inventory.types import ValuedMove
from ec_erp.kernel.money import split_amount
from ec_erp.kernel.numbers import ZERO
from ec_erp.posting.types import CostLine, Posting


def settle(posting: Posting, entries: Sequence[ValuedMove]) -> list[Line]:
    """Return the balanced lines of a posting whose movements came to ``entries`` (one per move, in order)."""
    lines = [*posting.lines, *_cost_lines(posting.cost_lines, entries, posting.voucher.books.currency)]
    if posting.remainder_account:
        rest = -sum((line.amount for line in lines), ZERO)
        lines.append(Line(posting.remainder_account, rest, Dimensions(shop=posting.voucher.shop)))
    return balanced(lines)


def _cost_lines(cost_lines: Iterable[CostLine], entries: Sequence[ValuedMove], currency: str) -> Iterable[Line]:
    for line in cost_lines:
        value = sum((entries[at].value_change for at in line.moves), ZERO)
        if not line.over:
            yield Line(line.account, line.sign * value, line.dimensions, line.remarks)
            continue
        shares = split_amount(line.sign * value, [weight for _, weight in line.over], currency)
        for (dimensions, _), share in zip(line.over, shares, strict=True):
            yield Line(line.account, share, dimensions, line.remarks)
