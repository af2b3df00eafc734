"""What is called over HTTP about users: signing up, passwords, keys, roles, choices.

Invariant: nobody learns here whether an address belongs to a user, and nobody acts for another without the right to.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.core.doctype.user import passwords
from frappe.utils import cint, escape_html, validate_email_address
from frappe.utils.password import check_password

AUTOMATIC_ROLES = ("Administrator", "Guest", "All", "Desk User")
API_KEY_LENGTH, API_SECRET_LENGTH = 15, 15
SIGN_UPS_PER_HOUR = 300
CALLS_PER_HOUR = 20


@frappe.whitelist()
def get_timezones() -> dict[str, list[str]]:
    """Give the names of all time zones."""
    from frappe.geo.country_info import get_all_timezones

    return {"timezones": get_all_timezones()}


# roles and modules


@frappe.whitelist()
def get_all_roles(arg: Any = None) -> list[str]:
    """Give the roles that users can be given: enabled ones, automatic ones and those of other domains left out."""
    domains = frappe.get_active_domains()
    roles = frappe.get_all(
        "Role",
        filters={"name": ["not in", AUTOMATIC_ROLES], "disabled": 0},
        fields=["name", "restrict_to_domain"],
        order_by="name",
    )
    return sorted(role.name for role in roles if (role.restrict_to_domain or "") in domains)


@frappe.whitelist()
def get_roles(arg: Any = None) -> list[str]:
    """Give the roles of a user (form value `uid`); others' for System Managers alone."""
    user = frappe.form_dict.get("uid") or frappe.session.user
    if user != frappe.session.user:
        frappe.only_for("System Manager")
    return frappe.get_roles(user)


@frappe.whitelist()
def get_perm_info(role: str) -> list[Any]:
    """Give the permission rows of a role."""
    frappe.only_for("System Manager")
    from frappe.permissions import get_all_perms

    return get_all_perms(role)


@frappe.whitelist()
def get_role_profile(role_profile: str) -> list[str]:
    """Give the roles of a role profile as rows."""
    document = frappe.get_doc("Role Profile", {"role_profile": role_profile})
    document.check_permission("read")
    return document.roles


@frappe.whitelist()
def get_module_profile(module_profile: str) -> list[str]:
    """Give the modules that a module profile hides, as rows."""
    document = frappe.get_doc("Module Profile", {"module_profile_name": module_profile})
    document.check_permission("read")
    return document.get("block_modules")


# passwords


@frappe.whitelist(allow_guest=True)
def test_password_strength(  # no test
    new_password: str,
    key: str | None = None,  # noqa: PT028 - the public name begins like that of a test
    old_password: str | None = None,  # noqa: PT028
    user_data: Any = None,  # noqa: PT028
) -> dict[str, Any]:
    """Give how strong a password is under the site's policy, for the one who asks or the owner of the reset key."""
    user = passwords.user_of_key(key) if key else frappe.session.user
    person = frappe.get_cached_doc("User", user) if user and user != "Guest" else None
    return passwords.rate(str(new_password), passwords.personal_words(person) if person else None)


test_password_strength.__test__ = False  # type: ignore[attr-defined]


@frappe.whitelist(allow_guest=True, methods=["POST"])
def update_password(
    new_password: str, logout_all_sessions: Any = 0, key: str | None = None, old_password: str | None = None
) -> str:
    """Set a new password, given the reset key or the old password; sign the user in and give the page to go to."""
    _count_call("update_password", CALLS_PER_HOUR)
    user = _user_who_may_update(key, old_password)
    passwords.check_strength(new_password, frappe.get_doc("User", user))
    passwords.set_password(user, new_password, logout_all_sessions=bool(cint(logout_all_sessions)))
    passwords.forget_key(user)
    frappe.db.set_value("User", user, "last_password_reset_date", frappe.utils.today(), update_modified=False)
    redirect_url = frappe.db.get_value("User", user, "redirect_url")
    if redirect_url:
        frappe.db.set_value("User", user, "redirect_url", "", update_modified=False)
    login_manager = getattr(frappe.local, "login_manager", None)
    if login_manager is not None and frappe.session.user != user:
        login_manager.login_as(user)
    if redirect_url:
        return str(redirect_url)
    return "/app" if frappe.db.get_value("User", user, "user_type") == "System User" else "/"


def _count_call(name: str, limit: int) -> None:
    """Raise `RateLimitExceededError` when one address calls too often; outside of requests nothing is counted."""
    if not getattr(frappe.local, "request", None):
        return
    from frappe.rate_limiter import rate_limit  # the layer of requests

    def counted() -> None:
        """What is counted is the call."""

    counted.__qualname__ = name
    rate_limit(limit=limit, seconds=3600)(counted)()


def _user_who_may_update(key: str | None, old_password: str | None) -> str:
    if key:
        user = passwords.user_of_key(key)
        if user is None:
            frappe.throw(_("The reset password link has either been used before or is invalid"), frappe.PermissionError)
        return user
    if not old_password or frappe.session.user == "Guest":
        frappe.throw(_("Name the reset key or the old password"), frappe.PermissionError)
    return check_password(frappe.session.user, old_password)


@frappe.whitelist(allow_guest=True, methods=["POST"])
def reset_password(user: str) -> None:
    """Send a link to set a new password; says the same whether or not there is such a user."""
    _count_call("reset_password", CALLS_PER_HOUR)
    name = frappe.db.get_value("User", {"name": user, "enabled": 1}) if isinstance(user, str) else None
    if name and name not in frappe.STANDARD_USERS and _may_send_another(name):
        person = frappe.get_doc("User", name)
        person.validate_reset_password()
        person.reset_password(send_email=True)
    text = _("If {0} belongs to a user, instructions to set a new password have been sent").format(
        escape_html(str(user))
    )
    frappe.msgprint(text, title=_("Password Email Sent"))


def _may_send_another(user: str) -> bool:
    """Tell whether a user may be sent another link: as many an hour as System Settings say."""
    limit = cint(frappe.db.get_single_value("System Settings", "password_reset_limit"))
    if not limit:
        return True
    key = f"password_reset|{user}|{frappe.utils.now_datetime():%Y%m%d%H}"
    return frappe.cache.incrby(key) <= limit


@frappe.whitelist(methods=["POST"])
def verify_password(password: str) -> None:
    """Raise `AuthenticationError` unless this is the password of the one who asks."""
    check_password(frappe.session.user, password)


# keys


@frappe.whitelist(methods=["POST"])
def generate_keys(user: str) -> dict[str, str]:
    """Make a new API secret for a user (and a key, where there is none); give the secret, which is shown only now."""
    frappe.only_for("System Manager")
    person = frappe.get_doc("User", user)
    if user in frappe.STANDARD_USERS and frappe.session.user != "Administrator":
        raise frappe.PermissionError
    secret = frappe.generate_hash(length=API_SECRET_LENGTH)
    if not person.api_key:
        person.api_key = frappe.generate_hash(length=API_KEY_LENGTH)
    person.api_secret = secret
    person.save()
    return {"api_secret": secret}


# signing up and acting for others


@frappe.whitelist(allow_guest=True, methods=["POST"])
def sign_up(email: str, full_name: str, redirect_to: str | None = None) -> tuple[int, str]:
    """Make a Website User where the site allows it; give a code (0 refused, 1 mail sent, 2 ask an admin) and a text."""
    _count_call("sign_up", CALLS_PER_HOUR)
    if cint(frappe.db.get_single_value("Website Settings", "disable_signup")):
        frappe.throw(_("Sign Up is disabled"), title=_("Not Allowed"))
    validate_email_address(email, throw=True)
    known = frappe.db.get_value("User", {"name": email}, ["name", "enabled"], as_dict=True)
    if known:
        return (0, _("Already Registered")) if known.enabled else (0, _("Registered but disabled"))
    if frappe.db.get_creation_count("User", 60) > SIGN_UPS_PER_HOUR:
        frappe.throw(
            _("Too many users signed up recently. Please try again in an hour."), frappe.RateLimitExceededError
        )
    person = frappe.get_doc(
        {"doctype": "User", "email": email, "first_name": escape_html(full_name), "user_type": "Website User"}
    )
    person.flags.ignore_permissions = True
    if redirect_to and str(redirect_to).startswith("/") and not str(redirect_to).startswith("//"):
        person.redirect_url = redirect_to
    role = frappe.db.get_single_value("Portal Settings", "default_role")
    person.append_roles(*([role] if role else []))
    person.insert()
    if passwords.can_send_mail():
        return 1, _("Please check your email for verification")
    return 2, _("Please ask your administrator to verify your sign-up")


@frappe.whitelist(methods=["POST"])
def impersonate(user: str, reason: str) -> None:
    """Let Administrator act as another user, with the reason in the activity log."""
    frappe.only_for("Administrator")
    entry = {
        "doctype": "Activity Log",
        "user": user,
        "status": "Success",
        "subject": _("User {0} impersonated as {1}").format(frappe.session.user, user),
        "content": reason,
        "operation": "Impersonate",
    }
    frappe.get_doc(entry).insert(ignore_permissions=True, ignore_links=True)
    frappe.local.login_manager.impersonate(user)


@frappe.whitelist()
def switch_theme(theme: str) -> None:
    """Keep the theme of the one who asks."""
    if theme in ("Dark", "Light", "Automatic"):
        frappe.db.set_value("User", frappe.session.user, "desk_theme", theme)


# mail accounts


@frappe.whitelist()
def has_email_account(email: str) -> list[Any]:
    """Give the mail accounts with this address."""
    return frappe.get_list("Email Account", filters={"email_id": email})


@frappe.whitelist(allow_guest=False)
def get_email_awaiting(user: str) -> list[Any]:
    """Give the mail accounts of a user that wait for a password; others' for System Managers alone."""
    if user != frappe.session.user:
        frappe.only_for("System Manager")
    filters = {"parent": user, "awaiting_password": 1, "used_oauth": 0}
    return frappe.get_all("User Email", filters=filters, fields=["email_account", "email_id"])


# choices


@frappe.whitelist()
@frappe.validate_and_sanitize_search_inputs
def user_query(doctype: str, txt: str, searchfield: str, start: int, page_len: int, filters: Any) -> list[Any]:
    """Give (name, full name) of enabled users whose name or full name holds `txt`; System Users unless `ignore_user_type`."""
    wanted = dict(filters or {})
    if not wanted.pop("ignore_user_type", None):
        wanted.setdefault("user_type", ["!=", "Website User"])
    wanted.setdefault("enabled", 1)
    pattern = f"%{txt}%"
    return frappe.get_list(
        "User",
        filters=[*([key, *value] if isinstance(value, (list, tuple)) else [key, "=", value] for key, value in wanted.items()),
                 ["name", "not in", ["Guest"]]],
        or_filters=[["full_name", "like", pattern], ["name", "like", pattern]],
        fields=["name", "full_name"],
        order_by="full_name asc",
        limit_start=start,
        limit_page_length=page_len,
        as_list=True,
    )  # fmt: skip


def create_contact(user: Any, ignore_links: bool = False, ignore_mandatory: bool = False) -> None:
    """Make or bring up to date the contact of a user."""
    from frappe.contacts.doctype.contact.contact import get_contact_name

    if user.name in frappe.STANDARD_USERS:
        return
    name = get_contact_name(user.email)
    contact = frappe.get_doc("Contact", name) if name else frappe.new_doc("Contact")
    contact.update(
        {"first_name": user.first_name, "last_name": user.last_name, "user": user.name, "gender": user.gender}
    )
    if user.email:
        contact.add_email(user.email, is_primary=True)
    if user.phone:
        contact.add_phone(user.phone, is_primary_phone=True)
    if user.mobile_no:
        contact.add_phone(user.mobile_no, is_primary_mobile_no=True)
    contact.flags.ignore_links, contact.flags.ignore_mandatory = ignore_links, ignore_mandatory
    contact.save(ignore_permissions=True)
