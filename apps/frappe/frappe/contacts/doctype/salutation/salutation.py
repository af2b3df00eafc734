"""Controller of the DocType Salutation."""

from frappe.model.document import Document


class Salutation(Document):
    """A form of address before a name."""
