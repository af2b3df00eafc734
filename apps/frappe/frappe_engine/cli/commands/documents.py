"""Commands that carry documents between files and a site.

Invariant: an import that fails leaves the site as it was.
"""

from __future__ import annotations

import csv
import json
import os
from importlib import import_module
from typing import Any

import click

from frappe_engine.cli.context import each_site, one_site, say
from frappe_engine.cli.fixtures import export_fixtures
from frappe_engine.cli.standard_files import write_document
from frappe_engine.context.hooks import get_all_apps, get_installed_apps
from frappe_engine.context.local import current
from frappe_engine.documents.document import get_doc
from frappe_engine.documents.listing import get_all
from frappe_engine.documents.metas import get_meta
from frappe_engine.documents.rename import rename_doc
from frappe_engine.documents.sync import import_file
from frappe_engine.kit.jsontext import as_json

LEFT_OUT = ("modified_by", "owner", "creation", "modified", "docstatus", "idx", "parent", "parentfield", "parenttype")


def _known_doctype(doctype: str) -> Any:
    if not current().db.exists("DocType", doctype):
        raise click.ClickException(f"There is no DocType {doctype} on {current().site}")
    return get_meta(doctype)


@click.command("export-doc")
@click.argument("doctype")
@click.argument("docname")
@each_site
def export_doc(doctype: str, docname: str) -> None:
    """Write a standard document into the folder of its module, in its app."""
    _known_doctype(doctype)
    if not current().db.exists(doctype, docname):
        raise click.ClickException(f"There is no {doctype} {docname} on {current().site}")
    say(f"Exported to {write_document(get_doc(doctype, docname))}")


@click.command("export-json")
@click.argument("doctype")
@click.argument("path")
@click.option("--name", help="Only this document.")
@one_site
def export_json(doctype: str, path: str, name: str | None) -> None:
    """Write all documents of a DocType, rows included, to a JSON file."""
    _known_doctype(doctype)
    names = [name] if name else get_all(doctype, pluck="name", order_by="creation asc")
    documents = [_portable(get_doc(doctype, each).as_dict()) for each in names]
    with open(path, "w", encoding="utf-8") as file:
        file.write(as_json(documents, ensure_ascii=False))
    say(f"Exported {len(documents)} documents to {path}")


def _portable(values: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in values.items() if key not in LEFT_OUT and value is not None}
    for key, value in kept.items():
        if isinstance(value, list):
            kept[key] = [
                {name: cell for name, cell in row.items() if name not in (*LEFT_OUT, "name") and cell is not None}
                for row in value
            ]
    return kept


@click.command("export-csv")
@click.argument("doctype")
@click.argument("path")
@one_site
def export_csv(doctype: str, path: str) -> None:
    """Write all documents of a DocType, without rows, to a CSV file that data-import takes."""
    meta = _known_doctype(doctype)
    fields = [item for item in meta.data_fields if item.fieldtype != "Password"]
    rows = get_all(doctype, fields=["name", *(item.fieldname for item in fields)], order_by="creation asc")
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["ID", *(item.label or item.fieldname for item in fields)])
        for row in rows:
            writer.writerow(["" if value is None else value for value in row.values()])
    say(f"Exported {len(rows)} documents to {path}")


@click.command("export-fixtures")
@click.option("--app", help="Only this app.")
@each_site
def write_fixtures(app: str | None) -> None:
    """Write the documents that apps name in the hook `fixtures` into their folders."""
    if app and app not in get_all_apps():
        raise click.ClickException(f"App {app} is not in the bench")
    for name in [app] if app else get_installed_apps():
        for path, count in export_fixtures(name):
            say(f"Exported {count} documents to {path}")


@click.command("import-doc")
@click.argument("path", type=click.Path(exists=True))
@each_site
def import_documents(path: str) -> None:
    """Import the documents of a JSON file, or of all JSON files in a folder."""
    files = [path]
    if os.path.isdir(path):
        files = [os.path.join(path, name) for name in sorted(os.listdir(path)) if name.endswith(".json")]
    for file in files:
        try:
            import_file(file, force=True)
        except json.JSONDecodeError as error:
            raise click.ClickException(f"{file} is not valid JSON: {error}") from error
        say(f"Imported {file}")


@click.command("data-import")
@click.option(
    "--file", "file_path", required=True, type=click.Path(exists=True, dir_okay=False), help="A CSV or XLSX file."
)
@click.option("--doctype", required=True, help="The DocType.")
@click.option("--type", "import_type", type=click.Choice(["Insert", "Update"], case_sensitive=False), default="Insert")
@click.option("--submit-after-import", is_flag=True, help="Submit the documents.")
@click.option("--mute-emails/--no-mute-emails", default=True, help="Send no mails meanwhile.")
@one_site
def data_import(file_path: str, doctype: str, import_type: str, submit_after_import: bool, mute_emails: bool) -> None:
    """Import documents from a table: the first row names the fields; a row that fails is reported with its number."""
    _known_doctype(doctype)
    importer = import_module("frappe_engine.cli.data_import")
    current().flags.mute_emails = mute_emails
    outcome = importer.import_table(
        file_path, doctype, update=import_type.lower() == "update", submit=submit_after_import
    )
    for number, reason in outcome.failures:
        click.secho(f"Row {number}: {reason}", fg="red")
    say(f"{outcome.done} documents imported, {len(outcome.failures)} rows failed")
    if outcome.failures:
        current().db.commit()  # rows that succeeded stay; each was a transaction of its own
        raise click.exceptions.Exit(1)


@click.command("bulk-rename")
@click.argument("doctype")
@click.argument("path", type=click.Path(exists=True, dir_okay=False))
@one_site
def bulk_rename(doctype: str, path: str) -> None:
    """Rename documents by a CSV file with the old and the new name in each line."""
    _known_doctype(doctype)
    with open(path, encoding="utf-8-sig", newline="") as file:
        pairs = [row for row in csv.reader(file) if len(row) >= 2 and row[0].strip() and row[1].strip()]
    for old, new, *_rest in pairs:
        if not current().db.exists(doctype, old):
            raise click.ClickException(f"There is no {doctype} {old}; nothing was renamed")
        rename_doc(doctype, old, new, force=True, rebuild_search=False)
    say(f"Renamed {len(pairs)} documents")


@click.command("add-to-email-queue")
@click.argument("email-path", type=click.Path(exists=True))
@each_site
def add_to_email_queue(email_path: str) -> None:
    """Queue a mail for each JSON file in a folder: the words of `frappe.sendmail`."""
    send = getattr(import_module("frappe"), "sendmail")  # noqa: B009 - the public function, found when it is asked for
    for name in sorted(os.listdir(email_path)):
        with open(os.path.join(email_path, name), encoding="utf-8") as file:
            words = json.load(file)
        words["delayed"] = True
        send(**words)
        say(f"Queued {name}")


commands = [
    export_doc,
    export_json,
    export_csv,
    write_fixtures,
    import_documents,
    data_import,
    bulk_rename,
    add_to_email_queue,
]
