"""People who are invited to an app by mail."""

from __future__ import annotations

import re
from typing import Any

import pytest
from frappe.core.api.user_invitation import (
    accept_invitation,
    cancel_invitation,
    get_pending_invitations,
    invite_by_email,
)
from frappe.core.doctype.user_invitation import user_invitation
from frappe.core.doctype.user_invitation.user_invitation import UserInvitation, mark_expired_invitations

EMAIL = "guest.of.ours@example.com"


@pytest.fixture
def sent() -> list[dict[str, Any]]:
    """The mails that were sent."""
    return []


@pytest.fixture
def frappe(frappe_connected: Any, sent: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> Any:
    """The public package, connected as Administrator; mails are kept, and what was written is undone after the test."""
    monkeypatch.setattr(frappe_connected, "sendmail", lambda **mail: sent.append(mail))
    return frappe_connected


def invite(**values: Any) -> dict[str, list[str]]:
    return invite_by_email(EMAIL, ["System Manager"], "/app/todo", **values)


def key_in(mail: dict[str, Any]) -> str:
    return re.search(r"key=([\w-]+)", mail["message"]).group(1)  # type: ignore[union-attr]


def test_an_invitation_is_sent_once(frappe: Any, sent: list[Any]) -> None:
    assert invite()["invited_emails"] == [EMAIL]
    assert invite()["pending_invite_emails"] == [EMAIL]
    assert [mail["recipients"] for mail in sent] == [EMAIL]
    (waiting,) = get_pending_invitations("frappe")
    assert (waiting["email"], waiting["roles"]) == (EMAIL, ["System Manager"])


def test_the_key_is_not_stored(frappe: Any, sent: list[Any]) -> None:
    invite()
    assert frappe.db.get_value("User Invitation", {"email": EMAIL}, "key") not in ("", None, key_in(sent[0]))


def test_a_new_user_comes_with_the_roles_and_sets_a_password(frappe: Any, sent: list[Any]) -> None:
    invite()
    frappe.set_user("Guest")
    accept_invitation(key_in(sent[0]))
    assert "/update-password?key=" in frappe.local.response["location"]
    assert "System Manager" in frappe.get_roles(EMAIL)
    invitation = frappe.get_doc("User Invitation", {"email": EMAIL})
    assert (invitation.status, invitation.user) == ("Accepted", EMAIL)
    with pytest.raises(frappe.ValidationError, match="no longer"):
        accept_invitation(key_in(sent[0]))


def test_a_user_who_is_known_logs_in(frappe: Any, sent: list[Any]) -> None:
    frappe.get_doc({"doctype": "User", "email": EMAIL, "first_name": "G", "send_welcome_email": 0}).insert()
    invite()
    frappe.set_user("Guest")
    accept_invitation(key_in(sent[0]))
    assert frappe.local.response["location"] == "/login?redirect-to=/app/todo"
    frappe.set_user("Administrator")
    assert invite()["accepted_invite_emails"] == [EMAIL]


def test_disabled_users_are_not_invited(frappe: Any, sent: list[Any]) -> None:
    values = {"doctype": "User", "email": EMAIL, "first_name": "G", "send_welcome_email": 0, "enabled": 0}
    frappe.get_doc(values).insert()
    assert invite()["disabled_user_emails"] == [EMAIL]
    assert sent == []


def test_an_invitation_that_is_taken_back_or_too_old_is_closed(frappe: Any, sent: list[Any]) -> None:
    invite()
    name = frappe.db.get_value("User Invitation", {"email": EMAIL})
    assert cancel_invitation(name, "frappe") == {"cancelled_now": True}
    assert cancel_invitation(name, "frappe") == {"cancelled_now": False}
    invite()
    frappe.db.set_value("User Invitation", {"email": EMAIL}, "email_sent_at", "2020-01-01 00:00:00")
    mark_expired_invitations()
    states = frappe.get_all("User Invitation", {"email": EMAIL}, pluck="status", order_by="creation")
    assert states == ["Cancelled", "Expired"]
    with pytest.raises(frappe.ValidationError, match="no longer"):
        accept_invitation(key_in(sent[0]))


def test_who_may_invite_whom_is_the_apps_to_say(frappe: Any, sent: list[Any]) -> None:
    with pytest.raises(frappe.PermissionError, match="Guest"):
        invite_by_email(EMAIL, ["Guest"], "/app")
    for function, given in (
        (invite, ()),
        (get_pending_invitations, ("frappe",)),
        (UserInvitation.validate_role, ("frappe",)),
    ):
        frappe.set_user("Guest")
        with pytest.raises(frappe.PermissionError):
            function(*given)
    assert sent == []


@pytest.mark.parametrize("path", ["https://elsewhere.example.com", "//elsewhere.example.com", "app"])
def test_the_way_leads_to_this_site(frappe: Any, path: str) -> None:
    with pytest.raises(frappe.ValidationError, match="path"):
        invite_by_email(EMAIL, ["System Manager"], path)


def test_an_app_adds_fields_and_hears_of_those_who_come(
    frappe: Any, sent: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[str, bool]] = []
    monkeypatch.setattr(user_invitation, "_hook", lambda _app, key: {
        "allowed_roles": {"System Manager": ["System Manager"]}, "after_accept": "a.b", "extra_invite_params": ["title"]}[key])  # fmt: skip
    monkeypatch.setattr(
        frappe,
        "get_attr",
        lambda _path: lambda invitation, user, user_inserted: heard.append((user.name, user_inserted)),
    )
    invite(title="Dr", status="Accepted")
    accept_invitation(key_in(sent[0]))
    assert heard == [(EMAIL, True)]
