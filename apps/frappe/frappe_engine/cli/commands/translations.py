"""Commands about translations.

Invariant: a translation that somebody wrote is never lost by a command that adds others.
"""

from __future__ import annotations

import csv
import os

import click

from frappe_engine.cli import translation_files as files
from frappe_engine.cli.context import one_site, say
from frappe_engine.cli.message_extraction import messages_of
from frappe_engine.context.hooks import get_all_apps, get_app_path, get_installed_apps
from frappe_engine.context.translate import forget_translations, read_csv_translations


def _apps(app: str | None) -> list[str]:
    if app and app not in get_all_apps():
        raise click.ClickException(f"App {app} is not in the bench")
    return [app] if app else list(get_installed_apps())


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def _read_lines(path: str) -> list[str]:
    with open(path, encoding="utf-8") as file:
        return [line.rstrip("\n").replace("\\n", "\n").replace("\\\\", "\\") for line in file]


@click.command("build-message-files")
@one_site
def build_message_files() -> None:
    """Forget the translations that are remembered, so that files are read again."""
    forget_translations()


@click.command("new-language")
@click.argument("lang_code")
@click.argument("app")
@one_site
def new_language(lang_code: str, app: str) -> None:
    """Begin a language for an app: a file with all its texts that has no translations yet."""
    path = files.csv_path(_apps(app)[0], lang_code)
    if os.path.exists(path):
        raise click.ClickException(f"{path} is there already")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(
            [text, "", context] for text, context in sorted(messages_of(get_app_path(app)))
        )
    say(f"Created {path}; set the language in System Settings or your user to see it")


@click.command("get-untranslated")
@click.argument("lang")
@click.argument("untranslated_file")
@click.option("--app", help="Only this app.")
@click.option("--all", "get_all", is_flag=True, help="All texts, translated or not.")
@one_site
def get_untranslated(lang: str, untranslated_file: str, app: str | None, get_all: bool) -> None:
    """Write the texts without a translation to a file, one per line."""
    wanted: dict[str, None] = {}
    for name in _apps(app):
        found = sorted(messages_of(get_app_path(name))) if get_all else files.untranslated(name, lang)
        wanted.update(dict.fromkeys(text for text, _context in found))
    with open(untranslated_file, "w", encoding="utf-8") as file:
        file.writelines(f"{_escaped(text)}\n" for text in wanted)
    say(f"{len(wanted)} texts were written to {untranslated_file}")


@click.command("update-translations")
@click.argument("lang")
@click.argument("untranslated_file", type=click.Path(exists=True))
@click.argument("translated-file", type=click.Path(exists=True))
@click.option("--app", help="Only this app.")
@one_site
def update_translations(lang: str, untranslated_file: str, translated_file: str, app: str | None) -> None:
    """Take translations in: each line of the second file translates that line of the first."""
    sources, targets = _read_lines(untranslated_file), _read_lines(translated_file)
    if len(sources) != len(targets):
        raise click.ClickException(f"{len(sources)} texts and {len(targets)} translations don't go together")
    say(f"{_merge(lang, dict(zip(sources, targets, strict=True)), _apps(app))} translations were taken in")


@click.command("import-translations")
@click.argument("lang")
@click.argument("path", type=click.Path(exists=True))
@one_site
def import_translations(lang: str, path: str) -> None:
    """Take the translations of a CSV file into the apps that have those texts."""
    say(f"{_merge(lang, read_csv_translations(path), _apps(None))} translations were taken in")


def _merge(language: str, given: dict[str, str], apps: list[str]) -> int:
    count = 0
    for app in apps:
        known = files.app_translations(app, language)
        added = {
            (text, context): given[text]
            for text, context in messages_of(get_app_path(app))
            if given.get(text) and known.get((text, context)) != given[text]
        }
        if added:
            files.write_csv(app, language, {**known, **added})
            count += len(added)
    forget_translations()
    return count


@click.command("migrate-translations")
@click.argument("source-app")
@click.argument("target-app")
@one_site
def migrate_translations(source_app: str, target_app: str) -> None:
    """Copy the translations of one app for texts of another one."""
    folder = get_app_path(_apps(source_app)[0], "translations")
    wanted = set(messages_of(get_app_path(_apps(target_app)[0])))
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        language, extension = os.path.splitext(name)
        if extension != ".csv":
            continue
        found = {
            message: text for message, text in files.app_translations(source_app, language).items() if message in wanted
        }
        if found:
            files.write_csv(target_app, language, {**found, **files.app_translations(target_app, language)})
            say(f"{language}: {len(found)} translations")


@click.command("generate-pot-file")
@click.option("--app", help="Only this app.")
@one_site
def generate_pot_file(app: str | None) -> None:
    """Write the texts of apps to their `locale/main.pot`."""
    for name in _apps(app):
        say(f"Wrote {files.write_template(name)}")


@click.command("create-po-file")
@click.argument("locale")
@click.option("--app", help="Only this app.")
@one_site
def create_po_file(locale: str, app: str | None) -> None:
    """Begin a PO file of a language for apps."""
    for name in _apps(app):
        if os.path.exists(files.po_path(name, locale)):
            raise click.ClickException(f"{files.po_path(name, locale)} is there already")
        say(f"Wrote {files.update_po(name, locale)}")


@click.command("update-po-files")
@click.option("--app", help="Only this app.")
@click.option("--locale", help="Only this language.")
@one_site
def update_po_files(app: str | None, locale: str | None) -> None:
    """Bring PO files in line with the texts of their apps."""
    for name in _apps(app):
        for each in [locale] if locale else files.locales(name):
            say(f"Wrote {files.update_po(name, each)}")


@click.command("migrate-csv-to-po")
@click.option("--app", help="Only this app.")
@click.option("--locale", help="Only this language.")
@one_site
def migrate_csv_to_po(app: str | None, locale: str | None) -> None:
    """Write CSV translations into PO files."""
    for name in _apps(app):
        folder = get_app_path(name, "translations")
        stems = sorted(os.path.splitext(file)[0] for file in os.listdir(folder)) if os.path.isdir(folder) else []
        for each in [locale] if locale else stems:
            if os.path.exists(files.csv_path(name, each.replace("_", "-"))):
                say(f"Wrote {files.csv_to_po(name, each)}")


@click.command("update-csv-from-po")
@click.argument("app")
@click.option("--locale", help="Only this language.")
@one_site
def update_csv_from_po(app: str, locale: str | None) -> None:
    """Write the translations of PO files into the CSV files that the runtime reads."""
    for each in [locale] if locale else files.locales(_apps(app)[0]):
        say(f"Wrote {files.po_to_csv(app, each)}")
    forget_translations()


@click.command("compile-po-to-mo")
@click.option("--app", help="Only this app.")
@click.option("--force", is_flag=True, help="Also those that did not change.")
@click.option("--locale", help="Only this language.")
@one_site
def compile_po_to_mo(app: str | None, force: bool, locale: str | None) -> None:
    """Compile PO files into `assets/locale`."""
    for name in _apps(app):
        for each in [locale] if locale else files.locales(name):
            path = files.compile_mo(name, each, force=force)
            say(f"Wrote {path}" if path else f"{name}: {each} is up to date")
    forget_translations()


commands = [
    build_message_files,
    new_language,
    get_untranslated,
    update_translations,
    import_translations,
    migrate_translations,
    generate_pot_file,
    create_po_file,
    update_po_files,
    migrate_csv_to_po,
    update_csv_from_po,
    compile_po_to_mo,
]
