"""Inviting people to apps, for front ends.

Invariant: what is told of addresses is told only to those who may invite.
"""

from __future__ import annotations

from typing import Any

from frappe_engine.documents.incoming import json_parameter

import frappe
from frappe import _
from frappe.core.doctype.user_invitation.user_invitation import UserInvitation, digest, extra_fields
from frappe.utils import split_emails, validate_email_address


@frappe.whitelist(methods=["POST"])
def invite_by_email(
    emails: str, roles: Any, redirect_to_path: str, app_name: str = "frappe", **extra: Any
) -> dict[str, list[str]]:
    """Invite people by their addresses (commas between); tell which were disabled, in already, invited before, and now."""
    UserInvitation.validate_role(app_name)
    wanted = json_parameter({"roles": roles}, "roles", (list,)) or []
    found: dict[str, list[str]] = {
        name: []
        for name in ("disabled_user_emails", "accepted_invite_emails", "pending_invite_emails", "invited_emails")
    }
    values = {"app_name": app_name, "redirect_to_path": redirect_to_path}
    values |= {name: extra[name] for name in extra_fields(app_name) if name in extra}
    addresses = list(dict.fromkeys(validate_email_address(email, throw=True) for email in split_emails(emails)))
    states = _states(addresses, app_name)
    for email in addresses:
        state = states.get(email, "invited_emails")
        found[state].append(email)
        if state == "invited_emails":
            invitation = frappe.get_doc({"doctype": "User Invitation", "email": email, **values})
            invitation.extend("roles", [{"role": role} for role in wanted])
            invitation.insert(ignore_permissions=True)
    return found


def _states(addresses: list[str], app_name: str) -> dict[str, str]:
    invited = frappe.get_all(
        "User Invitation",
        {"email": ["in", addresses], "app_name": app_name, "status": ["in", ["Pending", "Accepted"]]},
        ["email", "status"],
    )
    states = {row.email: f"{row.status.lower()}_invite_emails" for row in invited}
    disabled = frappe.get_all("User", {"email": ["in", addresses], "enabled": 0}, pluck="email")
    return {**states, **dict.fromkeys(disabled, "disabled_user_emails")}


@frappe.whitelist(allow_guest=True, methods=["GET"])
def accept_invitation(key: str) -> None:
    """Let somebody in who follows the link of an invitation: a new user sets a password first."""
    name = frappe.db.get_value("User Invitation", {"key": digest(str(key)), "status": "Pending"}) if key else None
    if not name:
        frappe.throw(_("This invitation is no longer open."), title=_("Invalid Key"))
    invitation = frappe.get_doc("User Invitation", name)
    user, is_new = invitation.accept(ignore_permissions=True)
    frappe.local.flags.commit = True  # a GET, whose writing is kept all the same
    target = invitation.redirect_to_path
    if is_new:
        target = f"{user.reset_password()}&redirect_to={target}"
    elif frappe.session.user == "Guest":
        target = f"/login?redirect-to={target}"
    frappe.local.response["type"] = "redirect"
    frappe.local.response["location"] = target


@frappe.whitelist(methods=["GET"])
def get_pending_invitations(app_name: str) -> list[dict[str, Any]]:
    """Give the open invitations to an app: name, address, roles."""
    UserInvitation.validate_role(app_name)
    fields = ["name", "email", {"roles": ["role"]}]
    rows = frappe.get_all("User Invitation", {"app_name": app_name, "status": "Pending"}, fields, order_by="creation")
    return [{"name": row.name, "email": row.email, "roles": [given.role for given in row.roles]} for row in rows]


@frappe.whitelist(methods=["PATCH", "POST"])
def cancel_invitation(name: str, app_name: str) -> dict[str, bool]:
    """Take an invitation to an app back; tell, under `cancelled_now`, whether it was open until now."""
    UserInvitation.validate_role(app_name)
    if not frappe.db.exists("User Invitation", {"name": name, "app_name": app_name}):
        frappe.throw(_("{0} {1} not found").format(_("User Invitation"), name), frappe.DoesNotExistError)
    return {"cancelled_now": frappe.get_doc("User Invitation", name).cancel_invite()}
