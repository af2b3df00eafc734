"""Signing in and out.

Order of a sign-in: the user is found, not locked, the password fits, the user is enabled, may sign in from this address
at this hour; hooks `on_login`; the session is made; hooks `on_session_creation`; cookies go with the answer.

Invariant: a refused sign-in leaves no session, is logged, and says no more than "wrong user or password" about
whether the user exists.
"""

from __future__ import annotations

from typing import Any, NoReturn

from frappe_engine.context.clock import now_datetime
from frappe_engine.context.errors import AuthenticationError
from frappe_engine.context.hooks import get_hooks, hook_function
from frappe_engine.context.local import current, providers
from frappe_engine.context.settings import system_setting
from frappe_engine.context.translate import _, get_user_lang
from frappe_engine.documents.document import get_doc
from frappe_engine.documents.passwords import check_password, hash_password, verify_password
from frappe_engine.http import sessions
from frappe_engine.http.attempts import refuse_when_locked, tracker_for
from frappe_engine.http.cookies import SESSION_COOKIES
from frappe_engine.http.users import UserFacts, find_user, user_facts
from frappe_engine.kit.numbers import cint

_UNKNOWN_USER: list[str] = []


class LoginManager:
    """`frappe.local.login_manager`: who asks, and how that changes."""

    def __init__(self) -> None:
        self.user: str = ""
        self.info: Any = None
        self.full_name: str | None = None
        self.user_type: str | None = None
        self.resume = False
        self.gave_second_factor = False

    # signing in

    def login(self) -> bool | None:
        """Sign in with `usr` and `pwd` of the parameters. Raises `AuthenticationError`, `SecurityException`."""
        parameters = current().form_dict
        user, password = parameters.get("usr") or parameters.get("user"), parameters.pop("pwd", None)
        password = password or parameters.pop("password", None)
        if (
            cint(system_setting("disable_user_pass_login"))
            and str(user) != "Administrator"
            and not parameters.get("tmp_id")
        ):
            self.fail(_("Login with username and password is not allowed."), user=str(user or "Guest"))
        if providers("second_factor_given", self):
            self.gave_second_factor = True
            self.post_login()
            return True
        self.authenticate(user=user, pwd=password)
        if self._must_reset_password():
            return False
        if providers("second_factor_wanted", self.user):
            return None
        self.post_login()
        return True

    def authenticate(self, user: Any = None, pwd: Any = None) -> None:
        """Check a user's password and remember the user. Raises `AuthenticationError`, `SecurityException`."""
        if not (user and pwd) or not isinstance(user, str) or not isinstance(pwd, str):
            self.fail(_("Incomplete login details"), user=str(user or "Guest")[:140])
        context = current()
        facts = find_user(user)
        trackers = [tracker_for(context.get("request_ip")), tracker_for(facts.name if facts else None)]
        for tracker in trackers:
            refuse_when_locked(tracker)
        name = facts.name if facts else ""
        if not self._password_fits(name, pwd):
            for tracker in trackers:
                if tracker is not None:
                    tracker.add_failure_attempt()
            self.fail(_("Invalid login credentials"), user=name or user[:140])
        for tracker in trackers:
            if tracker is not None:
                tracker.add_success_attempt()
        self.user = name
        self.check_if_enabled(name)

    def _password_fits(self, name: str, password: str) -> bool:
        if not name:
            verify_password(_hash_of_nobody(), password)  # takes as long as for a user who exists
            return False
        try:
            check_password(name, password)
        except AuthenticationError:
            return False
        return True

    def check_password(self, user: str, pwd: str) -> str | None:
        """Give the user's name when the password fits. Raises `AuthenticationError`."""
        if not self._password_fits(user, pwd):
            self.fail(_("Incorrect password"), user=user)
        return user

    def check_if_enabled(self, user: str) -> None:
        """Raise `AuthenticationError` when the user can't sign in."""
        facts = user_facts(user)
        if user == "Administrator":
            return
        if facts is None or not facts.enabled or user == "Guest":
            self.fail(_("User disabled or missing"), user=user)

    def _must_reset_password(self) -> bool:
        days = cint(system_setting("force_user_to_reset_password"))
        facts = user_facts(self.user)
        if not days or facts is None or self.user == "Administrator" or not facts.is_system_user:
            return False
        last = facts.last_password_reset_date
        if last is not None and (now_datetime().date() - last).days <= days:
            return False
        response = current().response
        response["message"] = "Password Reset"
        response["redirect_to"] = providers("password_reset_url", self.user)
        return True

    def post_login(self, session_end: Any = None, audit_user: Any = None) -> None:
        """Make the session of the user who was authenticated, and tell the client."""
        self.run_trigger("on_login")
        self.validate_ip_address()
        self.validate_hour()
        self.make_session()
        self.set_user_info()

    def login_as(self, user: str, session_end: Any = None, audit_user: Any = None) -> None:
        """Sign `user` in without a password (for code that has established who it is)."""
        self.user = user
        self.post_login(session_end, audit_user)

    def login_as_guest(self) -> None:
        """Go on as nobody in particular."""
        self.user = "Guest"
        current().session = sessions.guest_session()
        self.set_user_info(resume=True)

    def impersonate(self, user: str) -> None:
        """Go on as `user`, noting who really asks."""
        admin = current().session.user
        self.user = user
        self.make_session(impersonated_by=admin)
        self.set_user_info()

    def make_session(self, resume: bool = False, **more: Any) -> None:
        """Make the session and act as the user from here on."""
        context = current()
        facts = user_facts(self.user)
        data = {
            "session_ip": context.get("request_ip"),
            "full_name": facts.full_name if facts else self.user,
            "user_type": facts.user_type if facts else "Website User",
            **more,
        }
        act_as(sessions.start(self.user, data))
        self._note_login()
        context.db.commit()
        self.clear_active_sessions()
        self.run_trigger("on_session_creation")
        context.db.commit()

    def _note_login(self) -> None:
        moment, context = now_datetime(), current()
        context.db.set_value(
            "User",
            self.user,
            {"last_login": moment, "last_ip": context.get("request_ip"), "last_active": moment},
            update_modified=False,
        )
        add_authentication_log(_("{0} logged in").format(self._name_of_user()), self.user)

    def _name_of_user(self) -> str:
        facts = user_facts(self.user)
        return facts.full_name if facts else self.user

    def clear_active_sessions(self) -> None:
        """End older sessions of the user where only some are allowed at a time."""
        context = current()
        if not (cint(context.conf.get("deny_multiple_sessions")) or cint(system_setting("deny_multiple_sessions"))):
            return
        if context.session.user == "Guest":
            return
        facts = user_facts(context.session.user)
        allowed = facts.simultaneous_sessions if facts else 1
        sessions.end_sessions_of(context.session.user, keep=context.session.sid, allowed=allowed)

    def set_user_info(self, resume: bool = False) -> None:
        """Say in the answer who signed in, and set the cookies."""
        context = current()
        facts = user_facts(self.user) if self.user != "Guest" else None
        self.full_name = facts.full_name if facts else "Guest"
        self.user_type = facts.user_type if facts else "Website User"
        if not resume:
            self._fill_response(facts)
        self.set_session_cookies(facts)
        if not resume:
            context.response["full_name"] = self.full_name

    def _fill_response(self, facts: UserFacts | None) -> None:
        context = current()
        response = context.response
        if facts is not None and facts.is_system_user:
            response["message"] = "Logged In"
            response["home_page"] = home_page_of(facts)
        else:
            response["message"] = "No App"
            response["home_page"] = home_page_of(facts)
        target = context.form_dict.get("redirect_to") or (facts.redirect_url if facts else None)
        if target:
            response["redirect_to"] = same_origin_path(str(target))
            if facts is not None and facts.redirect_url:
                context.db.set_value("User", facts.name, "redirect_url", None, update_modified=False)

    def set_session_cookies(self, facts: UserFacts | None) -> None:
        """Set the five cookies that clients read."""
        context = current()
        manager = context.cookie_manager
        sid = context.session.sid
        if sid == "Guest":
            manager.set_cookie("sid", "Guest", httponly=True)
        else:
            manager.set_cookie("sid", sid, max_age=sessions.expiry_seconds(), httponly=True)
        manager.set_cookie("system_user", "yes" if facts is not None and facts.is_system_user else "no")
        manager.set_cookie("full_name", facts.full_name if facts else "Guest")
        manager.set_cookie("user_id", self.user)
        manager.set_cookie("user_image", facts.user_image if facts else "")

    # limits

    def validate_ip_address(self) -> None:
        """Raise `AuthenticationError` when the user may not sign in from this address."""
        facts = user_facts(self.user)
        address = current().get("request_ip")
        if facts is None or not facts.restrict_ip or address is None or self.user == "Administrator":
            return
        if self.gave_second_factor and cint(system_setting("bypass_restrict_ip_check_if_2fa_enabled")):
            return
        allowed = [part.strip() for part in facts.restrict_ip.replace("\n", ",").split(",") if part.strip()]
        if allowed and not any(str(address).startswith(part) for part in allowed):
            self.fail(_("Access not allowed from this IP Address"), user=self.user)

    def validate_hour(self) -> None:
        """Raise `AuthenticationError` outside the hours in which the user may sign in."""
        facts = user_facts(self.user)
        if facts is None:
            return
        hour = now_datetime().hour
        if facts.login_before_hour and hour > facts.login_before_hour:
            self.fail(_("Login not allowed at this time"), user=self.user)
        if facts.login_after_hour and hour < facts.login_after_hour:
            self.fail(_("Login not allowed at this time"), user=self.user)

    def fail(self, message: str, user: str | None = None) -> NoReturn:
        """Refuse: keep the try in the Activity Log, and raise `AuthenticationError` with `message` in the answer."""
        context = current()
        context.response["message"] = message
        name = user or self.user or "Guest"
        context.db.rollback()
        add_authentication_log(message, name, status="Failed")
        context.db.commit()
        raise AuthenticationError(message)

    # signing out

    def logout(self, arg: str = "", user: str | None = None) -> None:
        """End the session and go on as Guest."""
        context = current()
        name = user or context.session.user
        self.run_trigger("on_logout")
        if name == context.session.user:
            sid = context.session.sid
            if name != "Guest":
                add_authentication_log(_("{0} logged out").format(name), name, operation="Logout")
            sessions.end(sid)
            self.clear_cookies()
            act_as(sessions.guest_session())
            self.user = "Guest"
            self._fill_response(None)
            context.response["full_name"] = "Guest"
        else:
            sessions.end_sessions_of(name)
        context.db.commit()

    def clear_cookies(self) -> None:
        """Take the session's cookies back."""
        clear_cookies()

    def run_trigger(self, event: str = "on_login") -> None:
        """Call what apps hooked to `on_login`, `on_session_creation` or `on_logout`, and what is kept for `on_login`."""
        for dotted_path in get_hooks(event):
            hook_function(dotted_path)(login_manager=self)


def act_as(session: Any) -> None:
    """Let the rest of the request act for a session: its user, rights and language."""
    context = current()
    context.session = session
    context.user = session.user
    context.role_permissions = {}
    context.user_perms = None
    context.document_cache = {}
    context.cache = {}


def set_language(wanted: str | None = None) -> None:
    """Answer in the language the request asks for, the user's, or the site's."""
    context = current()
    context.lang = wanted or get_user_lang()


def clear_cookies() -> None:
    """Take the session's cookies back."""
    manager = current().get("cookie_manager")
    if manager is not None:
        manager.delete_cookie(list(SESSION_COOKIES))


def home_page_of(facts: UserFacts | None) -> str:
    """Give the path a user starts at: what hooks say, a role's page, the desk, or the portal."""
    if facts is None or facts.name == "Guest":
        return "/login"
    for dotted_path in get_hooks("get_website_user_home_page"):
        if not facts.is_system_user:
            page = hook_function(dotted_path)(facts.name)
            if page:
                return "/" + str(page).strip("/")
    roles = get_hooks("role_home_page", {})
    if isinstance(roles, dict) and not facts.is_system_user:
        from frappe_engine.access.roles import get_roles  # only for people of the website

        for role in get_roles(facts.name):
            if roles.get(role):
                return "/" + str(roles[role][-1]).strip("/")
    return "/app" if facts.is_system_user else "/me"


def same_origin_path(target: str) -> str | None:
    """Give `target` when it is a path on this site, None when it leads elsewhere."""
    path = target.strip()
    if not path.startswith("/") or path.startswith(("//", "/\\")) or any(ord(sign) < 32 for sign in path):
        return None
    return path


def add_authentication_log(subject: str, user: str, operation: str = "Login", status: str = "Success") -> None:
    """Keep a sign-in or sign-out, or a failed try, in the Activity Log."""
    facts = user_facts(user)
    entry = get_doc(
        {
            "doctype": "Activity Log",
            "user": facts.name if facts else None,
            "full_name": facts.full_name if facts else user[:140],
            "status": status,
            "subject": subject,
            "operation": operation,
            "ip_address": current().get("request_ip"),
        }
    )
    entry.flags.update(ignore_links=True, ignore_version=True)
    entry.insert(ignore_permissions=True, ignore_links=True)


def _hash_of_nobody() -> str:
    if not _UNKNOWN_USER:
        _UNKNOWN_USER.append(hash_password("nobody has this password"))
    return _UNKNOWN_USER[0]


def current_login_manager() -> LoginManager:
    """Give the login manager of the request, made at first use (in jobs and commands)."""
    context = current()
    manager: LoginManager | None = context.get("login_manager")
    if manager is None:
        manager = context.login_manager = LoginManager()
        manager.user = context.session.user
    return manager
