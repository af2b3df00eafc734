"""Controller of the DocType Number Card, and the calls that work numbers out.

Invariant: a number counts what the one who asks may see.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe._parameters import dict_parameter
from frappe.model.document import Document
from frappe.model.naming import append_number_if_name_exists
from frappe.utils import add_to_date, cint, flt, now

FUNCTIONS = {"Count": "count", "Sum": "sum", "Average": "avg", "Minimum": "min", "Maximum": "max"}
INTERVALS = {"Daily": {"days": -1}, "Weekly": {"weeks": -1}, "Monthly": {"months": -1}, "Yearly": {"years": -1}}
MANAGERS = frozenset({"System Manager", "Dashboard Manager"})


class NumberCard(Document):
    """One number on a workspace or dashboard."""

    def autoname(self) -> None:
        """Name a card by its label, with a number where the label is taken."""
        self.name = append_number_if_name_exists("Number Card", self.name or self.label)

    def validate(self) -> None:
        """Refuse cards that could show nothing."""
        if self.type == "Document Type":
            if not (self.document_type and self.function):
                frappe.throw(
                    _("Document Type and Function are required to create a number card"), frappe.MandatoryError
                )
            if self.function != "Count" and not self.aggregate_function_based_on:
                frappe.throw(_("Aggregate Field is required to create a number card"), frappe.MandatoryError)
            if frappe.get_meta(self.document_type).istable and not self.parent_document_type:
                frappe.throw(_("Parent Document Type is required to create a number card"), frappe.MandatoryError)
        elif self.type == "Report" and not (self.report_name and self.report_field and self.report_function):
            frappe.throw(
                _("Report Name, Report Field and Function are required to create a number card"), frappe.MandatoryError
            )
        elif self.type == "Custom" and not self.method:
            frappe.throw(_("Method is required to create a number card"), frappe.MandatoryError)


def get_permission_query_conditions(user: str | None = None) -> str | None:
    """Show the cards about what a user may read."""
    who = user or frappe.session.user
    if who == "Administrator" or MANAGERS & set(frappe.get_roles(who)):
        return None
    names = ", ".join(frappe.db.escape(name) for name in frappe.get_user(who).get_can_read()) or "''"
    return f"(`tabNumber Card`.`document_type` IN ({names}) OR `tabNumber Card`.`type` <> 'Document Type')"


def has_permission(doc: Any, ptype: str = "read", user: str | None = None) -> bool:
    """Tell whether a user may see a card (change: one of their own)."""
    who = user or frappe.session.user
    if who == "Administrator" or MANAGERS & set(frappe.get_roles(who)):
        return True
    if ptype not in ("read", "select") and not doc.is_new() and doc.owner != who:
        return False
    if doc.type == "Document Type" and doc.document_type:
        return bool(frappe.has_permission(doc.document_type, "read", user=who))
    return True


@frappe.whitelist()
def get_result(doc: Any, filters: Any = None, to_date: Any = None) -> float | int:
    """Give the number of a card of documents, for those created before `to_date` when that is given.

    Raises `PermissionError`, and `frappe.ValidationError` for cards that make no sense.
    """
    card = dict_parameter(doc, "doc")
    function = FUNCTIONS.get(card.function or "Count")
    if function is None or not card.document_type:
        frappe.throw(_("Document Type and Function are required to create a number card"))
    wanted = card_filters(filters)
    if to_date:
        wanted.append([card.document_type, "creation", "<", to_date])
    fieldname = "name" if function == "count" else _number_field(card)
    rows = frappe.get_list(
        card.document_type,
        fields=[f"{function}(`{fieldname}`) as result"],
        filters=wanted,
        parent_doctype=card.parent_document_type,
        order_by="",
        limit_page_length=0,
    )
    number = rows[0].result if rows else 0
    return cint(number) if function == "count" else flt(number)


def _number_field(card: Any) -> str:
    field = frappe.get_meta(card.document_type).get_field(card.aggregate_function_based_on or "")
    if field is None:
        frappe.throw(_("{0} has no field {1}").format(_(card.document_type), card.aggregate_function_based_on))
    return str(field.fieldname)


def card_filters(filters: Any) -> list[Any]:
    """Give filters as lists of four: what the desk keeps beside them (whether a filter is hidden) is left out."""
    given = frappe.parse_json(filters) if isinstance(filters, str) else filters
    if isinstance(given, dict):
        return [[name, "=", value] if not isinstance(value, list) else [name, *value] for name, value in given.items()]
    return [list(entry[:4]) if len(entry) > 4 else list(entry) for entry in given or []]


@frappe.whitelist()
def get_percentage_difference(doc: Any, filters: Any, result: Any) -> float | None:
    """Give by how many per cent a number changed since a day, week, month or year ago; None when it was 0 then."""
    given = dict_parameter(doc, "doc")
    card = frappe.get_doc("Number Card", given.name)
    card.check_permission("read")
    if not card.show_percentage_stats:
        return None
    moment = add_to_date(now(), **INTERVALS.get(card.stats_time_interval or "", INTERVALS["Yearly"]))
    previous, present = flt(get_result(card.as_dict(), filters, moment)), flt(result)
    if previous == 0:
        return None
    return 0.0 if present == previous else (present / previous - 1) * 100.0


@frappe.whitelist()
def create_number_card(args: dict[str, Any]) -> Any:
    """Make a card; `args` are its values."""
    card = frappe.new_doc("Number Card")
    card.update(_own_values(args))
    return card.insert()


def _own_values(args: Any) -> dict[str, Any]:
    given = dict(dict_parameter(args, "args"))
    return {name: value for name, value in given.items() if name not in ("doctype", "name", "is_standard", "owner")}


@frappe.whitelist()
def create_report_number_card(args: dict[str, Any]) -> None:
    """Make a card of a report's column; with `dashboard` put it there."""
    values = dict_parameter(args, "args")
    card = create_number_card(values)
    if values.dashboard:
        add_card_to_dashboard({"name": card.name, "dashboard": values.dashboard})


@frappe.whitelist()
def add_card_to_dashboard(args: dict[str, Any]) -> None:
    """Put a card on a dashboard."""
    values = dict_parameter(args, "args")
    dashboard = frappe.get_doc("Dashboard", values.dashboard)
    dashboard.append("cards", {"card": values.name})
    dashboard.save()


@frappe.whitelist()
def get_cards_for_user(doctype: str, txt: str, searchfield: str, start: int, page_len: int, filters: Any) -> list[Any]:
    """Give cards a user may choose, for a link's search."""
    rows = frappe.get_list(
        "Number Card",
        fields=["name", "label", "document_type"],
        or_filters=[["is_public", "=", 1], ["owner", "=", frappe.session.user]],
        filters=[["label", "like", f"%{txt}%"], *card_filters(filters)],
        limit_start=cint(start),
        limit_page_length=cint(page_len) or 20,
    )
    return [[row.name, row.label, row.document_type] for row in rows]
