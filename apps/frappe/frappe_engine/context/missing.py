"""What the public API has elsewhere and this runtime has not: the error that names it, and who raises it.

Invariant: to Python a missing name is no attribute (`hasattr`, `getattr` with a default, `from … import` behave as ever);
to whoever reads the error it is an API that is not implemented, by its full name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn


class MissingAPI(NotImplementedError, AttributeError):
    """A name of the public API that this runtime does not have."""


def refuse(name: str) -> NoReturn:
    """Raise `MissingAPI` for a dotted name."""
    raise MissingAPI(f"{name} is not part of this runtime yet")


class NamesWhatIsMissing:
    """Base class of the objects behind `frappe.db`, `frappe.cache`, `frappe.qb`: unknown members are named in full."""

    public_name = ""

    if not TYPE_CHECKING:  # who checks types should go on to find misspelt members

        def __getattr__(self, name: str) -> NoReturn:
            if name.startswith("__"):
                raise AttributeError(name)  # what Python itself asks of an object
            refuse(f"{self.public_name}.{name}")
