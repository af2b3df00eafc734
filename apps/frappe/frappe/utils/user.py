"""Users as the rest of the framework asks about them: what they may do, who has a role, who manages the system."""

from __future__ import annotations

from typing import Any

from frappe_engine.access.summary import RightsSummary, rights_summary

import frappe
from frappe import _
from frappe.utils import cint, get_fullname

_USER_FIELDS = (
    "creation", "default_workspace", "desk_theme", "document_follow_notify", "email", "email_signature", "first_name",
    "language", "last_name", "mute_sounds", "name", "onboarding_status", "send_me_a_copy", "user_type", "full_name",
    "user_image", "time_zone",
)  # fmt: skip
_RIGHTS = frozenset(RightsSummary.__dataclass_fields__)


class UserPermissions:
    """What a user may do with which DocTypes: `can_read`, `can_write` … are lists of names of DocTypes."""

    def __init__(self, name: str = "") -> None:
        self.name = name or frappe.session.user
        self.defaults: Any = None
        self._rights: RightsSummary | None = None

    def __getattr__(self, name: str) -> Any:
        if name in _RIGHTS:
            return getattr(self.rights, name)
        raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}")

    @property
    def rights(self) -> RightsSummary:
        """The lists themselves, shared DocTypes left out."""
        if self._rights is None:
            self._rights = rights_summary(self.name)
        return self._rights

    @property
    def roles(self) -> list[str]:
        """The roles of the user, automatic ones included."""
        return frappe.get_roles(self.name)

    def get_roles(self) -> list[str]:
        """Give the roles of the user, automatic ones included."""
        return self.roles

    def build_permissions(self) -> None:
        """Make the lists anew."""
        self._rights = rights_summary(self.name)

    def get_can_read(self) -> list[str]:
        """Give the DocTypes the user may read, those of shared documents included."""
        return list(dict.fromkeys([*self.rights.can_read, *self.shared_doctypes()]))

    def shared_doctypes(self) -> list[str]:
        """Give the DocTypes of which documents were shared with the user."""
        everyone = [["user", "=", self.name], *([["everyone", "=", 1]] if self.name != "Guest" else [])]
        return frappe.get_all(
            "DocShare", filters={"read": 1}, or_filters=everyone, pluck="share_doctype", distinct=True
        )

    def get_defaults(self) -> Any:
        """Give the defaults that hold for the user."""
        self.defaults = frappe.defaults.get_defaults(self.name)
        return self.defaults

    def get_all_reports(self) -> dict[str, Any]:
        """Give title, DocType and type of the reports the user may run, by name."""
        allowed = set(self.rights.can_get_report)
        fields = ["name", "report_type", "ref_doctype", "modified"]
        found = {
            row.name: row for row in frappe.get_all("Report", {"disabled": 0}, fields) if row.ref_doctype in allowed
        }
        restricted = _roles_by_report(list(found))
        mine = set(self.roles)
        return {
            name: frappe._dict(row, title=name)
            for name, row in found.items()
            if self.name == "Administrator" or name not in restricted or restricted[name] & mine
        }

    def load_user(self) -> Any:
        """Give what the desk needs to know of the user: own fields, roles, defaults, rights per DocType."""
        stored = frappe.db.get_value("User", self.name, list(_USER_FIELDS), as_dict=True) or frappe._dict(
            name=self.name
        )
        stored.roles = self.roles
        stored.defaults = self.get_defaults()
        for name in sorted(_RIGHTS):
            stored[name] = list(getattr(self.rights, name))
        stored.can_read = self.get_can_read()
        stored.all_reports = self.get_all_reports()
        return stored


def _roles_by_report(names: list[str]) -> dict[str, set[str]]:
    if not names:
        return {}
    found: dict[str, set[str]] = {}
    rows = frappe.get_all("Has Role", {"parenttype": "Report", "parent": ["in", names]}, ["parent", "role"])
    for row in rows:
        found.setdefault(row.parent, set()).add(row.role)
    for custom in frappe.get_all("Custom Role", {"report": ["in", names]}, ["name", "report"]):
        roles = frappe.get_all("Has Role", {"parenttype": "Custom Role", "parent": custom.name}, pluck="role")
        found[custom.report] = set(roles)
    return found


def get_user_fullname(user: str) -> str:
    """Give the full name of a user; "" when there is none."""
    return frappe.db.get_value("User", user, "full_name") or ""


def get_fullname_and_avatar(user: str) -> Any:
    """Give name, full name and picture of a user."""
    values = frappe.db.get_value("User", user, ["name", "full_name", "user_image"], as_dict=True) or {}
    return frappe._dict(fullname=values.get("full_name"), name=user, avatar=values.get("user_image"))


def get_system_managers(only_name: bool = False) -> list[str]:
    """Give the enabled System Managers, Administrator left out: as "Full Name <address>", or names alone."""
    from email.utils import formataddr  # the mail library is slow to load

    names = get_users_with_role("System Manager")
    rows = frappe.get_all(
        "User", {"name": ["in", names], "enabled": 1, "user_type": "System User"}, ["name", "full_name", "email"], order_by="creation desc"
    ) if names else []  # fmt: skip
    return [row.name if only_name else formataddr((row.full_name or "", row.email or row.name)) for row in rows]


def get_users_with_role(role: str) -> list[str]:
    """Give the enabled users who have a role, Administrator left out."""
    holders = frappe.get_all("Has Role", {"parenttype": "User", "role": role}, pluck="parent")
    names = [name for name in dict.fromkeys(holders) if name != "Administrator"]
    return frappe.get_all("User", {"name": ["in", names], "enabled": 1}, pluck="name", order_by="name") if names else []


def add_role(user: str, role: str) -> None:
    """Give a user a role."""
    frappe.get_doc("User", user).add_roles(role)


def add_system_manager(
    email: str,
    first_name: str | None = None,
    last_name: str | None = None,
    send_welcome_email: bool = False,
    password: str | None = None,
) -> None:
    """Make a user with every role but the automatic ones."""
    values = {
        "doctype": "User",
        "email": email,
        "first_name": first_name or email,
        "last_name": last_name,
        "enabled": 1,
        "user_type": "System User",
        "send_welcome_email": 1 if send_welcome_email else 0,
        "new_password": password or None,
    }
    user = frappe.get_doc(values)
    roles = frappe.get_all("Role", {"name": ["not in", ("Administrator", "Guest", "All", "Desk User")]}, pluck="name")
    user.append_roles(*roles)
    user.flags.ignore_password_policy = True
    user.insert()


def get_enabled_system_users() -> list[Any]:
    """Give name, address and language of the enabled System Users, standard users left out."""
    filters = {"enabled": 1, "user_type": "System User", "name": ["not in", frappe.STANDARD_USERS]}
    return frappe.get_all("User", fields=["email", "language", "name"], filters=filters)


def is_website_user(username: str | None = None) -> bool:
    """Tell whether a user (the one who asks by default) works on the website only."""
    return frappe.get_cached_value("User", username or frappe.session.user, "user_type") == "Website User"


def is_system_user(username: str | None = None) -> bool:
    """Tell whether a user (the one who asks by default) is enabled and works in the desk."""
    user = frappe.get_cached_value("User", username or frappe.session.user, ["enabled", "user_type"], as_dict=True)
    return bool(user and cint(user.enabled) and user.user_type == "System User")


def get_link_to_reset_password(user: str) -> str:
    """Make a link to set a user's password and give it; not sent to anybody."""
    return frappe.get_doc("User", user).reset_password(send_email=False)


def disable_users(limits: Any = None) -> None:
    """Limits of hosted sites are not part of this runtime."""
    raise NotImplementedError(_("Limits on users are not part of this runtime"))


__all__ = [
    "UserPermissions",
    "add_role",
    "add_system_manager",
    "get_enabled_system_users",
    "get_fullname",
    "get_fullname_and_avatar",
    "get_link_to_reset_password",
    "get_system_managers",
    "get_user_fullname",
    "get_users_with_role",
    "is_system_user",
    "is_website_user",
]
