"""Users: names, kinds, roles, passwords, keys, and what goes when they go."""

from collections.abc import Callable
from typing import Any

import pytest
from frappe_engine.documents import passwords

PASSWORD = "Tall-Blue-Boxes-7"


def test_a_user_is_named_by_the_address_in_lower_case(make_user: Callable[..., Any]) -> None:
    user = make_user("Anna.Li@Example.com", first_name="Anna", last_name="Li")
    assert (user.name, user.email, user.full_name, user.username) == (
        "anna.li@example.com",
        "anna.li@example.com",
        "Anna Li",
        "anna",
    )


def test_a_name_that_is_no_address_is_refused(frappe: Any, make_user: Callable[..., Any]) -> None:
    with pytest.raises(frappe.InvalidEmailAddressError):
        make_user("nonsense")


def test_two_users_never_share_a_username(make_user: Callable[..., Any]) -> None:
    first = make_user("a@example.com", first_name="Wang", last_name="Wei")
    second = make_user("b@example.com", first_name="Wang", last_name="Wei")
    assert (first.username, second.username) == ("wang", "wang_wei")


def test_a_desk_role_makes_a_system_user(frappe: Any, make_user: Callable[..., Any]) -> None:
    user = make_user("a@example.com")
    assert user.user_type == "Website User"
    user.add_roles("System Manager")
    assert user.user_type == "System User"
    assert "Desk User" in frappe.get_roles("a@example.com")
    user.remove_roles("System Manager")
    assert user.user_type == "Website User"


def test_who_is_given_the_role_of_the_desk_alone_is_a_system_user(frappe: Any, make_user: Callable[..., Any]) -> None:
    user = make_user("a@example.com", "Desk User", "All")
    assert (user.user_type, user.role_names) == ("System User", ["Desk User"])
    assert sorted(frappe.get_roles("a@example.com")) == ["All", "Desk User", "Guest"]
    user.save()
    assert user.user_type == "System User"


def test_roles_are_kept_once_and_never_the_automatic_ones(make_user: Callable[..., Any]) -> None:
    user = make_user(
        "a@example.com", roles=[{"role": "Report Manager"}] * 2 + [{"role": "All"}, {"role": "Administrator"}]
    )
    assert user.role_names == ["Report Manager"]


def test_a_role_profile_gives_its_roles(frappe: Any, make_user: Callable[..., Any]) -> None:
    profile = frappe.get_doc(
        {"doctype": "Role Profile", "role_profile": "Clerk", "roles": [{"role": "Report Manager"}]}
    ).insert()
    user = make_user("a@example.com", "Translator", role_profile_name="Clerk")
    assert user.role_names == ["Report Manager"]
    profile.append("roles", {"role": "Inbox User"})
    profile.save()
    assert sorted(frappe.get_doc("User", user.name).role_names) == ["Inbox User", "Report Manager"]


def test_a_module_profile_hides_its_modules(frappe: Any, make_user: Callable[..., Any]) -> None:
    frappe.get_doc(
        {"doctype": "Module Profile", "module_profile_name": "Few", "block_modules": [{"module": "Website"}]}
    ).insert()
    user = make_user("a@example.com", "System Manager", module_profile="Few")
    assert user.get_blocked_modules() == ["Website"]
    allowed = frappe.get_user("a@example.com").allow_modules
    assert "Website" not in allowed
    assert "Core" in allowed


@pytest.mark.parametrize("name", ["Administrator", "Guest"])
def test_standard_users_stay(frappe: Any, name: str) -> None:
    user = frappe.get_doc("User", name)
    user.enabled = 0
    for attempt in (user.save, user.delete, lambda: frappe.rename_doc("User", name, "x@example.com", force=True)):
        with pytest.raises(frappe.ValidationError, match=r"cannot be|不能"):
            attempt()


@pytest.fixture
def no_other_managers(frappe: Any) -> None:
    """Take the role from everybody else: where changed tables commit (MariaDB), other tests leave users behind."""
    frappe.db.delete("Has Role", {"role": "System Manager", "parent": ["!=", "Administrator"]})
    frappe.clear_cache()


@pytest.mark.usefixtures("no_other_managers")
def test_the_last_system_manager_can_not_step_down(
    frappe: Any, make_user: Callable[..., Any], acting_as: Callable[[str], Any]
) -> None:
    make_user("a@example.com", "System Manager")
    with acting_as("a@example.com"):
        user = frappe.get_doc("User", "a@example.com")
        user.enabled = 0
        with pytest.raises(frappe.ValidationError):
            user.save()
    make_user("b@example.com", "System Manager")
    with acting_as("a@example.com"):
        user = frappe.get_doc("User", "a@example.com")
        user.enabled = 0
        assert user.save().enabled == 0


def test_a_password_is_kept_as_a_hash_alone(frappe: Any, make_user: Callable[..., Any]) -> None:
    from frappe.utils.password import check_password

    user = make_user("a@example.com", new_password=PASSWORD)
    assert not frappe.db.get_value("User", user.name, "new_password")
    assert check_password(user.name, PASSWORD) == user.name
    kept = frappe.db.sql("select password, encrypted from __Auth where name=%s", user.name)
    assert kept[0][0].startswith("$argon2id$")
    assert (kept[0][1], len(kept)) == (0, 1)


@pytest.mark.parametrize("password", ["abc", "anna1988", "password1"])
def test_weak_and_personal_passwords_are_refused(frappe: Any, make_user: Callable[..., Any], password: str) -> None:
    with pytest.raises(frappe.ValidationError):
        make_user("anna@example.com", first_name="anna", new_password=password)


def test_a_site_without_policy_takes_any_password(frappe: Any, make_user: Callable[..., Any]) -> None:
    frappe.db.set_single_value("System Settings", "enable_password_policy", 0)
    assert make_user("a@example.com", new_password="abc").name == "a@example.com"


def test_a_reset_key_works_once_and_is_kept_as_a_hash(frappe: Any, make_user: Callable[..., Any]) -> None:
    from frappe.core.doctype.user.user import update_password
    from frappe.utils.password import check_password

    key = make_user("a@example.com").reset_password().partition("key=")[2]
    assert frappe.db.get_value("User", "a@example.com", "reset_password_key") not in (None, key)
    update_password(PASSWORD, key=key)
    assert check_password("a@example.com", PASSWORD)
    with pytest.raises(frappe.PermissionError):
        update_password(PASSWORD, key=key)


def test_an_old_reset_key_is_refused(frappe: Any, make_user: Callable[..., Any]) -> None:
    from frappe.core.doctype.user.user import update_password

    key = make_user("a@example.com").reset_password().partition("key=")[2]
    frappe.db.set_value("User", "a@example.com", "last_reset_password_key_generated_on", "2020-01-01")
    with pytest.raises(frappe.LinkExpired):
        update_password(PASSWORD, key=key)


def test_reset_answers_the_same_for_strangers(frappe: Any, make_user: Callable[..., Any]) -> None:
    from frappe.core.doctype.user.user import reset_password

    make_user("a@example.com")
    answers = []
    for address in ("a@example.com", "b@example.com"):
        frappe.clear_messages()
        reset_password(address)
        answers.append(frappe.get_message_log()[-1].message.replace(address, ""))
    assert answers[0] == answers[1]


def test_keys_are_made_by_system_managers_alone(
    frappe: Any, make_user: Callable[..., Any], acting_as: Callable[[str], Any]
) -> None:
    from frappe.core.doctype.user.user import generate_keys

    make_user("a@example.com")
    secret = generate_keys("a@example.com")["api_secret"]
    user = frappe.get_doc("User", "a@example.com")
    assert (user.get_password("api_secret"), len(user.api_key)) == (secret, 15)
    with acting_as("a@example.com"), pytest.raises(frappe.PermissionError):
        generate_keys("a@example.com")


def test_a_renamed_user_keeps_what_is_theirs(frappe: Any, make_user: Callable[..., Any]) -> None:
    from frappe.utils.password import check_password

    make_user("a@example.com", new_password=PASSWORD)
    todo = frappe.get_doc({"doctype": "ToDo", "description": "count", "allocated_to": "a@example.com"}).insert()
    frappe.rename_doc("User", "a@example.com", "Z@Example.com", force=True)
    assert frappe.db.get_value("User", "z@example.com", ["name", "email"]) == ("z@example.com", "z@example.com")
    assert frappe.db.get_value("ToDo", todo.name, "allocated_to") == "z@example.com"
    assert frappe.db.exists("Notification Settings", "z@example.com")
    assert check_password("z@example.com", PASSWORD)


def test_what_only_a_user_saw_goes_with_the_user(frappe: Any, make_user: Callable[..., Any]) -> None:
    make_user("a@example.com")
    frappe.get_doc({"doctype": "ToDo", "description": "count", "allocated_to": "a@example.com"}).insert()
    frappe.delete_doc("User", "a@example.com")
    assert not frappe.db.exists("ToDo", {"allocated_to": "a@example.com"})
    assert not frappe.db.exists("Notification Settings", "a@example.com")
    assert not frappe.db.exists("DocShare", {"user": "a@example.com"})


def test_users_may_change_their_own_record_and_no_other(
    frappe: Any, make_user: Callable[..., Any], acting_as: Callable[[str], Any]
) -> None:
    make_user("a@example.com", "Report Manager")
    make_user("b@example.com", "Report Manager")
    with acting_as("a@example.com"):
        assert frappe.has_permission("User", "write", "a@example.com")
        assert not frappe.has_permission("User", "write", "b@example.com")
        assert not frappe.has_permission("User", "read", "Administrator")
        assert "Administrator" not in frappe.get_list("User", pluck="name")


def test_lists_of_what_a_user_may_do(frappe: Any, make_user: Callable[..., Any]) -> None:
    make_user("a@example.com", "System Manager")
    rights = frappe.get_user("a@example.com").load_user()
    assert "ToDo" in rights.can_read
    assert "ToDo" in rights.can_create
    assert "System Settings" in rights.can_write
    assert "System Settings" not in rights.can_create
    assert rights.roles == frappe.get_roles("a@example.com")
    assert "Has Role" not in rights.can_read


def test_lists_of_rights_follow_permissions_at_once(frappe: Any, make_user: Callable[..., Any]) -> None:
    make_user("a@example.com", "Translator")
    assert "Webhook" not in frappe.get_user("a@example.com").can_read
    frappe.permissions.add_permission("Webhook", "Translator")
    assert "Webhook" in frappe.get_user("a@example.com").can_read


def test_lists_of_rights_cost_few_queries_and_are_kept(frappe: Any, sql_count: Any) -> None:
    frappe.clear_cache()
    frappe.get_roles("Guest")
    with sql_count() as first:
        assert frappe.get_user("Guest").can_read
    with sql_count() as second:
        assert frappe.get_user("Guest").can_read
    assert (len(first) <= 8, len(second)) == (True, 0)


@pytest.mark.usefixtures("no_other_managers")
def test_who_has_a_role(frappe: Any, make_user: Callable[..., Any]) -> None:
    from frappe.utils.user import get_system_managers, get_users_with_role

    make_user("a@example.com", "System Manager", first_name="Anna")
    make_user("b@example.com", "System Manager", enabled=0)
    assert get_users_with_role("System Manager") == ["a@example.com"]
    assert get_system_managers() == ["Anna <a@example.com>"]
    assert get_system_managers(only_name=True) == ["a@example.com"]


def test_links_to_users_are_searched_by_name(frappe: Any, make_user: Callable[..., Any]) -> None:
    from frappe.core.doctype.user.user import user_query

    make_user("a@example.com", "System Manager", first_name="Anna")
    make_user("b@example.com")
    assert user_query("User", "ann", "name", 0, 10, {}) == (("a@example.com", "Anna"),)
    everybody = user_query("User", "example", "name", 0, 10, {"ignore_user_type": 1})
    assert ("b@example.com", "b") in everybody


def test_a_secret_that_was_changed_or_removed_counts_no_more(frappe: Any) -> None:
    def fits(text: str) -> bool:
        return passwords.is_kept_password("User", "Guest", "api_secret", text)

    passwords.set_encrypted_password("User", "Guest", "first", "api_secret")
    assert [fits("first"), fits("first"), fits("second"), fits("")] == [True, True, False, False]
    passwords.set_encrypted_password("User", "Guest", "second", "api_secret")
    assert [fits("first"), fits("second")] == [False, True]
    passwords.remove_encrypted_password("User", "Guest", "api_secret")
    assert not fits("second")


@pytest.mark.parametrize(
    "change",
    [
        lambda frappe: passwords.rename_passwords("User", "Guest", "Administrator"),
        lambda frappe: passwords.rename_password_field("User", "api_secret", "old_secret"),
        lambda frappe: passwords.delete_all_passwords_for("User", "GUEST"),
        lambda frappe: frappe.db.delete("__Auth", {"doctype": "User", "name": "Guest"}),
        lambda frappe: frappe.db.sql("delete from `__Auth` where name = %s", "Guest"),
        lambda frappe: frappe.qb.from_("__Auth").delete().where(frappe.qb.Field("name") == "Guest").run(),
    ],
    ids=["name", "field", "document", "rows", "sql", "builder"],
)
def test_a_secret_is_asked_for_once_until_it_changes_in_any_way(frappe: Any, change: Callable[[Any], Any]) -> None:
    passwords.set_encrypted_password("User", "Guest", "first", "api_secret")
    frappe.db.commit()

    def fits() -> bool:
        return passwords.is_kept_password("User", "Guest", "api_secret", "first")

    assert fits()
    before = frappe.db.statements
    assert fits()
    assert frappe.db.statements == before
    change(frappe)
    assert not fits()
    frappe.db.rollback()
    assert fits()
    passwords.remove_encrypted_password("User", "Guest", "api_secret")
    frappe.db.commit()
