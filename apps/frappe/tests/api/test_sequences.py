"""Sequences of DocTypes: numbers in their order, nobody's twice."""

from __future__ import annotations

from typing import Any

import pytest
from frappe.database.sequence import create_sequence, get_next_val, set_next_val


@pytest.fixture
def frappe(frappe_connected: Any) -> Any:
    """The public package, connected as Administrator; undone after the test."""
    return frappe_connected


def test_a_sequence_counts_from_one_or_from_where_it_is_told(frappe: Any) -> None:
    assert frappe.db.create_sequence("SQ Ticket") == "sq_ticket_id_seq"
    assert [frappe.db.get_next_sequence_val("SQ Ticket") for _time in range(2)] == [1, 2]
    frappe.db.create_sequence("SQ Case", start_value=7, cache=frappe.db.SEQUENCE_CACHE)
    assert frappe.db.get_next_sequence_val("SQ Case") == 7


def test_it_goes_on_with_the_number_that_is_set(frappe: Any) -> None:
    create_sequence("SQ Ticket")
    set_next_val("SQ Ticket", 50)
    assert get_next_val("SQ Ticket") == 50
    frappe.db.set_next_sequence_val("SQ Ticket", 60, is_val_used=True)
    assert get_next_val("SQ Ticket") == 61


def test_it_is_made_once(frappe: Any) -> None:
    frappe.db.create_sequence("SQ Ticket")
    frappe.db.get_next_sequence_val("SQ Ticket")
    frappe.db.create_sequence("SQ Ticket", check_not_exists=True)
    assert frappe.db.get_next_sequence_val("SQ Ticket") == 2
    with pytest.raises(frappe.DuplicateEntryError):
        frappe.db.create_sequence("SQ Ticket")


def test_names_by_counting_go_on_with_the_sequence_of_their_doctype(frappe: Any) -> None:
    fields = [{"fieldname": "title", "fieldtype": "Data", "label": "Title"}]
    values = {"name": "SQ Counted", "module": "Core", "custom": 1, "autoname": "autoincrement", "fields": fields}
    frappe.get_doc({"doctype": "DocType", **values, "permissions": [{"role": "System Manager", "read": 1}]}).insert()
    frappe.db.set_next_sequence_val("SQ Counted", 40)
    assert frappe.get_doc({"doctype": "SQ Counted", "title": "a"}).insert().name == 40


def test_sequences_that_end_or_leave_numbers_out_are_refused(frappe: Any) -> None:
    with pytest.raises(NotImplementedError, match="create_sequence"):
        frappe.db.create_sequence("SQ Ticket", cycle=True, max_value=3)
