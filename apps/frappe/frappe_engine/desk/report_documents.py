"""Reports that users make of a list: columns, filters and sorting, kept as a Report of the kind "Report Builder".

Invariant: a report that is part of an app, or somebody else's, is not overwritten without the right to write it.
"""

from __future__ import annotations

import json
from typing import Any

from frappe_engine.context.errors import PermissionError, ValidationError
from frappe_engine.context.local import current
from frappe_engine.context.messages import msgprint, throw
from frappe_engine.context.translate import _
from frappe_engine.context.whitelist import whitelist
from frappe_engine.documents.document import get_doc, new_doc
from frappe_engine.documents.incoming import check_doctype, json_parameter

BUILDER = "Report Builder"


@whitelist(methods=["POST", "PUT"])
def save_report(name: str, doctype: str, report_settings: Any) -> str:
    """Keep a list's settings as a report; give its name."""
    check_doctype(doctype)
    settings = json_parameter({"report_settings": report_settings}, "report_settings", (dict,)) or {}
    if current().db.exists("Report", name):
        report = get_doc("Report", name)
        if report.report_type != BUILDER or report.is_standard == "Yes" or report.ref_doctype != doctype:
            throw(_("Report {0} can't be overwritten").format(name), ValidationError)
        if report.owner != current().session.user and not report.has_permission("write"):
            throw(_("Insufficient Permissions for editing Report"), PermissionError)
    else:
        report = new_doc("Report")
        report.update({"report_name": name, "ref_doctype": doctype, "report_type": BUILDER, "is_standard": "No"})
    report.json = json.dumps(settings)
    report.save(ignore_permissions=True)
    msgprint(_("Report {0} saved").format(name), indicator="green", alert=True)
    return str(report.name)


@whitelist(methods=["POST", "DELETE"])
def delete_report(name: str) -> None:
    """Delete one's own report of a list."""
    report = get_doc("Report", name)
    if report.is_standard == "Yes" or report.report_type != BUILDER:
        throw(_("Standard Reports cannot be deleted"), ValidationError)
    if report.owner != current().session.user and not report.has_permission("delete"):
        throw(_("Insufficient Permissions for deleting Report"), PermissionError)
    report.delete(ignore_permissions=True)
    msgprint(_("Report {0} deleted").format(name), indicator="green", alert=True)
