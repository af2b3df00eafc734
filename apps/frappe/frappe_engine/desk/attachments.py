"""Files of a document, as its form changes them.

Invariant: taking a file off a document takes the right to write that document, or to delete the file.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.context.errors import PermissionError
from frappe_engine.context.local import current
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.context.whitelist import whitelist
from frappe_engine.documents.document import get_doc
from frappe_engine.documents.files import may_read
from frappe_engine.documents.incoming import check_doctype


@whitelist(methods=["DELETE", "POST"])
def remove_attach() -> None:
    """Delete a file (`fid`) of the document `dt`, `dn`."""
    parameters = current().form_dict
    file = get_doc("File", parameters.get("fid"))
    doctype, name = parameters.get("dt"), parameters.get("dn")
    if doctype and name:
        check_doctype(doctype)
        if (file.attached_to_doctype, str(file.attached_to_name)) != (doctype, str(name)):
            throw(_("This file is not attached to {0} {1}").format(_(doctype), name))
    if not may_read(file, right="delete"):
        throw(_("Not permitted"), PermissionError)
    file.delete(ignore_permissions=True)


def remove_file(file_url: str, doctype: str, name: Any) -> None:
    """Take the files with a URL off a document."""
    rows = current().db.rows(
        "SELECT `name` FROM `tabFile` WHERE `file_url` = ? AND `attached_to_doctype` = ? AND `attached_to_name` = ?",
        (file_url, doctype, str(name)),
    )
    for (found,) in rows:
        get_doc("File", found).delete(ignore_permissions=True)
