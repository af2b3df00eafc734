"""Files of documents, as older code handles them."""

from __future__ import annotations

import base64
import os
from typing import Any

from frappe_engine.desk.attachments import remove_file as _remove_by_url
from frappe_engine.documents import files
from frappe_engine.documents.files import MaxFileSizeReachedError, content_hash
from frappe_engine.documents.files import save_file as _save

import frappe

__all__ = [
    "MaxFileSizeReachedError",
    "get_content_hash",
    "get_file",
    "get_file_path",
    "is_safe_path",
    "remove_file",
    "save_file",
]
get_content_hash = content_hash


def save_file(
    fname: str,
    content: bytes | str,
    dt: str | None,
    dn: str | None,
    folder: str | None = None,
    decode: bool = False,
    is_private: int = 0,
    df: str | None = None,
) -> Any:
    """Keep content as a file attached to a document and give its document; `decode`: the content is base64."""
    data = safe_b64decode(content) if decode else content
    return _save(fname, data, dt, dn, folder=folder, is_private=int(is_private or 0), field=df)


def safe_b64decode(binary: bytes | str) -> bytes:
    """Decode base64 that may lack its padding or begin with a data URL's head."""
    text = binary.encode() if isinstance(binary, str) else binary
    text = text.rpartition(b",")[2]
    return base64.b64decode(text + b"=" * (-len(text) % 4))


def get_file(fname: str) -> list[Any]:
    """Give the name and the content of a file, by its File name or URL."""
    path = get_file_path(fname)
    with open(path, "rb") as file:
        content = file.read()
    try:
        return [os.path.basename(path), content.decode()]
    except UnicodeDecodeError:
        return [os.path.basename(path), content]


def get_file_path(file_name: str) -> str:
    """Give where a file's bytes lie on disk, by its File name, file name or URL."""
    if file_name.startswith(("/files/", "/private/files/")):
        return files.path_of_url(file_name)
    by_name = frappe.db.get_value("File", {"name": file_name}, "file_url")
    url = by_name or frappe.db.get_value("File", {"file_name": file_name}, "file_url")
    if not url:
        frappe.throw(frappe._("File {0} does not exist").format(file_name), frappe.DoesNotExistError)
    return files.path_of_url(url)


def is_safe_path(path: str) -> bool:
    """Tell whether a path lies in the site's files (or is an address on the web)."""
    if path.startswith(("http://", "https://")):
        return True
    real = os.path.realpath(path)
    roots = [os.path.realpath(frappe.get_site_path(kind, "files")) for kind in ("public", "private")]
    return any(os.path.commonpath([real, root]) == root for root in roots)


def remove_file(
    fid: str | None = None,
    attached_to_doctype: str | None = None,
    attached_to_name: str | None = None,
    from_delete: bool = False,
    delete_permanently: bool = False,
) -> None:
    """Delete a file."""
    if fid and frappe.db.exists("File", fid):
        frappe.delete_doc("File", fid, ignore_permissions=True)


def remove_file_by_url(file_url: str, doctype: str | None = None, name: str | None = None) -> None:
    """Take the files with a URL off a document."""
    if doctype and name:
        _remove_by_url(file_url, doctype, name)
        return
    for found in frappe.get_all("File", {"file_url": file_url}, pluck="name"):
        frappe.delete_doc("File", found, ignore_permissions=True)


def remove_all(dt: str, dn: str, from_delete: bool = False, delete_permanently: bool = False) -> None:
    """Delete all files of a document."""
    for entry in files.attachments_of(dt, dn):
        frappe.delete_doc("File", entry.name, ignore_permissions=True)


@frappe.whitelist()
def add_attachments(doctype: str, name: str, attachments: Any) -> list[Any]:
    """Attach files that other documents have to this one, as far as the one who asks may read them."""
    frappe.get_doc(doctype, name).check_permission("write")
    made: list[Any] = []
    for entry in frappe.parse_json(attachments):
        source = frappe.get_doc("File", entry if isinstance(entry, str) else entry.get("name"))
        if not files.may_read(source):
            frappe.throw(frappe._("You don't have permission to access this file"), frappe.PermissionError)
        values = {"file_url": source.file_url, "file_name": source.file_name, "is_private": source.is_private}
        attached = {"attached_to_doctype": doctype, "attached_to_name": name, "folder": "Home/Attachments"}
        made.append(frappe.get_doc({"doctype": "File", **values, **attached}).insert(ignore_permissions=True))
    return made
