"""Translation: English source texts to the user's language.

Invariant: a text without a translation comes back unchanged; translations of a language are read once and kept
until told otherwise.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from frappe_engine.context.hooks import get_app_path, get_installed_apps
from frappe_engine.context.local import current, providers
from frappe_engine.context.settings import system_setting
from frappe_engine.kit.catalogs import messages_of_catalog

_merged: dict[tuple[str, str], dict[str, str]] = {}
_hashes: dict[tuple[str, str], tuple[dict[str, str], str]] = {}


def _(msg: str, lang: str | None = None, context: str | None = None) -> str:
    """Give `msg` in `lang` (the user's language by default); `context` tells two meanings of a text apart."""
    language = lang or current().get("lang") or "en"
    messages = get_translations(language)
    text = msg if isinstance(msg, str) else str(msg)
    if context:
        found = messages.get(f"{text}:{context}")
        if found:
            return found
    found = messages.get(text)
    if found:
        return found
    stripped = text.strip()
    return messages.get(stripped) or text if stripped != text else text


def get_translations(language: str) -> dict[str, str]:
    """Give all translations into `language`: those of the apps, then those kept on the site."""
    key = (str(current().get("site")), language)
    messages = _merged.get(key)
    if messages is None:
        messages = dict(_shipped_translations(language, tuple(get_installed_apps())))
        messages.update(_load_user_translations(language))
        if current().get("db") is not None:
            _merged[key] = messages
    return messages


def translations_hash(language: str) -> str:
    """Give what tells one state of the translations into `language` from another, as 16 hexadecimal digits."""
    key = (str(current().get("site")), language)
    messages = get_translations(language)
    known = _hashes.get(key)
    if known is None or known[0] is not messages:
        text = json.dumps(messages, ensure_ascii=False, sort_keys=True)
        known = _hashes[key] = (messages, hashlib.sha256(text.encode()).hexdigest()[:16])
    return known[1]


def get_user_lang() -> str:
    """Give the language of the user who asks: their own, or the site's."""
    context = current()
    user = context.session.user if context.get("session") else None
    if user and user != "Guest" and context.get("db") is not None and providers.has("user_language"):
        language = providers("user_language", user)
        if language:
            return str(language)
    return str(system_setting("language"))


def parent_language(lang: str) -> str | None:
    """Give the language that `lang` is a variant of (zh for zh-TW), or None."""
    head, separator, _tail = lang.replace("_", "-").partition("-")
    return head if separator else None


def forget_translations() -> None:
    """Read translations again at next use."""
    _merged.clear()
    _hashes.clear()
    _shipped_translations.cache_clear()


def shipped_translations(language: str, apps: Iterable[str]) -> dict[str, str]:
    """Give the translations that apps bring along in their folders, those of a later app before those of an earlier."""
    return dict(_shipped_translations(language, tuple(apps)))


@lru_cache(maxsize=32)
def _shipped_translations(language: str, apps: tuple[str, ...]) -> dict[str, str]:
    messages: dict[str, str] = {}
    parent = parent_language(language)
    if parent:
        messages.update(_shipped_translations(parent, apps))
    for app in apps:
        messages.update(_read_folder(get_app_path(app, "translations"), language))
        messages.update(catalogue_translations(app, language))
    return messages


def catalogue_translations(app: str, language: str) -> dict[str, str]:
    """Give the translations in an app's PO file of a language, as texts ("text:context" with a context)."""
    return messages_of_catalog(*catalogue_paths(app, language))


def catalogue_paths(app: str, language: str) -> tuple[str, str]:
    """Give the PO file of an app's translations into a language, and the MO file that is made of it."""
    locale = language.replace("-", "_")
    compiled = os.path.join(str(current().get("sites_path") or "."), "assets", "locale", locale, "LC_MESSAGES")
    return get_app_path(app, "locale", f"{locale}.po"), os.path.join(compiled, f"{app}.mo")


def _read_folder(folder: str, language: str) -> dict[str, str]:
    """Read `<language>.csv` and `<part>_<language>.csv` of a folder."""
    messages: dict[str, str] = {}
    if not os.path.isdir(folder):
        return messages
    for file_name in sorted(os.listdir(folder)):
        stem, extension = os.path.splitext(file_name)
        if extension == ".csv" and (stem == language or stem.endswith(f"_{language}")):
            messages.update(read_csv_translations(os.path.join(folder, file_name)))
    return messages


def read_csv_translations(path: str) -> dict[str, str]:
    """Read a translation file with the columns source, translation and, where needed, context.

    Raises `ValueError` naming the line when a row has neither two nor three columns.
    """
    messages: dict[str, str] = {}
    with open(path, encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.reader(file), start=1):
            if not row:
                continue
            if len(row) not in (2, 3):
                raise ValueError(f"{os.path.basename(path)}, line {number}: source, translation[, context] expected")
            key = f"{row[0]}:{row[2]}" if len(row) == 3 and row[2] else row[0]
            if row[1]:
                messages[key] = row[1]
    return messages


def _load_user_translations(language: str) -> dict[str, str]:
    if current().get("db") is None or not providers.has("user_translations"):
        return {}
    translations: dict[str, Any] = providers("user_translations", language)
    return translations
