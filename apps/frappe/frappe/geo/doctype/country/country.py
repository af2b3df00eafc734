"""Controller of the DocType Country."""

from frappe.model.document import Document


class Country(Document):
    """A country or region with its code, formats and time zones."""
