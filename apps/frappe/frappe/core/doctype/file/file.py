"""Controller of the DocType File."""

from frappe.model.document import Document


class File(Document):
    """A stored file or a folder of files."""
