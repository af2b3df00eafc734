"""What requests need to know of a user, in one look-up.

Invariant: the facts are those of the stored user; they are read again when the user's document changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from frappe_engine.context.local import current
from frappe_engine.context.settings import system_setting
from frappe_engine.database.database import process_cache_of
from frappe_engine.documents.passwords import is_kept_password
from frappe_engine.kit.numbers import cint

_COLUMNS = (
    "name", "enabled", "user_type", "full_name", "first_name", "user_image", "language", "restrict_ip",
    "login_after", "login_before", "api_key", "simultaneous_sessions", "bypass_restrict_ip_check_if_2fa_enabled",
    "last_password_reset_date", "redirect_url", "default_app",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class UserFacts:
    """The columns of a user that signing in and out and every request rest on."""

    name: str
    enabled: bool
    user_type: str
    full_name: str
    user_image: str
    language: str
    restrict_ip: str
    login_after_hour: int
    login_before_hour: int
    api_key: str
    simultaneous_sessions: int
    last_password_reset_date: Any
    redirect_url: str
    default_app: str

    @property
    def is_system_user(self) -> bool:
        """Tell whether the user works in the desk."""
        return self.user_type == "System User"


def user_facts(name: str) -> UserFacts | None:
    """Give the facts of the user `name`, None when there is none of that name."""
    facts: UserFacts | None = process_cache_of(current()).get_or_load(f"user|{name}", lambda: _load(name))
    return facts


def _load(name: str) -> UserFacts | None:
    columns = ", ".join(f"`{column}`" for column in _COLUMNS)
    row = current().db.row(f"SELECT {columns} FROM `tabUser` WHERE `name` = ?", (name,))
    if row is None:
        return None
    values = dict(zip(_COLUMNS, row, strict=True))
    return UserFacts(
        name=str(values["name"]),
        enabled=bool(values["enabled"]),
        user_type=str(values["user_type"] or ""),
        full_name=str(values["full_name"] or values["first_name"] or values["name"]),
        user_image=str(values["user_image"] or ""),
        language=str(values["language"] or ""),
        restrict_ip=str(values["restrict_ip"] or ""),
        login_after_hour=cint(values["login_after"]),
        login_before_hour=cint(values["login_before"]),
        api_key=str(values["api_key"] or ""),
        simultaneous_sessions=cint(values["simultaneous_sessions"]) or 1,
        last_password_reset_date=values["last_password_reset_date"],
        redirect_url=str(values["redirect_url"] or ""),
        default_app=str(values["default_app"] or ""),
    )


def find_user(login: str) -> UserFacts | None:
    """Give the user who signs in as `login`: by name or e-mail address; by mobile number or user name where allowed."""
    text = login.strip()
    facts = user_facts(text) or user_facts(text.lower())
    if facts is not None:
        return facts
    columns = ["email"]
    if cint(system_setting("allow_login_using_mobile_number")):
        columns.append("mobile_no")
    if cint(system_setting("allow_login_using_user_name")):
        columns.append("username")
    for column in columns:
        row = current().db.row(f"SELECT `name` FROM `tabUser` WHERE `{column}` = ?", (text,))
        if row is not None:
            return user_facts(str(row[0]))
    return None


def user_of_api_key(api_key: str) -> UserFacts | None:
    """Give the user an API key belongs to, None when it is nobody's (any more)."""
    cache = process_cache_of(current())
    name = cache.get_or_load(f"api_key|{api_key}", lambda: _name_of_api_key(api_key))
    facts = user_facts(name) if name else None
    if facts is not None and facts.api_key == api_key:
        return facts
    cache.entries.pop(f"api_key|{api_key}", None)  # keys change hands rarely: look again
    name = _name_of_api_key(api_key)
    return user_facts(name) if name else None


def _name_of_api_key(api_key: str) -> str | None:
    row = current().db.row("SELECT `name` FROM `tabUser` WHERE `api_key` = ?", (api_key,))
    return str(row[0]) if row else None


def has_secret(doctype: str, name: str, secret: str) -> bool:
    """Tell whether `secret` is the API secret of a record."""
    return is_kept_password(doctype, name, "api_secret", secret)
