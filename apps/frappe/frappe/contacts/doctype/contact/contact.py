"""Controller of the DocType Contact."""

import frappe
from frappe import _
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
