"""Records that tests of apps begin with."""

from __future__ import annotations

from typing import Any

from frappe_engine.testing.records import make_test_records


def test_tests_of_apps_find_users_with_roles(frappe_connected: Any) -> None:
    frappe = frappe_connected
    frappe.local.test_objects = {}
    make_test_records("User")
    assert set(frappe.get_roles("test@example.com")) >= {"_Test Role", "System Manager"}
    assert "System Manager" not in frappe.get_roles("test1@example.com")
    frappe.local.test_objects = {}
    make_test_records("User")
    assert frappe.db.count("User", {"email": ["like", "test%@example.com"]}) == 5
