"""The lines of business that are active on this site."""

from frappe.model.document import Document


class DomainSettings(Document):
    """The settings document Domain Settings."""
