"""First steps of a site, as apps use them: making records, giving rights, saying that it is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import frappe
from frappe.utils import cint, parse_json

NOT_GIVEN = frozenset({"Administrator", "Customer", "Supplier", "Partner", "Employee", "All", "Guest"})


def make_records(records: Iterable[Mapping[str, Any]], debug: bool = False) -> None:
    """Insert records, without regard to rights; what is there already stays as it is.

    A record's `__condition` is asked first: where it says no, the record is left out. One that can't be inserted is
    logged as an error and does not stop the rest.
    """
    for record in records:
        values = dict(record)
        condition = values.pop("__condition", None)
        if condition is None or condition():
            _make(values, debug)


def _make(values: dict[str, Any], debug: bool) -> None:
    place = f"record_{frappe.generate_hash(length=10)}"
    document = frappe.get_doc(values)
    frappe.db.savepoint(place)
    try:
        document.insert(ignore_permissions=True, ignore_if_duplicate=True)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one record, the others are made
        frappe.db.rollback(save_point=place)
        frappe.clear_last_message()
        if debug:
            frappe.errprint(f"{values.get('doctype')}: {error}")
        frappe.log_error(title="Document Insert Error")


def add_all_roles_to(name: str) -> None:
    """Give a user every role but those of other kinds of users, and save."""
    user = frappe.get_doc("User", name)
    have = {row.role for row in user.roles}
    for role in frappe.get_all("Role", pluck="name", order_by="name"):
        if role not in NOT_GIVEN and role not in have:
            user.append("roles", {"role": role})
    user.save(ignore_permissions=True)


@frappe.whitelist()
def setup_complete(args: Any) -> dict[str, str]:
    """Take the answers of the first steps: hand them to the apps' hooks and say that the site is set up.

    `args` is a dict or its JSON: `language`, `country`, `timezone`, `currency`, and what apps ask for. Hooks
    `setup_wizard_complete` and then `setup_wizard_success` are called with it. Only System Managers may.
    """
    frappe.only_for("System Manager")
    if frappe.is_setup_complete():
        return {"status": "ok"}
    answers = frappe._dict(parse_json(args) or {})
    frappe.flags.in_setup_wizard = True
    try:
        _keep_settings(answers)
        for hook in ("setup_wizard_complete", "setup_wizard_success"):
            for path in frappe.get_hooks(hook):
                frappe.get_attr(path)(answers)
        frappe.db.set_single_value("System Settings", "setup_complete", 1)
    finally:
        frappe.flags.in_setup_wizard = False
    frappe.clear_cache()
    return {"status": "ok"}


def _language_code(language: str) -> str:
    """Give the code of a language, which may be called by its name: `English`."""
    if frappe.db.exists("Language", language):
        return language
    return str(frappe.db.get_value("Language", {"language_name": language}) or language)


def _keep_settings(answers: Any) -> None:
    settings = frappe.get_doc("System Settings")
    language = answers.language and _language_code(answers.language)
    known = {"language": language, "country": answers.country, "time_zone": answers.timezone}
    settings.update({field: value for field, value in known.items() if value and settings.meta.has_field(field)})
    if "enable_telemetry" in answers and settings.meta.has_field("enable_telemetry"):
        settings.enable_telemetry = cint(answers.enable_telemetry)
    settings.save(ignore_permissions=True)
    for key in ("currency", "country"):
        if answers.get(key):
            frappe.db.set_default(key, answers[key])
