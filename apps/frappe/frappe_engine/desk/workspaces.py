"""Workspaces: the pages of the desk with shortcuts, numbers, charts and lists, as their documents describe them.

Invariant: a page is shown to its user, or, when it is public, to whoever has one of its roles (if it names any) and may
read something of its module.
"""

from __future__ import annotations

import json
from typing import Any

from frappe_engine.access.roles import get_roles
from frappe_engine.access.summary import rights_summary
from frappe_engine.context.errors import DoesNotExistError, PermissionError
from frappe_engine.context.local import current
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.context.whitelist import whitelist
from frappe_engine.desk.reports import is_permitted
from frappe_engine.documents.document import get_doc
from frappe_engine.kit.attrdict import _dict

_COLUMNS = (
    "name", "title", "label", "module", "icon", "indicator_color", "parent_page", "public", "for_user", "is_hidden",
    "sequence_id", "content", "app", "type", "link_type", "link_to", "external_link",
)  # fmt: skip
PARTS = {
    "charts": "charts", "shortcuts": "shortcuts", "cards": "links", "quick_lists": "quick_lists",
    "number_cards": "number_cards", "custom_blocks": "custom_blocks",
}  # fmt: skip


@whitelist()
def get_workspace_sidebar_items() -> dict[str, Any]:
    """Give the pages the user sees beside the desk, and whether they may change public ones."""
    return pages_of_user()


def pages_of_user() -> dict[str, Any]:
    """Give the pages of the user who asks, in their order."""
    context = current()
    user, roles = context.session.user, set(get_roles())
    manages = bool(roles & {"Workspace Manager", "System Manager"}) or user == "Administrator"
    columns = ", ".join(f"`{name}`" for name in _COLUMNS)
    rows = context.db.rows(
        f"SELECT {columns} FROM `tabWorkspace` WHERE `public` = 1 OR `for_user` = ? ORDER BY `sequence_id`, `title`",
        (user,),
    )
    restricted = _roles_of_pages()
    modules = set(rights_summary(user).allow_modules)
    pages = [_dict(zip(_COLUMNS, row, strict=True)) for row in rows]
    seen = [page for page in pages if _is_shown(page, restricted, roles, modules, user)]
    places = _doctypes_of_pages()
    for page in seen:
        page.doctypes = places.get(page.name, [])
    return {"pages": seen, "has_access": manages, "has_create_access": True}


def _roles_of_pages() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for parent, role in current().db.rows(
        "SELECT `parent`, `role` FROM `tabHas Role` WHERE `parenttype` = 'Workspace'"
    ):
        found.setdefault(parent, set()).add(role)
    return found


def _doctypes_of_pages() -> dict[str, list[str]]:
    """Give the DocTypes that each page leads to: those of its cards in their order, then those of its shortcuts."""
    found: dict[str, dict[str, None]] = {}
    for table, kind in (("Workspace Link", "link_type"), ("Workspace Shortcut", "type")):
        for parent, doctype in current().db.rows(
            f"SELECT `parent`, `link_to` FROM `tab{table}` WHERE `{kind}` = 'DocType' ORDER BY `parent`, `idx`"
        ):
            found.setdefault(parent, {}).setdefault(doctype)
    return {page: list(doctypes) for page, doctypes in found.items()}


def _is_shown(page: Any, restricted: dict[str, set[str]], roles: set[str], modules: set[str], user: str) -> bool:
    if page.is_hidden:
        return False
    if not page.public:
        return bool(page.for_user == user)
    if user == "Administrator":
        return True
    wanted = restricted.get(page.name)
    if wanted and not wanted & roles:
        return False
    return not page.module or page.module in modules


@whitelist()
def get_desktop_page(page: Any) -> dict[str, Any]:
    """Give what stands on a page: shortcuts, cards, charts, number cards, quick lists the user may use."""
    asked = _page_name(page)
    known = {entry.name: entry for entry in pages_of_user()["pages"]}
    if asked not in known:
        if not current().db.exists("Workspace", asked):
            throw(_("{0} {1} not found").format(_("Workspace"), asked), DoesNotExistError)
        throw(_("Not permitted"), PermissionError)
    document = get_doc("Workspace", asked)
    found: dict[str, Any] = {"onboardings": {"items": []}, "allow_customization": not document.hide_custom}
    for name, fieldname in PARTS.items():
        rows = [row.as_dict() for row in document.get(fieldname) or ()]
        found[name] = {"items": [row for row in rows if _may_use(row)]}
    found["cards"]["items"] = _grouped(found["cards"]["items"])
    return found


def _page_name(page: Any) -> str:
    if isinstance(page, str) and page.lstrip()[:1] == "{":
        page = json.loads(page)
    name = page.get("name") if isinstance(page, dict) else page
    if not isinstance(name, str) or not name:
        throw(_("Missing argument: {0}").format("page"))
    return name


def _may_use(row: Any) -> bool:
    """A link to what the user may not read is left out."""
    kind = row.get("link_type") or row.get("type")
    target = row.get("link_to") or row.get("document_type")
    if kind == "DocType" or (row.get("document_type") and not kind):
        return target in rights_summary().can_read or target in rights_summary().can_create
    return kind != "Report" or _may_run(target)


def _may_run(report: Any) -> bool:
    """A report that is not there stays shown: running it says so."""
    if not report or not current().db.exists("Report", report):
        return True
    return is_permitted(get_doc("Report", report))


def _grouped(rows: list[Any]) -> list[Any]:
    """Give cards, each with the links under it; a card without links is left out."""
    cards: list[Any] = []
    for row in rows:
        if row.get("type") == "Card Break":
            cards.append({**row, "links": []})
        elif cards:
            cards[-1]["links"].append(row)
    return [card for card in cards if card["links"]]


@whitelist()
def update_onboarding_step(name: str, field: str, value: Any) -> None:
    """Note what the user did with a step of an introduction."""
    if field not in ("is_complete", "is_skipped"):
        throw(_("Parameter {0} must be one of {1}").format("field", "is_complete, is_skipped"))
    current().db.set_value("Onboarding Step", name, field, int(bool(int(value or 0))))
