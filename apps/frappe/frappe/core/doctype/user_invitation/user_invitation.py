"""Controller of the DocType User Invitation: somebody is asked to an app by mail, and comes with the roles that were meant.

Apps say in their hook `user_invitation` who may invite whom: `allowed_roles` (roles of inviters, each with the roles
they may give), `after_accept` (called with `invitation`, `user`, `user_inserted`), `extra_invite_params` (further fields).

Invariant: only the digest of a key is stored; an invitation is accepted once, within its days, and gives no role that
its inviter might not give.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_fullname, get_url, now_datetime

DAYS = 3
ACCEPT = "/api/method/frappe.core.api.user_invitation.accept_invitation"


class UserInvitation(Document):
    """Somebody who is invited to an app."""

    def before_insert(self) -> None:
        """Note who invites, and refuse a second invitation to the same app."""
        self.invited_by = frappe.session.user
        self.status = "Pending"
        same = {"email": self.email, "app_name": self.app_name, "status": "Pending"}
        if frappe.db.exists("User Invitation", same):
            frappe.throw(_("{0} is invited already.").format(self.email))

    def validate(self) -> None:
        """Refuse apps that are not here, paths that lead elsewhere, and roles that the inviter may not give."""
        _check_installed(self.app_name)
        if not str(self.redirect_to_path).startswith("/") or str(self.redirect_to_path).startswith(("//", "/\\")):
            frappe.throw(_("{0} is no path of this site.").format(self.redirect_to_path))
        if self.is_new():
            self.validate_role(self.app_name)
            refused = self.role_names() - roles_to_give(self.app_name)
            if refused:
                frappe.throw(
                    _("You may not give these roles: {0}").format(", ".join(sorted(refused))), frappe.PermissionError
                )

    def after_insert(self) -> None:
        """Send the invitation."""
        key = secrets.token_urlsafe(32)
        self.db_set({"key": digest(key), "email_sent_at": now_datetime()}, update_modified=False)
        self._send(f"{get_url(ACCEPT)}?key={key}")

    def _send(self, link: str) -> None:
        title = self._get_email_title()
        invited = _("{0} invites you to join {1}.").format(get_fullname(self.invited_by), title)
        frappe.sendmail(
            recipients=self.email,
            subject=_("You've been invited to join {0}").format(title),
            message=f'<p>{frappe.utils.escape_html(invited)}</p><p><a href="{link}">{_("Accept")}</a></p>',
            now=True,
        )

    def _get_email_title(self) -> str:
        """Give what the invitation is to: the title of the app."""
        titles = frappe.get_hooks("app_title", app_name=self.app_name)
        return str(titles[0] if titles else self.app_name)

    def role_names(self) -> set[str]:
        """Give the roles that come with the invitation."""
        return {row.role for row in self.roles}

    @staticmethod
    def validate_role(app_name: str) -> None:
        """Raise `PermissionError` unless the one who asks may invite people to an app."""
        if frappe.session.user != "Administrator":
            frappe.only_for(list(inviters(app_name)))

    def is_too_old(self) -> bool:
        """Tell whether the days of the invitation are over."""
        return now_datetime() > frappe.utils.get_datetime(self.email_sent_at) + timedelta(days=DAYS)

    def accept(self, ignore_permissions: bool = False) -> tuple[Any, bool]:
        """Make the user, where there is none yet, and give the roles; give the user, and whether it is new.

        Raises `ValidationError` for an invitation that is no longer open.
        """
        if self.status != "Pending" or self.is_too_old():
            frappe.throw(_("This invitation is no longer open."))
        known = frappe.db.exists("User", {"email": self.email})
        user = frappe.get_doc("User", known) if known else frappe.new_doc("User")
        if not known:
            user.update({"email": self.email, "first_name": self.email.split("@")[0], "send_welcome_email": 0})
        if known and not user.enabled:
            frappe.throw(_("User {0} is disabled").format(self.email))
        user.append_roles(*sorted(self.role_names()))
        user.save(ignore_permissions=ignore_permissions)
        values = {"status": "Accepted", "accepted_at": now_datetime(), "user": user.name, "key": ""}
        self.db_set(values)
        for path in _as_list(_hook(self.app_name, "after_accept")):
            frappe.get_attr(path)(invitation=self, user=user, user_inserted=not known)
        return user, not known

    def cancel_invite(self) -> bool:
        """Take an open invitation back and say so by mail; tell whether it was open."""
        if self.status != "Pending":
            return False
        self.db_set({"status": "Cancelled", "key": ""})
        frappe.sendmail(
            recipients=self.email,
            subject=_("Your invitation to {0} was taken back").format(self._get_email_title()),
            message=_("You need not do anything."),
            now=True,
        )
        return True


def digest(key: str) -> str:
    """Give what is stored of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def inviters(app_name: str) -> dict[str, list[str]]:
    """Give who may invite people to an app: roles, each with the roles that it may give."""
    return {role: _as_list(given) for role, given in dict(_hook(app_name, "allowed_roles") or {}).items()}


def roles_to_give(app_name: str) -> set[str]:
    """Give the roles that the one who asks may give with an invitation to an app."""
    own = set(frappe.get_roles())
    everybody = frappe.session.user == "Administrator"
    return {role for holder, given in inviters(app_name).items() if everybody or holder in own for role in given}


def extra_fields(app_name: str) -> list[str]:
    """Give the further fields that an app's invitations carry."""
    return _as_list(_hook(app_name, "extra_invite_params"))


def _check_installed(app_name: str) -> None:
    if app_name not in frappe.get_installed_apps():
        frappe.throw(_("The app {0} is not installed.").format(app_name))


def _hook(app_name: str, key: str) -> Any:
    _check_installed(app_name)
    hooks = frappe.get_hooks("user_invitation", {}, app_name=app_name)
    found = hooks.get(key) if isinstance(hooks, dict) else None
    return found[0] if key == "allowed_roles" and isinstance(found, list) and found else found


def _as_list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


def mark_expired_invitations() -> None:
    """Close the invitations whose days are over; runs daily."""
    limit = now_datetime() - timedelta(days=DAYS)
    names = frappe.get_all("User Invitation", {"status": "Pending", "email_sent_at": ["<", limit]}, pluck="name")
    if names:
        frappe.db.set_value("User Invitation", {"name": ["in", names]}, {"status": "Expired", "key": ""})
