"""What a good SKU is, and which SKUs a document may name.

Invariant: a SKU code can be part of the name of a stock balance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ec_erp.catalog.types import SkuFacts
from ec_erp.kernel.problems import N_, Problem, problem

# Joins SKU and warehouse in the name of a stock balance, so it stands in neither.
RESERVED_CHARACTER = "|"


def code_problems(code: str) -> list[Problem]:
    """Return what is wrong with a SKU code or another name that balances are made of."""
    if RESERVED_CHARACTER in code:
        return [problem(N_("{0} must not contain the character {1}"), code, RESERVED_CHARACTER)]
    return []


def barcode_problems(barcodes: Sequence[tuple[str, bool]]) -> list[Problem]:
    """Return what is wrong with a SKU's barcodes, given as (barcode, is main)."""
    found: list[Problem] = []
    seen: set[str] = set()
    for barcode, _ in barcodes:
        if barcode in seen:
            found.append(problem(N_("The barcode {0} is listed twice"), barcode))
        seen.add(barcode)
    if sum(is_main for _, is_main in barcodes) > 1:
        found.append(problem(N_("Only one barcode can be the main one")))
    return found


def unknown_problems(rows: Iterable[tuple[int, str]], skus: Mapping[str, SkuFacts]) -> list[Problem]:
    """Return one problem for each row (number, code) whose SKU is not among the loaded ones (keys are case-folded)."""
    return [
        problem(N_("Row {0}: the SKU {1} does not exist"), row, code)
        for row, code in rows
        if code.casefold() not in skus
    ]


def disabled_problems(rows: Iterable[tuple[int, str]], skus: Mapping[str, SkuFacts]) -> list[Problem]:
    """Return one problem for each row whose SKU is switched off."""
    return [
        problem(N_("Row {0}: the SKU {1} is disabled"), row, code)
        for row, code in rows
        if code.casefold() in skus and skus[code.casefold()].disabled
    ]


def combo_row_problems(rows: Iterable[tuple[int, str]], skus: Mapping[str, SkuFacts]) -> list[Problem]:
    """Return one problem for each row that names a combo where goods are meant."""
    return [
        problem(N_("Row {0}: {1} is a combo and has no stock; name its components"), row, code)
        for row, code in rows
        if code.casefold() in skus and skus[code.casefold()].is_combo
    ]
