"""Controller of the DocType Contact, and how contacts are found."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.contacts.lookups import linked_documents
from frappe.model.document import Document
from frappe.model.naming import append_number_if_name_exists


class Contact(Document):
    """A person, with the documents that the person belongs to."""

    def autoname(self) -> None:
        """Name a contact by the person, and by the first document that the person belongs to.

        Raises `frappe.ValidationError` when nothing tells who it is.
        """
        parts = [self.first_name, self.middle_name, self.last_name]
        person = " ".join(part.strip() for part in parts if part) or self.company_name or self.first_address()
        if not person:
            frappe.throw(_("Set a name, a company, an email address or a phone number"))
        name = f"{person}-{self.links[0].link_name.strip()}" if self.links else person
        self.name = append_number_if_name_exists("Contact", name, separator="-")

    def first_address(self) -> str:
        """Return the first email address or phone number, or an empty text."""
        addresses = [row.email_id for row in self.email_ids] + [row.phone for row in self.phone_nos]
        return next((address for address in addresses if address), "")


def get_default_contact(doctype: str, name: Any) -> str | None:
    """Give the name of the contact of a document that is used first: the primary one, else the oldest."""
    rows = linked_documents("Contact", doctype, name, "is_primary_contact")
    return rows[0].name if rows else None


def get_contact_with_phone_number(number: str) -> str | None:
    """Give the name of the contact that has a phone number, None when nobody does."""
    if not number:
        return None
    return frappe.db.get_value("Contact Phone", {"parenttype": "Contact", "phone": number}, "parent")


def get_contact_name(email_id: str) -> str | None:
    """Give the name of the contact that has an email address, None when nobody does."""
    return frappe.db.get_value("Contact Email", {"parenttype": "Contact", "email_id": email_id}, "parent")


def get_contact_display_list(doctype: str, name: Any) -> list[Any]:
    """Give a document's contacts that the one who asks may read, with their numbers and addresses; primary ones first."""
    rows = linked_documents("Contact", doctype, name, "is_primary_contact")
    shown = [row for row in rows if frappe.has_permission("Contact", "read", row.name)]
    for row in shown:
        for fieldname, kind, mark in (
            ("phone_nos", "Contact Phone", ["phone", "is_primary_phone", "is_primary_mobile_no"]),
            ("email_ids", "Contact Email", ["email_id", "is_primary"]),
        ):
            row[fieldname] = frappe.get_all(kind, filters={"parenttype": "Contact", "parent": row.name}, fields=mark)
    return shown


@frappe.whitelist()
def get_contact_details(contact: str) -> dict[str, Any]:
    """Give what documents copy of a contact: its name as shown, address, numbers, department."""
    document = frappe.get_doc("Contact", contact)
    document.check_permission()
    names = [document.salutation, document.first_name, document.last_name]
    return {
        "contact_person": document.name,
        "contact_display": " ".join(part for part in names if part),
        "contact_email": document.email_id,
        "contact_mobile": document.mobile_no,
        "contact_phone": document.phone,
        "contact_designation": document.designation,
        "contact_department": document.department,
    }
