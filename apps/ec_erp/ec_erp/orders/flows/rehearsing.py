"""Trying rules out: on one order, or on all orders of the last days, against the published ones. Nothing is changed.

Invariant: both books are asked about the same facts and the same stock, so that every difference comes from the rules.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import frappe

from ec_erp.documents import sentences
from ec_erp.documents.errors import refuse
from ec_erp.documents.memo import remembering
from ec_erp.kernel.numbers import plain
from ec_erp.kernel.problems import N_, Problem, problem, words
from ec_erp.orders import store
from ec_erp.orders.errors import RulesRefused
from ec_erp.orders.flows import preparing, sourcing, splitting
from ec_erp.orders.flows.auditing import audit_policy
from ec_erp.orders.flows.context import Run, start_run
from ec_erp.orders.flows.facts import audit_facts, facts_of
from ec_erp.orders.flows.ruling import RULE, active_book, book_of, draft_book
from ec_erp.orders.flows.working import WorkingOrder
from ec_erp.orders.rules import auditing, blocks, gifting, rulebook
from ec_erp.orders.rules.conditions import OrderFacts
from ec_erp.orders.rules.rulebook import RuleBook
from ec_erp.orders.rules.sourcing import Candidate

_SIDES = ("before", "after")
_BETWEEN_PARTS = " | "
MOST_ORDERS = 5000
MOST_OUTCOMES = 20  # of a part
_CHUNK = 200
PARTS = (N_("Marks"), N_("Gifts"), N_("Merge"), N_("Split"), N_("Warehouse"), N_("Carrier"), N_("Audit"))


Sentences = tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a book decides about an order: sentences per part, and the reasons."""

    parts: Mapping[str, Sentences]
    why: Mapping[str, tuple[Problem, ...]]


@dataclass(frozen=True, slots=True)
class Difference:
    """A part of an order's outcome that two books see differently."""

    order: str
    part: str
    before: Sentences
    after: Sentences

    def told(self) -> dict[str, str]:
        """Return it as a row in the user's language."""
        return {"order": self.order, "part": self.part, "before": tell(self.before), "after": tell(self.after)}


@dataclass(slots=True)
class Rehearsal:
    """What two books decide about orders: how many there were, every difference, and orders by (part, outcome) before and after."""

    order_count: int = 0
    found: list[Difference] = field(default_factory=list)
    before: Counter[tuple[str, Sentences]] = field(default_factory=Counter)
    after: Counter[tuple[str, Sentences]] = field(default_factory=Counter)

    @property
    def changed_count(self) -> int:
        """How many orders come out differently."""
        return len({one.order for one in self.found})

    def outcomes(self) -> list[tuple[str, Sentences, int, int]]:
        """Return (part, outcome, orders before, orders after) of the parts about which rules decide, the most frequent first."""
        both = self.before | self.after
        wanted = {part for part, outcome in both if outcome}
        rows = [(part, outcome, self.before[part, outcome], self.after[part, outcome]) for part, outcome in both]
        rows.sort(key=lambda row: (PARTS.index(row[0]), -max(row[2:]), tell(row[1])))
        return [
            row for part in PARTS if part in wanted for row in [one for one in rows if one[0] == part][:MOST_OUTCOMES]
        ]


def tell(outcome: Sentences) -> str:
    """Return what was decided in the user's language."""
    return "; ".join(sentences.tell_problem(one) for one in outcome)


def _named(*names: str) -> Sentences:
    """Return names and words of the system as an outcome; nothing for none."""
    return tuple(problem("{0}", name) for name in names if name)


def try_order(name: str, version: str | None = None) -> dict[str, Any]:
    """Return what the rules as they are now (or those of a version) decide about one order, with every reason."""
    with remembering():
        orders = load([name])
        refuse([problem(N_("{0} {1} does not exist"), words("Sales Order"), name)] if not orders else [], RulesRefused)
        book = book_of(version) if version else draft_book()
        outcome = decide(orders, start_run(orders), book)[name]
        told = {part: [sentences.tell_problem(why) for why in outcome.why.get(part, ())] for part in outcome.parts}
    return {
        "order": name,
        "version": book.version or frappe._("as they are now"),
        "outcome": [
            {"part": frappe._(part, context=RULE), "what": tell(what), "why": told[part]}
            for part, what in outcome.parts.items()
        ],
    }


def rehearse(days: int, shop: str | None = None) -> Rehearsal:
    """Ask the published rules and those as they are now about the orders of the last days.

    Raises ``RulesRefused`` for more than 5,000 orders.
    """
    since = frappe.utils.now_datetime() - timedelta(days=days)
    names = store.load_recent_orders(since, shop, MOST_ORDERS + 1)
    message = N_("More than {0} orders: choose fewer days or a shop")
    refuse([problem(message, MOST_ORDERS)] if len(names) > MOST_ORDERS else [], RulesRefused)
    before, after = active_book(), draft_book()
    rehearsal = Rehearsal(len(names))
    for start in range(0, len(names), _CHUNK):
        with remembering():
            orders = load(names[start : start + _CHUNK])
            run = start_run(orders)
            old, new = decide(orders, run, before), decide(orders, run, after)
            rehearsal.found += differences(old, new)
            rehearsal.before.update(_counted(old.values()))
            rehearsal.after.update(_counted(new.values()))
    return rehearsal


def _counted(outcomes: Iterable[Outcome]) -> Iterator[tuple[str, Sentences]]:
    """Yield (part, outcome) of each order; of a split the number of parts counts, not what is in them."""
    for one in outcomes:
        for part, decided in one.parts.items():
            if part == "Split" and decided:
                decided = (problem(N_("Into {0} parts"), len(str(decided[0].values[0]).split(_BETWEEN_PARTS))),)
            yield part, decided


def load(names: Sequence[str]) -> list[WorkingOrder]:
    """Return orders for looking at, unlocked; drafts, too."""
    heads = store.load_heads(names)
    lines = store.load_line_rows(heads)
    return [WorkingOrder(head, _without_gifts(lines.get(name, [])), []) for name, head in heads.items()]


def _without_gifts(rows: Sequence[Any]) -> list[Any]:
    """Leave out what gift rules have given: it is decided anew."""
    return [row for row in rows if not row.get("gift_rule")]


def differences(before: Mapping[str, Outcome], after: Mapping[str, Outcome]) -> list[Difference]:
    """Return what two books see differently, order by order and part by part."""
    return [
        Difference(name, part, before[name].parts[part], outcome.parts[part])
        for name, outcome in after.items()
        for part in PARTS
        if before[name].parts[part] != outcome.parts[part]
    ]


def decide(orders: Sequence[WorkingOrder], run: Run, book: RuleBook) -> dict[str, Outcome]:
    """Return what a book decides about orders, each looked at by itself."""
    asked = replace(run, book=book)
    known = facts_of(orders, asked)
    candidates = sourcing.load_candidates(orders, asked) if _sources(orders, asked) else {}
    stock = preparing.gift_stock(orders, asked) if book.gifts else None
    left = {order.name: stock.of(order, asked) if stock else gifting.Stock({}, {}) for order in orders}
    return {order.name: _outcome(order, known[order.name], asked, candidates, left[order.name]) for order in orders}


def _sources(orders: Sequence[WorkingOrder], run: Run) -> bool:
    terms = [run.terms(order) for order in orders]
    return bool(run.book.of(rulebook.WAREHOUSE)) or any(one is not None and one.choose_warehouse for one in terms)


def _outcome(
    order: WorkingOrder,
    facts: OrderFacts,
    run: Run,
    candidates: Mapping[str, Sequence[Candidate]],
    stock: gifting.Stock,
) -> Outcome:
    decided = {
        "Marks": _marks(facts, run),
        "Gifts": _gifts(facts, run, stock),
        "Merge": _by_actions(rulebook.MERGE, facts, run),
        "Split": _split(order, facts, run),
        "Warehouse": _warehouse(order, facts, run, candidates),
        "Carrier": _carrier(order, facts, run),
        "Audit": _audit(order, facts, run),
    }
    return Outcome(
        {part: what for part, (what, _) in decided.items()}, {part: why for part, (_, why) in decided.items()}
    )


_Decided = tuple[Sentences, tuple[Problem, ...]]


def _marks(facts: OrderFacts, run: Run) -> _Decided:
    return _by_actions(rulebook.PREPARE, facts, run)


def _by_actions(stage: str, facts: OrderFacts, run: Run) -> _Decided:
    found = rulebook.matches(run.book, stage, facts, run.now)
    actions = [one for match in found for one in match.rule.actions]
    done = tuple(problem("{0} {1}" if one.value else "{0}", *filter(None, (one.kind, one.value))) for one in actions)
    return done, tuple(rulebook.reason(match) for match in found)


def _gifts(facts: OrderFacts, run: Run, stock: gifting.Stock) -> _Decided:
    earned, why = gifting.gifts(run.book, facts, stock, run.now)
    return _named(*(f"{gift.sku} × {plain(gift.qty)}" for gift in earned)), tuple(why)


def _split(order: WorkingOrder, facts: OrderFacts, run: Run) -> _Decided:
    parts, why = splitting.parts_by_rule(order, facts, run)
    if len(parts) < 2:
        return (), ()
    skus = {row.name: row.sku for row in order.lines}
    told = [" + ".join(f"{skus[share.line]} × {plain(share.qty)}" for share in part) for part in parts]
    return _named(_BETWEEN_PARTS.join(told)), (why,) if why else ()


def _warehouse(
    order: WorkingOrder, facts: OrderFacts, run: Run, candidates: Mapping[str, Sequence[Candidate]]
) -> _Decided:
    choice = sourcing.choose_warehouse(order, facts, candidates, run) if not order.warehouse_by_hand else None
    if choice is None:
        return _named(order.warehouse or ""), ()
    split = dict.fromkeys(warehouse for shares in choice.split.values() for warehouse, _ in shares)
    return _named(choice.warehouse or " + ".join(split)) or _named(N_("No warehouse fits")), choice.why


def _carrier(order: WorkingOrder, facts: OrderFacts, run: Run) -> _Decided:
    carrier, _, why = sourcing.choose_carrier(order, facts, sourcing.freight_rates(), run)
    return _named(carrier or ""), tuple(why)


def _audit(order: WorkingOrder, facts: OrderFacts, run: Run) -> _Decided:
    found = rulebook.matches(run.book, rulebook.AUDIT, facts, run.now)
    verdict = auditing.audit(audit_facts(order), audit_policy(order, found, run))
    stopped = [action.value for _, action in rulebook.actions_of(found, rulebook.ADD_REASON)]
    asked = [blocks.SERVICE] * bool(verdict.person) + [blocks.FINANCE] * bool(verdict.finance)
    found_out = _named(*asked, *stopped, *([blocks.LOSS] if verdict.loss else []))
    return found_out or _named(N_("Passed by itself")), verdict.reasons


def fill_rehearsal(doc: Any) -> None:
    """Run a rehearsal and write what came of it into its document."""
    rehearsal = rehearse(int(doc.days or 0), doc.shop)
    doc.compared_with = active_book().version or None
    doc.order_count, doc.changed_count = rehearsal.order_count, rehearsal.changed_count
    doc.set("outcomes", [_outcome_row(*one) for one in rehearsal.outcomes()])
    doc.set("rows", [_row(one) for one in rehearsal.found])
    doc.summary = _summary(doc.rows)


def _outcome_row(part: str, outcome: Sentences, before: int, after: int) -> dict[str, Any]:
    kept = {"outcome": [sentences.keep(one.message, one.values) for one in outcome]}
    counts = {"before_count": before, "after_count": after}
    return {"part": part, "outcome": tell(outcome) or "–", **counts, "terms": frappe.as_json(kept, indent=None)}


def _row(one: Difference) -> dict[str, Any]:
    """Return a difference as a row: in the runner's words, and as JSON for readers of other languages."""
    told = one.told()
    kept = {side: [sentences.keep(part.message, part.values) for part in getattr(one, side)] for side in _SIDES}
    texts = {side: told[side] for side in _SIDES}
    return {"sales_order": one.order, "part": one.part, **texts, "terms": frappe.as_json(kept, indent=None)}


def tell_rehearsal(doc: Any) -> None:
    """Say in the user's language what a rehearsal has found; nothing is saved."""
    for row in (*doc.outcomes, *doc.rows):
        kept = frappe.parse_json(row.terms) if row.terms else {}
        for side in kept:
            row.set(side, "; ".join(sentences.tell(one) for one in kept[side]) or ("–" if side == "outcome" else ""))
    doc.summary = _summary(doc.rows)


def _summary(rows: Sequence[Any]) -> str:
    counts = Counter(row.part for row in rows)
    return "; ".join(f"{frappe._(part)}: {counts[part]}" for part in PARTS if counts[part])
