"""Controller of the DocType Recorder."""

from frappe.model.document import Document


class Recorder(Document):
    """A recorded request with its queries and times."""
