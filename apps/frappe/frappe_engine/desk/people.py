"""Working together on a document: assigning, commenting, liking, tagging, following, sharing.

Invariant: every change asks for the right it needs on the document itself; what the timeline shows is sanitised when
it is written.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from frappe_engine.access.decisions import has_permission
from frappe_engine.context.errors import DoesNotExistError, PermissionError
from frappe_engine.context.local import current, providers
from frappe_engine.context.messages import msgprint, throw
from frappe_engine.context.translate import _
from frappe_engine.context.whitelist import whitelist
from frappe_engine.desk.docinfo import assignments_of
from frappe_engine.desk.forms import check_may_read
from frappe_engine.desk.notices import notify
from frappe_engine.documents.document import get_doc
from frappe_engine.documents.incoming import check_doctype, json_parameter, text_parameter
from frappe_engine.kit.attrdict import _dict
from frappe_engine.kit.html import escape_html, sanitize_html, strip_html
from frappe_engine.kit.numbers import cint, sbool

OPEN = ("Open",)

# assigning


@whitelist()
def assign(args: dict[str, Any] | None = None, ignore_permissions: bool = False) -> list[Any]:
    """Assign a document (`doctype`, `name`) to the users in `assign_to`; give all who have it now.

    Who may not read it gets it shared. Raises `PermissionError`, `DoesNotExistError`.
    """
    values = _dict(args or current().form_dict)
    return _assign(check_may_read(values.get("doctype"), values.get("name")), values)


def assign_trusted(args: Any, *, ignore_permissions: bool = False) -> list[Any]:
    """Assign a document as `assign` does, for rules of the site: with `ignore_permissions` whoever is at work."""
    values = _dict(args)
    if not ignore_permissions:
        return assign(values)
    return _assign(get_doc(values.doctype, values.name), values)


def _assign(document: Any, values: Any) -> list[Any]:
    users = _users(values.get("assign_to"))
    known = {entry.owner for entry in assignments_of(document.doctype, str(document.name))}
    shared: list[str] = []
    for user in (user for user in users if user not in known):
        _assign_one(document, user, values)
        if not has_permission(document.doctype, "read", document, user, print_logs=False, raise_exception=False):
            _share_to_read(document, user)
            shared.append(user)
    _tell_about_assigning([user for user in users if user in known], shared)
    return given(document.doctype, document.name)


def _users(value: Any) -> list[str]:
    if isinstance(value, str) and value[:1] != "[":
        return [value]
    users = json_parameter({"assign_to": value}, "assign_to", (list,)) or []
    database = current().db
    for user in users:
        if not database.exists("User", str(user)):
            throw(_("{0} {1} not found").format(_("User"), str(user)[:140]), DoesNotExistError)
    return [str(user) for user in dict.fromkeys(users)]


def _assign_one(document: Any, user: str, values: Any) -> None:
    session = current().session
    words = str(values.get("description") or "")
    text = (
        sanitize_html(words)
        if strip_html(words).strip()
        else _("Assignment for {0} {1}").format(_(document.doctype), document.name)
    )
    todo = {
        "doctype": "ToDo",
        "allocated_to": user,
        "reference_type": document.doctype,
        "reference_name": str(document.name),
        "description": text,
        "priority": values.get("priority") or "Medium",
        "status": "Open",
        "assigned_by": values.get("assigned_by") or session.user,
        "assignment_rule": values.get("assignment_rule"),
    }
    if values.get("date"):
        todo["date"] = values.get("date")  # else today, the default
    get_doc(todo).insert(ignore_permissions=True)
    notify([user], "Assignment", document, _("{0} assigned a new task {1} {2} to you"), text)


def _share_to_read(document: Any, user: str) -> None:
    share_document(document.doctype, document.name, user, trusted=True)


def _tell_about_assigning(had_it: list[str], shared: list[str]) -> None:
    if had_it:
        msgprint(
            _("Already in the following Users ToDo list:{0}").format("<br><br>" + "<br>".join(map(escape_html, had_it)))
        )
    if shared:
        msgprint(
            _("Shared with the following Users with Read access:{0}").format(
                "<br><br>" + "<br>".join(map(escape_html, shared))
            )
        )


def given(doctype: str, name: Any) -> list[Any]:
    """Give whom a document is assigned to, as `owner` (the user) and `name` (the ToDo)."""
    return [_dict(owner=entry.owner, name=entry.name) for entry in assignments_of(doctype, str(name))]


@whitelist()
def assign_many(args: dict[str, Any] | None = None) -> None:
    """Assign several documents (`name` is a JSON list of names)."""
    values = _dict(args or current().form_dict)
    for name in json_parameter(values, "name", (list,)) or []:
        assign(_dict(values, name=name))


@whitelist()
def unassign(doctype: str, name: Any, assign_to: str, ignore_permissions: bool = False) -> list[Any]:
    """Take a document off a user's list."""
    return _end_assignment(doctype, name, assign_to, "Cancelled")


@whitelist()
def unassign_many(doctype: str, names: Any, ignore_permissions: bool = False) -> None:
    """Take documents off everybody's lists."""
    for name in json_parameter({"names": names}, "names", (list,)) or []:
        for entry in given(doctype, name):
            _end_assignment(doctype, name, entry["owner"], "Cancelled")


@whitelist()
def close_assignment(doctype: str, name: Any, assign_to: str, ignore_permissions: bool = False) -> list[Any]:
    """Note that a user has done what was assigned to them; only they say so."""
    if assign_to != current().session.user:
        throw(_("Only the assignee can complete this to-do."))
    return _end_assignment(doctype, name, assign_to, "Closed")


def _end_assignment(doctype: str, name: Any, user: str, status: str) -> list[Any]:
    document = check_may_read(doctype, name)
    todos = [entry.name for entry in assignments_of(doctype, str(document.name)) if entry.owner == user]
    for todo_name in todos:
        todo = get_doc("ToDo", todo_name)
        todo.status = status
        todo.save(ignore_permissions=True)
    if todos and status == "Cancelled":
        notify([user], "Assignment", document, _("{0} removed the assignment of {1} {2} to you"))
    return given(doctype, name)


def set_status(
    doctype: str,
    name: Any,
    todo: str | None = None,
    assign_to: str | None = None,
    status: str = "Cancelled",
    ignore_permissions: bool = True,
) -> list[Any]:
    """Set the status of the assignments of a document: all of them, one user's, or one task's."""
    for entry in assignments_of(doctype, str(name)):
        if (todo and entry.name != todo) or (assign_to and entry.owner != assign_to):
            continue
        task = get_doc("ToDo", entry.name)
        task.status = status
        task.save(ignore_permissions=ignore_permissions)
    return given(doctype, name)


def clear_assignments(doctype: str, name: Any, ignore_permissions: bool = False) -> bool:
    """Take a document off everybody's list; tell whether it was on any."""
    had = bool(assignments_of(doctype, str(name)))
    set_status(doctype, name, status="Cancelled")
    return had


def close_all_assignments(doctype: str, name: Any, ignore_permissions: bool = False) -> bool:
    """Note that all assignments of a document are done; tell whether there were any."""
    had = bool(assignments_of(doctype, str(name)))
    set_status(doctype, name, status="Closed")
    return had


def assignments_for(args: Any = None) -> list[Any]:
    """Give whom the document in `args` (`doctype`, `name`) is assigned to."""
    values = args or current().form_dict
    return given(str(values.get("doctype")), values.get("name"))


# comments


@whitelist(methods=["POST", "PUT"])
def add_comment(
    reference_doctype: str, reference_name: Any, content: str, comment_email: str = "", comment_by: str = ""
) -> Any:
    """Put a comment on a document's timeline, in the name of the one who asks; who is mentioned is told."""
    document = check_may_read(reference_doctype, reference_name)
    if not strip_html(content or "").strip() and "<img" not in (content or ""):
        throw(_("A comment needs some text"))
    session = current().session
    comment = get_doc(
        {
            "doctype": "Comment",
            "comment_type": "Comment",
            "reference_doctype": document.doctype,
            "reference_name": str(document.name),
            "comment_email": session.user,
            "comment_by": session.get("data", {}).get("full_name") or comment_by or session.user,
            "content": sanitize_html(content, always_sanitize=True),
        }
    )
    comment.insert(ignore_permissions=True)  # its controller tells who is mentioned
    return comment.as_dict()


def tell_mentioned(document: Any, html: str) -> None:
    """Tell the users who are mentioned in a comment on a document."""
    notify(mentioned_users(html), "Mention", document, _("{0} mentioned you in a comment in {1} {2}"), html)


def mentioned_users(txt: str) -> list[str]:
    """Give the users whose names stand in a text as mentions (`data-id` of `span.mention`)."""
    from bs4 import BeautifulSoup  # a parser, only for comments that hold a mention

    if "mention" not in txt:
        return []
    found: list[str] = []
    for tag in BeautifulSoup(txt, "html.parser").find_all(class_="mention"):
        name = str(tag.get("data-id") or "")
        if tag.get("data-is-group") == "true":
            found += [
                row[0]
                for row in current().db.rows("SELECT `user` FROM `tabUser Group Member` WHERE `parent` = ?", (name,))
            ]
        elif name:
            found.append(name)
    return [user for user in dict.fromkeys(found) if current().db.exists("User", user)]


@whitelist()
def update_comment(name: str, content: str) -> None:
    """Change one's own comment."""
    comment = get_doc("Comment", name)
    if current().session.user not in ("Administrator", comment.owner):
        throw(_("Comment can only be edited by the owner"), PermissionError)
    if comment.reference_doctype and comment.reference_name:
        check_may_read(comment.reference_doctype, comment.reference_name)
    comment.content = sanitize_html(content, always_sanitize=True)
    comment.save(ignore_permissions=True)


@whitelist()
def update_comment_publicity(name: str, publish: Any) -> None:
    """Show a comment to people of the website, or to those of the desk alone."""
    comment = get_doc("Comment", name)
    if current().session.user != comment.owner and not has_permission("Comment", "write", comment, print_logs=False):
        throw(_("Comment publicity can only be updated by the original author or a System Manager."), PermissionError)
    comment.published = int(bool(sbool(publish)))
    comment.save(ignore_permissions=True)


# likes


@whitelist()
def toggle_like(doctype: str, name: Any, add: Any = False) -> None:
    """Like a document (`add` is Yes), or like it no more."""
    document = check_may_read(doctype, name)
    user = current().session.user
    liked = [one for one in json.loads(document.get("_liked_by") or "[]") if one != user]
    adding = add == "Yes" or sbool(add) is True
    if adding:
        liked.append(user)
    _set_column(document, "_liked_by", json.dumps(liked) if liked else None)
    if adding:
        document.add_comment("Like", _("Liked"))
        owner = str(document.owner)
        notify([owner] if owner != user else [], "Alert", document, _("{0} liked {1} {2}"))
    else:
        current().db.delete(
            "Comment",
            {"comment_type": "Like", "reference_doctype": doctype, "reference_name": str(document.name), "owner": user},
        )


def _set_column(document: Any, column: str, value: Any) -> None:
    """Set one of the columns that hold what people attach to a document, without a new version of it."""
    if column not in document.meta.column_types:
        throw(_("{0} does not keep this").format(_(document.doctype)))
    current().db.set_value(document.doctype, document.name, column, value, update_modified=False)


# tags


@whitelist()
def add_tag(tag: str, dt: str, dn: Any, color: Any = None) -> str:
    """Put a tag on a document."""
    put_tag(check_may_read(dt, dn), clean_tag(tag))
    return clean_tag(tag)


@whitelist()
def add_tags(tags: Any, dt: str, docs: Any, color: Any = None) -> None:
    """Put tags on several documents."""
    for name in json_parameter({"docs": docs}, "docs", (list,)) or []:
        document = check_may_read(dt, name)
        for tag in json_parameter({"tags": tags}, "tags", (list,)) or []:
            put_tag(document, clean_tag(tag))


@whitelist()
def remove_tag(tag: str, dt: str, dn: Any) -> None:
    """Take a tag off a document."""
    take_tag(check_may_read(dt, dn), clean_tag(tag))


def clean_tag(tag: Any) -> str:
    """Give a tag without mark-up and commas. Raises `ValidationError` when nothing is left."""
    text = strip_html(str(text_parameter(tag, "tag") or "")).replace(",", " ").strip()[:140]
    if not text:
        throw(_("Missing argument: {0}").format("tag"))
    return text


def put_tag(document: Any, tag: str) -> None:
    """Put a tag on a document, in the list it carries and as a Tag Link."""
    tags = _tags_of(document)
    if tag in tags:
        return
    database = current().db
    if not database.exists("Tag", tag):
        get_doc({"doctype": "Tag", "name": tag}).insert(ignore_permissions=True, set_name=tag)
    link = {"doctype": "Tag Link", "document_type": document.doctype, "document_name": str(document.name), "tag": tag}
    get_doc({**link, "title": document.get_title()[:140]}).insert(ignore_permissions=True, ignore_links=True)
    _set_column(document, "_user_tags", "," + ",".join([*tags, tag]))


def take_tag(document: Any, tag: str) -> None:
    """Take a tag off a document."""
    tags = [one for one in _tags_of(document) if one.lower() != tag.lower()]
    link = {"document_type": document.doctype, "document_name": str(document.name), "tag": tag}
    current().db.delete("Tag Link", link)
    _set_column(document, "_user_tags", "," + ",".join(tags) if tags else "")


def _tags_of(document: Any) -> list[str]:
    stored = current().db.get_value_by_name(document.doctype, document.name, "_user_tags")
    return [tag for tag in str(stored or "").split(",") if tag]


@whitelist()
def get_tags(doctype: str, txt: str = "") -> list[str]:
    """Give tags that hold a text, those of the DocType's documents first."""
    rows = current().db.rows(
        "SELECT t.`name` FROM `tabTag` t WHERE t.`name` LIKE ? ORDER BY"
        " CASE WHEN EXISTS (SELECT 1 FROM `tabTag Link` l WHERE l.`tag` = t.`name` AND l.`document_type` = ?) THEN 0 ELSE 1 END,"
        " t.`name` LIMIT 50",
        (f"%{str(txt or '')[:60]}%", doctype),
    )
    return [row[0] for row in rows]


@whitelist()
def get_tags_list_for_awesomebar() -> list[str]:
    """Give all tags."""
    return [row[0] for row in current().db.rows("SELECT `name` FROM `tabTag` ORDER BY `name` LIMIT 1000")]


@whitelist()
def get_documents_for_tag(tag: str) -> list[Any]:
    """Give the documents with a tag that the user may read: `doctype`, `name`, `content`."""
    rows = current().db.rows(
        "SELECT `document_type`, `document_name`, `title` FROM `tabTag Link` WHERE `tag` = ? ORDER BY `creation` DESC LIMIT 200",
        (tag,),
    )
    found: list[Any] = []
    for doctype, name, title in rows:
        if current().db.table_exists(doctype) and has_permission(
            doctype, "read", name, print_logs=False, raise_exception=False
        ):
            found.append({"doctype": doctype, "name": name, "content": title})
    return found


@whitelist()
def get_tagged_docs(doctype: str, tag: str = "") -> list[Any]:
    """Give the documents of a DocType with a tag: name and tags."""
    from frappe_engine.documents.listing import get_list  # with the rights of lists

    check_doctype(doctype)
    return list(
        get_list(doctype, fields=["name", "_user_tags"], filters={"_user_tags": ["like", f"%{tag}%"]}, page_length=500)
    )


# following


@whitelist()
def update_follow(doctype: str, doc_name: Any, following: Any) -> Any:
    """Follow a document, or follow it no more."""
    return follow_document(doctype, doc_name) if sbool(following) else unfollow_document(doctype, doc_name)


@whitelist()
def follow_document(doctype: str, doc_name: Any, user: str | None = None) -> Any:
    """Let a user hear of changes to a document; everybody decides for themselves."""
    who = _self(user)
    document = check_may_read(doctype, doc_name)
    if not document.meta.track_changes:
        throw(_("Can't follow since changes are not tracked."))
    values = {"ref_doctype": doctype, "ref_docname": str(document.name), "user": who}
    if current().db.exists("Document Follow", values):
        return None
    return get_doc({"doctype": "Document Follow", **values}).insert(ignore_permissions=True)


@whitelist()
def unfollow_document(doctype: str, doc_name: Any, user: str | None = None) -> int:
    """Let a user hear no more of a document; tell whether they did."""
    values = {"ref_doctype": doctype, "ref_docname": str(doc_name), "user": _self(user)}
    name = current().db.exists("Document Follow", values)
    if not name:
        return 0
    current().db.delete("Document Follow", {"name": name})
    return 1


def _self(user: str | None) -> str:
    who = str(user or current().session.user)
    if who != current().session.user and current().session.user != "Administrator":
        throw(_("Not permitted"), PermissionError)
    return who


@whitelist()
def get_follow_users(doctype: str, doc_name: Any) -> list[Any]:
    """Give who follows a document."""
    document = check_may_read(doctype, doc_name)
    rows = current().db.rows(
        "SELECT `user` FROM `tabDocument Follow` WHERE `ref_doctype` = ? AND `ref_docname` = ?",
        (doctype, str(document.name)),
    )
    return [{"user": row[0]} for row in rows]


# sharing


@whitelist()
def add_share(
    doctype: str, name: Any, user: Any = None, read: Any = 1, write: Any = 0, submit: Any = 0, share: Any = 0,
    everyone: Any = 0, notify: Any = 0,
) -> Any:  # fmt: skip
    """Share a document with a user or with everybody."""
    rights = {"read": cint(read), "write": cint(write), "submit": cint(submit), "share": cint(share)}
    return share_document(doctype, name, user, rights, everyone=cint(everyone), tell=bool(cint(notify)))


def share_document(
    doctype: str,
    name: Any,
    user: Any,
    rights: Mapping[str, int] | None = None,
    *,
    everyone: int = 0,
    tell: bool = False,
    trusted: bool = False,
) -> Any:
    """Make or change a share; reading is part of every right. `trusted` code needs no right to share the document.

    Raises `PermissionError`.
    """
    who = None if everyone else str(user or current().session.user)
    key = share_key(doctype, name, who, everyone)
    known = current().db.exists("DocShare", key)
    document = get_doc("DocShare", known) if known else get_doc({"doctype": "DocShare", **key})
    if trusted:
        document.flags.ignore_share_permission = True
    document.update({"read": 1, **(rights or {})})
    document.save(ignore_permissions=True)
    if tell and who:
        notify([who], "Share", get_doc(doctype, name), _("{0} shared a document {1} {2} with you"))
    return document


def share_key(doctype: str, name: Any, user: str | None, everyone: int = 0) -> dict[str, Any]:
    """Give what tells one share from another."""
    key: dict[str, Any] = {"share_doctype": doctype, "share_name": str(name)}
    return {**key, "everyone": 1} if everyone else {**key, "user": user}


@whitelist()
def set_share_permission(
    doctype: str, name: Any, user: Any, permission_to: str, value: Any = 1, everyone: Any = 0
) -> Any:
    """Give or take one right of a share; a share without any right is removed."""
    if permission_to not in ("read", "write", "share", "submit"):
        throw(_("Parameter {0} must be one of {1}").format("permission_to", "read, write, share, submit"))
    who = None if cint(everyone) else str(user or current().session.user)
    known = current().db.exists("DocShare", share_key(doctype, name, who, cint(everyone)))
    if not known:
        if not cint(value):
            return {}
        return share_document(doctype, name, who, {permission_to: 1}, everyone=cint(everyone))
    document = get_doc("DocShare", known)
    document.set(permission_to, cint(value))
    if not cint(value) and permission_to == "read":
        document.update({"read": 0, "write": 0, "share": 0, "submit": 0})
    if not any(cint(document.get(right)) for right in ("read", "write", "share", "submit")):
        document.delete(ignore_permissions=True)
        return {}
    document.save(ignore_permissions=True)
    return document


def remove_share(
    doctype: str, name: Any, user: str | None, everyone: int = 0, flags: Mapping[str, Any] | None = None
) -> None:
    """Share a document with a user no more; `flags.ignore_share_permission` needs no right to share it."""
    known = current().db.exists("DocShare", share_key(doctype, name, user, everyone))
    if known:
        document = get_doc("DocShare", known)
        document.flags.update(flags or {})
        document.delete(ignore_permissions=True)


@whitelist()
def get_share_users(doctype: str, name: Any) -> list[Any]:
    """Give with whom a document is shared."""
    from frappe_engine.desk.docinfo import shares_of  # beside the rest of what forms show

    document = check_may_read(doctype, name)
    return shares_of(doctype, str(document.name))


providers.register("add_tag", lambda document, tag: put_tag(document, clean_tag(tag)))
providers.register("remove_tag", lambda document, tag: take_tag(document, clean_tag(tag)))
