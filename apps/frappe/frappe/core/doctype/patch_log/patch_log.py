"""A patch that has run on this site, so that it runs once."""

from frappe.model.document import Document


class PatchLog(Document):
    """A Patch Log document."""
