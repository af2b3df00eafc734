"""Controller of the DocType Address Template."""

from frappe.model.document import Document


class AddressTemplate(Document):
    """How addresses of a country are written."""
