"""Alert rules as people write them.

Invariant: a rule that is saved has bounds that can hold.
"""

from __future__ import annotations

from typing import Any

from ec_erp.documents.errors import refuse
from ec_erp.inventory.rules.watching import FIXED
from ec_erp.kernel.numbers import decimal_of
from ec_erp.kernel.problems import N_, problem


def check_rule(doc: Any) -> None:
    """Refuse an upper bound below the lower one, and sales of no days."""
    lower, upper = ("lower_qty", "upper_qty") if doc.method == FIXED else ("lower_days", "upper_days")
    problems = []
    if decimal_of(doc.get(upper)) and decimal_of(doc.get(upper)) < decimal_of(doc.get(lower)):
        problems.append(problem(N_("The upper bound must not be below the lower one")))
    if doc.method != FIXED and int(doc.window_days or 0) <= 0:
        problems.append(problem(N_("Say of how many days the sales count")))
    if doc.sku and doc.category:
        problems.append(problem(N_("Name a SKU or a category, not both")))
    if any(not (row.role or row.user) for row in doc.recipients):
        problems.append(problem(N_("Say for every recipient which role or user it is")))
    refuse(problems)
