"""Loading and saving forms.

Invariant: what a form sends is saved as if by any other way in, and the answer holds the document as it is stored now.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.context.errors import DoesNotExistError, PermissionError
from frappe_engine.context.local import current, providers
from frappe_engine.context.messages import clear_last_message, msgprint, throw
from frappe_engine.context.translate import _
from frappe_engine.context.whitelist import whitelist
from frappe_engine.desk.docinfo import communications_of, docinfo_of, user_info
from frappe_engine.documents.document import get_doc
from frappe_engine.documents.incoming import (
    check_doctype,
    document_from,
    json_parameter,
    load_document,
    may_link_to,
    stored_document_from,
)
from frappe_engine.documents.metas import get_meta
from frappe_engine.kit.numbers import cint
from frappe_engine.schema.meta import Meta

ACTIONS = {"Save": 0, "Submit": 1, "Update": 1, "Cancel": 2}


@whitelist()
def getdoc(doctype: str, name: Any) -> Any:
    """Give a document for its form, with what stands beside it and the titles of what it links to."""
    check_doctype(doctype)
    context = current()
    try:
        document = load_document(doctype, name)
    except DoesNotExistError:
        clear_last_message()
        return []
    if not document.has_permission("read"):
        context.flags.error_message = _("Insufficient Permission for {0}").format(_(doctype))
        document.check_permission("read")
    document.run_method("onload")
    document.apply_fieldlevel_read_permissions()
    context.response["docinfo"] = docinfo_of(document)
    context.response["_link_titles"] = link_titles(document)
    context.response.docs.append(document)
    _note_that_it_was_seen(document)
    return None


def _note_that_it_was_seen(document: Any) -> None:
    """Views are noted once the answer was sent, so that reading waits for no writer."""
    if not (document.meta.track_views or document.meta.track_seen):
        return
    context = current()

    def note() -> None:
        document.add_viewed()
        document.add_seen()
        current().db.commit()

    callbacks = context.get("after_response")
    if callbacks is not None and context.session.user != "Guest":
        callbacks.append(note)


@whitelist()
def get_docinfo(doc: Any = None, doctype: Any = None, name: Any = None) -> None:
    """Give what stands beside a document."""
    document = doc if hasattr(doc, "doctype") else _readable(doctype, name)
    current().response["docinfo"] = docinfo_of(document)


def _readable(doctype: Any, name: Any) -> Any:
    check_doctype(doctype)
    document = load_document(doctype, name)
    document.check_permission("read")
    return document


@whitelist()
def get_communications(doctype: str, name: Any, start: Any = 0, limit: Any = 20) -> list[Any]:
    """Give mails and messages about a document."""
    _readable(doctype, name)
    return communications_of(doctype, str(name), max(cint(start), 0), min(max(cint(limit), 1), 100))


@whitelist()
def get_user_info_for_viewers(users: Any) -> dict[str, Any]:
    """Give names and pictures of users who look at the same document."""
    return user_info(json_parameter({"users": users}, "users", (list,)) or [])


# saving


@whitelist(methods=["POST", "PUT"])
def savedocs(doc: Any, action: str) -> None:
    """Save, submit, update or cancel what a form sends; the stored document goes with the answer."""
    if action not in ACTIONS:
        throw(_("Parameter {0} must be one of {1}").format("action", ", ".join(ACTIONS)))
    content = json_parameter({"doc": doc}, "doc", (dict,)) or {}
    is_new = bool(content.get("__islocal"))
    local_name = content.get("name")
    document = document_from(content) if is_new else stored_document_from(content)
    if is_new:
        _forget_made_up_names(document)
    if not _submitted_in_background(document, action):
        document.docstatus = ACTIONS[action]
        if action == "Save" and not is_new:
            document.docstatus = cint(content.get("docstatus"))
        document.save()
    current().flags.update(last_saved=(document.doctype, document.name))
    _send_back(document, local_name)
    _say_what_was_done(action, document)


def _submitted_in_background(document: Any, action: str) -> bool:
    """Where the DocType says so a draft is stored here and submitted by a worker (cancelled likewise)."""
    if not document.meta.get("queue_in_background") or action not in ("Submit", "Cancel"):
        return False
    document.check_permission(action.lower())
    if action == "Submit":
        document.docstatus = 0
        document.save()
    return bool(providers("submit_in_background", document, action))


def _forget_made_up_names(document: Any) -> None:
    """Names like `new-todo-1` stand for "no name yet"."""
    document.__dict__["__islocal"] = 1
    if (
        str(document.get("name") or "").startswith("new-")
        or not document.meta.autoname
        or document.meta.autoname == "hash"
    ):
        document.__dict__["name"] = None
    for row in document.get_all_children():
        if row.__dict__.get("__islocal") or str(row.get("name") or "").startswith("new-"):
            row.__dict__["name"] = None
            row.__dict__["__islocal"] = 1
    wanted = document.__dict__.get("__newname")
    if wanted:
        document.__dict__["name"] = wanted


def _send_back(document: Any, local_name: Any = None) -> None:
    context = current()
    document.run_method("onload")
    document.apply_fieldlevel_read_permissions()
    values = document.as_dict()
    if local_name and local_name != document.name:
        values["localname"] = local_name
    context.response.docs.append(values)
    context.response["docinfo"] = docinfo_of(document)
    context.response["_link_titles"] = link_titles(document)


def _say_what_was_done(action: str, document: Any) -> None:
    words = {"Submit": _("Submitted"), "Cancel": _("Cancelled"), "Update": _("Updated"), "Save": _("Saved")}
    msgprint(words[action], indicator="red" if action == "Cancel" else "green", alert=True)


@whitelist(methods=["POST", "PUT"])
def cancel(
    doctype: Any = None, name: Any = None, workflow_state_fieldname: Any = None, workflow_state: Any = None
) -> None:
    """Cancel a document; the stored document goes with the answer."""
    meta = check_doctype(doctype)
    document = load_document(meta.name, name)
    if workflow_state_fieldname and workflow_state and meta.has_field(str(workflow_state_fieldname)):
        document.set(str(workflow_state_fieldname), workflow_state)
    document.cancel()
    _send_back(document)
    _say_what_was_done("Cancel", document)


# titles


def link_titles(document: Any) -> dict[str, str]:
    """Give the titles of the documents that links point at, where their DocType shows titles: "DocType::name" → title."""
    wanted: dict[str, set[str]] = {}
    for item in (document, *document.get_all_children()):
        for doctype, name in _links_of(item):
            wanted.setdefault(doctype, set()).add(name)
    return titles_of(wanted)


def _links_of(document: Any) -> list[tuple[str, str]]:
    values = document.__dict__
    found = [(field.options, values.get(field.fieldname)) for field in document.meta.link_fields]
    found += [(values.get(field.options), values.get(field.fieldname)) for field in document.meta.dynamic_link_fields]
    return [(str(doctype), str(name)) for doctype, name in found if doctype and name]


def titles_of(wanted: dict[str, set[str]]) -> dict[str, str]:
    """Give titles of documents, by "DocType::name", one query per DocType that shows them."""
    found: dict[str, str] = {}
    for doctype, names in wanted.items():
        meta = _meta_if_there(doctype)
        title = meta.title_field if meta is not None and meta.show_title_field_in_link else None
        if meta is None or not title or title == "name" or title not in meta.column_types or meta.issingle:
            continue
        if not may_link_to(doctype):
            continue
        known = sorted(names)
        for start in range(0, len(known), 500):
            part = known[start : start + 500]
            marks = ", ".join("?" * len(part))
            rows = current().db.rows(f"SELECT `name`, `{title}` FROM `tab{doctype}` WHERE `name` IN ({marks})", part)
            found.update({f"{doctype}::{name}": str(value) for name, value in rows if value})
    return found


def _meta_if_there(doctype: str) -> Meta | None:
    try:
        return get_meta(doctype)
    except DoesNotExistError:
        return None


def check_may_read(doctype: Any, name: Any) -> Any:
    """Give a document the user may read. Raises `PermissionError`, `DoesNotExistError`."""
    if not isinstance(doctype, str) or name in (None, ""):
        throw(_("Missing argument: {0}").format("doctype, name"))
    document = get_doc(check_doctype(doctype).name, name)
    if not document.has_permission("read"):
        throw(_("No permission for {0}").format(_(doctype)), PermissionError)
    return document
