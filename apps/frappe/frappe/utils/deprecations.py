"""Functions that are on their way out still work, and say so.

Invariant: a deprecated function does what it did.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable
from typing import Any


class FrappeDeprecationWarning(DeprecationWarning):
    """A function of the framework or an app should no longer be used."""


def deprecation_warning(message: str) -> None:
    """Warn that the caller uses something that is on its way out."""
    warnings.warn(message=message, category=FrappeDeprecationWarning, stacklevel=3)


def deprecated(func: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a function as one that should no longer be used; each caller is warned once."""

    @functools.wraps(func)
    def wrapper(*arguments: Any, **options: Any) -> Any:
        deprecation_warning(f"{func.__module__}.{func.__qualname__} is deprecated and will be removed")
        return func(*arguments, **options)

    return wrapper
