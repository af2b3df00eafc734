"""Chooses DocType, fields and filters for a file."""

from frappe.model.document import Document


class DataExport(Document):
    """The settings document Data Export."""
