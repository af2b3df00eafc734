"""Lets `frappe.utils.nestedset` be used after `import frappe` alone, without importing every module at start.

Invariant: only modules that exist are found; anything else is named as missing.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from frappe_engine.context.missing import refuse


def lazily(package: str) -> Callable[[str], Any]:
    """Give a module `__getattr__` that imports submodules of `package` when they are first named."""

    def find(name: str) -> Any:
        if not name.startswith("__") and find_spec(f"{package}.{name}") is not None:
            return import_module(f"{package}.{name}")
        if name.startswith("__"):
            raise AttributeError(name)  # what Python itself asks of a module
        refuse(f"{package}.{name}")

    return find
