"""Files of translations: CSV as the runtime reads it, PO and MO as translators and other tools do.

Invariant: writing a file that did not change writes the same bytes.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from frappe_engine.cli.message_extraction import Message, messages_of
from frappe_engine.context.hooks import get_app_path
from frappe_engine.context.translate import catalogue_paths, read_csv_translations
from frappe_engine.kit.catalogs import compile_catalog, is_outdated

Translations = dict[Message, str]


def csv_path(app: str, language: str) -> str:
    """Give the file of an app's translations into a language."""
    return get_app_path(app, "translations", f"{language}.csv")


def app_translations(app: str, language: str) -> Translations:
    """Give an app's translations into a language."""
    path = csv_path(app, language)
    stored = read_csv_translations(path) if os.path.exists(path) else {}
    messages = {f"{text}:{context}": (text, context) for text, context in messages_of(get_app_path(app)) if context}
    return {messages.get(key, (key, "")): text for key, text in stored.items()}


def write_csv(app: str, language: str, translations: Mapping[Message, str]) -> str:
    """Write an app's translations, in the order of their texts; gives the path."""
    path = csv_path(app, language)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for (text, context), translation in sorted(translations.items()):
            if translation:
                writer.writerow([text, translation, context] if context else [text, translation])
    return path


def untranslated(app: str, language: str) -> list[Message]:
    """Give the messages of an app that have no translation."""
    known = app_translations(app, language)
    return sorted(message for message in messages_of(get_app_path(app)) if not known.get(message))


# PO and MO


def locale_folder(app: str) -> str:
    """Give the folder of an app's PO files."""
    return get_app_path(app, "locale")


def template(app: str) -> Catalog:
    """Give the messages of an app as a catalogue without translations."""
    catalog = Catalog(project=app, charset="utf-8", fuzzy=False)
    for (text, context), places in sorted(messages_of(get_app_path(app)).items()):
        catalog.add(text, locations=[(place, None) for place in places], context=context or None)  # type: ignore[misc]
    return catalog


def write_template(app: str) -> str:
    """Write an app's `locale/main.pot`; gives the path."""
    return save_catalog(template(app), os.path.join(locale_folder(app), "main.pot"))


def save_catalog(catalog: Catalog, path: str) -> str:
    """Write a PO file; gives the path."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        write_po(file, catalog, sort_output=True, ignore_obsolete=True, width=0)
    return path


def po_path(app: str, locale: str) -> str:
    """Give an app's PO file of a language."""
    return catalogue_paths(app, locale)[0]


def load_po(app: str, locale: str) -> Catalog:
    """Read an app's PO file; an empty catalogue when there is none."""
    path = po_path(app, locale)
    if not os.path.exists(path):
        return Catalog(locale=locale.replace("-", "_"), project=app, charset="utf-8", fuzzy=False)
    with open(path, "rb") as file:
        return read_po(file, locale=locale.replace("-", "_"))


def locales(app: str) -> list[str]:
    """Give the languages of an app's PO files."""
    folder = locale_folder(app)
    names = os.listdir(folder) if os.path.isdir(folder) else []
    return sorted(name.removesuffix(".po") for name in names if name.endswith(".po"))


def update_po(app: str, locale: str) -> str:
    """Bring an app's PO file in line with its messages; translations stay."""
    catalog = load_po(app, locale)
    catalog.update(template(app), no_fuzzy_matching=True)
    return save_catalog(catalog, po_path(app, locale))


def csv_to_po(app: str, locale: str) -> str:
    """Write an app's CSV translations into its PO file."""
    catalog = load_po(app, locale)
    catalog.update(template(app), no_fuzzy_matching=True)
    for (text, context), translation in app_translations(app, locale.replace("_", "-")).items():
        catalog.add(text, translation, context=context or None)
    return save_catalog(catalog, po_path(app, locale))


def po_to_csv(app: str, locale: str) -> str:
    """Write the translations of an app's PO file into its CSV file, which the runtime reads."""
    translations: Translations = {}
    for message in load_po(app, locale):
        if message.id and message.string and isinstance(message.id, str):
            translations[(message.id, message.context or "")] = str(message.string)
    return write_csv(app, locale.replace("_", "-"), translations)


def compile_mo(app: str, locale: str, *, force: bool) -> str | None:
    """Write an app's MO file of a language, where the runtime reads it; gives the path, None when it is up to date."""
    source, target = catalogue_paths(app, locale)
    if not force and not is_outdated(source, target):
        return None
    compile_catalog(source, target)
    return target
