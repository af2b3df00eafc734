"""An event of another DocType that starts a scheduled job."""

from frappe.model.document import Document


class SchedulerEvent(Document):
    """A Scheduler Event document."""
