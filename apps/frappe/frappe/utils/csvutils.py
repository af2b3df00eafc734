"""Tables as CSV, under the names that apps import.

Invariant: text is read in whatever encoding it came in, and written as UTF-8.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from typing import Any

from frappe_engine.context.errors import ValidationError
from frappe_engine.context.local import current
from frappe_engine.context.messages import msgprint, throw
from frappe_engine.context.translate import _
from frappe_engine.kit import tables

from frappe.utils.data import cstr, escape_html, get_absolute_url


class UnicodeWriter(tables.CsvWriter):
    """Collects rows as CSV text: `writerow(row)`, then `getvalue()`."""

    def __init__(self, encoding: str = "utf-8", quoting: int = csv.QUOTE_NONNUMERIC, delimiter: str = ",") -> None:
        super().__init__(encoding, quoting, delimiter)


def read_csv_content(fcontent: str | bytes, ignore_encoding: bool = False) -> list[list[str]]:
    """Read CSV as a list of rows. Raises `frappe.ValidationError` for bytes in no known encoding."""
    if ignore_encoding and isinstance(fcontent, bytes):
        fcontent = fcontent.decode("utf-8", "ignore")
    try:
        return tables.read_csv(fcontent)
    except tables.UnreadableTable as error:
        throw(str(error), title=_("Not a valid Comma Separated Value (CSV File)"))


def read_csv_content_from_attached_file(doc: Any) -> list[list[str]]:
    """Read the CSV file that is attached to a document. Raises `frappe.ValidationError` when it can't be read."""
    import frappe  # the documents' layer, above this one

    name = frappe.db.get_value("File", {"attached_to_doctype": doc.doctype, "attached_to_name": doc.name}, "name")
    if not name:
        msgprint(_("File not attached"))
        raise ValidationError(_("File not attached"))
    return read_csv_content(frappe.get_doc("File", name).get_content())


def to_csv(data: Iterable[Sequence[Any]]) -> str:
    """Write rows as CSV text; texts are quoted, None is an empty text."""
    return tables.write_csv(data)


def send_csv_to_client(args: dict[str, Any]) -> None:
    """Answer the present request with rows as a CSV file: `data`, and `filename` without its ending."""
    build_csv_response(args["data"], args["filename"])


def build_csv_response(data: Iterable[Sequence[Any]], filename: str) -> None:
    """Answer the present request with rows as a CSV file; `filename` without its ending."""
    response = current().response
    response["result"] = cstr(to_csv(data))
    response["doctype"] = filename
    response["type"] = "csv"


def check_record(d: dict[str, Any]) -> None:
    """Check the values of a record that is to be imported: mandatory ones, choices, numbers.

    Raises `ValueError` without a doctype, and `frappe.ValidationError` naming the field.
    """
    import frappe  # the documents' layer, above this one

    if not d.get("doctype"):
        raise ValueError('"doctype" is a required key')
    meta = frappe.get_meta(d["doctype"])
    for fieldname, value in list(d.items()):
        field = meta.get_field(fieldname)
        if field is None:
            continue
        if field.reqd and value in (None, ""):
            throw(_("{0} is required").format(_(field.label)))
        if field.fieldtype == "Select" and value and field.options and value not in field.options.split("\n"):
            throw(_("{0} must be one of {1}").format(_(field.label), ", ".join(field.options.split("\n"))))


def import_doc(
    d: dict[str, Any], doctype: str, overwrite: Any, row_idx: int, submit: Any = False, ignore_links: bool = False
) -> str:
    """Insert a record, or update the one of its name with `overwrite`, and tell in words what was done."""
    import frappe  # the documents' layer, above this one

    name = d.get("name")
    if overwrite and name and frappe.db.exists(doctype, name):
        document = frappe.get_doc(doctype, name)
        document.update(d)
        done = _("Updated row (#{0}) {1}")
    else:
        document = frappe.get_doc(d)
        document.set("__islocal", 1)
        done = _("Inserted row (#{0}) {1}")
    document.flags.ignore_links = ignore_links
    document.save()
    if submit:
        document.submit()
    return done.format(row_idx + 1, getlink(doctype, document.name))


def getlink(doctype: str, name: str) -> str:
    """Give a link to a document's form."""
    return f'<a href="{get_absolute_url(doctype, name)}">{escape_html(name)}</a>'
