"""Helpers around files."""

from __future__ import annotations

import os
from typing import Any

from frappe_engine.documents import files
from frappe_engine.documents.files import content_hash as get_content_hash
from frappe_engine.kit.text import random_string

import frappe
from frappe import _
from frappe.utils.file_manager import remove_file_by_url

__all__ = [
    "delete_file",
    "get_content_hash",
    "get_extension",
    "get_file_name",
    "get_local_image",
    "get_random_filename",
    "remove_file_by_url",
]


def get_file_name(fname: str, optional_suffix: str) -> str:
    """Give a file name with a suffix before its extension when the name is taken, a safe one in any case."""
    name = files.safe_name(fname)
    if os.path.exists(os.path.join(files.folder_of(0), name)) or frappe.db.exists("File", {"file_name": name}):
        stem, extension = os.path.splitext(name)
        return f"{stem}{optional_suffix}{extension}"
    return name


def get_random_filename(content_type: str | None = None) -> str:
    """Give a random file name with the extension of a MIME type."""
    import mimetypes

    extension = mimetypes.guess_extension(content_type) if content_type else None
    return random_string(7).lower() + (extension or "")


def get_extension(filename: str, extn: str | None = None, content: Any = None, response: Any = None) -> str:
    """Give a file's extension without its dot."""
    return extn or os.path.splitext(filename)[1].lstrip(".")


def get_local_image(file_url: str) -> tuple[Any, str, str]:
    """Open a picture of this site: the picture (Pillow), its path without and its extension."""
    from PIL import Image

    path = files.path_of_url(file_url)
    stem, extension = os.path.splitext(path)
    return Image.open(path), stem, extension.lstrip(".")


def delete_file(path: str) -> None:
    """Remove a file of this site, given by its path or URL; nothing happens where it is not there.

    Raises `ValidationError` for a path outside of the folders of files.
    """
    is_url = path.lstrip("/").startswith(("files/", "private/files/"))
    full = os.path.realpath(files.path_of_url(f"/{path.lstrip('/')}") if is_url else path)
    folders = [os.path.realpath(files.folder_of(private)) for private in (0, 1)]
    if not any(full.startswith(f"{folder}{os.sep}") for folder in folders):
        frappe.throw(_("{0} is no file of this site.").format(path))
    if os.path.isfile(full):
        os.remove(full)
