"""Values that are made by the hundred for each document: frozen dataclasses whose fields are filled in directly.

A frozen dataclass sets each of its fields by name, past its own refusal to be changed; that takes three times as long as filling
the slots, which are known once the class is.

Invariant: a value is made, compared, shown and refuses to be changed as its dataclass says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields
from functools import wraps
from operator import attrgetter
from typing import Any, TypeVar

Value = TypeVar("Value")
_parts_of: dict[type, tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]] = {}


def quickly_made(kind: type[Value]) -> type[Value]:
    """Give a frozen dataclass with slots a quicker way to make its values.

    Raises ``TypeError`` for one that does more than fill fields with what is given.
    """
    parts = fields(kind)  # type: ignore[arg-type]  # it is a dataclass, which types of classes can't say
    plain = all(part.init and not part.kw_only and part.default_factory is MISSING for part in parts)
    if hasattr(kind, "__post_init__") or not plain:
        raise TypeError(f"{kind.__name__} does more than fill its fields")
    fill = {f"fill_{part.name}": vars(kind)[part.name].__set__ for part in parts}
    lines = [f"def __init__(self, {', '.join(part.name for part in parts)}):"]
    lines += [f"    fill_{part.name}(self, {part.name})" for part in parts]
    exec("\n".join(lines), fill)  # names of fields alone, as dataclasses themselves do it
    made, slow = fill["__init__"], kind.__init__
    made.__defaults__ = slow.__defaults__
    kind.__init__ = wraps(slow)(made)  # type: ignore[method-assign]
    if len(parts) > 1:
        names = tuple(part.name for part in parts)
        _parts_of[kind] = names, attrgetter(*names)
    return kind


def with_changes(value: Value, /, **changes: Any) -> Value:
    """Give a value that is quickly made with some of its fields changed, as ``dataclasses.replace`` does of any dataclass."""
    names, read = _parts_of[type(value)]
    return type(value)(**dict(zip(names, read(value), strict=True), **changes))
