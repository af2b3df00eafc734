"""Importing documents from a table in a file, each row its own transaction.

Invariant: a row that fails changes nothing and stops no other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from frappe_engine.context.errors import ValidationError
from frappe_engine.context.local import current
from frappe_engine.context.messages import clear_messages, get_message_log, plain_text
from frappe_engine.documents.document import get_doc
from frappe_engine.documents.metas import get_meta

NAME_HEADINGS = ("id", "name")


@dataclass
class Outcome:
    """How many documents were imported, and which rows failed why."""

    done: int = 0
    failures: list[tuple[int, str]] = field(default_factory=list)


def read_table(path: str) -> list[list[Any]]:
    """Give the rows of a CSV or XLSX file."""
    if path.lower().endswith(".xlsx"):
        rows: list[list[Any]] = import_module("frappe.utils.xlsxutils").read_xlsx_file_from_attached_file(filepath=path)
        return rows
    with open(path, "rb") as file:
        content = file.read()
    return import_module("frappe.utils.csvutils").read_csv_content(content)  # type: ignore[no-any-return]


def field_names(doctype: str, headings: Sequence[Any]) -> list[str | None]:
    """Give the field of each heading (label or field name), None for an empty heading.

    Raises `ValidationError` naming headings that are no field.
    """
    meta = get_meta(doctype)
    by_heading = {name: name for name in NAME_HEADINGS}
    for item in meta.data_fields:
        by_heading[str(item.label or item.fieldname).lower()] = item.fieldname
        by_heading[item.fieldname.lower()] = item.fieldname
    texts = [str(heading or "").strip() for heading in headings]
    unknown = [text for text in texts if text and text.lower() not in by_heading]
    if unknown:
        raise ValidationError(f"{doctype} has no field {', '.join(unknown)}")
    names = [by_heading[text.lower()] if text else None for text in texts]
    return ["name" if name in NAME_HEADINGS else name for name in names]


def import_table(path: str, doctype: str, *, update: bool = False, submit: bool = False) -> Outcome:
    """Insert (or with `update`: change) a document per row; commits each row that succeeds."""
    rows = [row for row in read_table(path)]
    if not rows:
        raise ValidationError(f"{path} holds no rows")
    names = field_names(doctype, rows[0])
    outcome = Outcome()
    for number, row in enumerate(rows[1:], start=2):
        values = {name: cell for name, cell in zip(names, row, strict=False) if name and cell not in (None, "")}
        if not values:
            continue
        try:
            _import_row(doctype, values, update=update, submit=submit)
            current().db.commit()
            outcome.done += 1
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one row is reported with its number
            current().db.rollback()
            outcome.failures.append((number, _reason(error)))
        clear_messages()
    return outcome


def _import_row(doctype: str, values: dict[str, Any], *, update: bool, submit: bool) -> None:
    if update:
        name = values.pop("name", None)
        if not name:
            raise ValidationError("no ID given")
        document = get_doc(doctype, name)
        document.update(values)
        document.save()
    else:
        document = get_doc({"doctype": doctype, **values})
        document.insert(set_name=values.get("name"))
    if submit and document.meta.is_submittable:
        document.submit()


def _reason(error: Exception) -> str:
    messages = [plain_text(entry.get("message")) for entry in get_message_log()]
    return "; ".join(messages) or f"{type(error).__name__}: {error}"
