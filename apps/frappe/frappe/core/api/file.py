"""Calls about files and folders.

Invariant: everybody finds the files that they may read, and moves those that they may write.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.documents.files import max_file_size_bytes
from frappe_engine.documents.incoming import json_parameter

import frappe
from frappe import _
from frappe.utils import cint

SHOWN = ["name", "file_name", "file_url", "is_folder", "modified"]
MOST_FOUND = 20


@frappe.whitelist()
def get_max_file_size() -> int:
    """Give how large a file may be, in bytes."""
    return max_file_size_bytes()


@frappe.whitelist()
def create_new_folder(file_name: str, folder: str) -> Any:
    """Make a folder in another; give its File document. Raises `LinkValidationError` where the other is not there."""
    return frappe.get_doc({"doctype": "File", "file_name": file_name, "is_folder": 1, "folder": folder}).insert()


@frappe.whitelist()
def get_files_in_folder(folder: str, start: int = 0, page_length: int = 20) -> dict[str, Any]:
    """Give the folders and files of a folder, folders first: `{"files": [...], "has_more": bool}`."""
    wanted = cint(page_length)
    order = "is_folder desc, file_name asc, name asc"
    found = frappe.get_list(
        "File", {"folder": folder}, SHOWN, order_by=order, start=cint(start), page_length=wanted + 1
    )
    return {"files": found[:wanted], "has_more": len(found) > wanted}


@frappe.whitelist()
def get_files_by_search_text(text: str) -> list[Any]:
    """Give the newest files whose name, address or place in a folder has a text; none for an empty text."""
    if not str(text or "").strip():
        return []
    pattern = f"%{text}%"
    places = {fieldname: ["like", pattern] for fieldname in ("file_name", "file_url", "name")}
    return list(frappe.get_list("File", fields=SHOWN, or_filters=places, order_by="modified desc", limit=MOST_FOUND))


@frappe.whitelist()
def get_attached_images(doctype: str, names: Any) -> dict[str, list[str]]:
    """Give the addresses of the pictures attached to documents, by their names: `{name: [address]}`."""
    wanted = [str(name) for name in json_parameter({"names": names}, "names", (list,)) or ()]
    filters = {"attached_to_doctype": doctype, "attached_to_name": ["in", wanted], "is_folder": 0}
    images: dict[str, list[str]] = {}
    for row in frappe.get_list("File", filters, ["file_url", "attached_to_name"], order_by="creation", limit=0):
        if str(row.file_url or "").lower().endswith((".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".bmp")):
            images.setdefault(row.attached_to_name, []).append(row.file_url)
    return images


@frappe.whitelist()
def move_file(file_list: Any, new_parent: str, old_parent: str) -> None:
    """Put files (their names, or dicts with a `name`) from one folder into another. Raises `PermissionError`."""
    for entry in json_parameter({"file_list": file_list}, "file_list", (list,)) or ():
        document = frappe.get_doc("File", entry.get("name") if isinstance(entry, dict) else entry)
        document.check_permission("write")
        if document.folder != old_parent:
            frappe.throw(_("{0} is not in {1} any more. Reload the list.").format(document.file_name, old_parent))
        document.folder = new_parent
        document.save()


@frappe.whitelist()
def unzip_file(name: str) -> int:
    """Put the files of a ZIP file in its place; give how many there are. See `File.unzip`."""
    document = frappe.get_doc("File", name)
    document.check_permission("write")
    return len(document.unzip())
