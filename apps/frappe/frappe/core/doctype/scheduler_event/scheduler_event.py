"""Controller of the DocType Scheduler Event."""

from frappe.model.document import Document


class SchedulerEvent(Document):
    """An event of another DocType that starts a scheduled job."""
