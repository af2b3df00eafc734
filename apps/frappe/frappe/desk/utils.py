"""Small helpers of the desk."""

from __future__ import annotations

import csv
from collections.abc import Iterable, MutableMapping, Sequence
from typing import Any

from frappe_engine.kit.tables import write_csv

import frappe
from frappe.utils import cint


def slug(name: str) -> str:
    """Give a DocType's name as its part of an address: `Sales Order` → `sales-order`."""
    return name.lower().replace(" ", "-")


def pop_csv_params(form_dict: MutableMapping[str, Any]) -> dict[str, Any]:
    """Take from a request how it wants CSV written: `delimiter` and `quoting` (a number of the module csv)."""
    delimiter, quoting = form_dict.pop("csv_delimiter", ","), form_dict.pop("csv_quoting", csv.QUOTE_NONNUMERIC)
    return {"delimiter": str(delimiter), "quoting": cint(quoting)}


def get_csv_bytes(data: Iterable[Sequence[Any]], csv_params: MutableMapping[str, Any]) -> bytes:
    """Give rows as CSV in UTF-8, written as `csv_params` (see `pop_csv_params`) say."""
    return write_csv(data, csv_params["quoting"], csv_params["delimiter"]).encode()


def provide_binary_file(filename: str, extension: str, content: bytes) -> None:
    """Let the answer to the present request be a file to keep."""
    frappe.local.response.update(type="binary", filecontent=content, filename=f"{filename}.{extension}")
