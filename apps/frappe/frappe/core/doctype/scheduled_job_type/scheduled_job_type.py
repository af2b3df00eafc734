"""Controller of the DocType Scheduled Job Type."""

from frappe.model.document import Document


class ScheduledJobType(Document):
    """A method that runs at set times."""
