"""Whether lines are sold below their minimum price or below cost: pure.

Invariants: gifts are left out, and so are lines whose price was nobody's to set; a combo is judged as a whole, at its own
minimum price. Worked table: docs/algorithms/price-floor.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ec_erp.kernel.numbers import ZERO, plain
from ec_erp.kernel.problems import N_, Problem, problem
from ec_erp.kernel.values import quickly_made
from ec_erp.orders.rules import blocks

BLOCK, FLAG, IGNORE = "Block", "Flag", "Ignore"
FLOOR_CODES = (blocks.BELOW_MINIMUM, blocks.BELOW_COST, blocks.LOW_PRICE)
_SHOWN = Decimal("0.01")


@quickly_made
@dataclass(frozen=True, slots=True)
class SoldLine:
    """What the buyer pays for a line as prices are stated (``paid``) and without tax (``net``); ``cost`` is for all of it.

    ``minimum`` is per unit. Lines of one combo carry its code and number; ``minimum`` is then the combo's.
    """

    sku: str
    qty: Decimal
    paid: Decimal
    net: Decimal
    cost: Decimal = ZERO
    minimum: Decimal = ZERO
    combo: str = ""
    combo_qty: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class FloorPolicy:
    """What happens with orders that are sold too low: Block, Flag or Ignore."""

    below_minimum: str = BLOCK
    below_cost: str = IGNORE


@dataclass(frozen=True, slots=True)
class Finding:
    """The reason that goes on the order, and what a person reads."""

    code: str
    why: Problem


def findings(lines: Sequence[SoldLine], policy: FloorPolicy) -> list[Finding]:
    """Return what is sold too low, worst first: what stops the order, then what is only flagged."""
    goods = together(lines)
    low = [_below_minimum(line) for line in goods if line.minimum > 0 and line.paid < line.minimum * line.qty]
    loss = [_below_cost(line) for line in goods if line.cost > 0 and line.net < line.cost]
    found = [
        *_as_asked(policy.below_minimum, blocks.BELOW_MINIMUM, low),
        *_as_asked(policy.below_cost, blocks.BELOW_COST, loss),
    ]
    return sorted(found, key=lambda one: one.code == blocks.LOW_PRICE)


def together(lines: Iterable[SoldLine]) -> list[SoldLine]:
    """Return the lines with those of one combo put together as the combo."""
    plain_lines: list[SoldLine] = []
    combos: dict[str, list[SoldLine]] = {}
    for line in lines:
        if line.combo:
            combos.setdefault(line.combo, []).append(line)
        else:
            plain_lines.append(line)
    return [*plain_lines, *(_combo(parts) for parts in combos.values())]


def _combo(parts: Sequence[SoldLine]) -> SoldLine:
    first = parts[0]
    return SoldLine(
        sku=first.combo,
        qty=sum((part.combo_qty for part in parts if part.sku == first.sku), ZERO),
        paid=sum((part.paid for part in parts), ZERO),
        net=sum((part.net for part in parts), ZERO),
        cost=sum((part.cost for part in parts), ZERO) if all(part.cost > 0 for part in parts) else ZERO,
        minimum=first.minimum,
    )


def _as_asked(action: str, code: str, problems: Iterable[Problem]) -> list[Finding]:
    if action == IGNORE:
        return []
    return [Finding(code if action == BLOCK else blocks.LOW_PRICE, found) for found in problems]


def _below_minimum(line: SoldLine) -> Problem:
    return problem(N_("{0}: {1} is below the minimum price {2}"), line.sku, _each(line.paid, line), plain(line.minimum))


def _below_cost(line: SoldLine) -> Problem:
    return problem(N_("{0}: {1} net is below the cost {2}"), line.sku, _each(line.net, line), _each(line.cost, line))


def _each(amount: Decimal, line: SoldLine) -> str:
    return plain((amount / line.qty).quantize(_SHOWN)) if line.qty else plain(amount)
