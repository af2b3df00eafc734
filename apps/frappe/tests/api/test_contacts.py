"""Contacts: which address and number count, who the person is, what the person belongs to."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def frappe(frappe_connected: Any) -> Any:
    """The public package, connected as Administrator; undone after the test."""
    return frappe_connected


def contact(frappe: Any, emails: Any = (), phones: Any = (), **values: Any) -> Any:
    document = frappe.get_doc({"doctype": "Contact", "first_name": "Ann", **values})
    for email, primary in emails:
        document.append("email_ids", {"email_id": email, "is_primary": primary})
    for phone, main, mobile in phones:
        document.append("phone_nos", {"phone": phone, "is_primary_phone": main, "is_primary_mobile_no": mobile})
    return document.insert()


@pytest.mark.parametrize(
    ("emails", "counts"),
    [
        ([], ""), ([("a@x.co", 0)], "a@x.co"), ([(" a@x.co ", 1)], "a@x.co"),
        ([("a@x.co", 0), ("b@x.co", 1)], "b@x.co"), ([("a@x.co", 0), ("b@x.co", 0)], ""),
    ],
)  # fmt: skip
def test_the_address_that_counts(frappe: Any, emails: Any, counts: str) -> None:
    assert contact(frappe, emails).email_id == counts


@pytest.mark.parametrize(
    ("phones", "counts"),
    [
        ([("1", 0, 0)], ("", "")), ([("1", 1, 0)], ("1", "")), ([("1", 0, 1)], ("", "1")),
        ([("1", 1, 0), ("2", 0, 1)], ("1", "2")),
    ],
)  # fmt: skip
def test_the_numbers_that_count(frappe: Any, phones: Any, counts: tuple[str, str]) -> None:
    document = contact(frappe, phones=phones)
    assert (document.phone, document.mobile_no) == counts


@pytest.mark.parametrize(
    "rows",
    [
        {"emails": [("a@x.co", 1), ("b@x.co", 1)]},
        {"phones": [("1", 1, 0), ("2", 1, 0)]},
        {"phones": [("1", 0, 1), ("2", 0, 1)]},
    ],
)
def test_one_of_a_kind_counts(frappe: Any, rows: dict[str, Any]) -> None:
    with pytest.raises(frappe.ValidationError, match="Only one"):
        contact(frappe, **rows)


def test_names_are_put_together(frappe: Any) -> None:
    assert contact(frappe, middle_name="M", last_name="Lee").full_name == "Ann M Lee"
    assert contact(frappe, first_name=None, company_name="Lee Ltd").full_name == "Lee Ltd"


def test_the_user_with_the_address_is_found(frappe: Any) -> None:
    user = {"doctype": "User", "email": "ann@x.co", "first_name": "Ann", "send_welcome_email": 0}
    name = frappe.get_doc(user).insert().name
    frappe.db.delete("Contact", {"user": name})
    assert contact(frappe, [("ann@x.co", 1)]).user == name


def test_addresses_and_numbers_are_added_once(frappe: Any) -> None:
    document = contact(frappe)
    document.add_email("a@x.co", is_primary=1)
    document.add_email("a@x.co")
    document.add_phone("7", is_primary_phone=1, autosave=True)
    document.add_phone("7")
    stored = frappe.get_doc("Contact", document.name)
    assert (stored.email_id, stored.phone, len(stored.email_ids), len(stored.phone_nos)) == ("a@x.co", "7", 1, 1)


def test_what_a_person_belongs_to(frappe: Any) -> None:
    links = [{"link_doctype": "User", "link_name": "Administrator"}]
    document = contact(frappe, links=links)
    assert document.links[0].link_title == "Administrator"
    assert document.has_link("User", "Administrator")
    assert not document.has_link("User", "Guest")
    assert document.get_link_for("User") == "Administrator"
    assert document.has_common_link(contact(frappe, links=links))
    assert not document.has_common_link(contact(frappe))


def test_shares_are_taken_back_by_code_that_needs_no_right(frappe: Any) -> None:
    from frappe.share import add_docshare, remove

    user = {"doctype": "User", "email": "ann@x.co", "first_name": "Ann", "send_welcome_email": 0}
    frappe.get_doc(user).insert()
    todo = frappe.get_doc({"doctype": "ToDo", "description": "x"}).insert()
    add_docshare("ToDo", todo.name, "ann@x.co", flags={"ignore_share_permission": True})
    frappe.set_user("Guest")
    with pytest.raises(frappe.PermissionError):
        remove("ToDo", todo.name, "ann@x.co")
    remove("ToDo", todo.name, "ann@x.co", flags={"ignore_share_permission": True})
    assert not frappe.db.exists("DocShare", {"share_doctype": "ToDo", "share_name": todo.name})


def test_a_user_is_sent_the_first_link_when_code_asks(frappe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from frappe.core.doctype.user import passwords

    values = {"doctype": "User", "email": "ann@x.co", "first_name": "Ann", "send_welcome_email": 0}
    user = frappe.get_doc(values).insert()
    told: list[str] = []
    monkeypatch.setattr(passwords, "send_welcome_mail", lambda who: told.append(who.name))
    user.send_welcome_mail_to_user()
    assert told == ["ann@x.co"]
    assert "/update-password?key=" in user._reset_password()
