"""Roles, the permission manager, user permissions and shares."""

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def manager(frappe: Any) -> Any:
    from frappe.core.page.permission_manager import permission_manager

    return permission_manager


def may(frappe: Any, right: str, user: str, doctype: str = "Webhook") -> bool:
    return bool(frappe.has_permission(doctype, right, user=user))


# roles


@pytest.mark.parametrize("name", ["System Manager", "Guest"])
def test_standard_roles_stay(frappe: Any, name: str) -> None:
    role = frappe.get_doc("Role", name)
    role.disabled = 1
    for attempt in (role.save, role.delete, lambda: frappe.rename_doc("Role", name, "Other")):
        with pytest.raises(frappe.ValidationError):
            attempt()


def test_a_disabled_role_is_taken_from_users(frappe: Any, make_user: Callable[..., Any]) -> None:
    role = frappe.get_doc({"doctype": "Role", "role_name": "Packer"}).insert()
    make_user("a@example.com", "Packer")
    assert "Packer" in frappe.get_roles("a@example.com")
    role.disabled = 1
    role.save()
    assert "Packer" not in frappe.get_roles("a@example.com")
    assert frappe.get_doc("User", "a@example.com").role_names == []


def test_a_role_that_opens_the_desk_no_longer_changes_the_kind_of_its_users(
    frappe: Any, make_user: Callable[..., Any]
) -> None:
    role = frappe.get_doc({"doctype": "Role", "role_name": "Packer", "desk_access": 1}).insert()
    assert make_user("a@example.com", "Packer").user_type == "System User"
    role.desk_access = 0
    role.save()
    assert frappe.db.get_value("User", "a@example.com", "user_type") == "Website User"


def test_a_user_type_gives_its_role_the_rights_of_its_rows(frappe: Any, make_user: Callable[..., Any]) -> None:
    frappe.get_doc({"doctype": "Role", "role_name": "Supplier Portal", "desk_access": 0}).insert()
    rows = [{"document_type": "ToDo", "read": 1, "write": 1}]
    frappe.get_doc(
        {"doctype": "User Type", "name": "Supplier", "role": "Supplier Portal", "user_doctypes": rows}
    ).insert()
    user = make_user("a@example.com", user_type="Supplier")
    assert (user.user_type, user.role_names) == ("Supplier", ["Supplier Portal"])
    assert may(frappe, "write", "a@example.com", "ToDo")
    assert not may(frappe, "create", "a@example.com", "ToDo")


# the permission manager


def test_a_right_counts_at_once(frappe: Any, manager: Any, make_user: Callable[..., Any]) -> None:
    make_user("a@example.com", "Translator")
    manager.add("Webhook", "Translator", 0)
    assert may(frappe, "read", "a@example.com")
    assert not may(frappe, "write", "a@example.com")
    manager.update("Webhook", "Translator", 0, "write", 1)
    assert may(frappe, "write", "a@example.com")
    manager.remove("Webhook", "Translator", 0)
    assert not may(frappe, "read", "a@example.com")


def test_the_first_change_copies_the_rules_of_the_app(frappe: Any, manager: Any) -> None:
    before = frappe.get_meta("ToDo").permissions
    manager.add("ToDo", "Translator", 0)
    copied = {rule.role: rule for rule in manager.get_permissions("ToDo")}
    assert set(copied) == {rule.role for rule in before} | {"Translator"}
    assert copied["System Manager"].delete == 1
    manager.reset("ToDo")
    assert not frappe.db.exists("Custom DocPerm", {"parent": "ToDo"})
    assert {rule.role for rule in frappe.get_meta("ToDo").permissions} == {rule.role for rule in before}


def test_impossible_rights_are_refused(frappe: Any, manager: Any) -> None:
    manager.add("ToDo", "Translator", 0)
    with pytest.raises(frappe.ValidationError):
        manager.update("ToDo", "Translator", 0, "submit", 1)
    with pytest.raises(frappe.ValidationError):
        manager.update("ToDo", "Translator", 0, "owner", 1)


def test_the_last_rule_stays(frappe: Any, manager: Any) -> None:
    *others, last = [
        (rule.role, rule.permlevel or 0, rule.if_owner or 0) for rule in frappe.get_meta("ToDo").permissions
    ]
    for rule in others:
        manager.remove("ToDo", *rule)
    with pytest.raises(frappe.ValidationError):
        manager.remove("ToDo", *last)


def test_only_system_managers_give_rights(
    frappe: Any, manager: Any, make_user: Callable[..., Any], acting_as: Callable[[str], Any]
) -> None:
    make_user("a@example.com", "Report Manager")
    with acting_as("a@example.com"):
        for call in (manager.get_roles_and_doctypes, lambda: manager.add("ToDo", "Report Manager", 0)):
            with pytest.raises(frappe.PermissionError):
                call()


def test_standard_rules_are_those_of_the_file(frappe: Any, manager: Any) -> None:
    manager.add("ToDo", "Translator", 0)
    roles = {rule.role for rule in manager.get_standard_permissions("ToDo")}
    assert "Translator" not in roles
    assert "System Manager" in roles


# user permissions


@pytest.fixture
def limit(frappe: Any) -> Callable[..., Any]:
    def make(user: str, allow: str, value: str, **values: Any) -> Any:
        rule = {"doctype": "User Permission", "user": user, "allow": allow, "for_value": value, **values}
        return frappe.get_doc(rule).insert()

    return make


def test_a_limit_counts_at_once_and_no_longer_when_it_is_gone(
    frappe: Any, make_user: Callable[..., Any], limit: Callable[..., Any], acting_as: Callable[[str], Any]
) -> None:
    make_user("a@example.com", "System Manager")
    rule = limit("a@example.com", "Country", "China")
    with acting_as("a@example.com"):
        assert frappe.get_list("Country", pluck="name") == ["China"]
    rule.delete()
    with acting_as("a@example.com"):
        assert len(frappe.get_list("Country", limit=0)) > 1


def test_a_rule_stands_once_and_one_default_per_doctype(
    frappe: Any, make_user: Callable[..., Any], limit: Callable[..., Any]
) -> None:
    make_user("a@example.com")
    limit("a@example.com", "Country", "China", is_default=1)
    with pytest.raises(frappe.DuplicateEntryError):
        limit("a@example.com", "Country", "China")
    with pytest.raises(frappe.ValidationError):
        limit("a@example.com", "Country", "Japan", is_default=1)


def test_limits_are_added_for_chosen_doctypes(frappe: Any, make_user: Callable[..., Any]) -> None:
    from frappe.core.doctype.user_permission import user_permission

    make_user("a@example.com")
    wanted = {"user": "a@example.com", "doctype": "Country", "docname": "China"}
    assert (
        user_permission.add_user_permissions({**wanted, "apply_to_all_doctypes": 0, "applicable_doctypes": ["Address"]})
        == 1
    )
    assert user_permission.check_applicable_doc_perm("a@example.com", "Country", "China") == ["Address"]
    assert user_permission.add_user_permissions({**wanted, "apply_to_all_doctypes": 1}) == 1
    assert user_permission.add_user_permissions({**wanted, "apply_to_all_doctypes": 1}) == 0
    assert user_permission.check_applicable_doc_perm("a@example.com", "Country", "China") == []
    assert user_permission.clear_user_permissions("a@example.com", "Country") == 1


def test_what_a_limit_can_apply_to_has_a_link(frappe: Any) -> None:
    from frappe.core.doctype.user_permission.user_permission import get_applicable_for_doctype_list

    names = [row[0] for row in get_applicable_for_doctype_list("DocType", "", "name", 0, 50, {"doctype": "Country"})]
    assert {"Country", "Address"} <= set(names)
    assert "Currency" not in names


def test_a_new_branch_is_within_the_limit_of_its_tree(
    frappe: Any, make_user: Callable[..., Any], make_doctype: Callable[..., Any], limit: Callable[..., Any]
) -> None:
    make_doctype(
        "Place", [{"fieldname": "title", "fieldtype": "Data", "label": "Title"}], is_tree=1, autoname="field:title"
    )
    make_user("a@example.com", "System Manager")
    for title, parent in (("World", None), ("Asia", "World"), ("Europe", "World")):
        frappe.get_doc({"doctype": "Place", "title": title, "parent_place": parent, "is_group": 1}).insert()
    limit("a@example.com", "Place", "Asia")
    assert not frappe.has_permission("Place", "read", "Europe", user="a@example.com")
    frappe.get_doc({"doctype": "Place", "title": "Japan", "parent_place": "Asia"}).insert()
    assert frappe.has_permission("Place", "read", "Japan", user="a@example.com")


def test_saving_an_old_copy_of_a_node_leaves_the_tree_alone(frappe: Any, make_doctype: Callable[..., Any]) -> None:
    make_doctype(
        "Place", [{"fieldname": "title", "fieldtype": "Data", "label": "Title"}], is_tree=1, autoname="field:title"
    )
    world = frappe.get_doc({"doctype": "Place", "title": "World", "is_group": 1}).insert()
    for title in ("Asia", "Europe"):
        frappe.get_doc({"doctype": "Place", "title": title, "parent_place": "World"}).insert()
    world.save()
    rows = frappe.get_all("Place", fields=["name", "lft", "rgt"], order_by="lft")
    assert [(row.name, row.lft, row.rgt) for row in rows] == [("World", 1, 6), ("Asia", 2, 3), ("Europe", 4, 5)]


# shares


def test_who_may_write_may_read(frappe: Any, make_user: Callable[..., Any]) -> None:
    make_user("a@example.com", "Report Manager")
    share = {"doctype": "DocShare", "share_doctype": "Webhook", "user": "a@example.com", "write": 1}
    hook = frappe.get_doc({"doctype": "Role", "role_name": "Packer"}).insert()
    row = frappe.get_doc({**share, "share_doctype": "Role", "share_name": hook.name}).insert()
    assert row.read == 1
    assert frappe.has_permission("Role", "write", "Packer", user="a@example.com")


@pytest.mark.parametrize(("values", "error"), [({"user": None}, "MandatoryError"), ({"submit": 1}, "ValidationError")])
def test_impossible_shares_are_refused(
    frappe: Any, make_user: Callable[..., Any], values: dict[str, Any], error: str
) -> None:
    make_user("a@example.com")
    share = {"doctype": "DocShare", "share_doctype": "Role", "share_name": "All", "user": "a@example.com", "read": 1}
    with pytest.raises(getattr(frappe, error)):
        frappe.get_doc({**share, **values}).insert()


def test_nobody_shares_what_they_may_not(
    frappe: Any, make_user: Callable[..., Any], acting_as: Callable[[str], Any]
) -> None:
    make_user("a@example.com", "Report Manager")
    make_user("b@example.com", "Report Manager")
    share = {"doctype": "DocShare", "share_doctype": "Role", "share_name": "All", "user": "b@example.com", "read": 1}
    with acting_as("a@example.com"), pytest.raises(frappe.PermissionError):
        frappe.get_doc(share).insert(ignore_permissions=True)


def test_the_inspector_says_why(frappe: Any, make_user: Callable[..., Any]) -> None:
    make_user("a@example.com", "Report Manager")
    frappe.local.lang = "en"
    inspector = frappe.get_doc(
        {
            "doctype": "Permission Inspector",
            "ref_doctype": "Webhook",
            "user": "a@example.com",
            "permission_type": "write",
        }
    )
    inspector.debug()
    assert inspector.output.startswith("Allowed: No")
    assert "Report Manager" in inspector.output


def test_a_document_may_stand_for_its_doctype(frappe: Any, make_user: Callable[..., Any]) -> None:
    make_user("a@example.com")
    own, other = (frappe.get_doc({"doctype": "Note", "title": title, "public": 0}).insert() for title in "xy")
    own.db_set("owner", "a@example.com")
    for right, note in (("read", own), ("read", other), ("write", own), ("write", other)):
        assert frappe.has_permission(note, right, user="a@example.com") == frappe.has_permission(
            "Note", right, note, user="a@example.com"
        )
    with pytest.raises(frappe.PermissionError):
        frappe.has_permission(frappe.get_doc("Role", "Guest"), "write", user="a@example.com", throw=True)
