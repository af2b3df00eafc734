"""What a new site begins with: languages, countries, currencies, kinds of users, the two users that always exist, settings.

`before_install` writes what everything else links to, as sets of rows; `after_install` the settings.

Invariant: running either again adds nothing and changes nothing that the site has set.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import frappe
from frappe.core.doctype.file.file import make_home_folder
from frappe.geo.country_info import get_countries, get_currencies, get_languages
from frappe.model.document import bulk_insert

STANDARD_USER_TYPES = ("System User", "Website User")
GENDERS = ("Female", "Male", "Other", "Prefer not to say")
SALUTATIONS = ("Dr", "Madam", "Miss", "Mr", "Mrs", "Ms", "Mx", "Prof")
WORKFLOW_STATES = {"Pending": "", "Approved": "Success", "Rejected": "Danger"}
WORKFLOW_ACTIONS = ("Approve", "Reject", "Review")
LOG_DAYS = {
    "Error Log": 30,
    "Activity Log": 90,
    "Email Queue": 30,
    "Scheduled Job Log": 90,
    "Route History": 90,
    "Submission Queue": 30,
    "Prepared Report": 14,
    "Webhook Request Log": 30,
    "Integration Request": 90,
    "Unhandled Email": 30,
}
SITE_DEFAULTS = {
    "language": "zh",
    "country": "China",
    "time_zone": "Asia/Shanghai",
    "currency": "CNY",
    "date_format": "yyyy-mm-dd",
    "time_format": "HH:mm:ss",
    "number_format": "#,###.##",
    "first_day_of_the_week": "Monday",
}
CHINESE_ADDRESS = """\
{{ country or "" }}{{ state or "" }}{{ city or "" }}{{ county or "" }}{{ address_line1 or "" }}\
{% if address_line2 %}{{ address_line2 }}{% endif %}<br>
{% if pincode %}{{ pincode }}<br>{% endif -%}
{% if phone %}{{ _("Phone") }}: {{ phone }}<br>{% endif -%}
"""


def before_install() -> None:
    """Write the records that users and settings link to, then the users Administrator and Guest."""
    add_missing("User Type", ({"name": name, "is_standard": 1} for name in STANDARD_USER_TYPES))
    add_languages()
    add_countries_and_currencies()
    add_missing("Gender", ({"name": name, "gender": name} for name in GENDERS))
    add_missing("Salutation", ({"name": name, "salutation": name} for name in SALUTATIONS))
    add_workflow_words()
    add_standard_users()


def after_install() -> None:
    """Write the settings that a site begins with, and give Administrator every role."""
    make_home_folder()
    fill_single("System Settings", SITE_DEFAULTS)
    for doctype in ("Website Settings", "Portal Settings", "Print Settings", "Navbar Settings"):
        fill_single(doctype, {})
    fill_single(
        "Log Settings", {"logs_to_clear": [{"ref_doctype": name, "days": days} for name, days in LOG_DAYS.items()]}
    )
    add_address_template()
    give_every_role("Administrator")


def complete_setup_wizard() -> None:
    """Take the first steps with plain answers, unless they were taken; what tests of apps begin with."""
    from frappe.desk.page.setup_wizard.setup_wizard import setup_complete

    setup_complete(
        {
            "language": "English",
            "email": "test@example.com",
            "full_name": "Test User",
            "country": "India",
            "timezone": "Asia/Kolkata",
            "currency": "INR",
        }
    )


def add_missing(doctype: str, records: Iterable[Mapping[str, Any]]) -> int:
    """Write those records that are not there yet, in one statement; give how many there were."""
    wanted = {record["name"]: record for record in records}
    there = set(frappe.get_all(doctype, filters={"name": ["in", list(wanted)]}, pluck="name"))
    missing = [frappe.get_doc({"doctype": doctype, **values}) for name, values in wanted.items() if name not in there]
    bulk_insert(doctype, missing)
    return len(missing)


def add_languages() -> None:
    """Write the languages, those that others are variants of first."""
    entries = get_languages()
    add_missing("Language", ({"name": code, "language_code": code, **entry} for code, entry in entries.items()))


def add_countries_and_currencies() -> None:
    """Write the countries and currencies of the world."""
    add_missing(
        "Currency", ({"name": code, "currency_name": code, **entry} for code, entry in get_currencies().items())
    )
    add_missing("Country", (_country(name, entry) for name, entry in get_countries().items()))


def _country(name: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "country_name": name,
        "code": entry["code"],
        "date_format": entry["date_format"],
        "time_format": "HH:mm:ss",
        "time_zones": "\n".join(entry["time_zones"]),
    }


def add_workflow_words() -> None:
    """Write the states and actions that most workflows use."""
    states = ({"name": name, "workflow_state_name": name, "style": style} for name, style in WORKFLOW_STATES.items())
    add_missing("Workflow State", states)
    actions = ({"name": name, "workflow_action_name": name} for name in WORKFLOW_ACTIONS)
    add_missing("Workflow Action Master", actions)


def add_standard_users() -> None:
    """Write Administrator and Guest, through the life cycle of every user."""
    for name, role, user_type in (
        ("Administrator", "Administrator", "System User"),
        ("Guest", "Guest", "Website User"),
    ):
        if frappe.db.exists("User", name):
            continue
        user = frappe.get_doc(
            {
                "doctype": "User",
                "name": name,
                "first_name": name,
                "email": f"{name.lower() if name == 'Guest' else 'admin'}@example.com",
                "enabled": 1,
                "user_type": user_type,
                "send_welcome_email": 0,
                "roles": [{"role": role}],
            }
        )
        user.flags.no_welcome_mail = True
        user.insert(ignore_permissions=True, set_name=name)


def fill_single(doctype: str, values: Mapping[str, Any]) -> None:
    """Store a Single with its defaults and `values`, unless it was stored before."""
    if frappe.db.get_singles_dict(doctype):
        return
    document = frappe.new_doc(doctype)
    document.update({key: value for key, value in values.items() if document.meta.has_field(key)})
    document.flags.ignore_mandatory = True
    document.flags.ignore_permissions = True
    document.save()


def add_address_template() -> None:
    """Write how Chinese addresses are printed; it serves as the default."""
    if not frappe.db.exists("Address Template", "China"):
        template = {"doctype": "Address Template", "country": "China", "is_default": 1, "template": CHINESE_ADDRESS}
        frappe.get_doc(template).insert(ignore_permissions=True)


def give_every_role(user: str) -> None:
    """Add the roles that a user lacks, without events: rights of Administrator never rest on them."""
    own = set(frappe.get_all("Has Role", filters={"parent": user, "parenttype": "User"}, pluck="role"))
    missing = [role for role in frappe.get_all("Role", pluck="name") if role not in own]
    rows = [
        frappe.get_doc(
            {
                "doctype": "Has Role",
                "role": role,
                "parent": user,
                "parenttype": "User",
                "parentfield": "roles",
                "idx": idx,
            }
        )
        for idx, role in enumerate(missing, start=len(own) + 1)
    ]
    bulk_insert("Has Role", rows)
    frappe.clear_document_cache("User", user)
