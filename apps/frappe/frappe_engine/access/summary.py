"""What a user may do with which DocTypes, all of them at once: for menus, searches and the desk.

Invariant: made with the same number of queries however many DocTypes there are, and kept until roles, permissions or
DocTypes change. It says what roles give at level 0; single documents are decided by `decisions`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from frappe_engine.access.decisions import RIGHTS
from frappe_engine.access.roles import get_roles
from frappe_engine.context.local import current
from frappe_engine.database.database import process_cache_of

KIND = "user_rights"
_FLAGS = ("istable", "issingle", "in_create", "read_only", "is_submittable", "allow_import", "is_virtual")
_SETTABLE = ("in_create", "read_only", "allow_import")


@dataclass(frozen=True, slots=True)
class DocTypeFacts:
    """What the summary needs to know of a DocType."""

    name: str
    module: str
    flags: Mapping[str, bool]

    def __getitem__(self, flag: str) -> bool:
        return self.flags[flag]


@dataclass(slots=True)
class RightsSummary:
    """Names of DocTypes by what the user may do with them; child tables only where the user may report on them."""

    can_select: list[str] = field(default_factory=list)
    can_read: list[str] = field(default_factory=list)
    can_write: list[str] = field(default_factory=list)
    can_create: list[str] = field(default_factory=list)
    can_submit: list[str] = field(default_factory=list)
    can_cancel: list[str] = field(default_factory=list)
    can_delete: list[str] = field(default_factory=list)
    can_search: list[str] = field(default_factory=list)
    can_get_report: list[str] = field(default_factory=list)
    can_import: list[str] = field(default_factory=list)
    can_export: list[str] = field(default_factory=list)
    can_print: list[str] = field(default_factory=list)
    can_email: list[str] = field(default_factory=list)
    in_create: list[str] = field(default_factory=list)
    all_read: list[str] = field(default_factory=list)
    allow_modules: list[str] = field(default_factory=list)


def rights_summary(user: str | None = None) -> RightsSummary:
    """Give the summary of a user (of the one who asks by default); callers must not change it."""
    name = user or current().session.user
    summary: RightsSummary = process_cache_of(current()).get_or_load(f"{KIND}|{name}", lambda: _summarise(name))
    return summary


def forget_summaries() -> None:
    """Make every user's summary anew at next use, in every process."""
    process_cache_of(current()).forget_kind(KIND)


def _summarise(user: str) -> RightsSummary:
    summary = RightsSummary()
    granted = None if user == "Administrator" else _granted_rights(get_roles(user))
    everything = frozenset(RIGHTS)
    doctypes = list(_doctypes())
    for facts in doctypes:
        rights = everything if granted is None else granted.get(facts.name, frozenset())
        if rights:
            _add(summary, facts, rights)
    if "System Manager" in get_roles(user):
        importable = [facts.name for facts in doctypes if facts["allow_import"]]
        summary.can_import += [name for name in importable if name not in summary.can_import]
        known = set(summary.can_export)
        summary.can_export += [name for name in summary.can_read if name not in known]
    blocked = _blocked_modules(user)
    summary.allow_modules = [name for name in dict.fromkeys(summary.allow_modules) if name not in blocked]
    return summary


def _add(summary: RightsSummary, facts: DocTypeFacts, rights: frozenset[str]) -> None:
    name = facts.name
    if not facts["istable"]:
        _add_documents(summary, facts, rights)
    readable = rights & {"read", "write", "create"}
    if not readable:
        return
    if "report" in rights:
        summary.can_get_report.append(name)
    for right, names in (("export", summary.can_export), ("print", summary.can_print), ("email", summary.can_email)):
        if right in rights:
            names.append(name)
    if "import" in rights and facts["allow_import"]:
        summary.can_import.append(name)
    if not facts["istable"]:
        if not facts["issingle"] and not facts["read_only"]:
            summary.can_search.append(name)
        summary.allow_modules.append(facts.module)


def _add_documents(summary: RightsSummary, facts: DocTypeFacts, rights: frozenset[str]) -> None:
    name = facts.name
    if "create" in rights and not facts["issingle"]:
        (summary.in_create if facts["in_create"] else summary.can_create).append(name)
    if rights & {"write", "create"}:
        summary.can_write.append(name)
    if rights & {"read", "write", "create"}:
        summary.can_read.append(name)
        if not facts["read_only"]:
            summary.all_read.append(name)
    if "select" in rights:
        summary.can_select.append(name)
    if "delete" in rights:
        summary.can_delete.append(name)
    if facts["is_submittable"]:
        for right, names in (("submit", summary.can_submit), ("cancel", summary.can_cancel)):
            if right in rights:
                names.append(name)


def _doctypes() -> Iterable[DocTypeFacts]:
    database = current().db
    columns = ", ".join(f"`{flag}`" for flag in _FLAGS)
    changed = _changed_flags()
    domains = _active_domains()
    for name, module, domain, *flags in database.rows(
        f"SELECT `name`, `module`, `restrict_to_domain`, {columns} FROM `tabDocType` ORDER BY `name`"
    ):
        if domain and domain not in domains:
            continue
        own = dict(zip(_FLAGS, map(bool, flags), strict=True))
        own.update(changed.get(name, {}))
        yield DocTypeFacts(name, module or "", own)


def _changed_flags() -> dict[str, dict[str, bool]]:
    """Flags that this site changed by property setters, per DocType."""
    marks = ", ".join("?" * len(_SETTABLE))
    rows = current().db.rows(
        "SELECT `doc_type`, `property`, `value` FROM `tabProperty Setter`"
        f" WHERE `doctype_or_field` = 'DocType' AND `property` IN ({marks})",
        _SETTABLE,
    )
    found: dict[str, dict[str, bool]] = {}
    for doctype, name, value in rows:
        found.setdefault(doctype, {})[name] = str(value or "0").strip() not in ("", "0")
    return found


def _granted_rights(roles: Iterable[str]) -> dict[str, frozenset[str]]:
    """Per DocType what the roles give; rows that the site made replace all those of the DocType itself."""
    customised = {row[0] for row in current().db.rows("SELECT DISTINCT `parent` FROM `tabCustom DocPerm`")}
    names = list(roles)
    found: dict[str, set[str]] = {}
    for table in ("DocPerm", "Custom DocPerm"):
        for doctype, rights in _rows_of(table, names):
            if (doctype in customised) == (table == "Custom DocPerm"):
                found.setdefault(doctype, set()).update(rights)
    return {doctype: frozenset(rights) for doctype, rights in found.items()}


def _rows_of(table: str, roles: list[str]) -> Iterable[tuple[str, list[str]]]:
    columns = ", ".join(f"`{right}`" for right in RIGHTS)
    marks = ", ".join("?" * len(roles))
    query = f"SELECT `parent`, {columns} FROM `tab{table}` WHERE `permlevel` = 0 AND `role` IN ({marks})"
    for doctype, *values in current().db.rows(query, roles):
        yield doctype, [right for right, value in zip(RIGHTS, values, strict=True) if value]


def _blocked_modules(user: str) -> set[str]:
    rows = current().db.rows(
        "SELECT `module` FROM `tabBlock Module` WHERE `parenttype` = 'User' AND `parent` = ?", (user,)
    )
    return {row[0] for row in rows}


def _active_domains() -> set[str]:
    return {
        row[0] for row in current().db.rows("SELECT `domain` FROM `tabHas Domain` WHERE `parent` = 'Domain Settings'")
    }
