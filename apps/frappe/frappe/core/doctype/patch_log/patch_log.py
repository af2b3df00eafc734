"""Controller of the DocType Patch Log."""

from frappe.model.document import Document


class PatchLog(Document):
    """A patch that has run on this site, so that it runs once."""
