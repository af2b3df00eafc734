"""Controller of the DocType RQ Worker."""

from frappe.model.document import Document


class RQWorker(Document):
    """A process that works on background jobs."""
