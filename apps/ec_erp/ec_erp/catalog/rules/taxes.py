"""Tax classes: the code and the rate that a SKU's sales and purchases are taxed with.

Invariant: a SKU that has a class has the rate of its class. Worked table: docs/algorithms/tax-class.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ec_erp.kernel.numbers import ZERO
from ec_erp.kernel.problems import N_, Problem, problem

EXEMPT, NOT_TAXED, ZERO_RATED, SIMPLIFIED, REFUNDED = "Exempt", "Not Taxed", "Zero Rate", "Simplified", "Refunded"
_WITHOUT_TAX = (EXEMPT, NOT_TAXED, ZERO_RATED)
_CODE_DIGITS = 19
_MOST = 100


@dataclass(frozen=True, slots=True)
class TaxTerms:
    """A class: its rate in percent, its preferential policy ("" for none), and the rate of the simplified method."""

    name: str
    rate: Decimal
    policy: str = ""
    simplified_rate: Decimal = ZERO
    disabled: bool = False


def rate_of(terms: TaxTerms) -> Decimal:
    """Return the rate that invoices of a class show, in percent: what is refunded afterwards is charged first."""
    if terms.policy in _WITHOUT_TAX:
        return ZERO
    return terms.simplified_rate if terms.policy == SIMPLIFIED else terms.rate


def class_for(given_rate: Decimal | None, inherited: Sequence[TaxTerms | None]) -> TaxTerms | None:
    """Return the class of a new SKU that names none: the nearest one of its category and those above.

    A rate that was given and that is not the class's own keeps the SKU without a class: somebody knows better.
    """
    found = next((terms for terms in inherited if terms and not terms.disabled), None)
    return found if found and given_rate in (None, rate_of(found)) else None


def class_problems(code: str, terms: TaxTerms) -> list[Problem]:
    """Return what is wrong with a class: its code has 19 digits, its rates lie between 0 and 100."""
    found: list[Problem] = []
    if code and not (code.isascii() and code.isdigit() and len(code) == _CODE_DIGITS):
        found.append(problem(N_("A tax code has 19 digits, not {0}"), code))
    if not (0 <= terms.rate <= _MOST and 0 <= terms.simplified_rate <= _MOST):
        found.append(problem(N_("A tax rate lies between 0 and 100 percent")))
    return found
