"""Whether an order needs a person before it goes to the warehouse, and which one: pure.

Invariant: every order that stays gets at least one reason, and every reason can be read by the person who looks at it.
Worked table: docs/algorithms/order-audit.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.problems import N_, Problem, problem

_HUNDRED = Decimal(100)
_PERCENT_STEP = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class AuditPolicy:
    """The settings; zero and False stand for 'not asked'. Amounts in the order's currency."""

    finance_over: Decimal = ZERO
    finance_discount_percent: Decimal = ZERO
    hold_loss: bool = False
    person: tuple[Problem, ...] = ()
    finance: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditFacts:
    """What is looked at: what the buyer pays, goods before any discount, all discounts, the estimated profit."""

    total: Decimal
    goods_before_discount: Decimal = ZERO
    discount: Decimal = ZERO
    profit: Decimal | None = None
    is_sale: bool = True


@dataclass(frozen=True, slots=True)
class Audit:
    """The verdict: reasons for service, for finance, and to hold it as loss-making; none of them: it passes by itself."""

    person: tuple[Problem, ...] = ()
    finance: tuple[Problem, ...] = ()
    loss: Problem | None = None

    @property
    def passes(self) -> bool:
        """Whether nobody has to look."""
        return not self.person and not self.finance and self.loss is None

    @property
    def reasons(self) -> tuple[Problem, ...]:
        """Everything that a person should read."""
        return (*self.person, *self.finance, *((self.loss,) if self.loss else ()))


def audit(facts: AuditFacts, policy: AuditPolicy) -> Audit:
    """Return who has to look at an order, and why. What rules and the shop ask for comes with the policy."""
    loss = None
    if policy.hold_loss and facts.is_sale and facts.profit is not None and facts.profit < 0:
        loss = problem(N_("The estimated profit is {0}"), facts.profit)
    return Audit(policy.person, (*policy.finance, *_finance(facts, policy)), loss)


def _finance(facts: AuditFacts, policy: AuditPolicy) -> list[Problem]:
    found = []
    if policy.finance_over and facts.total > policy.finance_over:
        found.append(problem(N_("The total {0} is over {1}"), facts.total, policy.finance_over))
    percent = discount_percent(facts)
    if policy.finance_discount_percent and percent >= policy.finance_discount_percent:
        message = N_("The discount is {0} %, from {1} % on finance looks")
        found.append(problem(message, percent, policy.finance_discount_percent))
    return found


def discount_percent(facts: AuditFacts) -> Decimal:
    """Return all discounts in percent of the goods before them, zero without goods."""
    if facts.goods_before_discount <= 0:
        return ZERO
    return (_HUNDRED * facts.discount / facts.goods_before_discount).quantize(_PERCENT_STEP)
