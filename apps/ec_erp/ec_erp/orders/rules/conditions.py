"""Conditions of rules: any field of an order, its lines, their SKUs or its customer, compared with a value: pure.

Invariant: a condition says what it saw, so that every outcome can be explained; text compares without regard to case.
Worked table: docs/algorithms/order-rules.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from ec_erp.kernel.numbers import NotANumber, decimal_of, plain
from ec_erp.kernel.problems import N_

ORDER, ANY_LINE, EVERY_LINE, ANY_SKU, EVERY_SKU, CUSTOMER, CALCULATED = (
    "Order",
    "Any Line",
    "Every Line",
    "SKU of Any Line",
    "SKU of Every Line",
    "Customer",
    "Calculated",
)
SCOPES = (ORDER, ANY_LINE, EVERY_LINE, ANY_SKU, EVERY_SKU, CUSTOMER, CALCULATED)
UNDER, NOT_UNDER = "is under", "is not under"
TREE_OPERATORS = (UNDER, NOT_UNDER)  # of a tree: the node itself or one below it
LINE_SCOPES = (ANY_LINE, EVERY_LINE, ANY_SKU, EVERY_SKU)
CALCULATED_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "line_count": N_("Lines"),
        "sku_count": N_("SKUs"),
        "total_qty": N_("Total Quantity"),
        "weight_g": N_("Weight (g)"),
        "discount_percent": N_("Discount (%)"),
        "hour": N_("Hour"),
        "weekday": N_("Weekday"),
        "remarks": N_("Remarks"),
    }
)
CALCULATED_FIELDS = tuple(CALCULATED_LABELS)
DOCTYPE_OF_SCOPE: Mapping[str, str] = MappingProxyType(
    {
        ORDER: "Sales Order",
        ANY_LINE: "Sales Order Item",
        EVERY_LINE: "Sales Order Item",
        ANY_SKU: "SKU",
        EVERY_SKU: "SKU",
        CUSTOMER: "Customer",
    }
)

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison. Lists of values are separated by commas; ``between`` takes two."""

    scope: str
    field: str
    operator: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What conditions look at. ``lines`` and ``skus`` go in pairs; a line without a SKU has an empty one.

    ``above`` has, for values of fields that name a node of a tree (a category), the node and all above it, by field and
    case-folded value.
    """

    order: Values
    lines: Sequence[Values] = ()
    skus: Sequence[Values] = ()
    customer: Values = field(default_factory=dict)
    calculated: Values = field(default_factory=dict)
    above: Mapping[tuple[str, str], Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seen:
    """A condition, what it saw (as text) and whether it holds."""

    condition: Condition
    actual: str
    holds: bool


def check(condition: Condition, facts: OrderFacts) -> Seen:
    """Return whether a condition holds, and what it saw."""
    values = _values(condition, facts)
    found = [_holds(condition, value, facts) for value in values]
    every = condition.scope in (EVERY_LINE, EVERY_SKU)
    holds = bool(found) and (all(found) if every else any(found))
    return Seen(condition, ", ".join(dict.fromkeys(shown(value) for value in values)), holds)


def matching_lines(conditions: Sequence[Condition], facts: OrderFacts, *, match_all: bool = True) -> list[int]:
    """Return the places of the lines that the conditions on lines hold for; all lines where there are none."""
    wanted = [condition for condition in conditions if condition.scope in LINE_SCOPES]
    if not wanted:
        return list(range(len(facts.lines)))
    quantifier = all if match_all else any
    return [at for at in range(len(facts.lines)) if quantifier(_holds_at(one, facts, at) for one in wanted)]


def _holds_at(condition: Condition, facts: OrderFacts, at: int) -> bool:
    row = (facts.skus if condition.scope in (ANY_SKU, EVERY_SKU) else facts.lines)[at]
    return _holds(condition, row.get(condition.field), facts)


def _holds(condition: Condition, value: Any, facts: OrderFacts) -> bool:
    if condition.operator not in TREE_OPERATORS:
        return compare(condition.operator, value, condition.value)
    nodes = facts.above.get((condition.field, shown(value).casefold())) or [value]
    return any(compare(UNDER, node, condition.value) for node in nodes) == (condition.operator == UNDER)


def _values(condition: Condition, facts: OrderFacts) -> list[Any]:
    if condition.scope in (ANY_LINE, EVERY_LINE):
        return [line.get(condition.field) for line in facts.lines]
    if condition.scope in (ANY_SKU, EVERY_SKU):
        return [sku.get(condition.field) for sku in facts.skus]
    part = {ORDER: facts.order, CUSTOMER: facts.customer, CALCULATED: facts.calculated}[condition.scope]
    return [part.get(condition.field)]


def compare(operator: str, actual: Any, wanted: str) -> bool:
    """Compare a value with what a rule says."""
    return OPERATORS[operator](actual, wanted)


def shown(value: Any) -> str:
    """Return a value as people read it."""
    if isinstance(value, float | Decimal):
        return plain(decimal_of(value))
    return "" if value is None else str(value)


def _number(value: Any) -> Decimal | None:
    try:
        return None if value is None or value == "" else decimal_of(value)
    except NotANumber:
        return None


def _same(actual: Any, wanted: str) -> bool:
    left, right = _number(actual), _number(wanted)
    if left is not None and right is not None:
        return left == right
    return shown(actual).strip().casefold() == wanted.strip().casefold()


def _listed(actual: Any, wanted: str) -> bool:
    return any(_same(actual, part) for part in split_list(wanted))


def _contains(actual: Any, wanted: str) -> bool:
    text = shown(actual).casefold()
    return any(part.casefold() in text for part in split_list(wanted))


def _order(actual: Any, wanted: str) -> int | None:
    """Return -1, 0 or 1 by number where both are, else by text (dates compare so); None where there is nothing."""
    if actual is None or actual == "":
        return None
    left, right = _number(actual), _number(wanted)
    if left is not None and right is not None:
        return (left > right) - (left < right)
    text, other = shown(actual), wanted.strip()
    return (text > other) - (text < other)


def _ordered(*allowed: int) -> Callable[[Any, str], bool]:
    return lambda actual, wanted: _order(actual, wanted) in allowed


def _between(actual: Any, wanted: str) -> bool:
    bounds = split_list(wanted)
    return len(bounds) == 2 and _order(actual, bounds[0]) in (0, 1) and _order(actual, bounds[1]) in (0, -1)


def _is_set(actual: Any) -> bool:
    return actual not in (None, "", 0, 0.0)


def split_list(text: str) -> list[str]:
    """Return the parts of a list: separated by commas (Chinese ones too) or lines."""
    parts = text.replace("，", ",").replace("、", ",").replace("\n", ",").split(",")
    return [part.strip() for part in parts if part.strip()]


OPERATORS: Mapping[str, Callable[[Any, str], bool]] = MappingProxyType(
    {
        "equals": _same,
        "does not equal": lambda actual, wanted: not _same(actual, wanted),
        "is one of": _listed,
        "is none of": lambda actual, wanted: not _listed(actual, wanted),
        UNDER: _listed,
        NOT_UNDER: lambda actual, wanted: not _listed(actual, wanted),
        "contains": _contains,
        "does not contain": lambda actual, wanted: not _contains(actual, wanted),
        "more than": _ordered(1),
        "at least": _ordered(1, 0),
        "less than": _ordered(-1),
        "at most": _ordered(-1, 0),
        "between": _between,
        "is set": lambda actual, wanted: _is_set(actual),  # noqa: ARG005  the table's shape
        "is not set": lambda actual, wanted: not _is_set(actual),  # noqa: ARG005  the table's shape
    }
)
