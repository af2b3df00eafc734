"""Stored files: where their bytes lie, who may read them, and how new ones are kept.

A file is a document (`File`) and bytes below `public/files` or `private/files` of the site. Several documents may
share the same bytes: they are kept once per content and name, and go when the last document goes.

Invariant: no path leaves those two folders, whatever a name or URL says.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import shutil
import unicodedata
from typing import Any
from urllib.parse import unquote

from frappe_engine.access.decisions import has_permission
from frappe_engine.context.errors import DoesNotExistError, ValidationError
from frappe_engine.context.hooks import get_hooks, hook_function
from frappe_engine.context.local import current, providers
from frappe_engine.context.messages import clear_last_message, throw
from frappe_engine.context.settings import system_setting
from frappe_engine.context.translate import _
from frappe_engine.documents.life.loading import get_doc
from frappe_engine.kit.attrdict import _dict
from frappe_engine.kit.numbers import cint
from frappe_engine.kit.text import random_string

PUBLIC, PRIVATE = "/files/", "/private/files/"
MAX_NAME_LENGTH = 140
MAX_NAME_BYTES = 220  # file systems hold 255; the rest is for digits of another file of that name, and for writing it


class MaxFileSizeReachedError(ValidationError):
    """The file is larger than the site takes."""


_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*%#&]+')


def safe_name(name: str) -> str:
    """Give a file name without folders and signs that mean something in paths, URLs or headers.

    Raises `ValidationError` when nothing of it is left.
    """
    text = unicodedata.normalize("NFC", str(name)).replace("\\", "/").rsplit("/", 1)[-1]
    text = _UNSAFE.sub("_", text).strip(" .").encode(errors="ignore").decode()
    stem, extension = os.path.splitext(text)
    extension = extension[:20]
    stem = stem[: MAX_NAME_LENGTH - len(extension)]
    room = MAX_NAME_BYTES - len(extension.encode())
    text = f"{stem.encode()[:room].decode(errors='ignore')}{extension}"
    if not text.strip("._ "):
        throw(_("{0} can't be the name of a file").format(str(name)[:60]))
    return text


def folder_of(is_private: Any) -> str:
    """Give the folder that private or public files lie in."""
    kind = "private" if int(is_private or 0) else "public"
    return os.path.join(current().site_path, kind, "files")


def path_of_url(file_url: str) -> str:
    """Give the path of the file a URL of this site stands for. Raises `ValidationError` when it stands for none."""
    url = unquote(str(file_url)).split("?", 1)[0]
    for prefix, is_private in ((PRIVATE, 1), (PUBLIC, 0)):
        if url.startswith(prefix):
            return inside(folder_of(is_private), url[len(prefix) :])
    throw(_("{0} is no file of this site").format(str(file_url)[:140]))


def inside(folder: str, name: str) -> str:
    """Give the path of `name` in `folder`. Raises `ValidationError` when it would lead out of it."""
    root = os.path.realpath(folder)
    path = os.path.realpath(os.path.join(root, name))
    if "\x00" in name or os.path.commonpath([path, root]) != root or path == root:
        throw(_("{0} is no file of this site").format(repr(name)[:140]), ValidationError)
    return path


def free_name(folder: str, name: str) -> str:
    """Give `name`, with some digits in it when the folder has a file called so."""
    stem, extension = os.path.splitext(name)
    candidate = name
    while os.path.exists(os.path.join(folder, candidate)):
        candidate = f"{stem}{random_string(6).lower()}{extension}"
    return candidate


def write_content(folder: str, name: str, content: bytes) -> str:
    """Write bytes as a new file and give its path; the file is there whole or not at all."""
    os.makedirs(folder, exist_ok=True)
    path = inside(folder, name)
    temporary = f"{path}.{secrets.token_hex(4)}.part"
    with open(temporary, "wb") as file:
        file.write(content)
    os.replace(temporary, path)
    return path


# who may read a file


def may_read(file: Any, user: str | None = None, right: str = "read") -> bool:
    """Tell whether a user may read (or change) a file.

    Public files are everybody's to read; a private one is its owner's, System Managers' by their role, and of
    those who may read (or write) the document it is attached to.
    """
    who = user or current().session.user
    if who == "Administrator":
        return True
    if right == "read" and not int(file.get("is_private") or 0):
        return True
    if who == "Guest":
        return False
    if file.get("owner") == who:
        return True
    if file.get("attached_to_doctype") and file.get("attached_to_name"):
        return _may_use_target(file, who, right)
    return has_permission("File", right, user=who, raise_exception=False, print_logs=False) and _is_manager(who)


def _is_manager(user: str) -> bool:
    from frappe_engine.access.roles import get_roles  # one question among many

    return "System Manager" in get_roles(user)


def may_attach_to(doctype: str, name: Any, user: str | None = None) -> bool:
    """Tell whether a user may attach files to a document: may write it, or make it where it is not stored yet."""
    asked: dict[str, Any] = {"user": user, "raise_exception": False, "print_logs": False}
    try:
        target = get_doc(doctype, name)
    except DoesNotExistError:
        clear_last_message()
        return has_permission(doctype, "create", **asked)
    return has_permission(doctype, "write", target, **asked)


def _may_use_target(file: Any, user: str, right: str) -> bool:
    doctype = str(file.get("attached_to_doctype"))
    try:
        target = get_doc(doctype, file.get("attached_to_name"))
    except (DoesNotExistError, ImportError):
        clear_last_message()
        return False
    wanted = "read" if right in ("read", "select", "print", "export", "email", "report") else "write"
    if has_permission(doctype, wanted, target, user, raise_exception=False, print_logs=False):
        return True
    return wanted == "read" and _website_allows(doctype, target, user)


def _website_allows(doctype: str, target: Any, user: str) -> bool:
    hooks = get_hooks("has_website_permission", {})
    paths = hooks.get(doctype, []) if isinstance(hooks, dict) else []
    return bool(paths) and all(hook_function(path)(doc=target, ptype="read", user=user) for path in paths)


def readable_file(file_url: str, name: str | None = None) -> Any | None:
    """Give the document of a file with this URL that the user may read, None when there is none."""
    filters = {"file_url": file_url, "is_folder": 0, **({"name": name} if name else {})}
    database = current().db
    for (found,) in database.run(database.compile("File", fields=["name"], filters=filters, fold=True)):
        document = get_doc("File", found)
        if may_read(document):
            return document
    return None


# keeping files


def save_file(
    name: str,
    content: bytes | str,
    doctype: str | None = None,
    docname: Any = None,
    *,
    folder: str | None = None,
    is_private: int = 0,
    field: str | None = None,
) -> Any:
    """Keep content as a file, attached to a document when one is named, and give its document."""
    file = get_doc(
        {
            "doctype": "File",
            "file_name": name,
            "attached_to_doctype": doctype,
            "attached_to_name": docname,
            "attached_to_field": field,
            "folder": folder,
            "is_private": is_private,
        }
    )
    file.content = content.encode() if isinstance(content, str) else content
    file.flags.ignore_permissions = True
    return file.insert()


def keep_content(file: Any, content: bytes) -> None:
    """Write the content of a new file to its folder and say so in its document; the same content is kept once.

    Raises `ValidationError` for an empty name, `MaxFileSizeReachedError` when it is too large.
    """
    limit = max_file_size_bytes()
    if len(content) > limit and not file.flags.get("ignore_file_size"):
        throw(
            _("File size exceeded the maximum allowed size of {0} MB").format(limit / 1_048_576),
            MaxFileSizeReachedError,
        )
    own = file.__dict__
    own["file_size"] = len(content)
    own["content_hash"] = content_hash(content)
    own["is_private"] = 1 if int(own.get("is_private") or 0) else 0
    name = own["file_name"] = safe_name(str(own.get("file_name") or "file"))
    known = _same_content(file)
    if known:
        own["file_url"] = known
        return
    folder = folder_of(own["is_private"])
    path = write_content(folder, free_name(folder, name), content)
    own["file_url"] = (PRIVATE if own["is_private"] else PUBLIC) + os.path.basename(path)
    current().db.after_rollback.add(lambda: _remove_quietly(path))


def _same_content(file: Any) -> str | None:
    """The URL of a file with the same content and name, whose bytes are still there."""
    found = current().db.get_value(
        "File",
        {
            "content_hash": file.content_hash,
            "is_private": file.is_private,
            "file_name": file.file_name,
            "name": ["!=", file.name or ""],
        },
        "file_url",
    )
    if not found or str(found).startswith(("http:", "https:")):
        return None
    return str(found) if os.path.isfile(path_of_url(str(found))) else None


def content_hash(content: bytes) -> str:
    """Give what tells one content from another."""
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def max_file_size_bytes() -> int:
    """Give the largest file the site takes: its configuration, else System Settings (MB), else 25 MB."""
    configured = current().conf.get("max_file_size")
    if configured:
        return int(configured)
    return (cint(system_setting("max_file_size")) or 25) * 1_048_576


def change_privacy(file: Any, was_private: bool) -> None:
    """Move the bytes of a file that became private or public, and give it its new URL."""
    url = str(file.file_url or "")
    if not url.startswith((PUBLIC, PRIVATE)):
        return
    source = path_of_url(url)
    if not os.path.isfile(source):
        throw(_("The file {0} is not there any more").format(url), DoesNotExistError)
    folder = folder_of(not was_private)
    name = free_name(folder, os.path.basename(source))
    target = inside(folder, name)
    os.makedirs(folder, exist_ok=True)
    if _others_with(url, file.name):
        shutil.copy2(source, target)
        current().db.after_rollback.add(lambda: _remove_quietly(target))
    else:
        os.rename(source, target)
        current().db.after_rollback.add(lambda: os.rename(target, source))
    file.file_url = (PUBLIC if was_private else PRIVATE) + name


def _others_with(url: str, name: Any) -> bool:
    return bool(current().db.exists("File", {"file_url": url, "name": ["!=", name or ""]}))


def forget_content(file: Any) -> None:
    """Remove the bytes of a file that is being deleted, once that is committed and when no other file shares them."""
    url = str(file.file_url or "")
    if not url.startswith((PUBLIC, PRIVATE)) or _others_with(url, file.name):
        return
    path = path_of_url(url)
    current().db.after_commit.add(lambda: _remove_quietly(path))


def _remove_quietly(path: str) -> None:
    """What is gone already is as good as removed."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)


def attachments_of(dt: str, dn: Any) -> list[Any]:
    """Give the files attached to a document: name, file_name, file_url, is_private."""
    database = current().db
    fields = ["name", "file_name", "file_url", "is_private", "file_size", "owner", "creation"]
    compiled = database.compile(
        "File",
        fields=fields,
        filters={"attached_to_doctype": dt, "attached_to_name": str(dn)},
        order_by="creation desc",
        fold=True,
    )
    return [_dict(zip(compiled.names, row, strict=True)) for row in database.run(compiled)]


def _attachments_of_deleted(document: Any) -> None:
    """Files go with the document they are attached to."""
    for entry in attachments_of(document.doctype, document.name):
        file = get_doc("File", entry.name)
        file.flags.ignore_permissions = True
        file.flags.parent_is_deleted = True
        file.delete(ignore_permissions=True)


def _copy_attachments(doctype: str, source: Any, target: Any) -> None:
    """An amendment has the files of the document it amends."""
    for entry in attachments_of(doctype, source):
        get_doc(
            {
                "doctype": "File",
                "file_url": entry.file_url,
                "file_name": entry.file_name,
                "attached_to_doctype": doctype,
                "attached_to_name": str(target),
                "folder": "Home/Attachments",
                "is_private": entry.is_private,
            }
        ).insert(ignore_permissions=True)


providers.register("attachments_of_deleted", _attachments_of_deleted)
providers.register("copy_attachments", _copy_attachments)
