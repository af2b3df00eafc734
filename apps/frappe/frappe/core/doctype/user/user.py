"""Controller of the DocType User: people and programs that sign in.

Invariant: the name of a user is the email address in lower case (Administrator and Guest keep theirs); no row ever
holds a password in plain text; the two standard users can be neither disabled, renamed nor deleted.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import frappe
from frappe import _
from frappe.core.doctype.user import passwords
from frappe.core.doctype.user.api import (
    create_contact,
    generate_keys,
    get_all_roles,
    get_email_awaiting,
    get_module_profile,
    get_perm_info,
    get_role_profile,
    get_roles,
    get_timezones,
    has_email_account,
    impersonate,
    reset_password,
    sign_up,
    switch_theme,
    test_password_strength,
    update_password,
    user_query,
    verify_password,
)
from frappe.core.doctype.user.people import (
    get_active_users,
    get_active_website_users,
    get_enabled_users,
    get_system_users,
    get_total_users,
    get_website_users,
)
from frappe.core.doctype.user.removal import forget_user_documents, rename_user_documents
from frappe.model.document import Document
from frappe.utils import now_datetime, validate_email_address

STANDARD_USERS = frappe.STANDARD_USERS
SYSTEM_MANAGER = "System Manager"

__all__ = [
    "STANDARD_USERS",
    "User",
    "create_contact",
    "generate_keys",
    "get_active_users",
    "get_active_website_users",
    "get_all_roles",
    "get_email_awaiting",
    "get_enabled_users",
    "get_module_profile",
    "get_perm_info",
    "get_permission_query_conditions",
    "get_role_profile",
    "get_roles",
    "get_system_users",
    "get_timezones",
    "get_total_users",
    "get_website_users",
    "has_email_account",
    "has_permission",
    "impersonate",
    "reset_password",
    "sign_up",
    "switch_theme",
    "test_password_strength",
    "update_password",
    "user_query",
    "verify_password",
]


class User(Document):
    """A person or a program that signs in."""

    def autoname(self) -> None:
        """Name a user by the email address in lower case; Administrator and Guest keep their names."""
        if self.get("name") in STANDARD_USERS:
            return
        self.email = (self.email or "").strip().lower()
        if not self.email:
            frappe.throw(_("A user needs an email address"), frappe.MandatoryError)
        validate_email_address(self.email, throw=True)
        self.name = self.email

    def onload(self) -> None:
        """Give the form all modules, to choose those that are hidden."""
        self.set_onload("all_modules", sorted(frappe.get_all("Module Def", pluck="name")))

    @property
    def is_standard(self) -> bool:
        """Tell whether this is Administrator or Guest."""
        return self.name in STANDARD_USERS

    # before it is stored

    def validate(self) -> None:
        """Settle names, roles and modules; take the new password aside."""
        self._take_password()
        if not self.is_standard:
            self.email = self.email.strip().lower()
        self.set_full_name()
        self.settle_roles()
        self.set_user_type()
        self.settle_modules()
        self.set_username()
        self.time_zone = self.time_zone or frappe.utils.get_system_timezone()
        self.language = self.language or frappe.db.get_single_value("System Settings", "language")
        self.check_may_be_disabled()
        self.check_system_manager_remains()

    def _take_password(self) -> None:
        given, self.new_password = self.new_password, ""
        self.__dict__["_new_password"] = given if given and not self.is_dummy_password(given) else None
        if self.__dict__["_new_password"] and not self.flags.ignore_password_policy:
            passwords.check_strength(given, self)

    def set_full_name(self) -> None:
        """Join the names; the first name defaults to what stands before the @."""
        self.first_name = self.first_name or (self.email or "").partition("@")[0]
        self.full_name = " ".join(part.strip() for part in (self.first_name, self.last_name) if part and part.strip())

    def settle_roles(self) -> None:
        """Take the roles of the profiles where there are some; each role once, none that is disabled or automatic.

        "Desk User" stays where it was given: it makes a System User of who has no other role of the desk.
        """
        profiles = [row.role_profile for row in self.role_profiles or ()]
        if self.role_profile_name:
            profiles.append(self.role_profile_name)
        if profiles:
            self._replace_roles(
                frappe.get_all("Has Role", {"parenttype": "Role Profile", "parent": ["in", profiles]}, pluck="role")
            )
        if self.name == "Guest":
            self._replace_roles(["Guest"])
            return
        disabled = set(frappe.get_all("Role", {"disabled": 1}, pluck="name"))
        automatic = {"All", "Guest"} | (set() if self.name == "Administrator" else {"Administrator"})
        seen: set[str] = set()
        for row in list(self.roles):
            if row.role in seen or row.role in disabled or row.role in automatic:
                self.remove(row)
            seen.add(row.role)

    def _replace_roles(self, roles: Iterable[str]) -> None:
        wanted = dict.fromkeys(roles)
        for row in list(self.roles):
            if row.role not in wanted:
                self.remove(row)
        self.append_roles(*wanted)

    def set_user_type(self) -> None:
        """Let users with a desk role be System Users, others Website Users; kinds that the site made stay."""
        standard = frappe.get_cached_value("User Type", self.user_type, "is_standard") if self.user_type else 1
        if standard is not None and not standard:
            self._follow_user_type()
            return
        self.user_type = "System User" if self.has_desk_access() else "Website User"

    def _follow_user_type(self) -> None:
        """A kind of user that the site made gives its role, and its modules alone."""
        from frappe.core.doctype.user_type.user_type import modules_of_user_type

        role = frappe.get_cached_value("User Type", self.user_type, "role")
        if role:
            self._replace_roles([role])
        allowed = modules_of_user_type(self.user_type)
        self.set(
            "block_modules",
            [{"module": name} for name in frappe.get_all("Module Def", pluck="name") if name not in allowed],
        )

    def has_desk_access(self) -> bool:
        """Tell whether any of the roles opens the desk."""
        roles = [row.role for row in self.roles]
        return bool(roles) and bool(frappe.db.exists("Role", {"name": ["in", roles], "desk_access": 1}))

    def settle_modules(self) -> None:
        """Hide the modules that the module profile hides."""
        if self.module_profile:
            blocked = frappe.get_all(
                "Block Module", {"parenttype": "Module Profile", "parent": self.module_profile}, pluck="module"
            )
            self.set("block_modules", [{"module": name} for name in blocked])

    def set_username(self) -> None:
        """Keep a username that nobody else has; a new user gets one from the name."""
        wanted = (self.username or "").strip(" @")
        if not wanted and self.is_new() and not self.is_standard:
            wanted = self.suggest_username()
        elif wanted and self.username_exists(wanted):
            frappe.msgprint(_("Username {0} already exists").format(frappe.bold(wanted)))
            before = self.get_doc_before_save()
            wanted = before.username if before else self.suggest_username()
        self.username = wanted or None

    def suggest_username(self) -> str:
        """Give a username that is free, made of the name; empty when all are taken."""
        candidates = (self.first_name, self.full_name, (self.email or "").partition("@")[0], self.email)
        names = (frappe.scrub(candidate or "") for candidate in candidates)
        return next((name for name in names if name and not self.username_exists(name)), "")

    def username_exists(self, username: str | None = None) -> str | None:
        """Give the other user who has a username (this one's by default), None when it is free."""
        taken = {"username": username or self.username, "name": ["!=", self.name]}
        return frappe.db.get_value("User", taken, "name")

    def check_may_be_disabled(self) -> None:
        """Raise `ValidationError` when a standard user would be disabled."""
        if self.is_standard and not self.enabled:
            frappe.throw(_("User {0} cannot be disabled").format(self.name))

    def check_system_manager_remains(self) -> None:
        """Raise `ValidationError` when nobody would be left who manages the system; Administrator may decide otherwise."""
        before = self.get_doc_before_save()
        if before is None or frappe.session.user == "Administrator":
            return
        was, remains = (user.enabled and SYSTEM_MANAGER in user.role_names for user in (before, self))
        if was and not remains and not self.has_other_system_managers():
            frappe.throw(_("There must remain at least one System Manager"))

    def has_other_system_managers(self) -> bool:
        """Tell whether another enabled user, Administrator aside, is System Manager."""
        managers = frappe.get_all("Has Role", {"role": SYSTEM_MANAGER, "parenttype": "User"}, pluck="parent")
        others = [name for name in managers if name not in (self.name, "Administrator")]
        return bool(others) and bool(frappe.db.exists("User", {"name": ["in", others], "enabled": 1}))

    # after it was stored

    def after_insert(self) -> None:
        """Let the user change the own record; make the settings of notifications."""
        from frappe.desk.doctype.notification_settings.notification_settings import create_notification_settings

        create_notification_settings(self.name)
        if not self.is_standard:
            share = {"doctype": "DocShare", "user": self.name, "share_doctype": "User", "share_name": self.name}
            document = frappe.get_doc({**share, "read": 1, "write": 1, "share": 1})
            document.flags.ignore_share_permission = True
            document.insert(ignore_permissions=True)

    def on_update(self) -> None:
        """Keep the new password, end sessions of users that were disabled, send the welcome mail."""
        self._keep_password()
        if not self.enabled and self.has_value_changed("enabled"):
            passwords.end_sessions(self.name)
        if self.flags.get("in_insert") or self.get_doc_before_save() is None:
            self.send_welcome_mail()
        frappe.clear_cache(user=self.name)

    def _keep_password(self) -> None:
        given = self.__dict__.pop("_new_password", None)
        if not given:
            return
        passwords.set_password(self.name, given, logout_all_sessions=bool(self.logout_all_sessions))
        self.db_set("last_password_reset_date", now_datetime().date(), update_modified=False)

    def send_welcome_mail(self) -> None:
        """Send a link to set the first password, where mail is set up and the user wants it."""
        wanted = (
            self.send_welcome_email and self.enabled and not self.is_standard and not self.flags.get("no_welcome_mail")
        )
        if wanted and passwords.can_send_mail() and not frappe.flags.in_import:
            passwords.send_welcome_mail(self)

    def on_trash(self) -> None:
        """Refuse to delete standard users; what belongs to the user alone goes too."""
        if self.is_standard:
            frappe.throw(_("User {0} cannot be deleted").format(self.name))
        passwords.end_sessions(self.name)
        forget_user_documents(self.name)

    def before_rename(self, old_name: str, new_name: str, merge: bool = False) -> dict[str, str]:
        """Refuse to rename standard users and to names that are no email address."""
        if old_name in STANDARD_USERS:
            frappe.throw(_("User {0} cannot be renamed").format(old_name))
        validate_email_address(new_name.strip(), throw=True)
        return {"new": new_name.strip().lower()}

    def after_rename(self, old_name: str, new_name: str, merge: bool = False) -> None:
        """Let the address and the user's own documents follow."""
        if not merge:
            frappe.db.set_value("User", new_name, "email", new_name, update_modified=False)
        rename_user_documents(old_name, new_name)
        for name in (old_name, new_name):
            frappe.clear_cache(user=name)

    # roles

    @property
    def role_names(self) -> list[str]:
        """The roles of this user, automatic ones left out."""
        return [row.role for row in self.roles]

    def append_roles(self, *roles: str) -> None:
        """Add roles to the document without saving it."""
        known = set(self.role_names)
        for role in roles:
            if role not in known:
                self.append("roles", {"role": role})
                known.add(role)

    def add_roles(self, *roles: str) -> None:
        """Add roles and save."""
        self.append_roles(*roles)
        self.save()

    def remove_roles(self, *roles: str) -> None:
        """Take roles away and save."""
        for row in list(self.roles):
            if row.role in roles:
                self.remove(row)
        self.save()

    def remove_all_roles_for_guest(self) -> None:
        """Leave Guest its one role."""
        if self.name == "Guest":
            self._replace_roles(["Guest"])

    def has_website_permission(self, ptype: str, user: str, verbose: bool = False) -> bool:
        """Tell whether a user may see this one on the website: the own record."""
        return user == self.name

    # small things that apps ask

    def get_blocked_modules(self) -> list[str]:
        """Give the modules that are hidden from this user."""
        return [row.module for row in self.block_modules]

    def get_fullname(self) -> str:
        """Give the names of this user, joined."""
        return " ".join(part for part in (self.first_name, self.last_name) if part)

    def get_social_login_userid(self, provider: str) -> str | None:
        """Give the id that a provider knows this user by."""
        return next((row.userid for row in self.social_logins if row.provider == provider), None)

    def set_social_login_userid(self, provider: str, userid: str, username: str | None = None) -> None:
        """Keep the id that a provider knows this user by (without saving)."""
        self.append("social_logins", {"provider": provider, "userid": userid, "username": username})

    def get_restricted_ip_list(self) -> list[str]:
        """Give the addresses (or their beginnings) from which this user may sign in; none: from all."""
        return [part.strip() for part in (self.restrict_ip or "").replace("\n", ",").split(",") if part.strip()]

    def reset_password(self, send_email: bool = False, password_expired: bool = False) -> str:
        """Make a key to set a new password, send it when asked to, and give the link."""
        return passwords.make_reset_link(self, send_email=send_email, password_expired=password_expired)

    _reset_password = reset_password

    def send_welcome_mail_to_user(self) -> None:
        """Send the link to set the first password now, whatever the user wants."""
        passwords.send_welcome_mail(self)

    def validate_reset_password(self) -> None:
        """Let apps refuse to reset a password; called before the link is made."""

    def password_reset_mail(self, link: str) -> None:
        """Send the link to set a new password."""
        passwords.send_reset_mail(self, link)

    @classmethod
    def find_by_credentials(cls, user_name: str, password: str, validate_password: bool = True) -> Any:
        """Give name, enabled and whether the password fits, of the user with this name, login or number; else None."""
        return passwords.find_by_credentials(user_name, password, validate_password)


def get_permission_query_conditions(user: str) -> str | None:
    """Hide the standard users from everybody else's lists."""
    if (user or frappe.session.user) == "Administrator":
        return None
    return "`tabUser`.`name` NOT IN ('Administrator', 'Guest')"


def has_permission(doc: Any, user: str, ptype: str | None = None) -> bool:
    """Refuse everybody but Administrator the standard users."""
    return user == "Administrator" or doc.name not in STANDARD_USERS
