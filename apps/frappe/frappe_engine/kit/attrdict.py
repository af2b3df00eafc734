"""A dict whose keys are attributes too, as rows of queries and records without a class travel.

Invariant: it stays a real `dict` (JSON, pickle, equality, `isinstance`), and an absent key reads as None.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Self


class _dict(dict[str, Any]):  # noqa: N801 - the public name of this type
    """A dict read and written as attributes: `row.qty` is `row["qty"]`, None when the key is absent.

    Names of Python's own protocols (`__html__`, `__array__` …) raise `AttributeError` when they are no keys, so
    that libraries which probe for them are not misled by a None. Keys that clash with dict methods (`items`,
    `keys`, `values`, `copy` …) are reached by subscript only.
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        value = self.get(name)
        if value is None and name[-2:] == "__" and name not in self:
            raise AttributeError(name)
        return value

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def __delattr__(self, name: str) -> None:
        try:
            del self[name]
        except KeyError:
            raise AttributeError(name) from None

    def update(  # type: ignore[override]  # gives itself back, so that calls can be chained
        self, other: Mapping[str, Any] | Iterable[tuple[str, Any]] = (), /, **values: Any
    ) -> Self:
        """Take over the entries of `other` and `values`, and give this dict back."""
        super().update(other, **values)
        return self

    def copy(self) -> _dict:
        """Give a shallow copy of the same kind."""
        return _dict(self)
