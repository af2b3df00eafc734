"""Documents that are the only ones of their DocType: their values stand as text in one table, a row per field.

Invariant: what is read with a type is what was written, as the field's type.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from frappe_engine.context.errors import ValidationError
from frappe_engine.context.local import current, providers
from frappe_engine.database.definitions import columns_of, is_single_doctype
from frappe_engine.database.site_caches import process_cache_of
from frappe_engine.database.transaction import Connection
from frappe_engine.kit.attrdict import _dict


class Singles(Connection):
    """Mixed into `Database`."""

    def get_single_value(self, doctype: str, fieldname: str, cache: bool = True) -> Any:
        """Give the value of a field of a Single, as the type of the field; 0 or None when it was never set.

        Raises `ValidationError` when there is no such field.
        """
        columns = columns_of(doctype)
        fieldtype = columns.column_types.get(fieldname)
        if fieldtype is None:
            raise ValidationError(f"Field {fieldname} does not exist on {doctype}")
        stored: Any = (
            self.get_singles_dict(doctype, cached=True) if cache else self._stored_single(doctype, [fieldname])
        )
        return cast_single(fieldtype, stored.get(fieldname))

    def get_singles_dict(
        self, doctype: str, debug: bool = False, *, for_update: bool = False, cast: bool = False, cached: bool = False
    ) -> Any:
        """Give the stored values of a Single, as text or (with `cast`) as the type of each field."""
        query = "SELECT `field`, `value` FROM `tabSingles` WHERE `doctype` = ?"
        if for_update:
            rows = self.write(query if self.is_sqlite else f"{query} FOR UPDATE", (doctype,)).fetchall()
        elif cached:
            context = current()
            rows = process_cache_of(context).get_or_load(f"single|{doctype}", lambda: self.rows(query, (doctype,)))
        else:
            rows = self.rows(query, (doctype,))
        stored = _dict(rows)
        if not cast:
            return stored
        types = columns_of(doctype).column_types
        return _dict({name: cast_single(types.get(name, "Data"), value) for name, value in stored.items()})

    def _is_single(self, doctype: str, filters: Any) -> bool:
        if filters is None or filters == doctype:
            return True
        return not isinstance(filters, (str, int, float)) and bool(is_single_doctype(doctype))

    def _single_values(
        self, doctype: str, filters: Any, fieldname: Any, *, as_dict: bool, update: Mapping[str, Any] | None
    ) -> list[Any]:
        wanted = [fieldname] if isinstance(fieldname, str) else list(fieldname)
        stored = self.get_singles_dict(doctype) if "*" in wanted else self._stored_single(doctype, wanted)
        if isinstance(filters, Mapping) and any(str(stored.get(k)) != str(v) for k, v in filters.items()):
            return []
        if not stored:
            return []
        if as_dict:
            return [_dict(stored, **(update or {}))]
        return [tuple(stored.get(name) for name in wanted)]

    def _stored_single(self, doctype: str, fields: Sequence[str]) -> Any:
        marks = ", ".join("?" * len(fields))
        rows = self.rows(
            f"SELECT `field`, `value` FROM `tabSingles` WHERE `doctype` = ? AND `field` IN ({marks})",
            (doctype, *fields),
        )
        return _dict(rows)

    def _set_single_values(self, doctype: str, values: dict[str, Any]) -> None:
        marks = ", ".join("?" * len(values))
        self.write(f"DELETE FROM `tabSingles` WHERE `doctype` = ? AND `field` IN ({marks})", (doctype, *values))
        self.write_many(
            "INSERT INTO `tabSingles` (`doctype`, `field`, `value`) VALUES (?, ?, ?)",
            [(doctype, name, single_text(value)) for name, value in values.items()],
        )
        providers("documents_changed", doctype, [doctype])


def single_text(value: Any) -> Any:
    """Give a value as a Single stores it: text, or None."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(int(value))
    return str(value)


def cast_single(fieldtype: str, value: Any) -> Any:
    """Give the stored text of a Single's field as its type; what was never set is 0 for numbers, else None."""
    if value is None:
        return {"Check": 0, "Int": 0, "Float": 0.0, "Currency": 0.0, "Percent": 0.0}.get(fieldtype)
    cast: Callable[[Any], Any] | None = providers("single_casts").get(fieldtype)
    return cast(value) if cast else value
