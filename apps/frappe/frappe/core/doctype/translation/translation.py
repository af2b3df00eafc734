"""Controller of the DocType Translation."""

from frappe.model.document import Document


class Translation(Document):
    """A text of this site in another language; it goes before the texts of the apps."""
