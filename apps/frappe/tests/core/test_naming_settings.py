"""Naming rules and settings: which rule names, series of DocTypes, counters, previews, names of amendments."""

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def frappe(own_site: Any) -> Iterator[Any]:
    """Connected to a site of its own, with a DocType that is named by series."""
    import frappe as face

    with own_site.connected():
        for name in ("Bill", "Slip"):
            _make(face, name)
        yield face


def _make(frappe: Any, name: str) -> None:
    fields = [
        {
            "fieldname": "naming_series",
            "label": "Series",
            "fieldtype": "Select",
            "options": f"{name.upper()}-.YYYY.-.####",
        },
        {"fieldname": "title", "label": "Title", "fieldtype": "Data"},
        {"fieldname": "amount", "label": "Amount", "fieldtype": "Float"},
        {"fieldname": "amended_from", "label": "Amended From", "fieldtype": "Link", "options": name, "no_copy": 1},
    ]
    rights = [{"role": "System Manager", "read": 1, "write": 1, "create": 1, "submit": 1, "cancel": 1, "amend": 1}]
    values = {"fields": fields, "permissions": rights, "is_submittable": 1, "autoname": "naming_series:"}
    frappe.get_doc({"doctype": "DocType", "name": name, "module": "Custom", "custom": 1, **values}).insert()


def bill(frappe: Any, **values: Any) -> Any:
    return frappe.get_doc({"doctype": "Bill", **values}).insert()


def rule(frappe: Any, prefix: str, conditions: Any = (), **values: Any) -> Any:
    rows = [{"field": field, "condition": condition, "value": value} for field, condition, value in conditions]
    given = {"doctype": "Document Naming Rule", "document_type": "Bill", "prefix": prefix, "conditions": rows, **values}
    return frappe.get_doc(given).insert()


def settings(frappe: Any, **values: Any) -> Any:
    document = frappe.get_single("Document Naming Settings")
    return document.update(values) or document


def test_the_first_rule_that_fits_names(frappe: Any) -> None:
    rule(frappe, "BIG-", [("amount", ">=", "1000")], priority=2, prefix_digits=3)
    rule(frappe, "ANY-", priority=1)
    names = [bill(frappe, amount=amount).name for amount in (5, 1000, 2000, 6)]
    assert names == ["ANY-00001", "BIG-001", "BIG-002", "ANY-00002"]


def test_a_rule_counts_at_once_and_no_longer_when_disabled(frappe: Any) -> None:
    made = rule(frappe, "R-.YYYY.-")
    year = frappe.utils.nowdate()[:4]
    assert bill(frappe).name == f"R-{year}-00001"
    assert made.reload().get_preview() == f"R-{year}-00002"
    made.disabled = 1
    made.save()
    assert bill(frappe).name == f"BILL-{year}-0001"


def test_a_rule_and_a_class_name_what_would_get_a_hash(frappe: Any) -> None:
    def task() -> Any:
        return frappe.get_doc({"doctype": "ToDo", "description": "named"}).insert()

    assert len(task().name) == 16
    made = rule(frappe, "TASK-", document_type="ToDo")
    assert [task().name, task().name] == ["TASK-00001", "TASK-00002"]
    made.delete()
    named = frappe.get_doc({"doctype": "ToDo", "description": "named"})
    named.__dict__["autoname"] = lambda: named.update({"name": "by-its-class"})
    assert named.insert().name == "by-its-class"
    assert len(task().name) == 16


def test_a_rule_on_no_field_is_refused(frappe: Any) -> None:
    with pytest.raises(frappe.ValidationError, match="nothing"):
        rule(frappe, "X-", [("nothing", "=", "1")])


def test_the_counter_of_a_rule_is_set(frappe: Any) -> None:
    from frappe.core.doctype.document_naming_rule.document_naming_rule import update_current

    made = rule(frappe, "R-")
    update_current(made.name, 41)
    assert bill(frappe).name == "R-00042"


def test_a_doctype_gets_other_series(frappe: Any) -> None:
    page = settings(frappe, transaction_type="Bill", naming_series_options="A-.####\nB-.####")
    page.update_series()
    assert bill(frappe).name == "A-0001"
    assert bill(frappe, naming_series="B-.####").name == "B-0001"
    assert page.get_options() == "A-.####\nB-.####"


@pytest.mark.parametrize("series", ["", "A-####", "A$-.####", "SLIP-.YYYY.-.####"])
def test_series_that_can_not_be_are_refused(frappe: Any, series: str) -> None:
    with pytest.raises(frappe.ValidationError):
        settings(frappe, transaction_type="Bill", naming_series_options=series).update_series()


def test_transactions_and_prefixes(frappe: Any) -> None:
    year = frappe.utils.nowdate()[:4]
    found = settings(frappe).get_transactions_and_prefixes()
    assert {"Bill", "Slip"} <= set(found["transactions"])
    assert f"BILL-{year}-" in found["prefixes"]


def test_the_counter_of_a_series_is_seen_and_set(frappe: Any) -> None:
    year = frappe.utils.nowdate()[:4]
    bill(frappe)
    page = settings(frappe, prefix=f"BILL-{year}-")
    assert page.get_current() == 1
    page.current_value = 98
    page.update_series_start()
    assert bill(frappe).name == f"BILL-{year}-0099"


def test_names_are_previewed_without_taking_them(frappe: Any) -> None:
    page = settings(frappe, transaction_type="Bill", try_naming_series="T-.##")
    assert page.preview_series().split("\n") == ["T-01", "T-02", "T-03"]
    assert page.preview_series().split("\n")[0] == "T-01"
    page.try_naming_series = "T##"
    assert "T##" in page.preview_series()


def amended(frappe: Any, document: Any) -> Any:
    copy = frappe.copy_doc(document)
    copy.amended_from = document.name
    return copy.insert()


def cancelled(frappe: Any, document: Any) -> Any:
    document.submit()
    document.cancel()
    return document


def test_amendments_are_counted(frappe: Any) -> None:
    first = cancelled(frappe, bill(frappe))
    second = cancelled(frappe, amended(frappe, first))
    assert [second.name, amended(frappe, second).name] == [f"{first.name}-1", f"{first.name}-2"]


def test_amendments_get_names_of_the_series_where_that_is_wanted(frappe: Any) -> None:
    year = frappe.utils.nowdate()[:4]
    first = cancelled(frappe, bill(frappe))
    settings(frappe, default_amend_naming="Default Naming").update_amendment_rule()
    assert amended(frappe, first).name == f"BILL-{year}-0002"
    override = [{"document_type": "Bill", "action": "Amend Counter"}]
    settings(frappe, default_amend_naming="Default Naming", amend_naming_override=override).update_amendment_rule()
    other = cancelled(frappe, bill(frappe))
    assert amended(frappe, other).name == f"{other.name}-1"
