"""The data the desk starts with: who asks, what they may do, how the site writes dates and numbers, its DocTypes.

Invariant: a fixed number of queries, whatever the number of DocTypes; Guest learns nothing but the language and the
name of the product.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlencode

from frappe_engine.access.roles import get_roles
from frappe_engine.access.summary import RightsSummary, rights_summary
from frappe_engine.context.hooks import get_hooks, get_installed_apps, get_module, hook_function
from frappe_engine.context.local import current
from frappe_engine.context.settings import system_setting
from frappe_engine.context.translate import _, translations_hash
from frappe_engine.desk.scripted_pages import pages_of_user as scripted_pages_of_user
from frappe_engine.desk.user_settings import load_settings
from frappe_engine.desk.workspaces import pages_of_user
from frappe_engine.documents.defaults import get_defaults_for, get_defaults_of
from frappe_engine.kit.attrdict import _dict
from frappe_engine.kit.numbers import cint

SYSTEM_DEFAULTS = (
    "currency", "date_format", "time_format", "number_format", "float_precision", "currency_precision",
    "first_day_of_the_week", "country", "time_zone", "rounding_method",
)  # fmt: skip
RIGHTS = (
    "can_read", "can_create", "can_write", "can_delete", "can_submit", "can_cancel", "can_export", "can_import",
    "can_select", "can_print", "can_email", "can_get_report", "can_search", "in_create", "all_read", "allow_modules",
)  # fmt: skip
_DOCTYPE_COLUMNS = (
    "name", "module", "issingle", "is_tree", "is_submittable", "title_field", "icon", "in_create", "read_only",
    "is_virtual", "custom",
)  # fmt: skip
_SETTABLE = ("title_field", "icon", "in_create", "read_only")


def get_boot() -> Any:
    """Give the start-up data of the user who asks; the CSRF token is put in by who serves it."""
    context = current()
    user = context.session.user
    language = str(context.get("lang") or "en")
    boot = _dict(
        user=_dict(name="Guest"),
        lang=language,
        sitename=context.site,
        messages={},
        app_name=app_name(),
        developer_mode=cint(context.conf.get("developer_mode")),
        docs=[],
    )
    if user == "Guest":
        boot.update(login_ways())
        return boot
    boot.messages_url = messages_url(language)
    summary = rights_summary(user)
    boot.update(
        user=_user(user, summary),
        sysdefaults=_system_defaults(),
        currencies=_currencies(),
        modules=_modules(summary.allow_modules),
        doctypes=_doctypes(summary.can_read),
        translated_doctypes=_translated_doctypes(),
        workspaces=pages_of_user()["pages"],
        page_info=scripted_pages_of_user(),
        versions=_versions(),
        socketio_port=context.conf.get("socketio_port"),
        include_js=[*get_hooks("app_include_js")],
        include_css=[*get_hooks("app_include_css")],
    )
    for dotted_path in get_hooks("boot_session"):
        hook_function(dotted_path)(boot)
    for dotted_path in get_hooks("extend_bootinfo"):
        hook_function(dotted_path)(bootinfo=boot)
    return boot


def messages_url(language: str) -> str | None:
    """Give the address of the translations into a language, which may be kept for ever; None where texts need none."""
    if language == "en":
        return None
    values = {"lang": language, "v": translations_hash(language)}
    return f"/api/method/frappe.translate.load_all_translations?{urlencode(values)}"


def login_ways() -> dict[str, Any]:
    """Give by what one signs in beside a password, whether passwords count, and whether a new one can be mailed for.

    `social_logins` are name and label of the servers by which one can sign in.
    """
    sender = current().db.exists("Email Account", {"enable_outgoing": 1, "default_outgoing": 1})
    ways = {key: cint(system_setting(key)) for key in ("login_with_email_link", "disable_user_pass_login")}
    return {**ways, "can_reset_password": int(bool(sender)), "social_logins": _social_logins()}


def _social_logins() -> list[dict[str, str]]:
    """The Social Login Keys that are switched on and have an id at their provider."""
    table = current().db.rows(
        "SELECT `name`, `provider_name` FROM `tabSocial Login Key` WHERE `enable_social_login` = 1"
        " AND `client_id` IS NOT NULL AND `client_id` != '' ORDER BY `provider_name`"
    )
    return [{"name": name, "label": label} for name, label in table]


def app_name() -> str:
    """Give the name that the site goes by."""
    row = current().db.row(
        "SELECT `value` FROM `tabSingles` WHERE `doctype` = 'Website Settings' AND `field` = 'app_name'"
    )
    return str((row and row[0]) or system_setting("app_name") or "EC ERP")


def _user(user: str, summary: RightsSummary) -> Any:
    columns = ("full_name", "email", "user_image", "language", "time_zone", "desk_theme", "user_type", "first_name")
    row = current().db.row(f"SELECT {', '.join(f'`{c}`' for c in columns)} FROM `tabUser` WHERE `name` = ?", (user,))
    stored = dict(zip(columns, row, strict=True)) if row else {}
    about = _dict(
        name=user,
        full_name=stored.get("full_name") or stored.get("first_name") or user,
        email=stored.get("email") or user,
        image=stored.get("user_image"),
        language=stored.get("language") or "",
        time_zone=stored.get("time_zone") or "",
        desk_theme=stored.get("desk_theme") or "",
        user_type=stored.get("user_type"),
        roles=get_roles(user),
        defaults=dict(get_defaults_of(user)),
        settings=_json(load_settings("Desk")),
    )
    for right in RIGHTS:
        about[right] = getattr(summary, right)
    return about


def _json(text: str) -> Any:
    try:
        return json.loads(text or "{}")
    except ValueError:
        return {}


def _system_defaults() -> dict[str, Any]:
    found = {key: value for key, value in get_defaults_for().items() if not str(key).startswith("_")}
    found.update({key: system_setting(key) for key in SYSTEM_DEFAULTS})
    return found


def _currencies() -> dict[str, dict[str, Any]]:
    columns = ("symbol", "fraction_units", "number_format", "smallest_currency_fraction_value", "symbol_on_right")
    rows = current().db.rows(
        f"SELECT `name`, {', '.join(f'`{c}`' for c in columns)} FROM `tabCurrency` WHERE `enabled` = 1"
    )
    return {row[0]: dict(zip(columns, row[1:], strict=True)) for row in rows}


def _modules(allowed: Iterable[str]) -> list[dict[str, Any]]:
    wanted = set(allowed)
    rows = current().db.rows("SELECT `name`, `app_name` FROM `tabModule Def` ORDER BY `name`")
    return [{"name": name, "label": _(name), "app": app} for name, app in rows if name in wanted]


def _doctypes(readable: Iterable[str]) -> list[dict[str, Any]]:
    wanted = set(readable)
    database = current().db
    changed: dict[str, dict[str, Any]] = {}
    marks = ", ".join("?" * len(_SETTABLE))
    for doctype, key, value in database.rows(
        "SELECT `doc_type`, `property`, `value` FROM `tabProperty Setter` WHERE `doctype_or_field` = 'DocType'"
        f" AND `property` IN ({marks})",
        _SETTABLE,
    ):
        changed.setdefault(doctype, {})[key] = cint(value) if key in ("in_create", "read_only") else value
    rows = database.rows(
        f"SELECT {', '.join(f'`{c}`' for c in _DOCTYPE_COLUMNS)} FROM `tabDocType` WHERE `istable` = 0 ORDER BY `name`"
    )
    found: list[dict[str, Any]] = []
    for row in rows:
        if row[0] in wanted:
            values = dict(zip(_DOCTYPE_COLUMNS, row, strict=True))
            values.update(changed.get(row[0], {}))
            found.append({key: value for key, value in values.items() if value not in (None, "", 0)} | {"name": row[0]})
    return found


def _translated_doctypes() -> list[str]:
    """Give the DocTypes whose names are words of the language: units, countries, roles."""
    rows = current().db.rows("SELECT `name` FROM `tabDocType` WHERE `translated_doctype` = 1 ORDER BY `name`")
    changed = current().db.rows(
        "SELECT `doc_type` FROM `tabProperty Setter` WHERE `property` = 'translated_doctype' AND `value` = '1'"
    )
    return sorted({row[0] for row in (*rows, *changed)})


def _versions() -> dict[str, str]:
    return {
        app: str(getattr(get_module(app), "__version__", "0.0.1")) for app in get_installed_apps() if find_spec(app)
    }
