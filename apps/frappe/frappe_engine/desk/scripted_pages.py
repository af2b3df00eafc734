"""Pages of the desk that a script draws (`Page` documents): who may open which, and the files that lie beside each.

Invariant: a page's script reaches nobody who has none of the page's roles; a page that names no role is everybody's.
"""

from __future__ import annotations

import os
import re
from typing import Any

from frappe_engine.access.roles import get_roles
from frappe_engine.context.errors import DoesNotExistError, PermissionError
from frappe_engine.context.hooks import get_app_path
from frappe_engine.context.local import current
from frappe_engine.context.messages import throw
from frappe_engine.context.translate import _
from frappe_engine.desk.scripts import read_if_there
from frappe_engine.documents.controllers import module_app
from frappe_engine.documents.document import get_doc
from frappe_engine.kit.text import scrub

_INCLUDE = re.compile(r"""\{%-?\s*include\s+["']([^"']+)["']\s*-?%\}""")


def pages_of_user() -> dict[str, dict[str, Any]]:
    """Give the pages the user may open by their names: `{title, icon, module}`."""
    rows = current().db.rows("SELECT `name`, `title`, `icon`, `module` FROM `tabPage` ORDER BY `name`")
    wanted = _roles_of_pages()
    return {
        name: {"title": title or name, "icon": icon, "module": module}
        for name, title, icon, module in rows
        if _is_permitted(wanted.get(name))
    }


def page_for_user(name: Any) -> Any:
    """Give a page. Raises `DoesNotExistError`, or `PermissionError` when the user has none of its roles."""
    if not isinstance(name, str) or not current().db.exists("Page", name):
        throw(_("{0} {1} not found").format(_("Page"), name), DoesNotExistError)
    if not _is_permitted(_roles_of_pages().get(name)):
        throw(_("Not permitted"), PermissionError)
    return get_doc("Page", name)


def files_of(page: Any) -> dict[str, str]:
    """Give the texts beside a page by their file names: its script, its style, its templates."""
    folder = _folder(page)
    if folder is None or not os.path.isdir(folder):
        return {}
    wanted = [name for name in sorted(os.listdir(folder)) if name.endswith((".js", ".css", ".html"))]
    return {name: read_if_there(os.path.join(folder, name)) for name in wanted}


def with_includes(script: str) -> str:
    """Put the files of apps that a script names by `{% include "app/path.js" %}` in its place."""
    return _INCLUDE.sub(lambda found: _included(found.group(1)), script)


def _included(path: str) -> str:
    app, _slash, rest = path.partition("/")
    root = os.path.realpath(get_app_path(app))
    full = os.path.realpath(os.path.join(root, rest))
    return read_if_there(full) if full.startswith(root + os.sep) else ""


def _folder(page: Any) -> str | None:
    if not page.module:
        return None
    return str(get_app_path(module_app(page.module), scrub(page.module), "page", scrub(page.name)))


def _roles_of_pages() -> dict[str, set[str]]:
    """Give the roles that each page names; those of a Custom Role stand for the page's own."""
    database = current().db
    found: dict[str, set[str]] = {}
    for page, role in database.rows("SELECT `parent`, `role` FROM `tabHas Role` WHERE `parenttype` = 'Page'"):
        found.setdefault(page, set()).add(role)
    custom: dict[str, set[str]] = {}
    for page, role in database.rows(
        "SELECT `tabCustom Role`.`page`, `tabHas Role`.`role` FROM `tabCustom Role` JOIN `tabHas Role` ON"
        " `tabHas Role`.`parent` = `tabCustom Role`.`name` AND `tabHas Role`.`parenttype` = 'Custom Role'"
        " WHERE `tabCustom Role`.`page` IS NOT NULL AND `tabCustom Role`.`page` <> ''"
    ):
        custom.setdefault(page, set()).add(role)
    return found | custom


def _is_permitted(roles: set[str] | None) -> bool:
    if not roles or current().session.user == "Administrator":
        return True
    return not roles.isdisjoint(get_roles())
