"""Passwords of users: how strong they must be, how they are set and reset, and what is sent about them.

Invariant: a reset key is kept as its hash alone, works once and for as long as System Settings say.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from importlib.util import find_spec
from typing import Any

from frappe_engine.context.local import providers

import frappe
from frappe import _
from frappe.utils import cint, flt, get_url, now_datetime
from frappe.utils.password import check_password
from frappe.utils.password import update_password as store_password

SECONDS_PER_DAY = 86_400
KEY_LENGTH = 56


def policy_score() -> int | None:
    """Give the score (1 to 4) a password needs; None when the site sets no policy."""
    from frappe_engine.context.settings import system_setting

    if not cint(system_setting("enable_password_policy", default=0)):
        return None
    return cint(system_setting("minimum_password_score", default=2)) or 2


def rate(password: str, user_inputs: list[str] | None = None) -> dict[str, Any]:
    """Give how strong a password is under the site's policy, with advice; empty when there is no policy.

    Keys as `frappe.utils.password_strength` gives them; `feedback.password_policy_validation_passed` is the verdict.
    """
    wanted = policy_score()
    if wanted is None:
        return {}
    from frappe.utils.password_strength import test_password_strength

    result = test_password_strength(password, user_inputs)
    result["feedback"]["password_policy_validation_passed"] = result["score"] >= wanted
    result.pop("password", None)
    return result


def check_strength(password: str, user: Any) -> None:
    """Raise `ValidationError` with advice when a password is weaker than the site wants."""
    if frappe.flags.in_import or frappe.flags.in_patch or frappe.flags.in_install:
        return
    feedback = rate(password, personal_words(user)).get("feedback")
    if feedback and not feedback.get("password_policy_validation_passed"):
        advice = [feedback.get("warning"), *feedback.get("suggestions", ())]
        frappe.throw(
            "<br>".join(line for line in advice if line) or _("This password is too weak"), title=_("Invalid Password")
        )


def personal_words(user: Any) -> list[str]:
    """Give what of a user everybody knows, and no password should hold."""
    fields = ("first_name", "middle_name", "last_name", "email", "username", "mobile_no", "birth_date")
    return [str(user.get(name)) for name in fields if user.get(name)]


def set_password(user: str, password: str, *, logout_all_sessions: bool = False) -> None:
    """Keep the hash of a user's password; sign the user out elsewhere when that is asked for, or set for the site."""
    everywhere = logout_all_sessions or bool(
        cint(frappe.db.get_single_value("System Settings", "logout_on_password_reset"))
    )
    store_password(user=user, pwd=password, logout_all_sessions=everywhere)


def end_sessions(user: str) -> None:
    """Sign a user out everywhere."""
    providers("logout_all_sessions", user)


def find_by_credentials(login: str, password: str, validate_password: bool = True) -> Any:
    """Give {name, enabled, is_authenticated} of the user who signs in as `login`; None when there is none."""
    settings = frappe.db.get_value(
        "System Settings", None, ["allow_login_using_mobile_number", "allow_login_using_user_name"], as_dict=True
    )
    columns = ["name", "email"]
    columns += ["mobile_no"] if settings and cint(settings.allow_login_using_mobile_number) else []
    columns += ["username"] if settings and cint(settings.allow_login_using_user_name) else []
    found = frappe.get_all(
        "User", or_filters=[[column, "=", login] for column in columns], fields=["name", "enabled"], limit=1
    )
    if not found:
        return None
    user = frappe._dict(found[0], is_authenticated=True)
    if validate_password:
        try:
            check_password(user.name, password)
        except frappe.AuthenticationError:
            user.is_authenticated = False
    return user


# reset


def make_reset_link(user: Any, *, send_email: bool, password_expired: bool = False) -> str:
    """Make a key to set a new password, send its link when asked to, and give the link."""
    key = frappe.generate_hash(length=KEY_LENGTH)
    stamped = {"reset_password_key": hash_of_key(key), "last_reset_password_key_generated_on": now_datetime()}
    user.db_set(stamped, update_modified=False)
    expired = "&password_expired=true" if password_expired else ""
    link = get_url(f"/update-password?key={key}{expired}")
    if send_email:
        user.password_reset_mail(link)
    return link


def hash_of_key(key: str) -> str:
    """Give what is kept of a reset key."""
    return hashlib.sha256(key.encode()).hexdigest()


def user_of_key(key: str) -> str | None:
    """Give the user a reset key belongs to. Raises `LinkExpired` when it is too old; None for an unknown one."""
    if not key or len(key) > 200:
        return None
    filters = {"reset_password_key": hash_of_key(key), "enabled": 1}
    found = frappe.db.get_value("User", filters, ["name", "last_reset_password_key_generated_on"], as_dict=True)
    if not found:
        return None
    seconds = flt(frappe.db.get_single_value("System Settings", "reset_password_link_expiry_duration"))
    made = found.last_reset_password_key_generated_on
    if seconds and made and now_datetime() > made + timedelta(seconds=seconds):
        raise frappe.LinkExpired(_("The reset password link has expired"))
    return str(found.name)


def forget_key(user: str) -> None:
    """Let the reset key of a user work no longer."""
    frappe.db.set_value("User", user, "reset_password_key", None, update_modified=False)


# mail


def can_send_mail() -> bool:
    """Tell whether this site can send mail: the runtime knows how, and an account is set up."""
    if find_spec("frappe.email.sending") is None:
        return False
    return bool(frappe.db.exists("Email Account", {"enable_outgoing": 1, "default_outgoing": 1}))


def send_welcome_mail(user: Any) -> None:
    """Send a new user the link to set the first password."""
    _send(
        user,
        _("Welcome to {0}").format(_site_title()),
        make_reset_link(user, send_email=False),
        "welcome_email_template",
    )


def send_reset_mail(user: Any, link: str) -> None:
    """Send a user the link to set a new password."""
    _send(user, _("Password Reset"), link, "reset_password_template")


def _send(user: Any, subject: str, link: str, template_setting: str) -> None:
    if not can_send_mail():
        return
    values = {
        "first_name": user.first_name,
        "user": user.name,
        "link": link,
        "site_url": get_url(),
        "title": _site_title(),
    }
    template = frappe.db.get_single_value("System Settings", template_setting)
    if template:
        text = frappe.get_doc("Email Template", template).get_formatted_email(values)
        subject, message = text["subject"], text["message"]
    else:
        lines = [_("Hello {0},").format(user.first_name), _("Use this link to set your password: {0}").format(link)]
        message = "<br>".join(lines)
    frappe.sendmail(recipients=[user.email], subject=subject, message=message, delayed=False, header=[subject, "green"])


def _site_title() -> str:
    return str(frappe.db.get_single_value("System Settings", "app_name") or "EC ERP")


def reset_url_of(user: str) -> str:
    """Give the page on which a user sets a new password in place of one that is too old."""
    return make_reset_link(frappe.get_doc("User", user), send_email=False, password_expired=True)
