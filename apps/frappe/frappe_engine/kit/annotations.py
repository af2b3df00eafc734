"""Values for annotations: a walk through `X | None`, `Literal`, `Annotated`, `list[X]`, `dict[K, V]` down to plain types.

Who calls says what becomes of a plain type (`plain`): a request is read more leniently than a call in Python.

Invariant: pure; a value that does not stand for what is wanted gives `MISFIT`, never a value of another type.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable
from typing import Any, Final, Literal, Union

MISFIT: Final[Any] = object()
Plain = Callable[[Any, Any], Any]


def fitting(value: Any, wanted: Any, plain: Plain) -> Any:
    """Give `value` as what the annotation `wanted` names, or `MISFIT`; `plain(value, type)` does so for one plain type."""
    if wanted is Any or isinstance(wanted, (str, typing.ForwardRef, typing.TypeVar)):
        return value
    origin, inner = typing.get_origin(wanted), typing.get_args(wanted)
    if origin in (Union, types.UnionType):
        return _one_of(value, inner, plain)
    if origin is Literal:
        return value if value in inner else MISFIT
    if origin is typing.Annotated:
        return fitting(value, inner[0], plain)
    return _container(value, origin, inner, plain) if origin is not None else plain(value, wanted)


def _one_of(value: Any, choices: tuple[Any, ...], plain: Plain) -> Any:
    exact = [choice for choice in choices if type(value) is (typing.get_origin(choice) or choice)]
    for choice in [*exact, *choices]:  # exactly one of them first: "5" for `int | str` stays text
        found = fitting(value, choice, plain)
        if found is not MISFIT:
            return found
    return MISFIT


def _container(value: Any, origin: Any, inner: tuple[Any, ...], plain: Plain) -> Any:
    found = plain(value, origin)
    if found is MISFIT or not inner:
        return found
    if isinstance(found, dict):
        entries = {fitting(key, inner[0], plain): fitting(entry, inner[-1], plain) for key, entry in found.items()}
        bad = any(key is MISFIT or entry is MISFIT for key, entry in entries.items())
        same = all(entries.get(key, MISFIT) is entry for key, entry in found.items())
        return MISFIT if bad else found if same else type(found)(entries)
    if isinstance(found, tuple) and inner[-1] is not Ellipsis:
        return _fixed(found, inner, plain)
    if isinstance(found, (list, tuple, set, frozenset)):
        return _whole(found, [fitting(item, inner[0], plain) for item in found])
    return found


def _fixed(found: tuple[Any, ...], inner: tuple[Any, ...], plain: Plain) -> Any:
    """A tuple with a type for each place."""
    if len(found) != len(inner):
        return MISFIT
    return _whole(found, [fitting(item, kind, plain) for item, kind in zip(found, inner, strict=True)])


def _whole(found: Any, items: list[Any]) -> Any:
    return MISFIT if any(item is MISFIT for item in items) else type(found)(items)
