"""What stands beside a document in its form: timeline, files, assignments, shares, tags, who may do what.

Invariant: a fixed number of queries per document; only for documents the user may read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from frappe_engine.access.decisions import get_doc_permissions, has_permission
from frappe_engine.context.hooks import get_hooks, hook_function
from frappe_engine.context.local import current
from frappe_engine.desk.seen_changes import changes_as_seen
from frappe_engine.documents.files import attachments_of
from frappe_engine.kit.attrdict import _dict

COMMENT_LISTS = {
    "Comment": "comments",
    "Shared": "shared_logs",
    "Unshared": "shared_logs",
    "Assignment Completed": "assignment_logs",
    "Assigned": "assignment_logs",
    "Attachment": "attachment_logs",
    "Attachment Removed": "attachment_logs",
    "Info": "info_logs",
    "Edit": "info_logs",
    "Label": "info_logs",
    "Relinked": "info_logs",
    "Created": "info_logs",
    "Submitted": "info_logs",
    "Cancelled": "info_logs",
    "Updated": "info_logs",
    "Deleted": "info_logs",
    "Like": "like_logs",
    "Workflow": "workflow_logs",
}
LISTS = ("comments", "assignment_logs", "attachment_logs", "info_logs", "like_logs", "workflow_logs")
MOST_SHOWN = 20


def docinfo_of(document: Any) -> dict[str, Any]:
    """Give everything the form shows beside a document."""
    doctype, name = document.doctype, str(document.name)
    info: dict[str, Any] = {"doctype": doctype, "name": name, **comments_of(doctype, name)}
    info.update(
        attachments=attachments_of(doctype, name),
        communications=communications_of(doctype, name),
        automated_messages=communications_of(doctype, name, kind="Automated Message"),
        versions=versions_of(document),
        assignments=assignments_of(doctype, name),
        permissions=rights_on(document),
        shared=shares_of(doctype, name),
        views=views_of(document),
        tags=tags_of(doctype, name, document),
        additional_timeline_content=_additional_content(document),
        is_document_followed=is_followed(doctype, name),
        milestones=[],
        energy_point_logs=[],
        document_email=None,
    )
    info["user_info"] = user_info(_people_in(info, document))
    next_step = _next_step(document)
    if next_step:
        info["next_step"] = next_step
    return info


def _rows(doctype: str, columns: str, condition: str, values: tuple[Any, ...], limit: int | None = None) -> list[Any]:
    names = [name.strip() for name in columns.split(",")]
    query = f"SELECT {', '.join(f'`{name}`' for name in names)} FROM `tab{doctype}` WHERE {condition} ORDER BY `creation` DESC"
    rows = current().db.rows(query + (f" LIMIT {int(limit)}" if limit else ""), values)
    return [_dict(zip(names, row, strict=True)) for row in rows]


def comments_of(doctype: str, name: str) -> dict[str, list[Any]]:
    """Give the comments and notes on a document, by the list of the timeline they belong to."""
    found: dict[str, list[Any]] = {key: [] for key in LISTS}
    columns = "name, creation, content, owner, comment_type, comment_email, comment_by, published"
    for row in _rows("Comment", columns, "`reference_doctype` = ? AND `reference_name` = ?", (doctype, name)):
        found.setdefault(COMMENT_LISTS.get(row.comment_type, "info_logs"), []).append(row)
    return found


def communications_of(
    doctype: str, name: str, start: int = 0, limit: int = MOST_SHOWN, kind: str = "Communication"
) -> list[Any]:
    """Give mails, calls and messages about a document, the newest first."""
    columns = (
        "name", "communication_type", "communication_medium", "communication_date", "content", "sender",
        "sender_full_name", "cc", "bcc", "recipients", "creation", "subject", "delivery_status", "_liked_by",
        "reference_doctype", "reference_name", "read_by_recipient", "sent_or_received", "send_after",
    )  # fmt: skip
    stored = [column for column in columns if column != "_liked_by"]
    quoted = ", ".join(f"c.`{column}`" for column in stored)
    rows = current().db.rows(
        f"SELECT {quoted} FROM `tabCommunication` c WHERE c.`communication_type` = ? AND ("
        " (c.`reference_doctype` = ? AND c.`reference_name` = ?) OR EXISTS (SELECT 1 FROM `tabCommunication Link` l"
        " WHERE l.`parent` = c.`name` AND l.`link_doctype` = ? AND l.`link_name` = ?))"
        f" ORDER BY c.`creation` DESC LIMIT {int(limit)} OFFSET {int(start)}",
        (kind, doctype, name, doctype, name),
    )
    return [_dict(zip(stored, row, strict=True)) for row in rows]


def versions_of(document: Any) -> list[Any]:
    """Give what saves changed, the newest first."""
    if not document.meta.track_changes:
        return []
    condition = "`ref_doctype` = ? AND `docname` = ?"
    rows = _rows("Version", "name, owner, creation, data", condition, (document.doctype, str(document.name)), limit=10)
    return [_dict(row, data=changes_as_seen(row.data, document.meta)) for row in rows]


def assignments_of(doctype: str, name: str) -> list[Any]:
    """Give whom a document is assigned to: `owner` is the user, `name` the ToDo."""
    rows = current().db.rows(
        "SELECT `name`, `allocated_to`, `description`, `status` FROM `tabToDo` WHERE `reference_type` = ? AND `reference_name` = ?"
        " AND `status` NOT IN ('Cancelled', 'Closed') AND IFNULL(`allocated_to`, '') != '' ORDER BY `creation` DESC",
        (doctype, name),
    )
    return [_dict(name=row[0], owner=row[1], description=row[2], status=row[3]) for row in rows]


def shares_of(doctype: str, name: str) -> list[Any]:
    """Give with whom a document is shared, and for what."""
    columns = "name, user, read, write, submit, share, everyone, owner, creation"
    return _rows("DocShare", columns, "`share_doctype` = ? AND `share_name` = ?", (doctype, name))


def views_of(document: Any) -> list[Any]:
    """Give who looked at a document, where its DocType keeps that."""
    if not document.meta.track_views:
        return []
    condition = "`reference_doctype` = ? AND `reference_name` = ?"
    return _rows(
        "View Log", "name, creation, owner, viewed_by", condition, (document.doctype, str(document.name)), limit=10
    )


def tags_of(doctype: str, name: str, document: Any = None) -> str:
    """Give the tags of a document, with commas between them."""
    if document is not None and not _keeps_tags(document.meta):
        return ""
    stored = current().db.get_value_by_name(doctype, name, "_user_tags")
    return str(stored or "").strip(",")


def _keeps_tags(meta: Any) -> bool:
    return not (meta.issingle or meta.is_virtual) and "_user_tags" in meta.column_types


def is_followed(doctype: str, name: str) -> bool:
    """Tell whether the user follows a document."""
    row = current().db.row(
        "SELECT 1 FROM `tabDocument Follow` WHERE `ref_doctype` = ? AND `ref_docname` = ? AND `user` = ?",
        (doctype, name, current().session.user),
    )
    return row is not None


def rights_on(document: Any) -> dict[str, int]:
    """Give what the user may do with a document, what was shared included."""
    rights = {
        key: int(bool(value)) for key, value in get_doc_permissions(document).items() if not isinstance(value, dict)
    }
    for right in ("read", "write", "share", "submit"):
        if not rights.get(right) and has_permission(
            document.doctype, right, document, print_logs=False, raise_exception=False
        ):
            rights[right] = 1
    return rights


def _additional_content(document: Any) -> list[Any]:
    """What apps add to the timeline (hook `additional_timeline_content`)."""
    hooks = get_hooks("additional_timeline_content", {})
    if not isinstance(hooks, dict):
        return []
    found: list[Any] = []
    for path in [*hooks.get("*", ()), *hooks.get(document.doctype, ())]:
        found.extend(hook_function(path)(document.doctype, document.name) or ())
    return found


def _next_step(document: Any) -> Any:
    """What happens next with a document, in one line: its own `get_next_step`, else a function of the hook `next_step`."""
    method = getattr(document, "get_next_step", None)
    if callable(method):
        return method()
    named = get_hooks("next_step", {}).get(document.doctype) or []
    return hook_function(named[-1])(document) if named else None


# people


def user_info(users: Iterable[Any]) -> dict[str, Any]:
    """Give name, picture and address of users, by id."""
    wanted = sorted({str(user) for user in users if user})
    if not wanted:
        return {}
    marks = ", ".join("?" * len(wanted))
    rows = current().db.rows(
        f"SELECT `name`, `full_name`, `user_image`, `email`, `time_zone` FROM `tabUser` WHERE `name` IN ({marks})",
        tuple(wanted),
    )
    return {
        row[0]: {"fullname": row[1] or row[0], "image": row[2], "name": row[0], "email": row[3], "time_zone": row[4]}
        for row in rows
    }


def _people_in(info: dict[str, Any], document: Any) -> set[str]:
    found: set[str] = {str(document.get("owner") or ""), str(document.get("modified_by") or "")}
    for key in (*LISTS, "shared", "versions", "assignments", "views", "attachments"):
        for row in info.get(key) or ():
            found.update(str(row.get(part) or "") for part in ("owner", "user", "viewed_by"))
    for row in info.get("communications") or ():
        found.add(str(row.get("sender") or ""))
    found.update(_liked_by(document))
    return found


def _liked_by(document: Any) -> list[str]:
    try:
        return list(json.loads(document.get("_liked_by") or "[]"))
    except (ValueError, TypeError):
        return []
