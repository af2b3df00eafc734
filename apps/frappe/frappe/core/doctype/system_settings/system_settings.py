"""Controller of the DocType System Settings.

Invariant: every setting is also a default of the site, so that forms and helpers find it there at once.
"""

from __future__ import annotations

import re
from typing import Any

from frappe_engine.context.settings import forget_system_settings
from frappe_engine.context.translate import forget_translations
from frappe_engine.documents.defaults import set_default
from frappe_engine.kit.columns import NO_COLUMN

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

EXPIRY = re.compile(r"\d{1,4}:[0-5]\d(:[0-5]\d)?\Z")
DEFAULT_EXPIRY = "170:00"


class SystemSettings(Document):
    """Settings of the whole site."""

    def validate(self) -> None:
        """Refuse settings that would lock people out or mean nothing."""
        self.session_expiry = (self.session_expiry or DEFAULT_EXPIRY).strip()
        if not EXPIRY.match(self.session_expiry):
            frappe.throw(_("Session Expiry must be in format {0}").format("HH:MM"))
        self.check_time_zone()
        if cint(self.enable_password_policy) and not cint(self.minimum_password_score):
            frappe.throw(_("Please select Minimum Password Score"))
        if cint(self.disable_user_pass_login) and not self.has_other_login():
            frappe.throw(_("Enable a Social Login Key or login by a link in a mail before passwords are switched off"))
        if cint(self.enable_two_factor_auth) and self.two_factor_method == "SMS":
            self.check_sms()
        if cint(self.max_file_size) > 1024 * 10:
            frappe.throw(_("Files of more than {0} MB are refused").format(1024 * 10))

    def check_time_zone(self) -> None:
        """Raise unless the time zone is one of the IANA database."""
        from frappe.geo.country_info import get_all_timezones

        if self.time_zone and self.time_zone not in get_all_timezones():
            frappe.throw(_("{0} is no time zone").format(self.time_zone))

    def has_other_login(self) -> bool:
        """Tell whether people can sign in without a password."""
        return bool(
            cint(self.login_with_email_link) or frappe.db.exists("Social Login Key", {"enable_social_login": 1})
        )

    def check_sms(self) -> None:
        """Raise unless messages can be sent to phones."""
        if not frappe.db.get_single_value("SMS Settings", "sms_gateway_url"):
            frappe.throw(_("Please setup SMS before setting it as an authentication method, via SMS Settings"))

    def on_update(self) -> None:
        """Let settings be defaults, and count at once."""
        known = frappe.defaults.get_defaults_for("__default")
        for field in self.meta.fields:
            if field.fieldtype not in NO_COLUMN:
                value = self.get(field.fieldname)
                text = None if value in (None, "") else str(value)
                if known.get(field.fieldname) != text:
                    set_default(field.fieldname, text)
        forget_system_settings()
        forget_translations()
        frappe.cache.delete_value("system_settings")


def get_system_settings(key: str) -> Any:
    """Give a system setting."""
    return frappe.get_system_settings(key)


@frappe.whitelist()
def load() -> dict[str, Any]:
    """Give the names of time zones, and the site's value of every choice of the form."""
    frappe.only_for("System Manager")
    from frappe.geo.country_info import get_all_timezones

    meta = frappe.get_meta("System Settings")
    choices = (field for field in meta.fields if field.fieldtype in ("Select", "Data"))
    values = frappe.defaults.get_defaults_for("__default")
    return {
        "timezones": get_all_timezones(),
        "defaults": {f.fieldname: values[f.fieldname] for f in choices if values.get(f.fieldname)},
    }
