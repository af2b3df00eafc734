"""Controller of the DocType Domain Settings."""

from frappe.model.document import Document


class DomainSettings(Document):
    """The lines of business that are active on this site."""
