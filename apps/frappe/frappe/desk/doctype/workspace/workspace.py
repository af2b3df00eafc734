"""Controller of the DocType Workspace, and the calls that lay pages out.

Invariant: pages for everybody are changed by those who manage workspaces, pages of one's own by their owner.
"""

from __future__ import annotations

import json
from typing import Any

import frappe
from frappe import _
from frappe._parameters import dict_parameter, list_parameter
from frappe.model.document import Document
from frappe.utils import cint, flt, sbool

MANAGERS = frozenset({"Workspace Manager", "System Manager"})
# kinds of parts as the desk names them, and the tables they lie in
TABLES = {
    "chart": "charts",
    "shortcut": "shortcuts",
    "number_card": "number_cards",
    "quick_list": "quick_lists",
    "custom_block": "custom_blocks",
}


class Workspace(Document):
    """A page of the desk with shortcuts, numbers, charts and lists."""

    def validate(self) -> None:
        """Refuse what is no layout, and changes of pages that are not one's own."""
        if self.public and not is_workspace_manager() and not frappe.flags.in_install and not frappe.flags.in_migrate:
            frappe.throw(_("You need to be Workspace Manager to edit this document"), frappe.PermissionError)
        if not isinstance(_parsed(self.content or "[]"), list):
            frappe.throw(_("The layout of a page is a list"))
        if self.parent_page and self.parent_page == self.name:
            frappe.throw(_("A page can't lie below itself"))

    def on_trash(self) -> None:
        """Refuse to delete pages for everybody to others than managers."""
        if self.public and not is_workspace_manager():
            frappe.throw(_("You need to be Workspace Manager to delete a public workspace."), frappe.PermissionError)

    def add_parts(self, parts: dict[str, list[dict[str, Any]]]) -> None:
        """Append new parts to their tables; a `card` is a heading with its links."""
        for kind, entries in parts.items():
            for entry in entries or []:
                if kind == "card":
                    self._add_card(entry)
                elif kind in TABLES:
                    self.append(TABLES[kind], _row(entry))

    def _add_card(self, card: dict[str, Any]) -> None:
        links = _parsed(card.get("links") or "[]")
        for row in [one for one in self.links if one.label == card.get("label") and one.type == "Card Break"]:
            self._drop_card(row)
        head = {"type": "Card Break", "label": card.get("label"), "icon": card.get("icon"), "link_count": len(links)}
        self.append("links", head)
        for link in links:
            self.append("links", {**_row(link), "type": "Link"})

    def _drop_card(self, head: Any) -> None:
        """A card is written anew as a whole: its heading and the links up to the next heading go."""
        rows = list(self.links)
        start = rows.index(head)
        end = next((n for n in range(start + 1, len(rows)) if rows[n].type == "Card Break"), len(rows))
        self.set("links", rows[:start] + rows[end:])


def _row(entry: dict[str, Any]) -> dict[str, Any]:
    own = (
        "doctype",
        "name",
        "parent",
        "parenttype",
        "parentfield",
        "idx",
        "owner",
        "creation",
        "modified",
        "modified_by",
    )
    return {key: value for key, value in entry.items() if key not in own and not key.startswith("__")}


def _parsed(text: Any) -> Any:
    try:
        return json.loads(text) if isinstance(text, str) else text
    except ValueError:
        return None


def is_workspace_manager() -> bool:
    """Tell whether the one who asks may change pages for everybody."""
    return frappe.session.user == "Administrator" or bool(MANAGERS & set(frappe.get_roles()))


def _own(page: Any) -> Any:
    """Give a page after a check that the one who asks may change it."""
    document = frappe.get_doc("Workspace", page)
    if not is_workspace_manager() and (document.public or document.for_user != frappe.session.user):
        frappe.throw(_("Cannot update private workspace of other users"), frappe.PermissionError)
    return document


def _label(title: str, public: int, user: str | None) -> str:
    return title if public else f"{title}-{user}"


@frappe.whitelist()
def new_page(new_page: Any) -> Any:
    """Make a page; give it. Raises `PermissionError` for pages of others."""
    page = dict_parameter(new_page, "new_page")
    public = cint(page.public)
    user = None if public else page.for_user or frappe.session.user
    if not is_workspace_manager() and (public or user != frappe.session.user):
        frappe.throw(_("Cannot create private workspace of other users"), frappe.PermissionError)
    document = frappe.new_doc("Workspace")
    document.update(
        {
            "title": page.title,
            "label": page.label or _label(str(page.title), public, user),
            "icon": page.icon,
            "indicator_color": page.indicator_color,
            "content": page.content or "[]",
            "parent_page": page.parent_page,
            "for_user": user,
            "public": public,
            "sequence_id": _last_place(public) + 1,
        }
    )
    return document.insert(ignore_permissions=True)


def _last_place(public: int) -> float:
    filters = {"public": public} if public else {"public": 0, "for_user": frappe.session.user}
    rows = frappe.get_all("Workspace", filters, pluck="sequence_id", order_by="sequence_id desc", limit=1)
    return flt(rows[0]) if rows else 0.0


@frappe.whitelist()
def save_page(title: str, public: Any, new_widgets: Any, blocks: Any) -> dict[str, Any]:
    """Keep the layout of a page (`blocks`) and its new parts (`new_widgets`, by kind); give `name`, `public`, `label`."""
    is_public = int(sbool(public) is True or cint(public))
    document = _own(_label(title, is_public, frappe.session.user))
    document.content = blocks if isinstance(blocks, str) else frappe.as_json(blocks)
    document.add_parts(dict(dict_parameter(new_widgets, "new_widgets")))
    document.save(ignore_permissions=True)
    return {"name": title, "public": is_public, "label": document.label}


@frappe.whitelist()
def update_page(name: str, title: str, icon: str, indicator_color: str, parent: str, public: Any) -> dict[str, Any]:
    """Change what a page is called, how it looks and where it lies; give `name`, `public`, `label`."""
    is_public = cint(public)
    document = _own(name)
    if is_public != cint(document.public) and not is_workspace_manager():
        frappe.throw(_("Need Workspace Manager role to hide/unhide public workspaces"), frappe.PermissionError)
    user = None if is_public else document.for_user or frappe.session.user
    label = _label(title, is_public, user)
    document.update({"title": title, "icon": icon, "indicator_color": indicator_color, "parent_page": parent or None})
    document.update({"public": is_public, "for_user": user, "label": label})
    document.save(ignore_permissions=True)
    if document.name != label:
        frappe.rename_doc("Workspace", document.name, label, force=True)
    return {"name": title, "public": is_public, "label": label}


@frappe.whitelist()
def hide_page(page_name: str) -> None:
    """Show a page to nobody."""
    _hide(page_name, 1)


@frappe.whitelist()
def unhide_page(page_name: str) -> None:
    """Show a page again."""
    _hide(page_name, 0)


def _hide(page_name: str, hidden: int) -> None:
    frappe.db.set_value("Workspace", _own(page_name).name, "is_hidden", hidden)
    frappe.clear_document_cache("Workspace", page_name)


@frappe.whitelist()
def duplicate_page(page_name: str, new_page: Any) -> Any:
    """Make a copy of a page, under the title and for those that `new_page` says; give it."""
    page = dict_parameter(new_page, "new_page")
    public = cint(page.is_public if page.is_public is not None else page.public)
    if public and not is_workspace_manager():
        frappe.throw(_("You need to be Workspace Manager to edit this document"), frappe.PermissionError)
    source = frappe.get_doc("Workspace", page_name)
    if not source.public and source.for_user != frappe.session.user and not is_workspace_manager():
        frappe.throw(_("Not permitted"), frappe.PermissionError)
    copy = frappe.copy_doc(source)
    user = None if public else frappe.session.user
    copy.update({"title": page.title, "icon": page.icon, "parent_page": page.parent or None, "public": public})
    copy.update(
        {"for_user": user, "label": _label(str(page.title), public, user), "sequence_id": _last_place(public) + 1}
    )
    return copy.insert(ignore_permissions=True)


@frappe.whitelist()
def delete_page(page: Any) -> dict[str, Any] | None:
    """Delete a page; give `name`, `public`, `title`."""
    given = frappe.parse_json(page)
    name = given.get("name") if isinstance(given, dict) else page
    if not name:
        return None
    document = _own(name)
    gone = {"name": document.name, "public": document.public, "title": document.title}
    frappe.delete_doc("Workspace", document.name, force=True, ignore_permissions=True)
    return gone


@frappe.whitelist()
def sort_pages(sb_public_items: Any, sb_private_items: Any) -> bool:
    """Keep the order of pages: lists of {name, title, parent_page?}, the public ones and one's own."""
    if is_workspace_manager():
        _sort(list_parameter(sb_public_items, "sb_public_items", dict))
    own = list_parameter(sb_private_items, "sb_private_items", dict)
    _sort([page for page in own if _is_mine(page)])
    return True


def _is_mine(page: dict[str, Any]) -> bool:
    return bool(frappe.db.get_value("Workspace", page.get("name"), "for_user") == frappe.session.user)


def _sort(pages: list[dict[str, Any]]) -> None:
    for place, page in enumerate(pages, start=1):
        values = {"sequence_id": place, "parent_page": page.get("parent_page") or None}
        frappe.db.set_value("Workspace", page.get("name"), values)
        frappe.clear_document_cache("Workspace", page.get("name"))
