"""Translations of the apps and of the site."""

from __future__ import annotations

import json
from typing import Any

from frappe_engine.context.translate import (
    _,
    forget_translations,
    get_user_lang,
    parent_language,
    read_csv_translations,
    shipped_translations,
    translations_hash,
)
from frappe_engine.context.translate import (
    get_translations as translations_of,
)
from frappe_engine.http.answers import compressed
from werkzeug.wrappers import Response

import frappe

__all__ = [
    "_",
    "clear_cache",
    "get_all_languages",
    "get_all_translations",
    "get_app_translations",
    "get_dict",
    "get_language",
    "get_messages_for_app",
    "get_messages_for_boot",
    "get_parent_language",
    "get_translated_doctypes",
    "get_translations",
    "get_translations_from_apps",
    "get_user_lang",
    "get_user_translations",
    "load_all_translations",
    "load_lang",
    "read_csv_file",
    "set_default_language",
    "update_translations_for_source",
    "write_translations_file",
]

get_parent_language = parent_language


def get_all_translations(lang: str) -> dict[str, str]:
    """Give every translation into a language: those of the apps, then those of the site."""
    return {} if not lang or lang == "en" else dict(translations_of(lang))


def load_lang(lang: str, apps: list[str] | None = None) -> dict[str, str]:
    """Give every translation into a language."""
    return get_all_translations(lang)


def get_dict(fortype: str = "", name: str | None = None) -> dict[str, str]:
    """Give every translation into the language of the one who asks."""
    return get_all_translations(str(frappe.local.lang))


def get_messages_for_boot() -> dict[str, str]:
    """Give every translation into the language of the one who asks, for a page that brings them along."""
    return get_all_translations(str(frappe.local.lang))


def get_translations_from_apps(lang: str, apps: list[str] | None = None) -> dict[str, str]:
    """Give the translations that apps bring (all installed ones, or `apps`), none of those kept on the site."""
    return {} if not lang or lang == "en" else shipped_translations(lang, apps or frappe.get_installed_apps())


def get_translated_doctypes() -> list[str]:
    """Give the DocTypes whose names of documents are shown translated."""
    own = frappe.get_all("DocType", {"translated_doctype": 1}, pluck="name")
    set_here = {"property": "translated_doctype", "value": "1"}
    return [*own, *frappe.get_all("Property Setter", set_here, pluck="doc_type", distinct=True)]


@frappe.whitelist(allow_guest=True)
def get_app_translations() -> dict[str, str]:
    """Give every translation into the language of the one who asks, for front ends of apps."""
    language = frappe.db.get_value("User", frappe.session.user, "language") if frappe.session.user != "Guest" else None
    return get_all_translations(str(language or frappe.local.lang))


@frappe.whitelist(allow_guest=True)
def load_all_translations() -> Any:
    """Give every translation into the language that `lang` names, or that of the one who asks.

    Asked for with their present hash as `v`, they come in an answer that may be kept for ever.
    """
    language = str(frappe.form_dict.get("lang") or frappe.local.lang)
    if language == "en" or frappe.form_dict.get("v") != translations_hash(language):
        return get_all_translations(language)
    text = json.dumps({"message": get_all_translations(language)}, ensure_ascii=False, separators=(",", ":"))
    response = compressed(Response(text, content_type="application/json; charset=utf-8"))
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


@frappe.whitelist(allow_guest=True)
def get_all_languages(with_language_name: Any = False) -> list[Any]:
    """Give the codes of the enabled languages, with their own names when asked for."""
    fields = ["language_code", "language_name"] if frappe.utils.sbool(with_language_name) else ["language_code"]
    rows = frappe.get_all("Language", {"enabled": 1}, fields, order_by="language_code desc")
    return rows if len(fields) > 1 else [row.language_code for row in rows]


def get_language(lang_list: list[str] | None = None) -> str:
    """Give the language to answer in."""
    return str(frappe.local.lang or get_user_lang())


def set_default_language(lang: str) -> None:
    """Let the site speak a language by default."""
    frappe.db.set_single_value("System Settings", "language", lang)
    frappe.db.set_default("lang", lang)
    frappe.local.lang = lang


def get_user_translations(lang: str) -> dict[str, str]:
    """Give the translations kept on the site."""
    rows = frappe.get_all("Translation", {"language": lang}, ["source_text", "translated_text", "context"])
    return {f"{row.source_text}:{row.context}" if row.context else row.source_text: row.translated_text for row in rows}


@frappe.whitelist()
def get_translations(source_text: str) -> list[Any]:
    """Give the site's translations of a text: name, language and text."""
    fields = ["name", "language", "translated_text as translation"]
    return frappe.get_list("Translation", filters={"source_text": source_text}, fields=fields)


@frappe.whitelist()
def update_translations_for_source(source: str | None = None, translation_dict: dict[str, Any] | None = None) -> Any:
    """Keep translations of a text (a JSON object of language and text); an empty one is removed."""
    if not (source and translation_dict):
        return None
    wanted = frappe.parse_json(translation_dict)
    for name, language in frappe.get_list("Translation", {"source_text": source}, ["name", "language"], as_list=True):
        text = wanted.pop(language, None)
        if text is None:
            continue
        if text:
            document = frappe.get_doc("Translation", name)
            document.translated_text = text
            document.save()
        else:
            frappe.delete_doc("Translation", name)
    for language, text in wanted.items():
        if text:
            values = {"language": language, "source_text": source, "translated_text": text}
            frappe.get_doc({"doctype": "Translation", **values}).insert()
    forget_translations()
    return frappe.get_list(
        "Translation", filters={"source_text": source}, fields=["name", "language", "translated_text"]
    )


def clear_cache() -> None:
    """Read translations again at next use."""
    forget_translations()


def read_csv_file(path: str) -> dict[str, str]:
    """Read a file of translations."""
    return read_csv_translations(path)


@frappe.whitelist()
def get_messages(language: str) -> dict[str, str]:
    """Give every translation into a language."""
    return get_all_translations(language)


def get_messages_for_app(app: str, deduplicate: bool = True) -> list[tuple[str, str, str | None]]:
    """Give the texts of an app that want translation: where one stands, the text and its context."""
    from frappe_engine.cli.message_extraction import messages_of  # only who works on translations needs it

    found = messages_of(frappe.get_app_path(app))
    return [
        (place, text, context or None)
        for (text, context), places in sorted(found.items())
        for place in (places[:1] if deduplicate else places)
    ]


def write_translations_file(
    app: str, lang: str, full_dict: dict[str, str] | None = None, app_messages: list[Any] | None = None
) -> None:
    """Write an app's CSV file of a language: those of its texts for which there are translations."""
    from frappe_engine.cli.translation_files import write_csv  # only who works on translations needs it

    known = get_all_translations(lang) if full_dict is None else full_dict
    messages = get_messages_for_app(app) if app_messages is None else app_messages
    wanted = {(str(row[1]), str((row[2] if len(row) > 2 else None) or "")) for row in messages}
    write_csv(app, lang, {key: known.get(f"{key[0]}:{key[1]}") or known.get(key[0]) or "" for key in wanted})
    forget_translations()
