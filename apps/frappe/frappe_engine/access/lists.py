"""The decision of `decisions.py` as SQL conditions of a list.

Invariant: for every user and document the condition holds exactly when `has_permission(read)` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from frappe_engine.access.decisions import Restriction, get_role_permissions, restrictions_for
from frappe_engine.access.roles import get_shared
from frappe_engine.context.errors import PermissionError
from frappe_engine.context.hooks import get_hooks, hook_function
from frappe_engine.context.local import current, providers
from frappe_engine.context.translate import _
from frappe_engine.database.filters import Condition


def list_conditions(
    doctype: str, user: str | None = None, *, parent_doctype: str | None = None, linked_from: str | None = None
) -> list[Condition]:
    """Give the conditions under which documents of `doctype` are in the list of `user`.

    `linked_from` is the DocType for whose link field they are listed. Raises `PermissionError` when the user may see none at all.
    """
    who = user or current().session.user
    if who == "Administrator":
        return _hook_conditions(doctype, who)
    meta = providers("meta", doctype)
    if meta.istable:
        return _child_conditions(meta, who, parent_doctype)
    return _conditions(meta, who, linked_from)


def _conditions(meta: Any, user: str, linked_from: str | None = None) -> list[Condition]:
    rights = get_role_permissions(meta, user)
    visible = rights["read"] or rights["select"] or rights["if_owner"].get("read") or rights["if_owner"].get("select")
    if not visible:
        shared = get_shared(meta.name, user)
        if not shared:
            raise PermissionError(_("Insufficient permission for {0}").format(_(meta.name)))
        return [_named(meta.name, shared)]
    parts: list[Condition] = []
    if not (rights["read"] or rights["select"]):
        parts.append(Condition(f"`tab{meta.name}`.`owner` = ?", (user,)))
    limits = restrictions_for(meta, user, linked_from=linked_from)
    parts += [_restricted(f"`tab{meta.name}`", restriction) for restriction in limits]
    parts += _rows_restricted(meta, user)
    parts += _hook_conditions(meta.name, user)
    shared = get_shared(meta.name, user) if parts else []  # who sees all sees what is shared
    if not shared:
        return parts
    together = " AND ".join(part.sql for part in parts)
    named = _named(meta.name, shared)
    return [Condition(f"(({together}) OR {named.sql})", tuple(v for part in parts for v in part.values) + named.values)]


def _named(doctype: str, names: list[str]) -> Condition:
    return Condition(f"`tab{doctype}`.`name` IN ({', '.join('?' * len(names))})", tuple(names))


def _restricted(table: str, restriction: Restriction) -> Condition:
    names = sorted(restriction.allowed)
    column = f"{table}.`{restriction.field}`"
    inside = f"{column} IN ({', '.join('?' * len(names))})"
    if restriction.strict:
        return Condition(inside, tuple(names))
    return Condition(f"(IFNULL({column}, '') = '' OR {inside})", tuple(names))


def _rows_restricted(meta: Any, user: str) -> list[Condition]:
    """A document with a row that may not be met is not in the list."""
    parts: list[Condition] = []
    for fieldname, child in meta.table_doctypes.items():
        restrictions = restrictions_for(providers("meta", child), user, meta.name)
        if not restrictions:
            continue
        allowed = [_restricted("r", restriction) for restriction in restrictions]
        parts.append(
            Condition(
                f"NOT EXISTS (SELECT 1 FROM `tab{child}` r WHERE r.`parent` = `tab{meta.name}`.`name`"
                f" AND r.`parenttype` = ? AND r.`parentfield` = ? AND NOT ({' AND '.join(part.sql for part in allowed)}))",
                (meta.name, fieldname, *(value for part in allowed for value in part.values)),
            )
        )
    return parts


def _hook_conditions(doctype: str, user: str) -> list[Condition]:
    """What apps' `permission_query_conditions` add, as SQL they vouch for."""
    hooks = get_hooks("permission_query_conditions", {})
    paths = [*hooks.get(doctype, []), *hooks.get("*", [])] if isinstance(hooks, Mapping) else []
    found: list[Condition] = []
    for path in paths:
        sql = hook_function(path)(user, doctype=doctype) if path in hooks.get("*", []) else hook_function(path)(user)
        if sql:
            found.append(Condition(f"({sql})"))
    if providers.has("permission_query_script"):
        sql = providers("permission_query_script", doctype, user)
        if sql:
            found.append(Condition(f"({sql})"))
    return found


def _child_conditions(meta: Any, user: str, parent_doctype: str | None) -> list[Condition]:
    """Rows of the parents that are in the list."""
    if not parent_doctype:
        raise PermissionError(_("Please name the parent DocType to read rows of {0}.").format(_(meta.name)))
    parent_meta = providers("meta", parent_doctype)
    if meta.name not in parent_meta.table_doctypes.values():
        raise PermissionError(_("{0} has no rows of {1}").format(_(parent_doctype), _(meta.name)))
    parts = [] if user == "Administrator" else _conditions(parent_meta, user)
    kind = Condition(f"`tab{meta.name}`.`parenttype` = ?", (parent_doctype,))
    if not parts:
        return [kind]
    inside = " AND ".join(part.sql for part in parts)
    return [
        kind,
        Condition(
            f"`tab{meta.name}`.`parent` IN (SELECT `tab{parent_doctype}`.`name` FROM `tab{parent_doctype}` WHERE {inside})",
            tuple(value for part in parts for value in part.values),
        ),
    ]
