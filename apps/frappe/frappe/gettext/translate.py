"""Translations of apps as files: the template (POT), one PO file per language, and the MO files that are read.

Invariant: a translation that somebody wrote is never lost; files of an app are below its folder `locale`, what is
compiled is below `assets/locale` of the bench.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

from babel.messages.catalog import Catalog
from frappe_engine.cli import translation_files as files
from frappe_engine.context.translate import catalogue_paths, catalogue_translations, forget_translations

import frappe

READERS = "frappe.gettext.extractors"
READ_FILES = {
    "**.py": f"{READERS}.python.extract",
    "**.json": f"{READERS}.doctype.extract",
    "**.js": f"{READERS}.javascript.extract",
    "**.html": f"{READERS}.html_template.extract",
    "**.vue": f"{READERS}.html_template.extract",
}


def new_catalog(app: str, locale: str | None = None) -> Catalog:
    """Give an empty catalogue for an app; it names the app, its publisher and where to write to."""
    hooks = {key: (frappe.get_hooks(f"app_{key}", app_name=app) or [""])[0] for key in ("title", "email", "publisher")}
    return Catalog(
        locale=locale.replace("-", "_") if locale else None,
        domain="messages",
        project=hooks["title"] or app,
        copyright_holder=hooks["publisher"],
        msgid_bugs_address=hooks["email"],
        last_translator=hooks["email"],
        language_team=hooks["email"],
        charset="utf-8",
        fuzzy=False,
    )


def get_po_dir(app: str) -> Path:
    """Give the folder of an app's PO files."""
    return Path(files.locale_folder(app))


def get_locale_dir() -> Path:
    """Give the folder of the bench's MO files."""
    return Path(catalogue_paths("frappe", "en")[1]).parents[2]


def get_locales(app: str) -> list[str]:
    """Give the languages of an app's PO files."""
    return files.locales(app)


def get_po_path(app: str, locale: str | None = None) -> Path:
    """Give an app's PO file of a language; without one, its template."""
    return Path(files.po_path(app, locale)) if locale else get_pot_path(app)


def get_mo_path(app: str, locale: str | None = None) -> Path:
    """Give an app's MO file of a language."""
    return Path(catalogue_paths(app, str(locale or frappe.local.lang))[1])


def get_pot_path(app: str) -> Path:
    """Give an app's template."""
    return get_po_dir(app) / "main.pot"


def get_catalog(app: str, locale: str | None = None) -> Catalog:
    """Read an app's PO file of a language, or its template; an empty catalogue where there is none."""
    from babel.messages.pofile import read_po  # only who works on translations needs it

    path = get_po_path(app, locale)
    if not path.exists():
        return new_catalog(app, locale)
    with open(path, "rb") as file:
        return read_po(file, locale=locale.replace("-", "_") if locale else None)


def write_catalog(app: str, catalog: Catalog, locale: str | None = None) -> Path:
    """Write an app's PO file of a language, or its template."""
    return Path(files.save_catalog(catalog, str(get_po_path(app, locale))))


def write_binary(app: str, catalog: Catalog, locale: str) -> Path:
    """Write a catalogue as an app's MO file of a language."""
    from babel.messages.mofile import write_mo  # only who works on translations needs it

    path = get_mo_path(app, locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as file:
        write_mo(file, catalog)
    forget_translations()
    return path


def get_method_map(app: str) -> list[tuple[str, str]]:
    """Give which files are read for texts, as patterns, and by what: what an app says in its `babel_extractors.csv`.

    Of the framework itself it is what holds for every app.
    """
    if app == "frappe":
        return list(READ_FILES.items())
    path = Path(frappe.get_app_path(app)).parent / "babel_extractors.csv"
    if not path.exists():
        return []
    with open(path, encoding="utf-8", newline="") as file:
        return [(row[0].strip(), row[1].strip()) for row in csv.reader(file) if len(row) == 2]


def generate_pot(target_app: str | None = None) -> None:
    """Write the templates of all apps, or of one, from their texts."""
    for app in _apps(target_app):
        files.write_template(app)


def new_po(locale: str, target_app: str | None = None) -> None:
    """Begin a language for all apps, or for one: a PO file with their texts. One that is there stays as it is."""
    for app in _apps(target_app):
        if not get_po_path(app, locale).exists():
            files.update_po(app, locale)


def update_po(target_app: str | None = None, locale: str | None = None) -> None:
    """Bring PO files in line with the texts of their apps; translations stay."""
    for app in _apps(target_app):
        for each in [locale] if locale else get_locales(app):
            files.update_po(app, each)


def compile_translations(target_app: str | None = None, locale: str | None = None, force: bool = False) -> None:
    """Make the MO files of PO files that changed, or of all with `force`."""
    for app in _apps(target_app):
        for each in [locale] if locale else get_locales(app):
            if os.path.exists(files.po_path(app, each)):
                files.compile_mo(app, each, force=force)
    forget_translations()


def csv_to_po(app: str, locale: str) -> None:
    """Write an app's CSV translations into its PO file."""
    files.csv_to_po(app, locale)


def migrate(app: str | None = None, locale: str | None = None) -> None:
    """Write the CSV translations of all apps, or of one, into PO files."""
    for each in _apps(app):
        folder = frappe.get_app_path(each, "translations")
        stored = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
        languages = [locale] if locale else [name.removesuffix(".csv") for name in stored if name.endswith(".csv")]
        for language in languages:
            files.csv_to_po(each, language)


def update_csv_from_po(app: str, locale: str | None = None) -> None:
    """Write the translations of an app's PO files into its CSV files."""
    for each in [locale] if locale else get_locales(app):
        files.po_to_csv(app, each)
    forget_translations()


def get_translations_from_mo(lang: str, app: str) -> dict[str, str]:
    """Give an app's translations into a language, those of its PO and MO files; `text:context` where there is a context."""
    return catalogue_translations(app, lang)


def escape_percent(s: str) -> str:
    """Give a text in which percent signs are not taken for the beginning of a format."""
    return s.replace("%", "&#37;")


def _apps(target: str | None) -> list[str]:
    return [target] if target else list(frappe.get_all_apps())
