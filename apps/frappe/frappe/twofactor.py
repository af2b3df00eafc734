"""Two-factor sign-in: after the password a code from an app (TOTP), by mail, or by text message.

How it goes: the first request carries user and password; its answer has no session but `tmp_id` and `verification`
(`method`, `prompt`, `token_delivery`, `setup`). The second carries `tmp_id` and `otp`.

Invariant: a code works once, for five minutes, for the user who gave the password; five wrong ones end the try.
"""

from __future__ import annotations

import hmac
import secrets
from typing import Any

import pyotp
from frappe_engine.documents.passwords import decrypt as decrypt
from frappe_engine.documents.passwords import encrypt as encrypt
from frappe_engine.documents.passwords import (
    get_decrypted_password,
    remove_encrypted_password,
    set_encrypted_password,
)
from frappe_engine.http.attempts import refuse_when_locked, tracker_for
from frappe_engine.http.users import user_facts

import frappe
from frappe import _
from frappe.utils import cint, get_url

APP, SMS, EMAIL = "OTP App", "SMS", "Email"
TRY_LASTS_S = 300
MOST_WRONG = 5
QR_LASTS_S = 240
SECRET, ENROLLED = "otp_secret", "otp_enrolled"  # in the store of passwords, beside the user's own


class ExpiredLoginException(Exception):
    """The try to sign in is over."""


# who needs it


def two_factor_is_enabled(user: str | None = None) -> bool:
    """Tell whether the site (or, on it, a user) signs in with two factors."""
    if not cint(_setting("enable_two_factor_auth")):
        return False
    return True if user is None else two_factor_is_enabled_for_(user) and not _comes_from_own_address(user)


def two_factor_is_enabled_for_(user: str) -> bool:
    """Tell whether one of a user's roles asks for two factors; where no role does, everybody is asked."""
    if user in ("Administrator", "Guest"):
        return False
    asking = set(frappe.get_all("Role", {"two_factor_auth": 1}, pluck="name"))
    return not asking or not asking.isdisjoint(frappe.get_roles(user))


def should_run_2fa(user: str) -> bool:
    """Tell whether a user is asked for a code now."""
    return two_factor_is_enabled(user)


def _comes_from_own_address(user: str) -> bool:
    facts = user_facts(user)
    address = frappe.local.get("request_ip")
    if not cint(_setting("bypass_2fa_for_retricted_ip_users")) or facts is None or not facts.restrict_ip or not address:
        return False
    allowed = [part.strip() for part in facts.restrict_ip.replace("\n", ",").split(",") if part.strip()]
    return any(str(address).startswith(part) for part in allowed)


def get_verification_method() -> str:
    """Give how codes reach people."""
    return str(_setting("two_factor_method") or APP)


def _setting(name: str) -> Any:
    return frappe.get_system_settings(name)


# asking


def wanted(user: str) -> bool:
    """Ask for a code when the user needs one; tell whether it was asked for. What the sign-in calls."""
    if not should_run_2fa(user):
        return False
    authenticate_for_2factor(user)
    return True


def authenticate_for_2factor(user: str) -> None:
    """Send a code (or have the app show one) and say in the answer where to look."""
    tmp_id = frappe.generate_hash(length=16)
    method = get_verification_method()
    code = "" if method == APP else f"{secrets.randbelow(1_000_000):06d}"
    kept = {"user": user, "method": method, "code": code, "wrong": 0}
    frappe.cache.set_value(_key(tmp_id), kept, expires_in_sec=TRY_LASTS_S)
    told = {APP: _ask_app, SMS: _ask_by_sms, EMAIL: _ask_by_mail}[method](user, code)
    frappe.db.commit()
    frappe.local.response.update(tmp_id=tmp_id, verification={"method": method, **told})


def _key(tmp_id: Any) -> str:
    return f"two_factor|{tmp_id}"


def _ask_app(user: str, _code: str) -> dict[str, Any]:
    if get_decrypted_password("User", user, ENROLLED, raise_exception=False):
        return {"prompt": _("Enter the code that your authentication app shows"), "token_delivery": True, "setup": True}
    get_otpsecret_for_(user)  # made here, where it is committed: the page that shows it only reads
    send_token_via_email_to_set_up(user)
    prompt = _("A mail shows how to set up your authentication app; then enter the code that it shows")
    return {"prompt": prompt, "token_delivery": True, "setup": False}


def _ask_by_mail(user: str, code: str) -> dict[str, Any]:
    frappe.sendmail(
        recipients=[_address(user)],
        subject=_("Code to sign in to {0}").format(_issuer()),
        message=f"<p>{_('Your code to sign in:')}</p><p style='font-size: 24px'><b>{code}</b></p>",
        add_unsubscribe_link=0,
        now=True,
    )
    masked = _masked(_address(user))
    return {"prompt": _("Enter the code that was sent to {0}").format(masked), "token_delivery": True, "setup": True}


def _ask_by_sms(user: str, code: str) -> dict[str, Any]:
    from frappe.core.doctype.sms_settings.sms_settings import send_sms  # few sites have a gateway

    phone = frappe.db.get_value("User", user, "mobile_no") or frappe.db.get_value("User", user, "phone")
    if not phone:
        frappe.throw(_("There is no phone number to send a code to. Ask an administrator."), frappe.AuthenticationError)
    template = str(_setting("otp_sms_template") or "") or _("Your code to sign in: {{ otp }}")
    send_sms([phone], frappe.render_template(template, {"otp": code}), success_msg=False)
    shown = f"{'*' * 6}{str(phone)[-3:]}"
    return {"prompt": _("Enter the code that was sent to {0}").format(shown), "token_delivery": True, "setup": True}


def _address(user: str) -> str:
    return str(frappe.db.get_value("User", user, "email") or user)


def _masked(address: str) -> str:
    name, _at, host = address.partition("@")
    return f"{name[:2]}***@{host}"


def _issuer() -> str:
    return str(_setting("otp_issuer_name") or "EC ERP")


# answering


def given(manager: Any) -> bool:
    """Tell whether a request carries a code, and check it: the user is then set on `manager`. What the sign-in calls.

    Raises `AuthenticationError` for a wrong code, or one that comes too late.
    """
    parameters = frappe.local.form_dict
    if not parameters.get("tmp_id") or not parameters.get("otp"):
        return False
    return confirm_otp_token(manager, parameters.get("otp"), parameters.get("tmp_id"))


def confirm_otp_token(login_manager: Any, otp: Any = None, tmp_id: Any = None) -> bool:
    """Check a code and set the user on `login_manager`. Raises `AuthenticationError`, `SecurityException`."""
    if not cint(_setting("enable_two_factor_auth")):
        return True
    kept = frappe.cache.get_value(_key(tmp_id)) if isinstance(tmp_id, str) else None
    if not kept:
        login_manager.fail(_("The time to sign in is over. Begin anew."))
    user = kept["user"]
    tracker = tracker_for(user)
    refuse_when_locked(tracker)
    if not _fits(kept, str(otp).strip()):
        _count_wrong(tmp_id, kept)
        if tracker is not None:
            tracker.add_failure_attempt()
        login_manager.fail(_("Incorrect verification code"), user)
    frappe.cache.delete_value(_key(tmp_id))
    if tracker is not None:
        tracker.add_success_attempt()
    if kept["method"] == APP:
        set_encrypted_password("User", user, "1", ENROLLED)
    login_manager.user = user
    login_manager.check_if_enabled(user)
    return True


def _count_wrong(tmp_id: str, kept: dict[str, Any]) -> None:
    kept["wrong"] += 1
    if kept["wrong"] >= MOST_WRONG:
        frappe.cache.delete_value(_key(tmp_id))
    else:
        frappe.cache.set_value(_key(tmp_id), kept, expires_in_sec=TRY_LASTS_S)


def _fits(kept: dict[str, Any], otp: str) -> bool:
    if kept["method"] != APP:
        return hmac.compare_digest(kept["code"].encode(), otp.encode())
    if not pyotp.TOTP(get_otpsecret_for_(kept["user"])).verify(otp, valid_window=1):
        return False
    used = f"two_factor_used|{kept['user']}|{otp}"
    if frappe.cache.get_value(used):
        return False  # seen over somebody's shoulder, or on the way
    frappe.cache.set_value(used, 1, expires_in_sec=120)
    return True


# apps


def get_otpsecret_for_(user: str) -> str:
    """Give the secret a user's app shares with the site, made when first asked for."""
    known = get_decrypted_password("User", user, SECRET, raise_exception=False)
    if known:
        return known
    made = pyotp.random_base32()
    set_encrypted_password("User", user, made, SECRET)
    return made


def provisioning_uri(user: str) -> str:
    """Give what an app reads from a QR code to learn the secret."""
    return str(pyotp.TOTP(get_otpsecret_for_(user)).provisioning_uri(name=user, issuer_name=_issuer()))


def send_token_via_email_to_set_up(user: str) -> None:
    """Send the link of the page that shows a user's QR code; the page is there for a few minutes."""
    key = frappe.generate_hash(length=32)
    lasts_s = cint(_setting("lifespan_qrcode_image")) or QR_LASTS_S
    frappe.cache.set_value(f"two_factor_qr|{key}", user, expires_in_sec=lasts_s)
    link = get_url(f"/qrcode?k={key}")
    words = _("Scan the code on this page with your authentication app. The page is there for {0} minutes.")
    frappe.sendmail(
        recipients=[_address(user)],
        subject=_("Set up signing in to {0} with two factors").format(_issuer()),
        message=f'<p>{words.format(max(lasts_s // 60, 1))}</p><p><a href="{link}">{link}</a></p>',
        add_unsubscribe_link=0,
        now=True,
    )


def user_of_qr_page(key: Any) -> str | None:
    """Give whose QR code a page shows, None when its time is over."""
    return frappe.cache.get_value(f"two_factor_qr|{key}") if isinstance(key, str) and key else None


@frappe.whitelist(methods=["POST", "PUT"])
def reset_otp_secret(user: str) -> None:
    """Forget the secret of a user's app: at the next sign-in a new one is set up. Raises `PermissionError`."""
    if user != frappe.session.user:
        frappe.only_for("System Manager")
    if not cint(_setting("enable_two_factor_auth")):
        frappe.throw(_("You have to enable Two Factor Auth from System Settings."))
    for name in (SECRET, ENROLLED):
        remove_encrypted_password("User", user, name)
    frappe.sendmail(
        recipients=[_address(user)],
        subject=_("The secret of your authentication app was reset"),
        message=_("The secret of your authentication app was reset. If you did not ask for it, tell an administrator."),
        add_unsubscribe_link=0,
    )
    frappe.msgprint(_("The secret was reset. At the next sign-in it has to be set up again."))
