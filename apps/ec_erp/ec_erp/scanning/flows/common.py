"""What all scans share: reading codes, and refusing what says nothing here.

Invariant: a refusal names what was scanned and what is expected instead.
"""

from __future__ import annotations

from typing import NoReturn

from ec_erp.documents.errors import refuse_with
from ec_erp.kernel.problems import problem
from ec_erp.scanning import store
from ec_erp.scanning.errors import ScanRefused
from ec_erp.scanning.types import Goods


def stop(message: str, *values: object) -> NoReturn:
    """Raise ``ScanRefused`` with a template and its values."""
    refuse_with([problem(message, *values)], ScanRefused)


def goods_of(code: str, unknown: str) -> Goods:
    """Return what a code stands for. Raises ``ScanRefused`` with the template ``unknown`` for others."""
    found = store.find_goods(code)
    if found is None:
        stop(unknown, code)
    return found
