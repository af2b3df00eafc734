"""Controller of the DocType File."""

from __future__ import annotations

import base64
import os
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from frappe_engine.documents import files
from frappe_engine.documents.files import MaxFileSizeReachedError as MaxFileSizeReachedError
from frappe_engine.kit.images import without_notes

import frappe
from frappe import _
from frappe.core.doctype.file.utils import get_local_image as get_local_image
from frappe.model.document import Document

HOME, ATTACHMENTS = "Home", "Home/Attachments"
REMOTE = ("http://", "https://")

MOST_UNZIPPED = 20  # times the size a single file may have


class File(Document):
    """A stored file or a folder of files."""

    def autoname(self) -> None:
        """Name a folder by its path; files get a random name."""
        if self.is_folder:
            self.name = self.folder_path()

    def folder_path(self) -> str:
        """Give the path of a folder: its parent's, and its own name."""
        if self.is_home_folder:
            return HOME
        if self.is_attachments_folder and not self.folder:
            return ATTACHMENTS
        return f"{self.folder or HOME}/{self.file_name}"

    def before_insert(self) -> None:
        """Keep the content, or check where the file is; find its folder."""
        self.set_folder_name()
        if self.is_folder:
            self.file_name = files.safe_name(str(self.file_name or _("Folder")))
            self.file_url = self.content_hash = None  # a folder has no bytes, whose owner could read them
            return
        self.check_attachment_limit()
        content = self.given_content()
        if content is not None:
            files.keep_content(self, self.without_notes(content))
        else:
            self.content_hash = None
            self.validate_file_url()
        self.file_type = os.path.splitext(str(self.file_name or ""))[1][1:].upper() or None

    def given_content(self) -> bytes | None:
        """Give the bytes that came with the document (`content`, base64 with `decode`), None when none did."""
        content = self.__dict__.pop("content", None)
        if content is None:
            return None
        if self.__dict__.pop("decode", None):
            text = content.encode() if isinstance(content, str) else content
            return base64.b64decode(text.rpartition(b",")[2])
        return content.encode() if isinstance(content, str) else bytes(content)

    @staticmethod
    def without_notes(content: bytes) -> bytes:
        """Give the content of a picture without what its camera noted, where the site wants it so."""
        strips = frappe.get_system_settings("strip_exif_metadata_from_uploaded_images")
        return without_notes(content) if frappe.utils.cint(strips) else content

    def set_folder_name(self) -> None:
        """Attachments lie in their own folder, everything else at home, unless it says where."""
        if not self.folder and not self.is_home_folder:
            self.folder = ATTACHMENTS if self.attached_to_doctype else HOME
        if self.folder and not frappe.db.exists("File", self.folder):
            make_home_folder()
            if not frappe.db.exists("File", self.folder):
                frappe.throw(_("{0} {1} not found").format(_("Folder"), self.folder), frappe.DoesNotExistError)

    def unzip(self) -> list[Any]:
        """Put the files of a ZIP file beside it, attached where it is, and delete it; give the new File documents.

        Folders inside it and hidden files are left out. Raises `ValidationError` for what is no ZIP file that can be read
        (one with a password, for instance), `MaxFileSizeReachedError` where a file, or all of them together, would take
        too much room.
        """
        made = [self._insert_beside(name, content) for name, content in self._unpacked()]
        frappe.delete_doc("File", self.name)
        return made

    def _unpacked(self) -> Iterator[tuple[str, bytes]]:
        limit = files.max_file_size_bytes()
        try:
            with zipfile.ZipFile(self.get_full_path()) as archive:
                entries = [entry for entry in archive.infolist() if _is_wanted(entry)]
                sizes = [entry.file_size for entry in entries]
                if sum(sizes) > MOST_UNZIPPED * limit or max(sizes, default=0) > limit:
                    frappe.throw(_("{0} would take too much room").format(self.file_name), MaxFileSizeReachedError)
                for entry in entries:
                    yield os.path.basename(entry.filename), archive.read(entry)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error, EOFError):
            frappe.throw(_("{0} is not a zip file").format(self.file_name))

    def _insert_beside(self, file_name: str, content: bytes) -> Any:
        fields = ("attached_to_doctype", "attached_to_name", "folder", "is_private")
        values = {fieldname: self.get(fieldname) for fieldname in fields}
        return frappe.get_doc({"doctype": "File", "file_name": file_name, "content": content, **values}).insert()

    @property
    def unique_url(self) -> str:
        """The file's address; of a private one with its name, as several documents may share the content."""
        return f"{self.file_url}?fid={quote(str(self.name))}" if self.is_private else str(self.file_url)

    def validate_file_url(self) -> None:
        """A file without content points at another server, or at bytes this site has."""
        url = str(self.file_url or "").strip()
        if not url:
            frappe.throw(_("A file needs content or an address"))
        if url.startswith(REMOTE):
            self.file_name = self.file_name or files.safe_name(url.split("?", 1)[0])
            return
        path = files.path_of_url(url)
        if not os.path.isfile(path):
            frappe.throw(_("The file {0} is not there any more").format(url), frappe.DoesNotExistError)
        if url.startswith(files.PRIVATE) and not self.may_use_url(url):
            frappe.throw(_("You don't have permission to access this file"), frappe.PermissionError)
        self.is_private = 1 if url.startswith(files.PRIVATE) else 0
        self.file_name = self.file_name or os.path.basename(path)
        self.file_size = os.path.getsize(path)

    def may_use_url(self, url: str) -> bool:
        """Tell whether the user may attach bytes that other documents have: only those they may read."""
        return bool(self.flags.ignore_permissions) or files.readable_file(url) is not None

    def validate(self) -> None:
        """Move the bytes when the file becomes private or public; nothing else of them changes."""
        before = self.get_doc_before_save()
        if before is None:
            return
        if bool(before.is_folder) != bool(self.is_folder):
            frappe.throw(_("A file can't become a folder, nor a folder a file"))
        self.content_hash = before.content_hash
        self.check_new_target(before)
        if self.is_folder:
            self.file_url = None
            return
        if bool(before.is_private) != bool(self.is_private):
            self.file_url = before.file_url
            files.change_privacy(self, bool(before.is_private))
            self.point_field_at_file(before.file_url)
        elif before.file_url != self.file_url:
            frappe.throw(_("The address of a file can't be changed"))

    def check_new_target(self, before: Any) -> None:
        """Raise `PermissionError` where the file moves to a document that the user may not attach to."""
        target = (self.attached_to_doctype, str(self.attached_to_name or ""))
        if target == (before.attached_to_doctype, str(before.attached_to_name or "")):
            return
        if not self.flags.ignore_permissions and not may_attach(self):
            frappe.throw(_("Not permitted"), frappe.PermissionError)

    def point_field_at_file(self, old_url: str) -> None:
        """Let the field that shows this file follow its address."""
        if self.attached_to_doctype and self.attached_to_name and self.attached_to_field:
            meta = frappe.get_meta(self.attached_to_doctype)
            if meta.has_field(self.attached_to_field):
                stored = frappe.db.get_value(self.attached_to_doctype, self.attached_to_name, self.attached_to_field)
                if stored == old_url:
                    frappe.db.set_value(
                        self.attached_to_doctype, self.attached_to_name, self.attached_to_field, self.file_url
                    )

    def check_attachment_limit(self) -> None:
        """Raise `AttachmentLimitReached` when no more files fit on the document."""
        if not (self.attached_to_doctype and self.attached_to_name):
            return
        limit = int(frappe.get_meta(self.attached_to_doctype).max_attachments or 0)
        if limit and len(files.attachments_of(self.attached_to_doctype, self.attached_to_name)) >= limit:
            frappe.throw(
                _("Maximum Attachment Limit of {0} has been reached for {1} {2}.").format(
                    limit, _(self.attached_to_doctype), self.attached_to_name
                ),
                frappe.AttachmentLimitReached,
                title=_("Attachment Limit Reached"),
            )

    def after_insert(self) -> None:
        """Say on the document's timeline that a file was attached."""
        if not self.is_folder and not self.flags.ignore_comment:
            self.note_on_document(
                "Attachment", f'<a href="{frappe.utils.escape_html(self.file_url)}">{self.shown_name}</a>'
            )

    def on_trash(self) -> None:
        """A folder must be empty and not one of the site's own; bytes go when nobody else has them."""
        if self.is_home_folder or self.is_attachments_folder:
            frappe.throw(_("Cannot delete Home and Attachments folders"))
        if self.is_folder:
            if frappe.db.exists("File", {"folder": self.name}):
                frappe.throw(_("Folder {0} is not empty").format(self.name))
            return
        files.forget_content(self)
        if not self.flags.parent_is_deleted:
            self.note_on_document("Attachment Removed", self.shown_name)

    @property
    def shown_name(self) -> str:
        """The file's name, safe in mark-up."""
        return str(frappe.utils.escape_html(str(self.file_name or "")))

    def note_on_document(self, kind: str, text: str) -> None:
        """Put a line on the timeline of the document this file is attached to."""
        doctype, name = self.attached_to_doctype, self.attached_to_name
        if doctype and name and frappe.db.exists(doctype, name):
            frappe.get_doc(doctype, name).add_comment(kind, text)

    # reading

    def get_full_path(self) -> str:
        """Give where the bytes lie on disk. Raises `ValidationError` for a file of another server."""
        return files.path_of_url(self.file_url)

    def exists_on_disk(self) -> bool:
        """Tell whether the bytes are there."""
        return not self.is_remote_file and os.path.exists(self.get_full_path())

    @property
    def is_remote_file(self) -> bool:
        """Tell whether the file lies on another server."""
        return str(self.file_url or "").startswith(REMOTE)

    def get_content(self, encodings: list[str] | None = None) -> bytes | str:
        """Give what the file holds: text where it is text, else bytes."""
        if self.is_folder:
            frappe.throw(_("Cannot get file contents of a Folder"))
        if self.get("content") is not None:
            return self.content  # type: ignore[no-any-return]
        with open(self.get_full_path(), "rb") as file:
            content = file.read()
        for encoding in encodings or ["utf-8-sig", "utf-8"]:
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
        return content

    def get_extension(self) -> list[str]:
        """Give the file name without and with its extension, as `os.path.splitext` does."""
        return list(os.path.splitext(str(self.file_name)))

    def get_url(self) -> str:
        """Give the file's address on this site."""
        return str(self.file_url)

    def is_downloadable(self) -> bool:
        """Tell whether the user may download the file."""
        return files.may_read(self)


def _is_wanted(entry: zipfile.ZipInfo) -> bool:
    parts = entry.filename.split("/")
    return not entry.is_dir() and not any(part.startswith((".", "__MACOSX")) for part in parts)


def make_home_folder() -> None:
    """Make the two folders every site has."""
    for name, folder, flag in ((HOME, None, "is_home_folder"), (ATTACHMENTS, HOME, "is_attachments_folder")):
        if not frappe.db.exists("File", name):
            folder_doc: Any = frappe.get_doc(
                {"doctype": "File", "is_folder": 1, flag: 1, "file_name": name.rsplit("/", 1)[-1], "folder": folder}
            )
            folder_doc.insert(ignore_permissions=True)


def has_permission(doc: Any, ptype: str | None = None, user: str | None = None, debug: bool = False) -> bool:
    """Tell whether a user may read or change a file (beyond what roles say)."""
    if ptype == "create":
        return may_attach(doc, user)
    if doc.is_folder:
        return True
    return files.may_read(doc, user, ptype or "read")


def may_attach(file: Any, user: str | None = None) -> bool:
    """Tell whether a user may attach a file where its document says; one that is attached to nothing is free."""
    if not (file.attached_to_doctype and file.attached_to_name):
        return True
    return files.may_attach_to(str(file.attached_to_doctype), file.attached_to_name, user)


def get_permission_query_conditions(user: str | None = None) -> str:
    """Give the SQL condition of the files a user has in lists: public ones, own ones, folders."""
    who = user or frappe.session.user
    if who == "Administrator" or "System Manager" in frappe.get_roles(who):
        return ""
    return f"(`tabFile`.`is_private` = 0 OR `tabFile`.`owner` = {frappe.db.escape(who)} OR `tabFile`.`is_folder` = 1)"


@frappe.whitelist(allow_guest=True)
def download_file(file_url: str) -> Any:
    """Send a file to who may read it."""
    from frappe.handler import download_file as send

    return send(file_url)
