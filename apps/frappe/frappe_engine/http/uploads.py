"""Uploads and downloads of files by clients.

Invariant: a file is attached only to a document the user may write; guests, and people of the website, upload only
kinds of files that can do no harm; content decides the kind, not the name alone.
"""

from __future__ import annotations

import mimetypes
from typing import Any

from werkzeug.wrappers import Response

from frappe_engine.access.decisions import has_permission
from frappe_engine.context.errors import PermissionError
from frappe_engine.context.hooks import get_hooks
from frappe_engine.context.local import current
from frappe_engine.context.messages import throw
from frappe_engine.context.settings import system_setting
from frappe_engine.context.translate import _
from frappe_engine.context.whitelist import is_whitelisted, whitelist
from frappe_engine.documents import files
from frappe_engine.documents.document import get_doc
from frappe_engine.http.calls import find_function, server_function
from frappe_engine.http.files import send_stored
from frappe_engine.http.users import user_facts
from frappe_engine.kit.numbers import cint

ALLOWED_MIMETYPES = (
    "image/png",
    "image/jpeg",
    "image/webp",
    "application/pdf",
    "application/msword",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.ms-excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
    "text/plain",
    "text/csv",
    "video/quicktime",
    "video/mp4",
)
SIGNATURES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"%PDF": "application/pdf", b"RIFF": "image/webp"}


@server_function
@whitelist(allow_guest=True)
def upload_file() -> Any:
    """Keep a file that was sent (`file`), is on another server (`file_url`) or in the library (`library_file_name`).

    Raises `PermissionError`, `ValidationError`, `MaxFileSizeReachedError`.
    """
    context = current()
    parameters = context.form_dict
    ignore_permissions = _guest_rights(context)
    doctype, docname = _text(parameters, "doctype"), _text(parameters, "docname")
    name, content = _sent_file(context.request, _text(parameters, "file_name"))
    file_url = _text(parameters, "file_url")
    library_file = _text(parameters, "library_file_name")
    is_private = cint(parameters.get("is_private"))
    if library_file:
        file_url, name = _from_library(library_file)
    elif not ignore_permissions:
        check_write_permission(doctype, docname)
    context.uploaded_file = content
    context.uploaded_file_url = file_url
    context.uploaded_filename = name
    if content is not None and (ignore_permissions or not _is_desk_user()):
        _check_kind(name, content)
    _check_extension(name)
    method = _text(parameters, "method")
    if method:
        return _taken_over(method)
    if content is None and not file_url:
        throw(_("Please attach a file or set a URL"))
    if content is not None:
        content = _smaller_picture(name, content, parameters)
    return _keep(
        name=name, content=content, file_url=file_url, doctype=doctype, docname=docname, is_private=is_private,
        folder=_text(parameters, "folder") or "Home", field=_text(parameters, "fieldname"), trusted=ignore_permissions,
    )  # fmt: skip


uploadfile = server_function(upload_file)


def _text(parameters: Any, key: str) -> str | None:
    value = parameters.get(key)
    return str(value) if value not in (None, "", "null", "undefined") else None


def _guest_rights(context: Any) -> bool:
    """Guests may upload only where the site says so; what they send is kept without asking for rights."""
    if context.session.user != "Guest":
        return False
    if not cint(system_setting("allow_guests_to_upload_files")):
        throw(_("Not permitted"), PermissionError)
    return True


def _sent_file(request: Any, asked_name: str | None) -> tuple[str, bytes | None]:
    upload = request.files.get("file")
    if upload is None:
        return files.safe_name(asked_name) if asked_name else "", None
    name = asked_name or upload.filename or "file"
    limit = files.max_file_size_bytes()
    content = upload.stream.read(limit + 1)
    if len(content) > limit:
        throw(
            _("File size exceeded the maximum allowed size of {0} MB").format(limit / 1_048_576),
            files.MaxFileSizeReachedError,
        )
    return files.safe_name(name), content


def _from_library(name: str) -> tuple[str, str]:
    file = get_doc("File", name)
    if not files.may_read(file):
        throw(_("You don't have permission to access this file"), PermissionError)
    return str(file.file_url), str(file.file_name)


def check_write_permission(doctype: str | None = None, name: Any = None) -> None:
    """Raise `PermissionError` unless the user may write the document a file is to be attached to.

    A document that is not stored yet (or no document) asks for the right to make files.
    """
    if doctype and name:
        if not files.may_attach_to(doctype, name):
            throw(_("Not permitted"), PermissionError)
    elif not has_permission("File", "create", print_logs=False, raise_exception=False):
        throw(_("Not permitted"), PermissionError)


def _is_desk_user() -> bool:
    facts = user_facts(current().session.user)
    return facts is not None and facts.is_system_user


def _check_kind(name: str, content: bytes) -> None:
    """Raise `ValidationError` for files that are not on the short list, by name or by content."""
    by_name = mimetypes.guess_type(name)[0]
    by_content = next((mime for mark, mime in SIGNATURES.items() if content.startswith(mark)), None)
    claims_signature = by_name in SIGNATURES.values()
    if by_name not in ALLOWED_MIMETYPES or (claims_signature and by_content != by_name) or _looks_like_markup(content):
        throw(_("You can only upload JPG, PNG, PDF, TXT, CSV or Microsoft documents."))


def _looks_like_markup(content: bytes) -> bool:
    head = content[:512].lstrip().lower()
    return head.startswith((b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script"))


def _check_extension(name: str) -> None:
    allowed = str(system_setting("allowed_file_extensions") or "").upper().replace("\n", ",")
    extensions = {part.strip().lstrip(".") for part in allowed.split(",") if part.strip()}
    extension = name.rpartition(".")[2].upper() if "." in name else ""
    if extensions and name and extension not in extensions:
        throw(_("File type of {0} is not allowed").format(name))


def _taken_over(method: str) -> Any:
    """A whitelisted function may take an upload over; it finds it in `frappe.local.uploaded_file`."""
    overrides = get_hooks("override_whitelisted_methods", {})
    path = str(overrides[method][-1]) if isinstance(overrides, dict) and overrides.get(method) else method
    if "." not in path:
        throw(_("Failed to get method for command {0}").format(path[:140]))
    function = find_function(path)
    is_whitelisted(function, current().session.user)
    return function()


def _smaller_picture(name: str, content: bytes, parameters: Any) -> bytes:
    if not cint(parameters.get("optimize")) or mimetypes.guess_type(name)[0] not in ("image/png", "image/jpeg"):
        return content
    from io import BytesIO

    from PIL import Image, UnidentifiedImageError  # only where pictures are made smaller

    try:
        picture = Image.open(BytesIO(content))
        picture.thumbnail((cint(parameters.get("max_width")) or 1920, cint(parameters.get("max_height")) or 1080))
        smaller = BytesIO()
        picture.save(smaller, picture.format, optimize=True)
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        throw(_("{0} is no picture that can be read").format(name))
    return min(content, smaller.getvalue(), key=len)


def _keep(
    *, name: str, content: bytes | None, file_url: str | None, doctype: str | None, docname: str | None,
    is_private: int, folder: str, field: str | None, trusted: bool,
) -> Any:  # fmt: skip
    file = get_doc(
        {
            "doctype": "File",
            "attached_to_doctype": doctype,
            "attached_to_name": docname,
            "attached_to_field": field,
            "folder": folder,
            "file_name": name,
            "file_url": file_url,
            "is_private": is_private,
        }
    )
    if content is not None:
        file.content = content
    file.flags.ignore_links = True
    return file.insert(ignore_permissions=trusted)


@server_function
@whitelist(allow_guest=True)
def download_file(file_url: str) -> Response:
    """Send a file to who may read it. Raises `PermissionError`."""
    file = files.readable_file(file_url)
    if file is None:
        throw(_("You don't have permission to access this file"), PermissionError)
    return send_stored(current().request, str(file.file_url), str(file.file_name), attachment=True)
