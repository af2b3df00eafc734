"""Controller of the DocType Calendar View."""

from frappe.model.document import Document


class CalendarView(Document):
    """Which fields draw the documents of a DocType in a calendar."""
