"""Commands that make people known, let them in and shut them out.

Invariant: a password is never printed and never kept but as a hash.
"""

from __future__ import annotations

import sys
import webbrowser
from importlib import import_module
from typing import Any

import click

from frappe_engine.cli.context import each_site, one_site, say
from frappe_engine.context.clock import now_datetime
from frappe_engine.context.errors import DuplicateEntryError
from frappe_engine.context.local import current, providers
from frappe_engine.database.database import process_cache_of
from frappe_engine.documents.document import get_doc
from frappe_engine.documents.metas import forget_meta
from frappe_engine.documents.passwords import update_password

SESSIONS = "frappe.sessions"  # who imports it lets sessions be started and ended


def make_user(email: str, *, user_type: str, roles: list[str], send_welcome_email: bool, **names: str | None) -> Any:
    """Make a user with roles; gives the document. Raises `click.ClickException` when there is one already."""
    values = {key: value for key, value in names.items() if value and key != "password"}
    document = get_doc(
        {
            "doctype": "User",
            "email": email,
            "first_name": email.split("@")[0],
            "enabled": 1,
            "user_type": user_type,
            "send_welcome_email": int(send_welcome_email),
            "roles": [{"role": role} for role in roles],
            **values,
        }
    )
    try:
        document.insert(ignore_permissions=True)
    except DuplicateEntryError as error:
        raise click.ClickException(f"User {email} already exists on {current().site}") from error
    if names.get("password"):
        update_password(document.name, str(names["password"]))
    return document


@click.command("add-user")
@click.argument("email")
@click.option("--first-name", help="First name.")
@click.option("--last-name", help="Last name.")
@click.option("--password", help="The password.")
@click.option("--user-type", default="Website User", help="`System User` or `Website User`.")
@click.option("--add-role", multiple=True, help="A role; may be given several times.")
@click.option("--send-welcome-email", is_flag=True, help="Send a mail of welcome.")
@each_site
def add_user(
    email: str, user_type: str, add_role: tuple[str, ...], send_welcome_email: bool, **names: str | None
) -> None:
    """Make a user."""
    made = make_user(email, user_type=user_type, roles=list(add_role), send_welcome_email=send_welcome_email, **names)
    say(f"User {made.name} was added to {current().site}")


@click.command("add-system-manager")
@click.argument("email")
@click.option("--first-name", help="First name.")
@click.option("--last-name", help="Last name.")
@click.option("--password", help="The password.")
@click.option("--send-welcome-email", is_flag=True, help="Send a mail of welcome.")
@each_site
def add_system_manager(email: str, send_welcome_email: bool, **names: str | None) -> None:
    """Make a user who may do everything."""
    every_role = [
        row[0]
        for row in current().db.rows("SELECT `name` FROM `tabRole` WHERE `disabled` = 0")
        if row[0] not in ("Administrator", "Guest", "All", "Desk User")
    ]
    made = make_user(email, user_type="System User", roles=every_role, send_welcome_email=send_welcome_email, **names)
    say(f"System manager {made.name} was added to {current().site}")


@click.command("disable-user")
@click.argument("email")
@each_site
def disable_user(email: str) -> None:
    """Shut a user out."""
    if not current().db.exists("User", email):
        raise click.ClickException(f"User {email} does not exist on {current().site}")
    user = get_doc("User", email)
    user.enabled = 0
    user.save(ignore_permissions=True)


def set_password_of(user: str, password: str | None, *, end_sessions: bool) -> None:
    """Set a password, asked for twice at the terminal when it is not given."""
    if not current().db.exists("User", user):
        raise click.ClickException(f"User {user} does not exist on {current().site}")
    if not password:
        password = click.prompt(f"New password of {user}", hide_input=True, confirmation_prompt=sys.stdin.isatty())
    import_module(SESSIONS)
    update_password(user, str(password), logout_all_sessions=end_sessions)


@click.command("set-password")
@click.argument("user")
@click.argument("password", required=False)
@click.option("--logout-all-sessions", is_flag=True, help="End the user's sessions.")
@each_site
def set_password(user: str, password: str | None, logout_all_sessions: bool) -> None:
    """Set a user's password."""
    set_password_of(user, password, end_sessions=logout_all_sessions)


@click.command("set-admin-password")
@click.argument("admin-password", required=False)
@click.option("--logout-all-sessions", is_flag=True, help="End Administrator's sessions.")
@each_site
def set_admin_password(admin_password: str | None, logout_all_sessions: bool) -> None:
    """Set Administrator's password."""
    set_password_of("Administrator", admin_password, end_sessions=logout_all_sessions)


@click.command("set-last-active-for-user")
@click.option("--user", help="The user; the newest one by default.")
@each_site
def set_last_active(user: str | None) -> None:
    """Note that a user was active just now."""
    database = current().db
    newest = database.row("SELECT `name` FROM `tabUser` WHERE `user_type` = 'System User' ORDER BY `creation` DESC")
    name = user or (newest and newest[0])
    if not name or not database.exists("User", name):
        raise click.ClickException(f"User {name} does not exist on {current().site}")
    database.set_value("User", name, "last_active", now_datetime())


@click.command("destroy-all-sessions")
@click.option("--reason", help="Why; kept in the activity log.")
@each_site
def destroy_all_sessions(reason: str | None) -> None:
    """End every session of the site."""
    database = current().db
    count = database.row("SELECT count(*) FROM `tabSessions`")[0]
    database.write("DELETE FROM `tabSessions`")
    process_cache_of(current()).forget_kind("session")
    get_doc(
        {
            "doctype": "Activity Log",
            "subject": f"All sessions ended: {reason or 'by command'}",
            "operation": "Logout",
            "status": "Success",
            "user": "Administrator",
        }
    ).insert(ignore_permissions=True)
    say(f"{count} sessions of {current().site} were ended")


@click.command("browse")
@click.argument("site", required=False)
@click.option("--user", default=None, help="Sign in as this user (Administrator with developer_mode).")
@click.option("--session-end", help="End of the session, an ISO moment.")
@click.option("--user-for-audit", help="Who signs in, for the log.")
@one_site
def browse(site: str | None, user: str | None, session_end: str | None, user_for_audit: str | None) -> None:
    """Open the site in a browser, signed in with --user."""
    url = site_url()
    if user:
        if not current().db.exists("User", user):
            raise click.ClickException(f"User {user} does not exist on {current().site}")
        import_module(SESSIONS)
        sid = providers("start_session", user, {"session_end": session_end, "audit_user": user_for_audit})
        url = f"{url}/app?sid={sid}"
        say(f"Login URL: {url}")
    if not webbrowser.open(url) and not user:
        say(url)


def site_url() -> str:
    """Give the URL under which a browser here reaches the site."""
    config = current().conf
    return str(config.get("host_name") or f"http://{current().site}:{config.get('webserver_port') or 8000}").rstrip("/")


@click.command("reset-perms")
@each_site
def reset_permissions() -> None:
    """Give every DocType the permissions of its file again: what the site changed in them goes."""
    changed = [row[0] for row in current().db.rows("SELECT DISTINCT `parent` FROM `tabCustom DocPerm`")]
    current().db.write("DELETE FROM `tabCustom DocPerm`")
    for doctype in changed:
        forget_meta(doctype)
    say(f"Permissions of {len(changed)} DocTypes were reset")


commands = [
    add_user,
    add_system_manager,
    disable_user,
    set_password,
    set_admin_password,
    set_last_active,
    destroy_all_sessions,
    browse,
    reset_permissions,
]
