"""A stored file or a folder of files."""

from frappe.model.document import Document


class File(Document):
    """A File document."""
