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

    def validate(self) -> None:
        """Fill in the name as shown, the addresses and numbers that count, the user, and titles of links.

        Raises `ValidationError` where two rows are to be the one that counts.
        """
        parts = [self.first_name, self.middle_name, self.last_name]
        self.full_name = " ".join(part.strip() for part in parts if part) or self.company_name
        self.set_primary_email()
        self.set_primary("phone")
        self.set_primary("mobile_no")
        self.set_user()
        for link in self.links:
            if not link.link_title and link.link_doctype:
                link.link_title = _title_of(link.link_doctype, link.link_name)

    def set_primary_email(self) -> None:
        """Copy the email address that counts; the only one does so by itself."""
        for row in self.email_ids:
            row.email_id = (row.email_id or "").strip()
        if len(self.email_ids) == 1:
            self.email_ids[0].is_primary = 1
        primary = self._the_primary("email_ids", "is_primary", "email_id")
        self.email_id = primary.email_id if primary else ""

    def set_primary(self, fieldname: str) -> None:
        """Copy the number that counts as `phone` or as `mobile_no`."""
        primary = self._the_primary("phone_nos", f"is_primary_{fieldname}", fieldname)
        self.set(fieldname, primary.phone if primary else "")

    def _the_primary(self, table: str, mark: str, fieldname: str) -> Any:
        marked = [row for row in self.get(table) if row.get(mark)]
        if len(marked) > 1:
            label = _(self.meta.get_label(fieldname))
            frappe.throw(_("Only one {0} can be set as primary.").format(frappe.bold(label)))
        return marked[0] if marked else None

    def set_user(self) -> None:
        """Find the user whose address this is, where none is named."""
        if not self.user and self.email_id:
            self.user = frappe.db.get_value("User", {"email": self.email_id})

    def get_link_for(self, link_doctype: str) -> str | None:
        """Give the name of the first document of a DocType that the person belongs to."""
        return next((row.link_name for row in self.links if row.link_doctype == link_doctype), None)

    def has_link(self, doctype: str, name: Any) -> bool:
        """Tell whether the person belongs to a document."""
        return any((row.link_doctype, row.link_name) == (doctype, name) for row in self.links)

    def has_common_link(self, doc: Any) -> bool:
        """Tell whether the person belongs to a document that another contact or address belongs to too."""
        return any(self.has_link(row.link_doctype, row.link_name) for row in doc.links)

    def add_email(self, email_id: str, is_primary: int = 0, autosave: bool = False) -> None:
        """Add an email address that is not there yet; with `autosave` store it."""
        if email_id not in [row.email_id for row in self.email_ids]:
            self.append("email_ids", {"email_id": email_id, "is_primary": is_primary})
            if autosave:
                self.save(ignore_permissions=True)

    def add_phone(
        self, phone: str, is_primary_phone: int = 0, is_primary_mobile_no: int = 0, autosave: bool = False
    ) -> None:
        """Add a number that is not there yet; with `autosave` store it."""
        if phone not in [row.phone for row in self.phone_nos]:
            marks = {"is_primary_phone": is_primary_phone, "is_primary_mobile_no": is_primary_mobile_no}
            self.append("phone_nos", {"phone": phone, **marks})
            if autosave:
                self.save(ignore_permissions=True)

    def first_address(self) -> str:
        """Return the first email address or phone number, or an empty text."""
        addresses = [row.email_id for row in self.email_ids] + [row.phone for row in self.phone_nos]
        return next((address for address in addresses if address), "")


def _title_of(doctype: str, name: Any) -> Any:
    field = frappe.get_meta(doctype).get_title_field()
    return frappe.db.get_value(doctype, name, field) or name


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
