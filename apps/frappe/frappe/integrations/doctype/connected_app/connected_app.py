"""Controller of the DocType Connected App."""

from frappe.model.document import Document


class ConnectedApp(Document):
    """A service elsewhere that this site may use for its users."""
