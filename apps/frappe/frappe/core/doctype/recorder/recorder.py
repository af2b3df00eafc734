"""A recorded request with its queries and times."""

from frappe.model.document import Document


class Recorder(Document):
    """A Recorder document."""
