"""Names that version 16 brought, and others that newer apps use."""

from __future__ import annotations

from typing import Any, Literal

import pytest


@pytest.fixture
def frappe(frappe_connected: Any) -> Any:
    """The public package, connected as Administrator; undone after the test."""
    return frappe_connected


def test_the_client_cache_keeps_and_forgets(frappe: Any) -> None:
    made: list[int] = []
    value = frappe.client_cache.get_value("v16:a", generator=lambda: made.append(1) or {"n": 1})
    assert frappe.client_cache.get_value("v16:a", generator=lambda: made.append(1)) == value == {"n": 1}
    assert made == [1]
    frappe.cache.set_value("v16:a", {"n": 2})
    assert frappe.client_cache.get_value("v16:a") == {"n": 2}
    frappe.client_cache.delete_value("v16:a")
    assert frappe.client_cache.get_value("v16:a") is None


def test_the_client_cache_forgets_by_the_beginning_of_keys(frappe: Any) -> None:
    for key in ("v16:x:1", "v16:x:2", "v16:y"):
        frappe.client_cache.set_value(key, key)
    frappe.client_cache.delete_keys("v16:x")
    assert [frappe.client_cache.get_value(key) for key in ("v16:x:1", "v16:x:2", "v16:y")] == [None, None, "v16:y"]


def test_the_client_cache_gives_documents_as_they_are_stored(frappe: Any) -> None:
    assert frappe.client_cache.get_doc("User", "Guest").name == "Guest"
    frappe.client_cache.clear_cache()
    frappe.db.set_single_value("System Settings", "float_precision", "4")
    assert frappe.client_cache.get_doc("System Settings").float_precision == "4"


def test_a_redirection_is_raised(frappe: Any) -> None:
    with pytest.raises(frappe.Redirect):
        frappe.redirect("/elsewhere")
    assert frappe.flags.redirect_location == "/elsewhere"


def test_types_of_fields_are_there_for_annotations(frappe: Any) -> None:
    from frappe.types import DF
    from frappe.types.frappedict import _dict

    assert DF.Check is int
    assert DF.Currency is float
    assert DF.Select[1, 2] == Literal[1, 2]
    assert DF.Table[int] == list[int]
    assert _dict is frappe._dict


def test_versions_of_apps_are_told(frappe: Any) -> None:
    from frappe.pulse.utils import get_app_version, get_frappe_version
    from frappe.utils.change_log import get_app_branch, get_versions

    versions = get_versions()
    assert versions["frappe"]["version"] == frappe.__version__ == get_frappe_version() == get_app_version("frappe")
    assert versions["frappe"]["branch"] == get_app_branch("frappe")
    frappe.set_user("Guest")
    with pytest.raises(frappe.PermissionError):
        get_versions()


def test_nothing_is_reported_about_usage(frappe: Any) -> None:
    from frappe.utils.telemetry import is_pulse_enabled
    from frappe.utils.telemetry.pulse.client import boot_config, capture, is_enabled

    assert (is_pulse_enabled(), is_enabled(), boot_config()) == (False, False, {"enabled": False})
    assert capture("event", app="x") is None


def test_modules_of_a_user(frappe: Any) -> None:
    from frappe.utils.modules import get_modules_from_all_apps_for_user

    assert {"module_name": "Core", "app": "frappe"} in get_modules_from_all_apps_for_user()


def test_translations_for_pages_of_apps(frappe: Any) -> None:
    from frappe.translate import get_messages_for_boot, get_translated_doctypes, get_translations_from_apps

    frappe.local.lang = "zh"
    frappe.get_doc(
        {"doctype": "Translation", "language": "zh", "source_text": "V16 Word", "translated_text": "词"}
    ).insert()
    shipped = get_translations_from_apps("zh", ["frappe"])
    assert get_messages_for_boot()["V16 Word"] == "词"
    assert shipped["Title"] == "标题"
    assert "V16 Word" not in shipped
    assert get_translations_from_apps("en") == {}
    assert "DocType" in get_translated_doctypes()


def test_the_class_of_the_cache_has_a_name(frappe: Any) -> None:
    from frappe.utils.redis_wrapper import RedisWrapper

    assert isinstance(frappe.cache, RedisWrapper)


def test_who_points_at_a_document(frappe: Any) -> None:
    from frappe.model.delete_doc import get_dynamic_linked_docs, get_linked_docs

    role = frappe.get_doc({"doctype": "Role", "role_name": "V16 Role"}).insert()
    user = frappe.get_doc({"doctype": "User", "email": "v16@example.com", "first_name": "V", "send_welcome_email": 0})
    user.append("roles", {"role": role.name})
    user.insert()
    topic = {"doctype": "Discussion Topic", "title": "t", "reference_doctype": "Role", "reference_docname": role.name}
    topic = frappe.get_doc(topic).insert()
    (linked,) = get_linked_docs(role)
    assert linked == {"reference_doctype": "User", "reference_docname": user.name, "reference_field": "role"}
    assert [(d.reference_doctype, d.reference_docname) for d in get_dynamic_linked_docs(role)] == [
        ("Discussion Topic", topic.name)
    ]
    assert get_linked_docs(role, method="Cancel") == []
