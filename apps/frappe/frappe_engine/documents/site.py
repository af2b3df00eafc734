"""Entering and leaving a site: configuration, database, session and flags of the current context.

Invariant: after `destroy` nothing of the site is left in the context, and what was not committed is undone.
"""

from __future__ import annotations

import gc
import os
from typing import Any

from frappe_engine.access.roles import forget_user
from frappe_engine.context import homes
from frappe_engine.context.cache import shared_cache
from frappe_engine.context.config import get_site_config
from frappe_engine.context.errors import IncorrectSitePath
from frappe_engine.context.local import Context, current, new_context, providers
from frappe_engine.context.translate import get_user_lang
from frappe_engine.database.database import connect as connect_database
from frappe_engine.database.database import process_cache_of
from frappe_engine.documents import listeners, naming_rules
from frappe_engine.documents.defaults import get_defaults_for
from frappe_engine.kit.attrdict import _dict
from frappe_engine.kit.numbers import sbool
from frappe_engine.kit.timespans import timespan_range

COLLECT_EVERY = 20_000  # objects made more than freed; Python's own is 700


def init(site: str | None = None, sites_path: str = ".", new_site: bool = False, force: bool = False) -> Context:
    """Bind the context to a site (without connecting). Raises `IncorrectSitePath` when there is no such site."""
    context = current()
    if context.get("initialised") and context.get("site") == site and not force:
        return context
    if site and not new_site and not os.path.isfile(os.path.join(sites_path, site, "site_config.json")):
        raise IncorrectSitePath(f"404 Not Found: {site} does not exist")
    _tune_collector()
    context = new_context()
    context.initialised = True
    context.site = site
    context.sites_path = sites_path
    context.site_path = os.path.join(sites_path, site) if site else None
    context.conf = get_site_config(sites_path, site)
    _fill(context)
    return context


def _tune_collector() -> None:
    """Look for cyclic garbage less often: documents and their rows point at each other, and Python's own pace looks ten times an order."""
    if gc.isenabled() and gc.get_threshold()[0] < COLLECT_EVERY:
        gc.set_threshold(COLLECT_EVERY, 20, 20)


def _fill(context: Context) -> None:
    conf = context.conf
    context.flags = _dict(
        currently_saving=[],
        in_install=False,
        in_patch=False,
        in_migrate=False,
        in_test=False,
        in_import=False,
        mute_messages=False,
        ignore_links=False,
        mute_emails=False,
        has_dataurl=False,
        new_site=False,
        read_only=False,
    )
    context.error_log = []
    context.message_log = []
    context.debug_log = []
    context.realtime_log = []
    context.rollback_observers = []
    context.locked_documents = []
    context.test_objects = {}
    context.form_dict = _dict()
    context.request_ip = None
    context.response = _dict(docs=[])
    context.request = None
    context.task_id = None
    context.db = None
    context.lang = "en"
    context.user = None
    context.session = _dict(user="Administrator", sid="Administrator", data=_dict())
    context.role_permissions = {}
    context.valid_columns = {}
    context.document_cache = {}
    context.cache = {}
    context.module_app = None
    context.app_modules = None
    context.system_settings = None
    context.installed_apps = None
    context.dev_server = int(bool(sbool(os.environ.get("DEV_SERVER", ""))))  # bench start says "true"
    context.cache_server = shared_cache(context.sites_path, context.site, conf.get("redis_cache"))
    context.process_cache = context.definitions = None


def connect(site: str | None = None, db_name: str | None = None, set_admin_as_user: bool = True) -> None:
    """Connect the context to the site's database, as Administrator unless told otherwise."""
    if site:
        init(site, current().get("sites_path") or ".")
    context = current()
    if db_name:
        context.conf.db_name = db_name
    context.db = connect_database(context.conf, context.sites_path, context.site)
    process_cache_of(context).refresh()
    if set_admin_as_user:
        set_user("Administrator")


def destroy() -> None:
    """Leave the site: give the connection back and forget the context."""
    context = current()
    database = context.get("db")
    if database is not None:
        database.close()
    new_context()


def set_user(username: str) -> None:
    """Act as a user from here on."""
    context = current()
    context.session = _dict(context.get("session") or {})
    context.session.user = username
    context.session.sid = username
    context.session.data = context.session.get("data") or _dict()
    context.cache = {}
    context.form_dict = _dict()
    context.role_permissions = {}
    context.user_perms = None
    context.document_cache = {}
    context.jenv = None  # templates are told who asks
    if context.get("db") is not None:
        context.lang = get_user_lang() if _has_users(context) else str(context.conf.get("lang") or "en")


def _has_users(context: Context) -> bool:
    return not context.get("doctype_files") and not context.flags.get("new_site")


def get_installed_apps_of_site() -> list[str]:
    """Give the installed apps from the site's global of that name."""
    import json

    stored = get_defaults_for("__global").get("installed_apps")
    apps = json.loads(stored) if stored else []
    return ["frappe", *(app for app in apps if app != "frappe")]


def _system_settings() -> dict[str, Any]:
    if not _has_users(current()):
        return {}
    values = dict(current().db.get_singles_dict("System Settings", cached=True))
    for key, value in get_defaults_for().items():
        if values.get(key) in (None, ""):
            values[key] = value
    return values


def _user_language(user: str) -> str | None:
    def load() -> Any:
        return current().db.row("SELECT `language` FROM `tabUser` WHERE `name` = ?", (user,))

    row = process_cache_of(current()).get_or_load(f"user_language|{user}", load)
    return row[0] if row else None


def _user_translations(language: str) -> dict[str, str]:
    rows = current().db.rows(
        "SELECT `source_text`, `translated_text`, `context` FROM `tabTranslation` WHERE `language` = ?", (language,)
    )
    return {(f"{source}:{context}" if context else source): text for source, text, context in rows}


def _time_span(words: str) -> Any:
    from frappe_engine.context.clock import now_datetime  # the site's day
    from frappe_engine.context.settings import system_setting
    from frappe_engine.kit.dates import weekday_named

    return timespan_range(
        words, now_datetime().date(), weekday_named(str(system_setting("first_day_of_the_week") or ""))
    )


def _document_forgotten(doctype: str, name: Any) -> None:
    """Facts that rest on settings documents are read anew."""
    cache = process_cache_of(current())
    if doctype == "System Settings":
        current().system_settings = None
    elif doctype == "User":
        forget_user(str(name))
        cache.forget(f"user_language|{name}")
    elif doctype in ("Role", "Has Role"):
        for kind in ("roles", "rights", "levels", "user_rights"):
            cache.forget_kind(kind)
    elif doctype == "Translation":
        from frappe_engine.context.translate import forget_translations  # only when one changed

        forget_translations()


homes.announce()
providers.register("installed_apps", get_installed_apps_of_site)
providers.register("system_settings", _system_settings)
providers.register("user_language", _user_language)
providers.register("user_translations", _user_translations)
providers.register("time_span", _time_span)
providers.register("document_forgotten", _document_forgotten)

# From here on these modules answer what lower layers ask.
ANSWERING = (listeners, naming_rules)
