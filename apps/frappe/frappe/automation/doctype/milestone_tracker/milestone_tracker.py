"""Controller of the DocType Milestone Tracker."""

from frappe.model.document import Document


class MilestoneTracker(Document):
    """A field whose changes are kept as milestones."""
