"""Controller of the DocType Workflow State."""

from frappe.model.document import Document


class WorkflowState(Document):
    """The name, icon and style of a state."""
