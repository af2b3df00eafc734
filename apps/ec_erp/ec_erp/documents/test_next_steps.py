"""Every state has a line about what happens next, and the lines name what is waited for."""

from types import SimpleNamespace
from typing import Any

import frappe
from frappe.tests.utils import FrappeTestCase

from ec_erp.documents.next_steps import LINES, STAGES, line_of
from ec_erp.hooks import next_step


def choices(doctype: str, fieldname: str) -> set[str]:
    return set(frappe.get_meta(doctype).get_field(fieldname).options.split("\n")) - {""}


class Paper(SimpleNamespace):
    """A document as far as a line needs it."""

    def get(self, fieldname: str) -> Any:
        return getattr(self, fieldname, None)

    def get_formatted(self, fieldname: str) -> str:
        return str(self.get(fieldname))


class TestNextSteps(FrappeTestCase):
    def test_every_state_of_every_named_doctype_has_its_line(self) -> None:
        assert {doctype: set(lines) for doctype, lines in LINES.items()} == {
            doctype: choices(doctype, "status") for doctype in next_step
        }

    def test_a_draft_delivery_says_where_in_the_warehouse_it_is(self) -> None:
        assert choices("Delivery Note", "stage") - {"Handed Over"} == set(STAGES)
        draft = Paper(doctype="Delivery Note", docstatus=0, status="Draft", stage="Checked")
        assert line_of(draft) == {"text": frappe._("Pack it"), "indicator": "orange"}

    def test_an_order_names_the_role_it_waits_for_and_why(self) -> None:
        done = SimpleNamespace(role="Buyer", reason="", approved=1)
        asked = SimpleNamespace(role="EC Manager", reason="32354.16 ≥ 20000", approved=0)
        order = Paper(doctype="Purchase Order", docstatus=1, status="To Approve", approvals=[done, asked])
        assert line_of(order)["text"] == frappe._("Waits for the approval of {0}").format(
            f"{frappe._('EC Manager')} (32354.16 ≥ 20000)"
        )

    def test_an_open_suggestion_says_what_fits_its_kind(self) -> None:
        told = [
            line_of(Paper(doctype="Purchase Suggestion", docstatus=0, status="Open", **values))["text"]
            for values in (
                {"kind": "Transfer", "order_by": "2026-12-01"},
                {"kind": "Purchase", "order_by": None},
                {"kind": "Purchase", "order_by": "2026-12-01"},
            )
        ]
        assert told == [
            frappe._("Make the transfer, or dismiss it"),
            frappe._("Request it, order it, or dismiss it"),
            frappe._("Request it, order it, or dismiss it; by {0} it should be ordered").format("2026-12-01"),
        ]

    def test_a_value_that_is_not_there_is_a_dash(self) -> None:
        parcel = Paper(doctype="Parcel", docstatus=0, status="Weighed", carrier=None)
        assert line_of(parcel) == {"text": frappe._("Hand it to {0}").format("–"), "indicator": "orange"}

    def test_the_hook_leads_to_the_line(self) -> None:
        told = frappe.get_attr(frappe.get_hooks("next_step")["Wave"][-1])
        wave = Paper(doctype="Wave", docstatus=0, status="To Pick", order_count=3)
        assert told(wave)["text"] == frappe._("Orders for a picker to take: {0}").format(3)

    def test_an_unknown_kind_has_no_line(self) -> None:
        assert line_of(Paper(doctype="ToDo", docstatus=0, status="Open")) is None
