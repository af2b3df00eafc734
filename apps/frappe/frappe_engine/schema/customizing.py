"""What a site changes in a DocType: the difference between the definition and the form in which it was changed.

Invariant: pure. Applying the differences to the definition gives the form again, and a form that was not changed has
none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]

NUMBER_TYPES = frozenset({"Check", "Int"})
# types that documents and scripts of an app can bear instead of the one it chose
CHANGEABLE_TYPES: tuple[frozenset[str], ...] = (
    frozenset({"Currency", "Float", "Percent"}),
    frozenset({"Data", "Select", "Autocomplete", "Read Only"}),
    frozenset({"Small Text", "Data"}),
    frozenset(
        {"Text", "Small Text", "Long Text", "Text Editor", "Code", "Markdown Editor", "HTML Editor", "Signature"}
    ),
    frozenset({"Attach", "Attach Image"}),
    frozenset({"Date", "Datetime"}),
    frozenset({"Int", "Long Int"}),
    frozenset({"Table", "Table MultiSelect"}),
    frozenset({"Section Break", "Tab Break"}),
)
WITH_FREE_OPTIONS = frozenset(
    {"Read Only", "HTML", "Data", "Select", "Autocomplete", "Currency", "Code", "Heading", "Button", "Float", "Percent"}
)


@dataclass(frozen=True, slots=True)
class Setting:
    """One property to set (`value` as text), or to take back to the definition's (`value` None)."""

    property: str
    property_type: str
    value: str | None


def as_text(value: Any, property_type: str) -> str:
    """Give a value of a property as it is kept: numbers as whole numbers, nothing as the empty text."""
    if property_type in NUMBER_TYPES:
        try:
            return str(int(float(value or 0)))
        except (TypeError, ValueError):
            return "0"
    return "" if value is None else str(value)


def settings_between(
    base: Row, wanted: Row, types: Mapping[str, str], present: Mapping[str, str | None]
) -> list[Setting]:
    """Give what has to be set so that `base` becomes `wanted`.

    `types` are the properties that can be changed with the type of each, `present` what is set already.
    """
    found: list[Setting] = []
    for name, property_type in types.items():
        old, new = as_text(base.get(name), property_type), as_text(wanted.get(name), property_type)
        if new == old:
            if name in present:
                found.append(Setting(name, property_type, None))
        elif name not in present or as_text(present[name], property_type) != new:
            found.append(Setting(name, property_type, new))
    return found


def may_change_type(old: str, new: str) -> bool:
    """Tell whether a site may change the type of an app's field so."""
    return old == new or any({old, new} <= group for group in CHANGEABLE_TYPES)


def refusals(base: Row, wanted: Row, row: int) -> list[tuple[str, tuple[Any, ...]]]:
    """Give what a site may not change in a field of an app, as (sentence, values)."""
    label = wanted.get("label") or wanted.get("fieldname")
    found: list[tuple[str, tuple[Any, ...]]] = []
    if not may_change_type(str(base.get("fieldtype")), str(wanted.get("fieldtype"))):
        text = "Row {0}: the type of {1} can't be changed from {2} to {3}"
        found.append((text, (row, label, base.get("fieldtype"), wanted.get("fieldtype"))))
    if _lowered(base, wanted, "reqd"):
        found.append(("Row {0}: {1} stays mandatory, because its app counts on it", (row, label)))
    if _lowered(base, wanted, "read_only") and not base.get("read_only_depends_on"):
        found.append(("Row {0}: {1} stays read only, because its app writes it", (row, label)))
    if _lowered(wanted, base, "allow_on_submit") and base.get("fieldtype") not in (
        "Section Break",
        "Column Break",
        "Tab Break",
    ):
        found.append(("Row {0}: {1} can't be allowed to change after submit, because its app does not", (row, label)))
    if (
        _precision(wanted) is not None
        and _precision(base) is not None
        and (_precision(wanted) or 0) < (_precision(base) or 0)
    ):
        found.append(("Row {0}: the precision of {1} can be raised only", (row, label)))
    options_differ = as_text(base.get("options"), "Text") != as_text(wanted.get("options"), "Text")
    if options_differ and base.get("fieldtype") not in WITH_FREE_OPTIONS:
        found.append(("Row {0}: the options of {1} can't be changed", (row, label)))
    return found


def _lowered(high: Row, low: Row, name: str) -> bool:
    return bool(high.get(name)) and not low.get(name)


def _precision(row: Row) -> int | None:
    text = str(row.get("precision") or "").strip()
    return int(text) if text.isdigit() else None


def natural_order(names: Iterable[str], wanted: Sequence[str]) -> list[str] | None:
    """Give the order to keep, None when it is the one the fields have by themselves."""
    return None if list(names) == list(wanted) else list(wanted)
