"""Controller of the DocType Address."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.naming import append_number_if_name_exists


class Address(Document):
    """An address of a company, customer, supplier or other document."""

    def autoname(self) -> None:
        """Name an address by its title and type; the title falls back to the first document it belongs to.

        Raises `frappe.ValidationError` when there is neither.
        """
        if not self.address_title and self.links:
            self.address_title = self.links[0].link_title or self.links[0].link_name
        if not self.address_title:
            frappe.throw(_("Set an address title, or link the address to a document"))
        self.name = append_number_if_name_exists("Address", f"{self.address_title}-{self.address_type}", separator="-")
