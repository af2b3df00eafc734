"""Controller of the DocType Social Login Key."""

import frappe
from frappe import _
from frappe.model.document import Document


class SocialLoginKey(Document):
    """A provider with whose account users can sign in."""

    def autoname(self) -> None:
        """Name a provider as it stands in the address that it calls back."""
        if not self.provider_name:
            frappe.throw(
                _("Error: Value missing for {0}: {1}").format(_(self.doctype), "provider_name"), frappe.MandatoryError
            )
        self.name = frappe.scrub(self.provider_name)
