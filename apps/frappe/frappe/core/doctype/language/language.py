"""Controller of the DocType Language."""

from frappe.model.document import Document


class Language(Document):
    """A language that users can choose."""
