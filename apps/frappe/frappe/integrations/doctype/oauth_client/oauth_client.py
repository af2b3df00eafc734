"""Controller of the DocType OAuth Client."""

import frappe
from frappe.model.document import Document


class OAuthClient(Document):
    """A program that users allow to act for them."""

    def autoname(self) -> None:
        """Name a client by the id that it sends, and give it a secret."""
        self.client_id = self.client_id or frappe.generate_hash(length=10)
        self.client_secret = self.client_secret or frappe.generate_hash(length=10)
        self.name = self.client_id
