"""Controller of the DocType Social Login Key."""

import frappe
from frappe.model.document import Document


class SocialLoginKey(Document):
    """A provider with whose account users can sign in."""

    def autoname(self) -> None:
        """Name a provider as it stands in the address that it calls back."""
        self.name = frappe.scrub(self.provider_name)
