"""A process that works on background jobs."""

from frappe.model.document import Document


class RQWorker(Document):
    """A RQ Worker document."""
