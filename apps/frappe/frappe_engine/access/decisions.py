"""The decision itself: may this user do this to this document?

Order: Administrator may; role permissions at level 0 (also "only as owner"); user permissions; hooks of apps may
forbid; what was shared is allowed all the same. Source of the rules: the public documentation of users and permissions.

Invariant: `restrictions_for` is the only reading of user permissions, used here and by lists.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from frappe_engine.access.roles import get_roles, get_shared, get_user_permissions
from frappe_engine.context.errors import PermissionError
from frappe_engine.context.hooks import call_with_fitting, get_hooks, hook_function
from frappe_engine.context.local import current, providers
from frappe_engine.context.messages import msgprint
from frappe_engine.context.settings import system_setting
from frappe_engine.context.translate import _
from frappe_engine.database.database import process_cache_of
from frappe_engine.kit.attrdict import _dict

RIGHTS = (
    "select", "read", "write", "create", "delete", "submit", "cancel", "amend",
    "print", "email", "report", "import", "export", "share",
)  # fmt: skip
SHAREABLE = frozenset({"read", "write", "share", "submit", "email", "print"})
OWNER_RIGHTS = frozenset(
    {"read", "write", "select", "delete", "submit", "cancel", "amend", "print", "email", "share", "report", "export"}
)


@dataclass(frozen=True, slots=True)
class Restriction:
    """A field of a document (`name`: the document itself) must hold one of these names, or be empty unless strict."""

    field: str
    allowed: frozenset[str]
    strict: bool


def has_permission(
    doctype: str,
    ptype: str = "read",
    doc: Any = None,
    user: str | None = None,
    raise_exception: bool = True,
    *,
    parent_doctype: str | None = None,
    debug: bool = False,
    ignore_share_permissions: bool = False,
    print_logs: bool = True,
) -> bool:
    """Tell whether `user` has the right `ptype` on `doctype`, on `doc` (a document or a name) when it is given.

    With `print_logs` the reason for a refusal is shown to the user.
    """
    who = user or current().session.user
    if who == "Administrator":
        return True
    meta = providers("meta", doctype)
    if ptype == "share" and int(system_setting("disable_document_sharing") or 0):
        return False
    if meta.istable:
        return _child_permission(meta, ptype, doc, who, parent_doctype)
    if isinstance(doc, (str, int)):
        doc = providers("get_doc", doctype, doc)
    granted = _granted(meta, ptype, doc, who)
    if not granted and not ignore_share_permissions:
        granted = _shared(doctype, ptype, doc, who)
    if not granted and print_logs and raise_exception:
        _explain(meta, ptype, doc)
    return granted


def _granted(meta: Any, ptype: str, doc: Any, user: str) -> bool:
    if ptype in ("submit", "cancel", "amend") and not meta.is_submittable:
        return False
    if ptype == "import" and not meta.allow_import:
        return False
    if doc is None:
        rights = get_role_permissions(meta, user)
        listed = ptype in ("read", "select") and rights["if_owner"].get(ptype)  # lists show the user's own documents
        return bool(rights.get(ptype) or listed)
    return bool(get_doc_permissions(doc, user=user, ptype=ptype).get(ptype))


def get_role_permissions(
    doctype_meta: Any, user: str | None = None, is_owner: bool | None = None, debug: bool = False
) -> Any:
    """Give the rights that a user's roles give on a DocType at level 0, as {right: 0 or 1}.

    `if_owner` holds the rights that count for the user's own documents alone (all of `OWNER_RIGHTS` where roles
    give them only so); `has_if_owner_enabled` tells whether there are any.
    """
    meta = providers("meta", doctype_meta) if isinstance(doctype_meta, str) else doctype_meta
    who = user or current().session.user
    if who == "Administrator":
        return _dict(dict.fromkeys(RIGHTS, 1), if_owner={}, has_if_owner_enabled=False)
    cache = process_cache_of(current())
    rights = cache.get_or_load(f"rights|{who}|{meta.name}", lambda: _role_rights(meta, who))
    if is_owner:
        owned = _dict(rights)
        owned.update({right: 1 for right in rights["if_owner"]})
        return owned
    return rights


def _role_rights(meta: Any, user: str) -> Any:
    roles = set(get_roles(user))
    rules = [rule for rule in meta.permissions if rule.role in roles and not int(rule.get("permlevel") or 0)]
    rights: Any = _dict({right: 0 for right in RIGHTS})
    owner_only: dict[str, int] = {}
    for right in RIGHTS:
        giving = [rule for rule in rules if rule.get(right)]
        if not giving:
            continue
        if right in OWNER_RIGHTS and all(rule.get("if_owner") for rule in giving):
            owner_only[right] = 1
        else:
            rights[right] = 1
    rights["if_owner"] = owner_only
    rights["has_if_owner_enabled"] = bool(owner_only)
    return rights


def get_doc_permissions(doc: Any, user: str | None = None, ptype: str | None = None, debug: bool = False) -> Any:
    """Give the rights a user has on one document, shares left out."""
    who = user or current().session.user
    meta = providers("meta", doc.doctype)
    if who == "Administrator":
        return _dict(dict.fromkeys(RIGHTS, 1))
    if _forbidden_by_hook(doc, ptype, who):
        return _dict({right: 0 for right in RIGHTS})
    rights = _dict(get_role_permissions(meta, who))
    owner_only, _enabled = rights.pop("if_owner"), rights.pop("has_if_owner_enabled")
    if owner_only and str(doc.get("owner") or "").lower() == who.lower():
        rights.update(owner_only)
    if not within_restrictions(doc, who):
        return _dict({right: 0 for right in RIGHTS})
    if not meta.is_submittable:
        rights.update(submit=0, cancel=0, amend=0)
    if not meta.allow_import:
        rights["import"] = 0
    return rights


def _forbidden_by_hook(doc: Any, ptype: str | None, user: str) -> bool:
    """Tell whether an app's `has_permission` hook, or the controller's method, says no."""
    hooks = get_hooks("has_permission", {})
    paths = [*hooks.get(doc.doctype, []), *hooks.get("*", [])] if isinstance(hooks, Mapping) else []
    for path in paths:
        answer = call_with_fitting(hook_function(path), {"doc": doc, "ptype": ptype, "user": user, "debug": False})
        if answer is not None and not answer:
            return True
    return False


def restrictions_for(
    meta: Any, user: str, parent_doctype: str | None = None, *, linked_from: str | None = None
) -> list[Restriction]:
    """Give the restrictions that user permissions put on documents of a DocType.

    On its rows in documents of `parent_doctype` those count that apply to that DocType. Where documents are chosen for a
    link in `linked_from`, what that DocType may not hold is left out, too.
    """
    within = parent_doctype or meta.name
    limits = get_user_permissions(user)
    if not limits:
        return []
    strict = bool(int(system_setting("apply_strict_user_permissions") or 0))
    found: list[Restriction] = []
    own = _allowed(limits, meta.name, within)
    if own is not None:
        found.append(Restriction("name", own, strict=True))
    linked = _allowed(limits, meta.name, linked_from) if linked_from else None
    if linked is not None:
        found.append(Restriction("name", linked, strict=True))
    for field in meta.link_fields:
        if (
            field.get("ignore_user_permissions")
            or field.get("is_virtual")
            or (field.options == meta.name and field.fieldname == meta.nsm_parent)
        ):
            continue
        allowed = _allowed(limits, field.options, within)
        if allowed is not None:
            found.append(Restriction(field.fieldname, allowed, strict))
    return found


def _allowed(limits: Mapping[str, list[Any]], linked: str, doctype: str) -> frozenset[str] | None:
    """The names of `linked` that a user may meet in `doctype`; None when nothing limits them there."""
    entries = [entry for entry in limits.get(linked, ()) if entry.applicable_for in (None, doctype)]
    return frozenset(entry.doc for entry in entries) if entries else None


def within_restrictions(doc: Any, user: str) -> bool:
    """Tell whether user permissions let `user` meet this document, its rows included."""
    meta = providers("meta", doc.doctype)
    if not _values_allowed(doc, restrictions_for(meta, user)):
        return False
    for fieldname, child in meta.table_doctypes.items():
        child_restrictions = restrictions_for(providers("meta", child), user, meta.name)
        if child_restrictions and not all(_values_allowed(row, child_restrictions) for row in doc.get(fieldname) or ()):
            return False
    return True


def _values_allowed(doc: Any, restrictions: list[Restriction]) -> bool:
    for restriction in restrictions:
        value = doc.get(restriction.field)
        if restriction.field == "name" and doc.get("__islocal"):
            continue
        if value in (None, ""):
            if restriction.strict and restriction.field != "name":
                return False
        elif value not in restriction.allowed:
            return False
    return True


def _shared(doctype: str, ptype: str, doc: Any, user: str) -> bool:
    if ptype not in SHAREABLE or (doc is None and ptype in ("create", "import")):
        return False
    right = "read" if ptype in ("email", "print") else ptype
    names = get_shared(doctype, user, right)
    return (doc.name in names) if doc is not None else bool(names)


def _child_permission(meta: Any, ptype: str, doc: Any, user: str, parent_doctype: str | None) -> bool:
    """A row may be met by whoever may meet its parent."""
    parenttype = getattr(doc, "parenttype", None) or parent_doctype
    if not parenttype:
        msgprint(_("Please name the parent DocType to read rows of {0}.").format(_(meta.name)), alert=True)
        return False
    parent_meta = providers("meta", parenttype)
    if parent_meta.istable or meta.name not in parent_meta.table_doctypes.values():
        return False
    field = parent_meta.get_field(getattr(doc, "parentfield", None) or "")
    level = int(field.get("permlevel") or 0) if field is not None else 0
    right = "write" if ptype in ("create", "delete", "write", "submit", "cancel") else ptype
    if level and level not in accessible_levels(parent_meta, right, user):
        return False
    parent = getattr(doc, "parent_doc", None) if doc is not None else None
    if parent is None and doc is not None and getattr(doc, "parent", None):
        parent = doc.parent
    return has_permission(parenttype, right, parent, user, raise_exception=False)


def accessible_levels(meta: Any, right: str = "read", user: str | None = None) -> list[int]:
    """Give the permission levels at which a user has `right` (read or write)."""
    who = user or current().session.user
    if who == "Administrator":
        return list(range(10))
    levels: list[int] = process_cache_of(current()).get_or_load(
        f"levels|{who}|{meta.name}|{right}",
        lambda: meta.get_permlevel_access(right, user_roles=get_roles(who)),
    )
    return levels


def permitted_fields(meta: Any, user: str | None = None, right: str = "read", *, parent: Any = None) -> set[str] | None:
    """Give the stored and table fields a user may read or write; None: all of them.

    The levels of rows are granted on their parent's DocType, `parent`.
    """
    if not meta.high_permlevel_fields or (user or current().session.user) == "Administrator":
        return None
    levels = accessible_levels(parent or meta, right, user)
    hidden = {field.fieldname for field in meta.high_permlevel_fields if int(field.permlevel) not in levels}
    if not hidden:
        return None
    return {name for name in (*meta.column_types, *meta.table_fieldnames) if name not in hidden}


def _explain(meta: Any, ptype: str, doc: Any) -> None:
    what = f"{_(meta.name)} {doc.name}" if doc is not None and doc.get("name") else _(meta.name)
    msgprint(
        _("You do not have the right to {0} {1}. Ask an administrator for a role that has it.").format(
            _(ptype.title()), what
        ),
        title=_("Not permitted"),
        indicator="red",
    )


def require(doctype: str, ptype: str = "read", doc: Any = None, user: str | None = None) -> None:
    """Raise `PermissionError` unless `has_permission`."""
    if not has_permission(doctype, ptype, doc, user):
        raise PermissionError(_("No permission for {0}").format(_(doctype)))
