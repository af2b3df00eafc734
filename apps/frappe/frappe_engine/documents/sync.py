"""From the files of apps to the site: DocTypes, other standard documents, fixtures, customisations.

Invariant: what did not change since the last time is not touched; what a site customised stays.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from typing import Any

from frappe_engine.context.clock import now_datetime
from frappe_engine.context.hooks import get_app_path, get_hooks
from frappe_engine.context.local import current
from frappe_engine.database.database import process_cache_of
from frappe_engine.documents.base import stored_value
from frappe_engine.documents.controllers import forget_modules, get_module_list
from frappe_engine.documents.definitions import run_module_method
from frappe_engine.documents.life.loading import get_doc
from frappe_engine.documents.metas import (
    ROW_TABLES,
    doctype_paths,
    forget_all_metas,
    forget_meta,
    get_meta,
    numbered,
    update_table,
)
from frappe_engine.documents.naming import hash_name
from frappe_engine.kit.text import scrub

STANDARD_FOLDERS = (
    "page", "report", "print_format", "dashboard_chart_source", "dashboard_chart", "number_card", "dashboard", "workspace",
    "web_form", "web_template", "website_theme", "notification", "onboarding_step", "module_onboarding", "form_tour",
    "client_script", "server_script", "print_style", "print_heading", "letter_head", "email_template",
    "workspace_sidebar", "custom_html_block", "desktop_icon",
)  # fmt: skip
DEFINITION_TABLES = ("DocType", *ROW_TABLES.values())


def file_hash(path: str) -> str:
    """Give a short hash of a file's content."""
    with open(path, "rb") as file:
        return hashlib.md5(file.read(), usedforsecurity=False).hexdigest()


def sync_modules(app: str) -> None:
    """Make a `Module Def` for every module of an app."""
    database = current().db
    known = {row[0]: row[1] for row in database.rows("SELECT `name`, `app_name` FROM `tabModule Def`")}
    moment = now_datetime()
    rows = [
        (module, moment, moment, "Administrator", "Administrator", 0, module, app)
        for module in get_module_list(app)
        if module not in known
    ]
    database.write_many(
        "INSERT INTO `tabModule Def` (`name`, `creation`, `modified`, `owner`, `modified_by`, `custom`, `module_name`, `app_name`)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
    forget_modules()


def sync_doctypes(app: str, force: bool = False) -> list[str]:
    """Bring the site's DocTypes in line with an app's files; give the names of those that changed."""
    database = current().db
    known = dict(database.rows("SELECT `name`, `migration_hash` FROM `tabDocType`"))
    changed: dict[str, tuple[dict[str, Any], str]] = {}
    beside: dict[str, str] = {}
    for path in doctype_paths(get_app_path(app)):
        digest = file_hash(path)
        with open(path, encoding="utf-8") as file:
            definition = json.load(file)
        if definition.get("doctype") != "DocType":
            continue
        if force or known.get(definition["name"]) != digest or definition["name"] not in known:
            changed[definition["name"]] = (definition, digest)
            beside[definition["name"]] = f"{path.removesuffix('.json')}.py"
    write_doctypes(changed)
    for name in changed:
        update_table(name)
    make_missing_roles(definition for definition, _digest in changed.values())
    for name in changed:
        if name in beside and _says(beside[name], "def on_doctype_update("):
            run_module_method(name, "on_doctype_update")
    return list(changed)


def _says(path: str, words: str) -> bool:
    """Tell whether a source has some words: hundreds of controllers need not be imported to ask them."""
    if not os.path.isfile(path):
        return False
    with open(path, encoding="utf-8") as file:
        return words in file.read()


def make_missing_roles(definitions: Iterable[Mapping[str, Any]]) -> list[str]:
    """Make the roles that permissions name and the site lacks, for people of the desk; give their names."""
    if not current().db.table_exists("Role"):
        return []  # the framework's own come as fixtures, with their tables
    named = {
        row["role"] for definition in definitions for row in definition.get("permissions") or () if row.get("role")
    }
    known = {row[0] for row in current().db.rows("SELECT `name` FROM `tabRole`")}
    missing = sorted(named - known) if known else []
    for role in missing:
        get_doc({"doctype": "Role", "role_name": role, "desk_access": 1}).insert(ignore_permissions=True)
    return missing


def write_doctypes(definitions: Mapping[str, tuple[Mapping[str, Any], str]]) -> None:
    """Write definitions (with the hashes of their files) into the tables that hold DocTypes, as sets."""
    if not definitions:
        return
    database = current().db
    columns = {table: [name for name in get_meta(table).column_types] for table in DEFINITION_TABLES}
    names = list(definitions)
    for start in range(0, len(names), 200):
        part = names[start : start + 200]
        marks = ", ".join("?" * len(part))
        database.write(f"DELETE FROM `tabDocType` WHERE `name` IN ({marks})", part)
        for table in ROW_TABLES.values():
            database.write(f"DELETE FROM `tab{table}` WHERE `parenttype` = 'DocType' AND `parent` IN ({marks})", part)
    rows: dict[str, list[dict[str, Any]]] = {table: [] for table in DEFINITION_TABLES}
    moment = now_datetime()
    for name, (definition, digest) in definitions.items():
        own = {key: value for key, value in definition.items() if not isinstance(value, list)}
        rows["DocType"].append(_stamped({**own, "migration_hash": digest}, moment))
        for fieldname, table in ROW_TABLES.items():
            for row in numbered(definition.get(fieldname, ())):
                entry = {**row, "name": hash_name(), "parent": name, "parenttype": "DocType", "parentfield": fieldname}
                rows[table].append(_stamped(entry, moment))
    for table, entries in rows.items():
        _insert(table, columns[table], entries)
    for name in definitions:
        forget_meta(name)
    process_cache_of(current()).forget_kind("linked_from")
    process_cache_of(current()).forget("dynamic_links|")


def _stamped(row: dict[str, Any], moment: Any) -> dict[str, Any]:
    return {
        "creation": moment,
        "modified": moment,
        "owner": "Administrator",
        "modified_by": "Administrator",
        "docstatus": 0,
        "idx": 0,
        **row,
    }


def _insert(doctype: str, columns: list[str], entries: list[dict[str, Any]]) -> None:
    types = get_meta(
        doctype
    ).column_types  # a file leaves out what is off: the defaults are those of new definitions alone
    blanks = {name: 0 for name, kind in types.items() if kind in ("Check", "Int", "Float", "Currency", "Percent")}
    rows = [
        tuple(_cell(entry.get(name, blanks.get(name)), types[name], blanks.get(name)) for name in columns)
        for entry in entries
    ]
    current().db.bulk_insert(doctype, columns, rows)


def _cell(value: Any, fieldtype: str, blank: Any) -> Any:
    if value is None:
        return blank
    if fieldtype in ("Check", "Int") and isinstance(value, str):
        return int(float(value or 0))
    if fieldtype in ("Float", "Currency", "Percent") and isinstance(value, (str, int)):
        return float(value or 0)
    if fieldtype in ("Data", "Small Text", "Text", "Select", "Code") and isinstance(value, (int, float)):
        return str(value)
    return stored_value(value, "", "")


# other standard documents


def sync_standard_documents(app: str, force: bool = False) -> int:
    """Import the app's other standard documents (reports, workspaces, print formats …); give how many changed."""
    count = 0
    folder = get_app_path(app)
    modules = [scrub(module) for module in get_module_list(app)]
    for kind in STANDARD_FOLDERS:
        for module in modules:
            for path in _documents_in(os.path.join(folder, module, kind)):
                count += import_file(path, force=force)
    return count


def _documents_in(folder: str) -> Iterable[str]:
    if not os.path.isdir(folder):
        return
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name, f"{name}.json")
        if os.path.isfile(path):
            yield path


def import_file(path: str, force: bool = False, ignore_version: bool = True, reset_permissions: bool = False) -> bool:
    """Import the document (or list of documents) in a JSON file; tell whether anything was imported."""
    with open(path, encoding="utf-8") as file:
        content = json.load(file)
    documents = content if isinstance(content, list) else [content]
    digest = file_hash(path)
    imported = False
    for values in documents:
        if values.get("doctype") == "DocType":
            known = current().db.row("SELECT `migration_hash` FROM `tabDocType` WHERE `name` = ?", (values["name"],))
            if force or known is None or known[0] != digest:
                write_doctypes({values["name"]: (values, digest)})
                update_table(values["name"])
                imported = True
        else:
            imported = import_document(values, path, digest, force=force) or imported
    return imported


def import_document(values: Mapping[str, Any], path: str = "", digest: str = "", *, force: bool = False) -> bool:
    """Import one standard document; tell whether it changed. What the site changed in it is replaced."""
    doctype = str(values["doctype"])
    meta = get_meta(doctype)
    cache = current().db
    name = values.get("name") or _derived_name(meta, values)
    existing = cache.exists(doctype, name) if name else None
    if existing and not force and not _is_newer(doctype, str(existing), values, digest):
        return False
    kept = _kept_values(doctype, existing)
    if existing:
        from frappe_engine.documents.deletion import delete_doc  # deletion is a neighbour

        delete_doc(
            doctype,
            existing,
            force=1,
            ignore_doctypes=[],
            for_reload=True,
            ignore_permissions=True,
            delete_permanently=True,
        )
    document = get_doc({**values, "doctype": doctype, "__islocal": 1})
    for key, value in kept.items():
        document.set(key, value)
    code = _code_beside(doctype, path)
    for key, value in code.items():
        document.set(key, value)
    document.flags.ignore_permissions = True
    document.flags.ignore_links = True
    document.flags.ignore_mandatory = True
    document.flags.ignore_validate = True
    document.flags.ignore_version = True
    document.flags.in_import_file = True
    document.insert(set_name=name)
    if digest:
        current().db.set_default(f"file_hash|{doctype}|{name}", digest, "__files")
    return True


def _derived_name(meta: Any, values: Mapping[str, Any]) -> Any:
    rule = str(meta.autoname or "")
    return values.get(rule[6:]) if rule.startswith("field:") else None


def _is_newer(doctype: str, name: str, values: Mapping[str, Any], digest: str) -> bool:
    if digest:
        return current().db.get_default(f"file_hash|{doctype}|{name}", "__files") != digest  # type: ignore[no-any-return]
    stored = current().db.get_value_by_name(doctype, name, "modified")
    return str(values.get("modified") or "") > str(stored or "")


KEPT = {
    "Report": ("disabled", "prepared_report", "add_total_row"),
    "Print Format": ("disabled",),
    "Notification": ("enabled",),
    "Page": (),
    "Web Form": ("published",),
}


def _kept_values(doctype: str, name: Any) -> dict[str, Any]:
    """Switches that the site decides, not the file."""
    fields = KEPT.get(doctype)
    if not fields or not name:
        return {}
    row = current().db.get_value(doctype, name, list(fields), as_dict=True) if len(fields) > 1 else None
    if row is None and fields:
        row = {fields[0]: current().db.get_value(doctype, name, fields[0])}
    return {key: value for key, value in (row or {}).items() if value is not None}


def _code_beside(doctype: str, path: str) -> dict[str, Any]:
    """Texts that stand in files of their own beside the JSON."""
    found: dict[str, Any] = {}
    stem = os.path.splitext(path)[0]
    wanted = {
        "Print Format": {"html": ".html"},
        "Report": {"query": ".sql"},
        "Web Template": {"template": ".html"},
    }.get(doctype, {})
    for field, extension in wanted.items():
        if path and os.path.isfile(stem + extension):
            with open(stem + extension, encoding="utf-8") as file:
                found[field] = file.read()
    return found


# fixtures and customisations


def sync_fixtures(app: str) -> int:
    """Import the JSON files of the app's `fixtures` folder; give how many documents changed."""
    folder = get_app_path(app, "fixtures")
    if not os.path.isdir(folder):
        return 0
    count = 0
    for file_name in sorted(os.listdir(folder)):
        if not file_name.endswith(".json"):
            continue
        with open(os.path.join(folder, file_name), encoding="utf-8") as file:
            documents = json.load(file)
        for values in documents:
            count += _import_fixture(values)
    return count


def _import_fixture(values: Mapping[str, Any]) -> bool:
    doctype, name = str(values["doctype"]), values.get("name")
    digest = hashlib.md5(json.dumps(values, sort_keys=True, default=str).encode(), usedforsecurity=False).hexdigest()
    database = current().db
    key = f"fixture|{doctype}|{name}"
    if name and database.exists(doctype, name):
        if database.get_default(key, "__files") == digest:
            return False
        document = get_doc(doctype, name)
        document.update(
            {k: v for k, v in values.items() if k not in ("modified", "creation", "owner", "modified_by", "docstatus")}
        )
    else:
        document = get_doc({**values, "__islocal": 1})
        if name:
            document.flags.name_set = True
    document.flags.ignore_permissions = document.flags.ignore_links = document.flags.ignore_mandatory = True
    document.flags.ignore_version = True
    document.save()
    if doctype in ("Custom Field", "Property Setter"):
        forget_meta(document.get("dt") or document.get("doc_type"))
    database.set_default(key, digest, "__files")
    return True


def sync_customizations(app: str) -> None:
    """Apply the customisations of DocTypes that an app ships (`<module>/custom/<doctype>.json`)."""
    folder = get_app_path(app)
    for module in get_module_list(app):
        custom = os.path.join(folder, scrub(module), "custom")
        if not os.path.isdir(custom):
            continue
        for file_name in sorted(os.listdir(custom)):
            if file_name.endswith(".json"):
                with open(os.path.join(custom, file_name), encoding="utf-8") as file:
                    apply_customization(json.load(file))


def apply_customization(content: Mapping[str, Any]) -> None:
    """Apply one file of customisations: custom fields, property setters, permissions, links."""
    if not content.get("sync_on_migrate", 1):
        return
    doctype = str(content["doctype"])
    for table, kind, key in (
        ("custom_fields", "Custom Field", "dt"),
        ("property_setters", "Property Setter", "doc_type"),
        ("custom_perms", "Custom DocPerm", "parent"),
    ):
        for values in content.get(table) or []:
            _import_fixture({**values, "doctype": kind, key: values.get(key) or doctype})
    forget_meta(doctype)
    update_table(doctype)


def sync_app(app: str, force: bool = False) -> dict[str, Any]:
    """Bring the site in line with an app: modules, DocTypes, standard documents, fixtures, customisations."""
    sync_modules(app)
    changed = sync_doctypes(app, force)
    documents = sync_standard_documents(app, force)
    fixtures = sync_fixtures(app)
    sync_customizations(app)
    return {"doctypes": changed, "documents": documents, "fixtures": fixtures}


def reload_doc(
    module: str, dt: str | None = None, dn: str | None = None, force: bool = False, reset_permissions: bool = False
) -> bool:
    """Import one standard document of an app from its file."""
    from frappe_engine.documents.controllers import module_app  # beside modules

    folder = get_app_path(module_app(module), scrub(module))
    path = os.path.join(folder, scrub(str(dt)), scrub(str(dn)), f"{scrub(str(dn))}.json")
    return import_file(path, force=force)


def forget_everything() -> None:
    """Forget metas, modules and hooks in every process."""
    forget_all_metas()
    forget_modules()
    process_cache_of(current()).clear()


def hooks_of(app: str, hook: str) -> list[Any]:
    """Give what one app sets for a hook, as a list."""
    value = get_hooks(hook, app_name=app)
    return value if isinstance(value, list) else [value]
