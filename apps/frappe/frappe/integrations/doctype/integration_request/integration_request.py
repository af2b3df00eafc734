"""Controller of the DocType Integration Request."""

from frappe.model.document import Document


class IntegrationRequest(Document):
    """A request to or from another system, with its outcome."""
