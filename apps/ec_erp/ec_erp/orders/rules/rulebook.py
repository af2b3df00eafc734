"""A published set of rules: which of them match an order in a stage, and why: pure.

Invariant: rules are looked at by stage, priority and name, so that the same book gives the same answer everywhere; every
match carries the conditions with what they saw. Worked table: docs/algorithms/order-rules.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from ec_erp.kernel.numbers import ZERO, decimal_of, is_number
from ec_erp.kernel.problems import N_, Comparison, Comparisons, Problem, problem
from ec_erp.orders.rules.conditions import (
    CALCULATED_LABELS,
    DOCTYPE_OF_SCOPE,
    OPERATORS,
    SCOPES,
    Condition,
    OrderFacts,
    Seen,
    check,
)

PREPARE, MERGE, SPLIT, WAREHOUSE, CARRIER, AUDIT = "Prepare", "Merge", "Split", "Warehouse", "Carrier", "Audit"
STAGES = (PREPARE, MERGE, SPLIT, WAREHOUSE, CARRIER, AUDIT)
ADD_REASON, HOLD, ADD_MARK, SET_PRIORITY, SEAL = "Add Reason", "Hold", "Add Mark", "Set Priority", "Seal"
DO_NOT_MERGE = "Do Not Merge"
SPLIT_MATCHING, SPLIT_WEIGHT, SPLIT_QTY, SPLIT_AMOUNT, SPLIT_PRESALE, SPLIT_SUPPLIER, SPLIT_CLASS = (
    "Split Off Matching Lines",
    "Split by Weight",
    "Split by Quantity",
    "Split by Amount",
    "Split Off Presale",
    "Split by Supplier",
    "Split by Class",
)
SPLIT_GROUPS = (SPLIT_SUPPLIER, SPLIT_CLASS)
DROP, WAIT, REPLACE = "Drop", "Wait", "Replace"  # gifts that are out of stock
USE_WAREHOUSE, EXCLUDE_WAREHOUSE = "Use Warehouse", "Exclude Warehouse"
USE_CARRIER, EXCLUDE_CARRIER = "Use Carrier", "Exclude Carrier"
ASK_SERVICE, ASK_FINANCE, PASS = "Ask Service", "Ask Finance", "Pass"
ACTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        PREPARE: (ADD_REASON, HOLD, ADD_MARK, SET_PRIORITY, SEAL),
        MERGE: (DO_NOT_MERGE,),
        SPLIT: (SPLIT_MATCHING, SPLIT_WEIGHT, SPLIT_QTY, SPLIT_AMOUNT, SPLIT_PRESALE, *SPLIT_GROUPS),
        WAREHOUSE: (USE_WAREHOUSE, EXCLUDE_WAREHOUSE),
        CARRIER: (USE_CARRIER, EXCLUDE_CARRIER),
        AUDIT: (ASK_SERVICE, ASK_FINANCE, PASS, ADD_REASON),
    }
)


@dataclass(frozen=True, slots=True)
class Action:
    """What a rule does; ``value`` is what it does it with: a reason, minutes, a mark, a warehouse, a limit."""

    kind: str
    value: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class OrderRule:
    """A rule. Empty ``shops`` and times stand for any; a lower ``priority`` number is looked at first."""

    name: str
    stage: str
    actions: tuple[Action, ...]
    conditions: tuple[Condition, ...] = ()
    match_all: bool = True
    priority: int = 10
    shop: str = ""
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    stops: bool = False


@dataclass(frozen=True, slots=True)
class GiftItem:
    """A gift: quantity each time the rule is earned, and what is given where it is out of stock."""

    sku: str
    qty: str
    instead: str = ""


@dataclass(frozen=True, slots=True)
class GiftRule:
    """A rule that gives goods. ``basis`` is Order, Quantity or Amount: once, or for every ``threshold`` of what matches.

    Of the rules of one ``tier_group`` an order gets what the highest threshold gives that it reaches. ``most_times`` 0 is no
    limit; ``budget`` 0 is no budget; ``keep_available`` is what must stay in stock; ``when_short`` is Drop, Wait or Replace.
    """

    name: str
    items: tuple[GiftItem, ...]
    conditions: tuple[Condition, ...] = ()
    match_all: bool = True
    priority: int = 10
    shop: str = ""
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    basis: str = "Order"
    threshold: str = "0"
    most_times: int = 1
    budget: str = "0"
    keep_available: str = "0"
    tier_group: str = ""
    when_short: str = DROP


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rules of one version."""

    version: str = ""
    rules: tuple[OrderRule, ...] = ()
    gifts: tuple[GiftRule, ...] = ()

    def of(self, stage: str) -> tuple[OrderRule, ...]:
        """Return the rules of a stage in the order in which they are looked at."""
        return tuple(
            sorted((rule for rule in self.rules if rule.stage == stage), key=lambda rule: (rule.priority, rule.name))
        )

    def conditions(self) -> list[Condition]:
        """Return all conditions, for loading what they look at."""
        own = [condition for rule in self.rules for condition in rule.conditions]
        return own + [condition for rule in self.gifts for condition in rule.conditions]


EMPTY = RuleBook()


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that matches, with what its conditions saw."""

    rule: OrderRule
    seen: tuple[Seen, ...] = ()


def matches(book: RuleBook, stage: str, facts: OrderFacts, now: datetime) -> list[Match]:
    """Return the rules of a stage that match, in order; one that stops the stage is the last."""
    found: list[Match] = []
    for rule in book.of(stage):
        seen = applies(rule, facts, now)
        if seen is None:
            continue
        found.append(Match(rule, seen))
        if rule.stops:
            break
    return found


def applies(rule: OrderRule | GiftRule, facts: OrderFacts, now: datetime) -> tuple[Seen, ...] | None:
    """Return what the conditions of a rule saw where it matches, else None."""
    if rule.shop and rule.shop.casefold() != str(facts.order.get("shop") or "").casefold():
        return None
    if (rule.valid_from and now < rule.valid_from) or (rule.valid_to and now > rule.valid_to):
        return None
    seen = tuple(check(condition, facts) for condition in rule.conditions)
    held = [one.holds for one in seen]
    fits = not held or (all(held) if rule.match_all else any(held))
    return seen if fits else None


def actions_of(found: Sequence[Match], kind: str) -> list[tuple[Match, Action]]:
    """Return the actions of a kind among the matches, in order."""
    return [(match, action) for match in found for action in match.rule.actions if action.kind == kind]


def reason(match: Match) -> Problem:
    """Return one sentence about a match: the rule, and what its conditions saw."""
    return problem(N_("Rule {0}: {1}"), match.rule.name, Comparisons(tuple(_compared(one) for one in match.seen)))


def _compared(seen: Seen) -> Comparison:
    one = seen.condition
    doctype = DOCTYPE_OF_SCOPE.get(one.scope, "")
    label = "" if doctype else CALCULATED_LABELS.get(one.field, one.field)
    return Comparison(one.operator, one.value, seen.actual, doctype, one.field, label)


def rule_problems(stage: str, actions: Sequence[Action], conditions: Sequence[Condition]) -> list[Problem]:
    """Return what is wrong with a rule's stage, actions and conditions, fields apart."""
    found = [
        problem(N_("{0} is no action of the stage {1}"), one.kind, stage)
        for one in actions
        if one.kind not in ACTIONS[stage]
    ]
    found += [
        problem(N_("{0} needs a value"), one.kind) for one in actions if one.kind not in _NO_VALUE and not one.value
    ]
    found += [
        problem(N_("{0} needs a value"), one.field) for one in conditions if _needs_value(one) and not one.value.strip()
    ]
    found += [
        problem(N_("{0} must be a number, not {1}"), one.kind, one.value) for one in actions if _not_a_number(one)
    ]
    found += [problem(N_("{0} must be more than zero"), one.kind) for one in actions if _no_limit(one)]
    unknown = [one.scope for one in conditions if one.scope not in SCOPES]
    unknown += [one.operator for one in conditions if one.operator not in OPERATORS]
    return found + [problem(N_("{0} is not known"), word) for word in unknown]


def _by_name(book: RuleBook) -> dict[str, OrderRule | GiftRule]:
    known: dict[str, OrderRule | GiftRule] = {rule.name: rule for rule in book.rules}
    return known | {rule.name: rule for rule in book.gifts}


_NO_VALUE = (SEAL, DO_NOT_MERGE, SPLIT_MATCHING, SPLIT_PRESALE, *SPLIT_GROUPS, ASK_SERVICE, ASK_FINANCE, PASS)
_WITH_WHOLE_NUMBER = (HOLD, SET_PRIORITY)
_WITH_LIMIT = (SPLIT_WEIGHT, SPLIT_QTY, SPLIT_AMOUNT)


def _needs_value(condition: Condition) -> bool:
    return condition.operator not in ("is set", "is not set")


def _not_a_number(action: Action) -> bool:
    if action.kind in _WITH_WHOLE_NUMBER and action.value:
        return not action.value.strip().lstrip("-").isdigit()
    return action.kind in _WITH_LIMIT and not is_number(action.value)


def _no_limit(action: Action) -> bool:
    """Tell whether a limit would let nothing into any part."""
    return action.kind in _WITH_LIMIT and is_number(action.value) and decimal_of(action.value) <= ZERO


def differences(before: RuleBook, after: RuleBook) -> list[Problem]:
    """Return what has changed between two books, a sentence per rule."""
    old, new = _by_name(before), _by_name(after)
    found = [problem(N_("Added: {0}"), name) for name in new if name not in old]
    found += [problem(N_("Changed: {0}"), name) for name in new if name in old and new[name] != old[name]]
    return found + [problem(N_("Removed: {0}"), name) for name in old if name not in new]
